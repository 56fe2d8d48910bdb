package main

import (
	"fmt"

	"telegraf-rtnetlink/scripts/bench/load"
)

// sizes changes the length of every route several times, and compares the heap
// afterwards with that of a process that has known only what is left.
func (b *bench) sizes() error {
	if b.ours == nil {
		return nil
	}
	n := max(b.routes4/5, 1)
	dev, routes, err := b.load(false, n)
	if err != nil {
		return err
	}
	f, err := follow(b.insideOver(n), false, "routes ")
	if err != nil {
		return err
	}
	defer f.stop()
	for round := range load.Sizes {
		resize := func(m []byte, i int) []byte { return routes.Resize(m, i, round) }
		if err := b.conn.Each(n, resize); err != nil {
			return err
		}
		if _, _, _, err := f.settle(int64(n * (round + 1))); err != nil {
			return err
		}
	}
	var after int64
	answer, err := f.say("heap")
	if err != nil {
		return err
	}
	if _, err := fmt.Sscanf(answer, "events heap %d", &after); err != nil {
		return fmt.Errorf("%q: %w", answer, err)
	}
	live, err := heapOf(b.insideOver(n))
	if err != nil {
		return err
	}
	b.table.set(fmt.Sprintf("heap after %d changes of length of %s routes, against those routes alone", load.Sizes, number(n)),
		oursName, fmt.Sprintf("%.2f ×", float64(after)/live))
	return dev.Delete()
}
