package main

import (
	"fmt"
	"time"

	"telegraf-rtnetlink/scripts/bench/load"
)

// idleness measures what the input does while nothing happens.
func (b *bench) idleness(load.Routes) error {
	if b.ours == nil {
		return nil
	}
	f, err := b.ours.follow()
	if err != nil {
		return err
	}
	defer f.stop()
	time.Sleep(time.Second)
	cpu, wakeups := f.effort()
	time.Sleep(time.Duration(b.seconds) * time.Second)
	cpu2, wakeups2 := f.effort()
	b.table.set(fmt.Sprintf("%d s without events: processor time, ms / wake-ups", b.seconds), oursName,
		fmt.Sprintf("%.2f / %d", ms(cpu2-cpu), wakeups2-wakeups))
	return nil
}

// linkDown takes all routes away at once, of which the kernel tells nothing but
// that the link is down, and measures how fast their deletes come out.
func (b *bench) linkDown(dev *load.Device) error {
	if b.ours == nil {
		return nil
	}
	f, err := follow(b.inside(), false, "routes ")
	if err != nil {
		return err
	}
	defer f.stop()
	began := time.Now()
	if err := dev.SetUp(false); err != nil {
		return err
	}
	n, last, _, err := f.settle(int64(b.routes4))
	if err != nil {
		return err
	}
	name := fmt.Sprintf("link with %s routes goes down: deletes/s, in process", number(b.routes4))
	b.table.set(name, oursName, fmt.Sprintf("%s (%s)", number(int64(float64(n)/last.Sub(began).Seconds())), share(min(n, int64(b.routes4)), int64(b.routes4), "")))
	return nil
}
