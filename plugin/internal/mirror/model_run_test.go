package mirror

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// modelRun has a mirror follow the model kernel through what a reader of
// sockets goes through: messages that come late, dumps that are older or newer
// than they, that lack objects and repeat others, and messages that are lost.
type modelRun struct {
	t       testing.TB
	k       *kernel
	s       *State
	replica *replica
	known   map[rtnl.Query]bool // enumerated once
	asks    []rtnl.Query
	missed  map[string]int
	trace   []string
	overran bool // messages have been lost at some time
	keep    func(rtnl.Object, []byte) bool
	show    func([]byte) bool

	events, records buffer // what messages are received into
}

// buffer is memory that is used again for each message, as that of a socket is.
type buffer []byte

func (b *buffer) receive(m rtnl.Message) rtnl.Message {
	*b = append((*b)[:0], m.Body...)
	m.Body = *b
	return m
}

func newModelRun(t testing.TB, data []byte) *modelRun {
	r := &modelRun{t: t, replica: newReplica(), known: map[rtnl.Query]bool{}, missed: map[string]int{}}
	r.k = newKernel(&choices{data})
	if r.k.oneIn(3) {
		r.keep, r.show = oneTable, someProtocols
	}
	r.s = New(Config{Report: all, Track: all, Initial: all, Keep: r.keep, Show: r.show, Emit: func(e *event.Event) {
		r.trace = append(r.trace, "  "+describe(e))
		r.replica.apply(e)
	}})
	r.s.oneDatagram = smallDatagram
	for range r.k.n(60) {
		r.k.step() // before anybody listens
	}
	r.k.log = nil
	r.asks = slices.Clone(everything)
	return r
}

// oneTable keeps out a routing table, someProtocols the routes of a protocol.
func oneTable(o rtnl.Object, body []byte) bool {
	return o != rtnl.Route || RouteTable(body) != otherTable
}

func someProtocols(route []byte) bool {
	return route[5] != unix.RTPROT_STATIC && route[5] != unix.RTPROT_UNSPEC
}

// wanted reports whether the filters let an object of the model through.
func (r *modelRun) wanted(o rtnl.Object, body []byte) bool {
	return r.keep == nil || r.keep(o, body) && (o != rtnl.Route || r.show(body))
}

// everything is what a mirror asks for at first.
var everything = []rtnl.Query{
	{Object: rtnl.Link}, {Object: rtnl.Nexthop, Barrier: true}, {Object: rtnl.Address, Family: unix.AF_INET}, {Object: rtnl.Address, Family: unix.AF_INET6},
	{Object: rtnl.Route, Family: unix.AF_INET, Barrier: true}, {Object: rtnl.Route, Family: unix.AF_INET6, Barrier: true},
	{Object: rtnl.Rule, Family: unix.AF_INET}, {Object: rtnl.Rule, Family: unix.AF_INET6},
	{Object: rtnl.Neighbor, Family: unix.AF_INET}, {Object: rtnl.Neighbor, Family: unix.AF_INET6}, {Object: rtnl.Neighbor, Family: unix.AF_BRIDGE},
}

// run goes on until the choices are used up, and compares at quiet moments.
func (r *modelRun) run() {
	for !r.k.over() {
		switch r.k.n(16) {
		case 0, 1, 2, 3, 4, 5, 6, 7:
			r.step()
		case 8, 9, 10:
			r.read(r.k.n(8))
		case 11, 12, 13:
			r.ask(true)
		case 14:
			r.overrun()
		case 15:
			r.compare()
		}
	}
	r.compare()
}

func (r *modelRun) step() {
	r.k.step()
	r.trace = append(r.trace, r.k.trace...)
	r.k.trace = nil
}

// read applies up to n messages.
func (r *modelRun) read(n int) {
	for ; n > 0 && len(r.k.log) > 0; n-- {
		m := r.k.log[0]
		r.k.log = r.k.log[1:]
		r.trace = append(r.trace, fmt.Sprintf(" %s", spell(m)))
		if err := r.s.Apply(r.events.receive(m), 1); err != nil {
			r.fatalf("%v", err)
		}
		r.wants()
	}
}

func spell(m rtnl.Message) string {
	o, del, _ := rtnl.ObjectOf(m.Type)
	return fmt.Sprintf("message: %s deleted %v flags %#x %v", o, del, m.Flags, objectText(o, m.Body, 0))
}

// overrun loses what has not been read, but for some at the start. Then
// everything is asked for.
func (r *modelRun) overrun() {
	r.read(r.k.n(4))
	r.trace = append(r.trace, fmt.Sprintf("OVERRUN, %d lost", len(r.k.log)))
	r.overran = r.overran || len(r.k.log) > 0
	r.k.log = nil
	r.s.Abort()
	r.asks = slices.Clone(everything)
}

// wants notes what the mirror asks for, once.
func (r *modelRun) wants() {
	for _, q := range r.s.Wants() {
		r.again(q)
	}
}

func (r *modelRun) again(q rtnl.Query) {
	if !slices.Contains(r.asks, q) {
		r.asks = append(r.asks, q)
	}
}

// ask has the next question answered, while the kernel goes on if it is busy.
func (r *modelRun) ask(busy bool) {
	if len(r.asks) == 0 {
		return
	}
	q := r.asks[0]
	r.asks = r.asks[1:]
	r.trace = append(r.trace, "dump "+q.String())
	d := r.k.dump(q, r.missed)
	r.s.Begin(q, slices.Contains(everything, q) && !r.known[q])
	for !d.ended || len(d.ready) > 0 {
		if busy && r.meanwhile() {
			return // an overrun ends it
		}
		if !d.ended && r.k.n(2) == 0 {
			d.advance()
		} else if len(d.ready) > 0 {
			r.record(d, q)
		}
	}
	r.read(len(r.k.log)) // DumpEnd stands behind all that the dump can have seen
	if busy && r.k.oneIn(3) {
		r.step()
	}
	r.end(d, q, busy)
}

