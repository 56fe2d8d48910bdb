// Package plugin is the Telegraf input "rtnetlink": every change of the
// kernel's links, addresses, routes, neighbors, rules and nexthop objects as a
// metric, with Lua hooks on each.
//
// # Data flow
//
//	RTNetlink: configuration, Init, Start, Gather, Stop
//	    │ starts
//	    ▼
//	owner, a goroutine ──▶ namespace.Set ──▶ stream ──▶ guarded: the scripts
//	    │                                      │
//	    ▼ on request                           ▼
//	gauges ──▶ Gather                        metric.Builder ──▶ environment: Telegraf
//
// A reader per network namespace copies datagrams into one bounded queue. One
// owner goroutine takes them out, applies them to the namespace's mirror, and
// for each difference runs the hooks, builds the metric and hands it to
// Telegraf. So events keep the kernel's order, and nothing of it needs a lock.
// What a recording, a replay or a trial of scripts has instead of a kernel, a clock
// and a Telegraf is its environment.
//
// # Loss
//
// A slow output holds the owner back, the queue fills, then the receive buffer,
// and at last the kernel drops messages. Then the mirror is brought in line by
// dumps, and the differences are sent: intermediate states are lost, the state
// is not. The field `seq` counts the metrics of events, so that a consumer sees
// what was dropped behind the plugin.
package plugin

import (
	"errors"
	"fmt"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/plugins/inputs"

	"telegraf-rtnetlink/luahooks"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/namespace"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// stopTime bounds how long Stop goes on to send what is queued.
const stopTime = 3 * time.Second

var (
	_ telegraf.ServiceInput   = (*RTNetlink)(nil)
	_ telegraf.ProbePlugin    = (*RTNetlink)(nil)
	_ telegraf.StatefulPlugin = (*RTNetlink)(nil)
)

func init() {
	inputs.Add("rtnetlink", func() telegraf.Input { return New() })
}

// namesDirs is where iproute2 keeps its names, those of the administrator last.
var namesDirs = []string{"/usr/share/iproute2", "/etc/iproute2"}

// Init checks the configuration and loads the scripts, without looking at the
// network. Its error is one line that names the option and what it may be.
func (r *RTNetlink) Init() error {
	r.loadNames()
	set, err := r.validate()
	if wrong := optionErrors(err); wrong != nil {
		return wrong[0] // a message of several lines would lose its level in Telegraf's log
	}
	if wrong := tryScripts(set, silent{}); wrong != nil {
		return wrong[0]
	}
	r.set = set
	return nil
}

func (r *RTNetlink) loadNames() {
	if err := event.LoadNames(namesDirs...); err != nil {
		r.logger().Warnf("Names of tables, protocols and the like: %v", err)
	}
}

// tryScripts loads the scripts and forgets them; it returns what is wrong with
// each. What they log, and commands that they run, wait for Start.
func tryScripts(set *settings, log telegraf.Logger) []error {
	once := *set
	once.stateFile, once.noState = "", set.noState && set.stateFile == ""
	o := newOwner(&once, log, &trial{*newLive(log)})
	if err := o.scripts.load(nil); err != nil {
		return flatten(err)
	}
	o.scripts.close()
	return nil
}

// Start subscribes and returns at once; metrics come from the owner goroutine.
// An error of the network is no reason to fail: the owner tries again.
func (r *RTNetlink) Start(acc telegraf.Accumulator) error {
	if r.set == nil {
		return errors.New("rtnetlink: Start before Init")
	}
	set := *r.set
	if r.ran {
		set.Reason = namespace.ReasonRestart
	}
	env := newLive(r.logger())
	o := newOwner(&set, r.logger(), env)
	if err := o.scripts.load(r.saved); err != nil {
		return err
	}
	o.gauges.statistics.collector = r.Statistics
	r.number = instances.take()
	o.gauges.instance = instanceTag(r.Alias, r.number)
	r.owner, r.ran = o, true
	o.log.Infof("%s", o.purpose())
	o.start(acc, env)
	return nil
}

// Gather sends the gauges and counters.
func (r *RTNetlink) Gather(acc telegraf.Accumulator) error {
	if r.owner == nil {
		return nil
	}
	return r.owner.gauges.gather(acc)
}

// Stop ends every goroutine of the plugin; nothing uses the accumulator
// afterwards. What was read by then is still sent, for three seconds at most.
// Only a call of the accumulator that does not return is left behind, after two
// more seconds.
func (r *RTNetlink) Stop() {
	if r.owner == nil {
		return
	}
	if r.owner.stop() {
		r.saved = r.owner.scripts.saved
	}
	r.owner.gauges.statistics.withdraw()
	instances.release(r.number)
	r.owner = nil
}

// settlePoll is how often Settle looks.
const settlePoll = 5 * time.Millisecond

// Settle waits until the drivers that have been asked have answered, and that has
// been sent, for a while at most: they are asked when the links are known, so that
// an epoch is complete before. It comes between Start and Stop.
func (r *RTNetlink) Settle(limit time.Duration) {
	for end := time.Now().Add(limit); r.owner != nil && time.Now().Before(end); time.Sleep(settlePoll) {
		waiting := false
		if err := r.owner.call(func() { waiting = r.owner.spaces.Waiting() }); err != nil || !waiting {
			return
		}
	}
}

// Reload loads the Lua scripts again. Any goroutine may call it between Start
// and Stop.
func (r *RTNetlink) Reload() {
	if o := r.owner; o != nil {
		if err := o.call(func() { o.scripts.reload(true) }); err != nil {
			o.log.Errorf("Scripts not loaded again: %v", err)
		}
	}
}

// Probe implements telegraf.ProbePlugin: it reports whether the network can be
// asked at all.
func (*RTNetlink) Probe() error {
	return rtnl.List(0, rtnl.Query{Object: rtnl.Link}, func([]byte) {})
}

// GetState implements telegraf.StatefulPlugin: what scripts keep in nl.state
// maps with persist = true. Telegraf asks after Stop.
func (r *RTNetlink) GetState() any {
	if r.saved == nil {
		return luahooks.State{}
	}
	return r.saved
}

// SetState implements telegraf.StatefulPlugin. It comes between Init and Start.
func (r *RTNetlink) SetState(state any) error {
	saved, ok := state.(luahooks.State)
	if !ok {
		return fmt.Errorf("rtnetlink: state of type %T, want %T", state, saved)
	}
	r.saved, r.ran = saved, true
	return nil
}

func (r *RTNetlink) logger() telegraf.Logger {
	if r.Log == nil {
		return silent{}
	}
	return r.Log
}
