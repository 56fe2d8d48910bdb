package plugin

import (
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/config"
	"github.com/influxdata/telegraf/selfstat"

	telegrafrtnetlink "telegraf-rtnetlink"
	"telegraf-rtnetlink/luahooks"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// ExternalRate is the max_events_per_second with which telegraf-rtnetlink runs
// as a program of its own: half of what a stock Telegraf with default settings
// was measured to deliver through inputs.execd to InfluxDB, since its buffer,
// which holds 10,000 metrics, has to last while the machine does other things.
const ExternalRate = 10000

// RTNetlink is the input plugin. Its exported fields are the options of
// sample.conf; use New, which sets their defaults. They must not be changed
// after Init.
type RTNetlink struct {
	Alias              string          `toml:"alias"`
	Objects            []string        `toml:"objects"`
	Untracked          []string        `toml:"untracked"`
	InitialEvents      []string        `toml:"initial_events"`
	Netns              []string        `toml:"netns"`
	Interfaces         []string        `toml:"interfaces"`
	ReceiveBuffer      config.Size     `toml:"receive_buffer"`
	QueueLimit         config.Size     `toml:"queue_limit"`
	MaxEventsPerSecond int             `toml:"max_events_per_second"`
	MaxUndelivered     int             `toml:"max_undelivered_messages"`
	RouteTables        []string        `toml:"route_tables"`
	RouteProtocols     []string        `toml:"route_protocols"`
	Families           []string        `toml:"families"`
	LinkStatistics     bool            `toml:"link_statistics"`
	PreviousValues     bool            `toml:"previous_values"`
	InterfaceInfo      bool            `toml:"interface_info"`
	AuditInterval      config.Duration `toml:"audit_interval"`
	SnapshotInterval   config.Duration `toml:"snapshot_interval"`
	StateFile          string          `toml:"state_file"`
	Lua                []LuaConfig     `toml:"lua"`

	// Log is set by Telegraf before Init. Nil drops what would be logged.
	Log telegraf.Logger `toml:"-"`
	// Statistics is set by a Telegraf that the plugin is compiled into, nil
	// otherwise.
	Statistics *selfstat.Collector `toml:"-"`

	// Version is what the program around the plugin calls itself, for
	// rtnetlink_sync. Empty: what the Go tool recorded about this module.
	Version string `toml:"-"`
	// Strict makes a script of a pattern that does not load an error of Init,
	// for programs that check a configuration. Otherwise it is logged, and the
	// others run.
	Strict bool `toml:"-"`
	// NoState is set by a program that does not keep what GetState returns:
	// scripts that persist something then need StateFile.
	NoState bool `toml:"-"`

	set    *settings // by Init
	owner  *owner    // between Start and Stop
	saved  luahooks.State
	number int  // of this instance in the process, between Start and Stop
	ran    bool // it was started before, or left a state behind
}

// New returns the plugin with the defaults of sample.conf, but without a cap on
// events per second: compiled in, a slow output holds the plugin back instead.
func New() *RTNetlink {
	return &RTNetlink{
		Objects:        rtnl.Names(),
		InitialEvents:  rtnl.StateNames(),
		ReceiveBuffer:  64 << 20,
		QueueLimit:     256 << 20,
		MaxUndelivered: 5000,
		PreviousValues: true,
		AuditInterval:  config.Duration(10 * time.Minute),
	}
}

// SampleConfig returns sample.conf (telegraf.PluginDescriber).
func (*RTNetlink) SampleConfig() string { return telegrafrtnetlink.SampleConfig }