// meanwhile is what happens between two records.
func (r *modelRun) meanwhile() (overrun bool) {
	switch r.k.n(8) {
	case 5:
		r.step()
	case 6:
		r.read(1 + r.k.n(4))
	case 7:
		if overrun = r.k.oneIn(12); overrun {
			r.overrun()
		}
	}
	return overrun
}

func (r *modelRun) record(d *modelDump, q rtnl.Query) {
	m := created(q.Object, unix.NLM_F_MULTI, d.ready[0])
	d.ready = d.ready[1:]
	r.trace = append(r.trace, "record "+spell(m))
	if err := r.s.Record(r.records.receive(m), 1); err != nil {
		r.fatalf("%v", err)
	}
}

func (r *modelRun) end(d *modelDump, q rtnl.Query, busy bool) {
	interrupted, err := d.finish()
	if busy && err == nil && r.k.oneIn(12) {
		err = unix.EBUSY
	}
	out := r.s.End(interrupted, err, 1)
	r.trace = append(r.trace, fmt.Sprintf("end %+v, interrupted %v, %v", out, interrupted, err))
	r.known[q] = r.known[q] || err == nil
	r.wants()
	if out.Again {
		r.again(q)
	}
}

// compare lets everything be said and asked, and compares the kernel, the
// mirror, and what a consumer of the events has.
func (r *modelRun) compare() {
	r.k.catchUp()
	r.read(len(r.k.log))
	for n := 0; len(r.asks) > 0; n++ {
		if n > 200 {
			r.fatalf("it never ends to ask: %v", r.asks)
		}
		r.ask(false)
	}
	if diff := difference(r.kernelText(), r.mirrorText()); diff != "" {
		r.fatalf("the kernel (-) and the mirror (+) differ:\n%s", diff)
	}
	if diff := r.replica.difference(r.s); diff != "" {
		r.fatalf("the mirror (-) and a consumer of the events (+) differ:\n%s", diff)
	}
	if err := r.s.consistent(); err != nil {
		r.fatalf("%v", err)
	}
	r.trace = append(r.trace, "equal")
}

func (r *modelRun) fatalf(format string, args ...any) {
	r.t.Helper()
	last := r.trace[max(0, len(r.trace)-400):]
	r.t.Fatalf("%s\n%s", strings.Join(last, "\n"), fmt.Sprintf(format, args...))
}

// kernelText describes the objects of the model.
func (r *modelRun) kernelText() (lines []string) {
	for _, q := range everything {
		records, _ := r.k.show(q)
		places := map[string]int{}
		for _, rec := range records {
			if !rows[q.Object].object(rec.body) || !r.wanted(q.Object, rec.body) {
				continue
			}
			key := string(keyOf(q.Object, nil, rec.body))
			lines = append(lines, objectText(q.Object, rec.body, places[key])...)
			places[key]++
		}
	}
	return lines
}

// mirrorText describes the objects of the mirror, less what it cannot know.
func (r *modelRun) mirrorText() (lines []string) {
	silent := map[string]bool{}
	for _, n := range r.k.neighbors {
		silent[string(keyOf(rtnl.Neighbor, nil, n.body()))] = n.silent()
	}
	for o, t := range r.s.tables {
		t.Each(func(e ref) bool {
			body := t.Body(e)
			l := t.Find(body)
			if rtnl.Object(o) == rtnl.Neighbor && silent[string(keyOf(rtnl.Neighbor, nil, body))] || !r.s.shows(rtnl.Object(o), body) || r.overran && r.mayBeHidden(&l, e) {
				return true
			}
			place := 0
			for x := l.Head; x != e; x = t.Next(x) {
				place++
			}
			lines = append(lines, objectText(rtnl.Object(o), body, place)...)
			return true
		})
	}
	return lines
}

// mayBeHidden reports whether an IPv6 route could stand between the members of
// a group, where no dump shows it: of such routes the mirror believes only
// messages, and those can be lost. The model has none.
func (r *modelRun) mayBeHidden(l *objtable.List, e ref) bool {
	if !l.In(r.s.tables[rtnl.Route]) || sharesGroup(l, e) {
		return false
	}
	g := routeClass{r.s}.group(l)
	if g == 0 || !multipath(l.Body(g)) {
		return false
	}
	text := objectText(rtnl.Route, l.Body(e), 0)
	return !slices.Contains(r.kernelText(), text[0])
}

var streams = flag.Int("streams", 150, "random streams for the comparison with the model")

func randomChoices(seed uint64, n int) []byte {
	rng := rand.New(rand.NewPCG(seed, 99))
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(rng.Uint32())
	}
	return data
}

// TestMirrorEqualsTheModelAfterRandomStreams needs no kernel. One seed alone:
// -run 'RandomStreams/seed_7$'.
func TestMirrorEqualsTheModelAfterRandomStreams(t *testing.T) {
	n := uint64(*streams)
	if testing.Short() {
		n = 20
	}
	for i := range n {
		t.Run(fmt.Sprintf("seed %d", *seed+i), func(t *testing.T) { newModelRun(t, randomChoices(*seed+i, 6000)).run() })
	}
}
