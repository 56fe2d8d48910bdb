package recordings

import (
	"time"

	"github.com/influxdata/telegraf/config"

	"telegraf-rtnetlink/plugin"
)

// auditScenarios are about changes that no message and no rule tells of.
var auditScenarios = []scenario{
	{
		// A macvlan makes the link below promiscuous, silently.
		name:    "silent change found by an audit",
		basis:   lines(withoutIPv6, "link add name i0 address 02:00:00:00:00:c0 type ifb", "link set dev i0 up"),
		options: func(p *plugin.RTNetlink) { p.AuditInterval = config.Duration(2 * time.Second) },
		steps: []string{
			"link add link i0 name m0 address 02:00:00:00:00:c1 type macvlan mode bridge", "link set dev m0 up", "pause 1s",
		},
		want: []string{"new link m0", "change link i0 (resync): promiscuity"},
	},
}
