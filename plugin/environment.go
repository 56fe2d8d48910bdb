package plugin

import (
	"time"

	"github.com/influxdata/telegraf"

	"telegraf-rtnetlink/luahooks"
	"telegraf-rtnetlink/luahooks/command"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/namespace"
	"telegraf-rtnetlink/plugin/internal/rtnl"
	"telegraf-rtnetlink/plugin/internal/who"
)

// environment is what an owner has around it: the kernel, a clock, Telegraf. live
// is that of a running input; tap, replay and trial have something else instead. It is the owner goroutine's.
type environment interface {
	namespace.Environment
	// now is the clock of the scripts.
	now() time.Time
	// process names who asked for a change, empty where that is not certain.
	process(n *namespace.Namespace, port uint32, seen int64) string
	// interrupts returns how many interrupts the device of a link's event has, 0
	// for none.
	interrupts(e *event.Event) int64
	// send passes a metric to Telegraf, sync one of rtnetlink_sync.
	send(m telegraf.Metric)
	sync(m telegraf.Metric)
	// decided is told of each event whether the scripts kept its metric, which
	// follows at once.
	decided(e *event.Event, kept bool)
	// scripts says how scripts run.
	scripts(opts *luahooks.Options)
}

// live is the environment of a running input.
type live struct {
	telegraf.Logger
	who    *who.Resolver
	output output
}

// output takes metrics.
type output interface{ send(m telegraf.Metric) }

// nowhere is the output of what is not sent.
type nowhere struct{}

func (nowhere) send(telegraf.Metric) {}

// newLive returns the environment of an input that sends nothing yet.
func newLive(log telegraf.Logger) *live { return &live{log, who.New(), nowhere{}} }

func (*live) Wall(int64) int64                     { return time.Now().UnixNano() }
func (*live) Read(*namespace.Namespace, rtnl.Item) {}
func (*live) now() time.Time                       { return time.Now() }
func (l *live) send(m telegraf.Metric)             { l.output.send(m) }
func (l *live) sync(m telegraf.Metric)             { l.output.send(m) }
func (*live) decided(*event.Event, bool)           {}
func (*live) scripts(*luahooks.Options)            {}

func (l *live) process(n *namespace.Namespace, port uint32, seen int64) string {
	return l.who.Name(port, n.Inode(), time.Unix(0, seen))
}

// interrupts asks sysfs, which shows the process's own namespace.
func (*live) interrupts(e *event.Event) int64 {
	if e.Netns != "" {
		return 0
	}
	return irqCount(e)
}

// trial is the environment in which scripts are loaded to see whether they can be:
// nothing is sent, no command runs.
type trial struct{ live }

func (*trial) scripts(opts *luahooks.Options) {
	opts.Exec = func(command.Command) command.Result { return command.Result{} }
}
