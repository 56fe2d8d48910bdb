package luahooks

import (
	"fmt"
	"runtime/metrics"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/internal/lua51"
)

// defaultMaxMemory is how much one script may hold, in bytes.
const defaultMaxMemory = 64 << 20

// nativePart is the part of max_memory that nl.state, counters, tag values and
// the like can take, as a divisor: they survive reloading, so that it must leave
// room.
const nativePart = 2

// togetherFactor is how many times the largest max_memory all scripts may hold
// together.
const togetherFactor = 2

func maxMemory(c *Config) int64 {
	if c.MaxMemory <= 0 {
		return defaultMaxMemory
	}
	return c.MaxMemory
}

// room is how much the Lua state may hold.
func (s *script) room() int64 { return maxMemory(s.cfg) - s.native.Used() }

// roots are where Lua values are reachable from beside the globals.
func (in *instance) roots() []lua51.Root {
	var roots []lua51.Root
	add := func(name string, v lua.LValue) {
		if v != nil {
			roots = append(roots, lua51.Root{Name: name, Value: v})
		}
	}
	for _, h := range in.registry.hooks {
		for _, a := range h.steps {
			if a.fn != nil {
				add("the hook at "+h.at.String(), a.fn.fn)
			}
		}
		if h.moment != nil {
			add("the hook at "+h.at.String(), h.moment)
		}
		add("the filter at "+h.at.String(), &lua.LUserData{Value: held(h.held), Metatable: lua.LNil})
	}
	for _, t := range in.timers {
		add("the timer at "+t.at.String(), t.fn)
	}
	for q := range in.asked {
		add("the nl.exec at "+q.at.String(), q.done)
	}
	for name, v := range in.modules {
		add("the module "+name, v)
	}
	return roots
}

// held is a number of bytes that something native holds.
type held int

// Held implements lua51.Holder.
func (n held) Held() int { return int(n) }

// memoryError is a script that holds more than it may.
type memoryError struct {
	where   string // "file:line: " of a call that was stopped; empty between calls
	largest string // what holds most of it
	holds   int64  // what the script holds
	limit   int64  // of the script
	all     int64  // if not 0: the limit of all scripts together, which is what was passed
}

func (e *memoryError) Error() string {
	stopped := "it holds"
	if e.where != "" {
		stopped = e.where + "stopped: it holds"
	}
	if e.all > 0 {
		return fmt.Sprintf("%s %d MiB, most of it in %s, and all scripts together more than they may (%s)", stopped, e.holds>>20, e.largest, byteText(e.all))
	}
	return fmt.Sprintf("%s more than max_memory (%s), most of it in %s", stopped, byteText(e.limit), e.largest)
}

func byteText(n int64) string {
	if n%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}

// heavy measures a script in the middle of a call, and reports whether it holds too
// much: more than it may, or more than its part while all together do.
func (in *instance) heavy() bool {
	m, s, r := in.Measure(true, in.roots()...), in.script, in.rt
	room := s.room()
	for done := false; !done && m.Bytes() <= room; {
		done = m.Step(measureStep)
		r.watch.late()
	}
	s.setHeap(m)
	in.tooMuch = nil
	switch {
	case s.heap > room:
		in.tooMuch = &memoryError{largest: s.largest, limit: maxMemory(in.cfg)}
	case r.left() < 0 && s.heap > r.maxMemory/r.numScripts/innocentPart:
		in.tooMuch = &memoryError{largest: s.largest, holds: s.heap, all: r.maxMemory}
	}
	in.allow()
	return in.tooMuch != nil
}

// setHeap notes what the script's Lua state holds; nil is for nothing.
func (s *script) setHeap(m *lua51.Meter) {
	s.rt.heap -= s.heap
	s.heap, s.largest = 0, ""
	if m != nil {
		s.heap, s.largest = m.Bytes(), m.Largest()
	}
	s.rt.heap += s.heap
}

// left is how many bytes more all scripts together may hold, as far as they were
// measured.
func (r *Runtime) left() int64 { return r.maxMemory - r.native.Used() - r.heap }

// allow sets how much the script may take before it is measured again.
func (in *instance) allow() {
	in.Allow(max(leastAllowance, min(in.script.room()-in.script.heap, in.rt.left()/in.rt.numScripts)/2))
}

// innocentPart is the part of an equal share of the memory that a script may hold though
// all together hold too much, as a divisor.
const innocentPart = 4

// leastAllowance is how many bytes of strings a script may make at least between
// two looks at what it holds: a look at little costs about as much as making so many.
const leastAllowance = 1 << 18

// measureStep is how many values are looked at between two events, a fraction
// of a millisecond.
const measureStep = 2000

// measureAtOnce is how many values of all scripts are looked at while events wait,
// some milliseconds.
const measureAtOnce = 100 * measureStep

// grown is how much the process's live memory has to grow before scripts are
// measured ahead of their time, in bytes.
const grown = 8 << 20

// gauge measures scripts between events: each at every interval, and all when
// the process has grown.
type gauge struct {
	sample []metrics.Sample
	mark   uint64 // live memory when measuring was begun last
}

func newGauge() gauge { return gauge{sample: []metrics.Sample{{Name: "/gc/heap/live:bytes"}}} }

// due reports whether the process has grown.
func (g *gauge) due() bool {
	metrics.Read(g.sample)
	live := g.sample[0].Value.Uint64()
	if live < g.mark {
		g.mark = live
	}
	if live-g.mark < grown {
		return false
	}
	g.mark = live
	return true
}

// measureAll begins to measure the scripts that have run since they were
// measured last.
func (r *Runtime) measureAll() {
	for _, s := range r.loads.scripts() {
		if s.in == nil || s.in.broken != nil || s.meter != nil || !s.ran {
			continue
		}
		s.ran = false
		s.meter = s.in.Measure(false, s.in.roots()...)
		r.measuring = true
	}
}

// measureSome goes on measuring, n values of each script, and ends scripts that hold too
// much. It must not be called in a hook.
func (r *Runtime) measureSome(n int) {
	if r.gauge.due() {
		r.measureAll()
	}
	if !r.measuring {
		return
	}
	r.measuring = false
	left := measureAtOnce
	for _, s := range r.loads.scripts() {
		m := s.meter
		if m == nil {
			continue
		}
		done := m.Step(min(n, left))
		left -= min(n, left)
		over := m.Bytes() > s.room()
		if !done && !over {
			r.measuring = true
			continue
		}
		s.meter = nil
		s.setHeap(m)
		s.stats.Memory = s.heap + s.native.Used()
		if over {
			s.tooLarge(&memoryError{largest: s.largest, limit: maxMemory(s.cfg)})
		}
	}
	r.measureTogether()
}

// measureTogether ends the script that holds most while all together hold too much,
// beside those that were ended already.
func (r *Runtime) measureTogether() {
	left, most := r.left(), (*script)(nil)
	for _, s := range r.loads.scripts() {
		if s.meter != nil && s.meter.Bytes() > s.heap {
			left -= s.meter.Bytes() - s.heap
			s.setHeap(s.meter)
		}
		switch {
		case s.isBroken():
			left += s.heap
		case s.in != nil && (most == nil || s.heap > most.heap):
			most = s
		}
	}
	if left < 0 && most != nil {
		most.tooLarge(&memoryError{largest: most.largest, holds: most.heap, all: r.maxMemory})
	}
}

// tooLarge ends a script that holds too much.
func (s *script) tooLarge(err error) {
	if s.in == nil || s.in.broken != nil {
		return
	}
	s.in.breakDown(err)
	s.stats.Errors++
	s.rt.log(LevelError, s.name+": "+err.Error())
}
