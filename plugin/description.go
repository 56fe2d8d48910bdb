package plugin

import (
	"slices"
	"strings"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/metric"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// telling names, by class, the fields that tell a person which object it is.
var telling = [rtnl.NumObjects][]string{
	rtnl.Link:     {"interface"},
	rtnl.Nexthop:  {"id"},
	rtnl.Address:  {"local", "prefixlen", "interface"},
	rtnl.Route:    {"dst", "table", "metric", "gateway", "interface"},
	rtnl.Rule:     {"priority", "family", "src", "table"},
	rtnl.Neighbor: {"dst", "lladdr", "interface"},
	rtnl.Netconf:  {"interface", "family"},
	rtnl.NSID:     {"nsid"},
	rtnl.MDB:      {"group", "port", "interface"},
	rtnl.VLAN:     {"vlan", "interface"},
	rtnl.Notice:   {"type", "interface", "router", "prefix", "servers", "domains"},
}

// describeEvent is an event in a few words.
func describeEvent(e *event.Event) string {
	words := []string{e.Object.String(), e.Action.String(), e.Origin.String()}
	if e.Netns != "" {
		words = append(words, "netns="+e.Netns)
	}
	fields := event.Fields(e.Object)
	for _, name := range telling[e.Object] {
		i := slices.IndexFunc(fields, func(f event.Field) bool { return f.Name == name })
		if text := metric.Text(e.New.Value(i)); text != "" {
			words = append(words, name+"="+text)
		}
	}
	return strings.Join(words, " ")
}
