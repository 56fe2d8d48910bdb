package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/influxdata/telegraf"

	"telegraf-rtnetlink/plugin"
)

// inside returns the command that runs the input in a process whose heap can be
// measured, over the IPv4 routes of this run.
func (b *bench) inside() *exec.Cmd { return b.insideOver(b.routes4) }

// insideOver is inside over n routes, with scripts.
func (b *bench) insideOver(n int, script ...string) *exec.Cmd {
	return b.child(append([]string{"plugin", fmt.Sprint(n)}, script...)...)
}

// inside runs the input, with the script if there is one, with an accumulator
// that drops every metric.
func inside(n int, script string) error {
	before := heap()
	acc := &discard{delivered: make(chan telegraf.DeliveryInfo, 1<<16)}
	input := plugin.New()
	input.InitialEvents = nil
	if script != "" {
		input.Lua = []plugin.LuaConfig{{Script: script}}
	}
	if err := input.Init(); err != nil {
		return err
	}
	if err := input.Start(acc); err != nil {
		return err
	}
	defer input.Stop()
	for acc.routes.Load() < int64(n) {
		time.Sleep(10 * time.Millisecond)
		if err := input.Gather(acc); err != nil {
			return err
		}
	}
	say("complete")
	say("routes %d heap %d", acc.routes.Load(), heap()-before)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		switch lines.Text() {
		case "gather":
			if err := input.Gather(acc); err != nil {
				return err
			}
		case "heap":
			say("events heap %d", heap()-before)
			continue
		}
		say("events %d last %d error none", acc.events.Load(), acc.last.Load())
	}
	return nil
}

// heap returns the bytes in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// discard is an accumulator behind which nothing is. It counts events and reads
// how many routes the mirror has.
type discard struct {
	events    atomic.Int64
	last      atomic.Int64 // when the last came, ns since 1970
	routes    atomic.Int64
	delivered chan telegraf.DeliveryInfo
}

func (d *discard) AddMetric(telegraf.Metric) { d.count() }

func (d *discard) count() int64 {
	d.last.Store(time.Now().UnixNano())
	return d.events.Add(1)
}

func (d *discard) AddTrackingMetric(telegraf.Metric) telegraf.TrackingID {
	id := telegraf.TrackingID(d.count())
	d.delivered <- done(id)
	return id
}

func (d *discard) AddGauge(name string, fields map[string]any, _ map[string]string, _ ...time.Time) {
	if n, ok := fields["routes"].(int64); ok && name == "rtnetlink_internal" {
		d.routes.Store(n)
	}
}

func (d *discard) Delivered() <-chan telegraf.DeliveryInfo                         { return d.delivered }
func (d *discard) WithTracking(int) telegraf.TrackingAccumulator                   { return d }
func (*discard) SetPrecision(time.Duration)                                        {}
func (*discard) AddError(error)                                                    {}
func (*discard) AddTrackingMetricGroup([]telegraf.Metric) telegraf.TrackingID      { return 0 }
func (*discard) AddFields(string, map[string]any, map[string]string, ...time.Time) {}
func (d *discard) AddCounter(n string, f map[string]any, t map[string]string, _ ...time.Time) {
	d.AddGauge(n, f, t)
}
func (*discard) AddSummary(string, map[string]any, map[string]string, ...time.Time)   {}
func (*discard) AddHistogram(string, map[string]any, map[string]string, ...time.Time) {}

// done says that a metric has been delivered.
type done telegraf.TrackingID

func (d done) ID() telegraf.TrackingID { return telegraf.TrackingID(d) }
func (done) Delivered() bool           { return true }
