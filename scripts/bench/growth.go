package main

import (
	"fmt"
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
		if err := b.oneMessage(n); err != nil {
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
// them, and shows what that costs for each.
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
	first, err := load.NextIndex()
	if err != nil {
		return err
	}
	pairs := load.Pairs{Prefix: "p", First: first}
	var kernel, tail time.Duration
	before, _ := f.effort()
	for _, step := range []func(b []byte, i int) []byte{pairs.Add, pairs.SetUp, pairs.Address, pairs.Delete} {
		began := time.Now()
		if err := b.conn.Each(n, step); err != nil {
			return err
		}
		done := time.Now()
		kernel += done.Sub(began)
		_, last, _, err := f.settle(1 << 62)
		if err != nil {
			return err
		}
		tail = max(tail, last.Sub(done))
	}
	after, _ := f.effort()
	row := fmt.Sprintf("%s veth pairs made, set up, addressed, deleted: processor time a link, ms / last event behind the kernel, s", number(n))
	b.table.set(row, oursName, fmt.Sprintf("%.2f / %.2f", ms(after-before)/float64(2*n), tail.Seconds()))
	progress("the kernel took %s", kernel.Round(time.Millisecond))
	return nil
}
