package main

import (
	"errors"
	"flag"
	"sync"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/agent"

	"telegraf-rtnetlink/plugin/history"
	"telegraf-rtnetlink/plugin/history/source"
)

// showCommand is "show".
func showCommand(args []string, std stdio) int {
	q := query{name: "show", std: std, now: time.Now()}
	fs := flag.NewFlagSet("show", flag.ContinueOnError)
	config := fs.String("config", "", "`file` with [[inputs.rtnetlink]]: its namespaces, classes and filters; its scripts are not run")
	patience := fs.Duration("timeout", time.Minute, "how `long` to wait for the kernel's answers")
	q.flags(fs, "ip, json or table")
	_, status, done := arguments(fs, args, 0, 0, "show [-object CLASS] [-where FIELD=VALUE] [-format ip|json|table] [flags]", std)
	if done {
		return status
	}
	if status := q.check(); status != statusOK {
		return status
	}
	p := history.NewReplay(history.Newest)
	if err := enumerate(p, *config, *patience, std); err != nil {
		return q.fail(err)
	}
	scopes, err := q.chosen(p)
	if err != nil {
		return q.fail(err)
	}
	return q.showState(p, scopes)
}

// enumerate runs the input until everything is told, into p.
func enumerate(p *history.Replay, config string, patience time.Duration, std stdio) error {
	input, doc, err := loadConfig(config, 0)
	if err != nil {
		return err
	}
	input.Lua, input.StateFile, input.MaxEventsPerSecond = nil, "", 0
	input.InitialEvents, input.Untracked = input.Objects, nil
	log := newLogger(std.err, telegraf.Error)
	input.Log = log
	if err := doc.initialize(input); err != nil {
		return err
	}
	c := collector{maker: maker{log}, replay: p, open: map[string]bool{}, done: make(chan struct{})}
	acc := agent.NewAccumulator(&c, nil)
	acc.SetPrecision(time.Nanosecond)
	if err := input.Start(acc); err != nil {
		return err
	}
	defer input.Stop()
	select {
	case <-c.done:
		input.Settle(driverTime)
		c.end()
		return nil
	case <-time.After(patience):
		return errors.New("the kernel did not answer everything in " + patience.String() + "; -timeout allows for more")
	}
}

// driverTime bounds how long it is waited for what drivers say of their links.
const driverTime = 2 * time.Second

// collector is a maker that replays what the input sends until its end.
type collector struct {
	maker
	done chan struct{} // closed when all namespaces have been told of

	mu     sync.Mutex
	replay *history.Replay
	open   map[string]bool // namespaces that have begun and are not complete
	told   bool            // done is closed
	over   bool
}

// end makes it take nothing more.
func (c *collector) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
}

// MakeMetric takes a metric. The input's goroutine calls it.
func (c *collector) MakeMetric(m telegraf.Metric) telegraf.Metric {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		m.Accept()
		return nil
	}
	var r history.Row
	source.FromMetric(&r, m)
	c.replay.Add(&r)
	if netns, _ := m.GetTag("netns"); m.Name() == "rtnetlink_sync" {
		moment, _ := m.GetTag("moment")
		c.open[netns] = moment == "begin" || moment == "doubt"
		if !c.told && !anyOpen(c.open) {
			c.told = true
			close(c.done)
		}
	}
	m.Accept()
	return nil
}

func anyOpen(open map[string]bool) bool {
	for _, o := range open {
		if o {
			return true
		}
	}
	return false
}
