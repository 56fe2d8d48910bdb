package main

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync/atomic"
	"time"

	"telegraf-rtnetlink/scripts/bench/load"
)

// timing is when routes were made and when a line about each came. The sender
// writes sent, the reader seen, each before it counts.
type timing struct {
	routes load.Routes
	sent   []atomic.Int64 // ns since start
	seen   []int64
	count  atomic.Int64 // of seen
	start  time.Time
}

func newTiming(routes load.Routes, n int) *timing {
	return &timing{routes: routes, sent: make([]atomic.Int64, n), seen: make([]int64, n), start: time.Now()}
}

// line notes the line about a route.
func (t *timing) line(dst string) {
	now := time.Since(t.start)
	p, err := netip.ParsePrefix(dst)
	if err != nil {
		return
	}
	if i, ok := t.routes.Index(p); ok && i < len(t.seen) && t.seen[i] == 0 {
		t.seen[i] = int64(now)
		t.count.Add(1)
	}
}

// make makes the routes, one each interval.
func (t *timing) make(c *load.Conn, interval time.Duration) error {
	var b []byte
	for i := range t.sent {
		if wait := time.Until(t.start.Add(time.Duration(i) * interval)); wait > 0 {
			time.Sleep(wait)
		}
		b = t.routes.Add(b[:0], i)
		t.sent[i].Store(int64(time.Since(t.start)))
		if err := c.Send(b); err != nil {
			return err
		}
	}
	return c.Sync()
}

// await waits for the lines.
func (t *timing) await() error {
	for end := time.Now().Add(patience / 6); t.count.Load() < int64(len(t.seen)); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			return fmt.Errorf("only %d of %d routes were printed", t.count.Load(), len(t.seen))
		}
	}
	return nil
}

// delays returns the sorted times from the change to its line.
func (t *timing) delays() []time.Duration {
	d := make([]time.Duration, len(t.seen))
	for i := range d {
		d[i] = time.Duration(t.seen[i] - t.sent[i].Load())
	}
	slices.Sort(d)
	return d
}

func (b *bench) latencies(routes load.Routes) error {
	return errors.Join(b.latencyIdle(routes), b.latencyBusy(routes))
}

// latencyIdle measures single changes on an idle machine.
func (b *bench) latencyIdle(routes load.Routes) error {
	return b.latency("idle: change to line, ms: p50 / p99 / max", routes, b.idle, 10*time.Millisecond)
}

// latencyBusy measures changes that come at busyRate.
func (b *bench) latencyBusy(routes load.Routes) error {
	name := fmt.Sprintf("%s changes/s: change to line, ms: p50 / p99 / max", number(busyRate))
	return b.latency(name, routes, b.busy, time.Second/busyRate)
}

func (b *bench) latency(name string, routes load.Routes, n int, interval time.Duration) error {
	routes.First = load.Most / 2
	for i := range b.subjects {
		s := &b.subjects[i]
		if s.lines == nil {
			continue
		}
		d, err := b.latencyOf(s, routes, n, interval)
		if err != nil {
			if err := b.excuse(name, s, err); err != nil {
				return err
			}
			continue
		}
		p50, p99, worst := d[len(d)/2], d[len(d)*99/100], d[len(d)-1]
		b.table.value(name, s.name, fmt.Sprintf("%.2f / %.2f / %.2f", ms(p50), ms(p99), ms(worst)), ms(p50))
	}
	return nil
}

// latencyOf makes n routes, one each interval, while s prints its lines.
func (b *bench) latencyOf(s *subject, routes load.Routes, n int, interval time.Duration) ([]time.Duration, error) {
	var t atomic.Pointer[timing]
	ready := signal(s.ready)
	p, err := start(s.lines(), func(line []byte) {
		if t := t.Load(); t != nil {
			t.line(s.dst(string(line)))
			return
		}
		ready.line(line)
	}, ready.line)
	if err != nil {
		return nil, err
	}
	defer p.stop()
	if s.ready != "" {
		if err := p.await(ready.c, s.ready, patience); err != nil {
			return nil, err
		}
	}
	time.Sleep(time.Second)
	timing := newTiming(routes, n)
	t.Store(timing)
	if err := timing.make(b.conn, interval); err != nil {
		return nil, err
	}
	failed := timing.await()
	if err := errors.Join(failed, b.conn.Each(n, routes.Delete)); err != nil {
		return nil, err
	}
	return timing.delays(), nil
}

func ms(d time.Duration) float64 { return d.Seconds() * 1000 }
