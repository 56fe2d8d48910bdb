package main

import (
	"fmt"
	"math"
	"os/exec"
	"time"

	"telegraf-rtnetlink/scripts/bench/load"
)

// patience bounds every wait for a program.
const patience = 3 * time.Minute

// coldStart measures how long each subject takes from the start of its process
// until it has all routes.
func (b *bench) coldStart(routes load.Routes) error {
	n := b.routes4
	if routes.V6 {
		n = b.routes6
	}
	name := fmt.Sprintf("all of %s %s routes read, s", number(n), familyName(routes.V6))
	for i := range b.subjects {
		s := &b.subjects[i]
		best, peak, err := s.bestOf(routes.V6)
		if err != nil {
			if err := b.excuse(name, s, err); err != nil {
				return err
			}
			continue
		}
		b.table.value(name, s.name, fmt.Sprintf("%.2f", best), best)
		if !routes.V6 && peak > 0 {
			b.table.set("peak memory of that, MB", s.name, fmt.Sprintf("%.0f", peak/1e6))
		}
	}
	return nil
}

// bestOf lets s read all routes several times, and returns the least time, in
// seconds, and the most memory, in bytes.
func (s *subject) bestOf(v6 bool) (best, peak float64, err error) {
	best = math.Inf(1)
	for range s.rounds {
		took, memory, err := s.readAll(v6)
		if err != nil {
			return 0, 0, err
		}
		best, peak = min(best, took.Seconds()), max(peak, memory)
	}
	return best, peak, nil
}

// readAll lets s read all routes of a family once.
func (s *subject) readAll(v6 bool) (took time.Duration, peak float64, err error) {
	done := signal("complete")
	began := time.Now()
	p, err := start(s.dump(v6), done.line, done.line)
	if err != nil {
		return 0, 0, err
	}
	defer p.stop()
	if s.exits {
		<-p.ended
		return time.Since(began), 0, nil
	}
	if err := p.await(done.c, "all routes", patience); err != nil {
		return 0, 0, err
	}
	return done.at.Sub(began), p.peak(), nil
}

// memory measures the heap that the plugin needs for its mirror, and what the
// libraries need for a list.
func (b *bench) memory(load.Routes) error {
	const name = "heap, bytes a route"
	for i := range b.subjects {
		s := &b.subjects[i]
		cmd := s.dump(false)
		switch s.name {
		case bareName, ipName, libName:
			continue
		case oursName:
			cmd = b.inside()
		}
		bytes, err := heapOf(cmd)
		if err != nil {
			if err := b.excuse(name, s, err); err != nil {
				return err
			}
			continue
		}
		b.table.set(name, s.name, fmt.Sprintf("%.0f", bytes/float64(b.routes4)))
	}
	return nil
}

// heapOf returns what a child that reads all routes says of its heap.
func heapOf(cmd *exec.Cmd) (bytes float64, err error) {
	done := signal("routes ")
	p, err := start(cmd, done.line, func([]byte) {})
	if err != nil {
		return 0, err
	}
	defer p.stop()
	if err := p.await(done.c, "all routes", patience); err != nil {
		return 0, err
	}
	var n int
	_, err = fmt.Sscanf(done.text, "routes %d heap %f", &n, &bytes)
	return bytes, err
}
