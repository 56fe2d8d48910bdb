package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"telegraf-rtnetlink/scripts/bench/load"
)

// times is how often an action is done for its mean.
const times = 10

// growing shows what single messages cost over tables of several sizes: what
// does not change must not count.
func (b *bench) growing() error {
	if b.ours == nil {
		return nil
	}
	for n := max(b.routes4/1000, 1); n <= b.routes4; n *= 10 {
		if n != b.routes4 && n*1000 != b.routes4 && n*10 != b.routes4 {
			continue
		}
		dev, _, err := b.load(false, n)
		if err != nil {
			return err
		}
		if err := errors.Join(b.oneMessage(n), b.lookups(n)); err != nil {
			return err
		}
		if err := dev.Delete(); err != nil {
			return err
		}
	}
	return nil
}

// oneMessage does things to a link that has next to none of n routes.
func (b *bench) oneMessage(n int) error {
	other, err := load.NewDevice("bench1")
	if err != nil {
		return err
	}
	defer func() { _ = other.Delete() }() // with the namespace at the latest
	f, err := follow(b.insideOver(n), false, "routes ")
	if err != nil {
		return err
	}
	defer f.stop()
	for _, a := range []struct {
		name string
		do   func(i int) error
	}{
		{"an address deleted and added", func(int) error { return other.Readdress() }},
		{"a link down and up", func(int) error {
			if err := other.SetUp(false); err != nil {
				return err
			}
			return other.SetUp(true)
		}},
		{"a link renamed", func(i int) error { return other.Rename(fmt.Sprintf("bench%d", 10+i%2)) }},
		{"a nexthop object added and deleted", func(int) error { return other.Nexthop(4711) }},
		{"Gather", func(int) error { _, err := f.say("gather"); return err }},
	} {
		spent, err := f.effortOf(a.do)
		if err != nil {
			return fmt.Errorf("%s: %w", a.name, err)
		}
		b.table.set(fmt.Sprintf("%s, over %s routes: processor time, ms", a.name, number(n)), oursName, fmt.Sprintf("%.2f", ms(spent)))
	}
	return nil
}

// calls is how many calls a reading of a gauge makes in the scripts of lookups.
const calls = 1000

// lookups shows what calls of scripts cost over n routes.
func (b *bench) lookups(n int) error {
	for _, call := range []string{`nl.route("main", "11.0.0.0/24")`, `nl.count("route", {protocol = "bgp"})`} {
		script := filepath.Join(b.dir, "lookup.lua")
		text := fmt.Sprintf(`local nl = require "rtnetlink"
nl.on("gather", {measurement = "rtnetlink_internal"}, function()
  for _ = 1, %d do assert(%s) end
end)
`, calls, call)
		if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
			return err
		}
		spent, err := b.gatherWith(n, script)
		if err != nil {
			return err
		}
		b.table.set(fmt.Sprintf("%s, over %s routes: processor time, µs", call, number(n)), oursName,
			fmt.Sprintf("%.2f", 1000*ms(spent)/calls))
	}
	return nil
}

// gatherWith returns the processor time that a script adds to a Gather.
func (b *bench) gatherWith(n int, script string) (time.Duration, error) {
	f, err := follow(b.insideOver(n, script), false, "routes ")
	if err != nil {
		return 0, err
	}
	defer f.stop()
	return f.effortOf(func(int) error { _, err := f.say("gather"); return err })
}

// effortOf returns the mean processor time that the process spends on an action
// and what follows from it.
func (f *follower) effortOf(do func(i int) error) (time.Duration, error) {
	before, _ := f.effort()
	for i := range times {
		if err := do(i); err != nil {
			return 0, err
		}
	}
	time.Sleep(quiet) // questions to the kernel are not asked at once
	after, _ := f.effort()
	return (after - before) / times, nil
}

// links makes pairs of links, sets them up, gives them addresses and deletes
// them, and shows what that costs for each. What follows the kernel does later,
// and when, a bare loop beside tells.
func (b *bench) links() error {
	if b.ours == nil {
		return nil
	}
	for _, n := range b.pairs {
		if err := b.linksOf(n); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) linksOf(n int) error {
	f, err := follow(b.insideOver(0), false, "routes ")
	if err != nil {
		return err
	}
	defer f.stop()
	kernel, err := follow(b.child("everything"), false, "ready")
	if err != nil {
		return err
	}
	defer kernel.stop()
	first, err := load.NextIndex()
	if err != nil {
		return err
	}
	pairs := load.Pairs{Prefix: "p", First: first}
	var made, tail time.Duration
	before, _ := f.effort()
	for _, step := range []func(b []byte, i int) []byte{pairs.Add, pairs.SetUp, pairs.Address, pairs.Delete} {
		began := time.Now()
		if err := b.conn.Each(n, step); err != nil {
			return err
		}
		made += time.Since(began)
		_, ours, _, err := f.settle(1 << 62)
		if err != nil {
			return err
		}
		_, theirs, _, err := kernel.settle(1 << 62)
		if err != nil {
			return err
		}
		tail = max(tail, ours.Sub(theirs))
	}
	after, _ := f.effort()
	row := fmt.Sprintf("%s veth pairs made, set up, addressed, deleted: processor time a link, ms / last event behind the bare loop's, s", number(n))
	b.table.set(row, oursName, fmt.Sprintf("%.2f / %.2f", ms(after-before)/float64(2*n), tail.Seconds()))
	progress("the kernel took %s", made.Round(time.Millisecond))
	return nil
}
