package history

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"

	"github.com/stretchr/testify/require"
)

// The model plays plugins and the kernels below them, writes what they would
// send, and knows what was true at every moment.

// moment is what was true of a namespace from a time on.
type moment struct {
	at     int64
	run    int // of the plugin
	status Status
	state  map[uint64]string // what each object shows
}

// modelNS is a namespace of the model.
type modelNS struct {
	name    string
	objects map[uint64]string
	status  Status
	epoch   int64
	run     int
	truth   []moment
}

// plugin is a run of a plugin of the model.
type plugin struct {
	m    *model
	host string
	seq  int64
	ns   []*modelNS
}

type model struct {
	rng  *rand.Rand
	now  int64
	seed uint64
	rows []*Row
	runs map[*Row]int // of their plugin
}

// write sends a row.
func (m *model) write(ns *modelNS, r *Row) {
	if m.runs == nil {
		m.runs = map[*Row]int{}
	}
	m.rows, m.runs[r] = append(m.rows, r), ns.run
}

func newRandom(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

func (m *model) tick() int64 {
	m.now += 1 + m.rng.Int64N(1000)
	return m.now
}

func (p *plugin) sync(ns *modelNS, moment, reason string) {
	r := &Row{Time: p.m.tick()}
	r.SetMeasurement([]byte("rtnetlink_sync"))
	r.Tag([]byte("host"), []byte(p.host))
	r.Tag([]byte("moment"), []byte(moment))
	if ns.name != "" {
		r.Tag([]byte("netns"), []byte(ns.name))
	}
	if moment == "begin" {
		ns.epoch = r.Time
	}
	r.Number([]byte("epoch"), Int, ns.epoch)
	r.Number([]byte("next_seq"), Int, p.seq+1)
	r.Text([]byte("reason"), []byte(reason))
	p.m.write(ns, r)
}

func (p *plugin) event(ns *modelNS, action string, id uint64, show string) {
	p.seq++
	r := &Row{Time: p.m.tick()}
	r.SetMeasurement([]byte("rtnetlink_route"))
	r.Tag([]byte("action"), []byte(action))
	r.Tag([]byte("host"), []byte(p.host))
	if ns.name != "" {
		r.Tag([]byte("netns"), []byte(ns.name))
	}
	r.Text([]byte("dst"), []byte(show))
	r.Text([]byte("key"), []byte(fmt.Sprintf("%016x", id)))
	r.Number([]byte("seq"), Int, p.seq)
	p.m.write(ns, r)
}

// settle notes what is true of a namespace from now on.
func (ns *modelNS) settle(at int64, status Status) {
	ns.status = status
	ns.truth = append(ns.truth, moment{at, ns.run, status, maps.Clone(ns.objects)})
}

func (p *plugin) begin(ns *modelNS, reason string) {
	p.sync(ns, "begin", reason)
	ns.settle(p.m.now, Building)
	for _, id := range slices.Sorted(maps.Keys(ns.objects)) {
		p.event(ns, "new", id, ns.objects[id])
	}
	p.sync(ns, "complete", reason)
	ns.settle(p.m.now, Exact)
}

// step lets something happen.
func (p *plugin) step() {
	ns := p.ns[p.m.rng.IntN(len(p.ns))]
	switch n := p.m.rng.IntN(100); {
	case n < 90:
		p.change(ns)
		ns.settle(p.m.now, ns.status)
	case n < 93:
		p.sync(ns, "doubt", "overrun")
		ns.settle(p.m.now, Doubt)
		p.change(ns)
		p.sync(ns, "complete", "overrun")
		ns.settle(p.m.now, Exact)
	case n < 96:
		p.begin(ns, "snapshot")
	default:
		p.restart(p.m.rng.IntN(2) == 0)
	}
}

func (p *plugin) change(ns *modelNS) {
	id := p.m.rng.Uint64N(30)
	show := fmt.Sprintf("10.%d.0.0/16", p.m.rng.IntN(250))
	_, there := ns.objects[id]
	switch {
	case !there:
		ns.objects[id] = show
		p.event(ns, "new", id, show)
	case p.m.rng.IntN(3) == 0:
		show = ns.objects[id]
		delete(ns.objects, id)
		p.event(ns, "delete", id, show)
	default:
		ns.objects[id] = show
		p.event(ns, "change", id, show)
	}
}

// restart ends the plugin, with a word or without, and starts it again.
func (p *plugin) restart(word bool) {
	gone := p.m.now + 1
	for _, ns := range p.ns {
		if word {
			p.sync(ns, "end", "stop")
			gone = p.m.now
		}
		ns.settle(gone, Ended)
	}
	p.m.now += 100_000
	p.start()
}

func (p *plugin) start() {
	p.seq = 0
	if p.m.rng.IntN(2) == 0 { // every namespace is announced before the first event
		for _, ns := range p.ns {
			p.sync(ns, "begin", "start")
			ns.settle(p.m.now, Building)
		}
		for _, ns := range p.ns {
			for _, id := range slices.Sorted(maps.Keys(ns.objects)) {
				p.event(ns, "new", id, ns.objects[id])
			}
			p.sync(ns, "complete", "start")
			ns.settle(p.m.now, Exact)
		}
		return
	}
	for _, ns := range p.ns {
		p.begin(ns, "start")
	}
}

// play makes a stream of several hosts.
func play(seed uint64, steps int) (*model, []*plugin) {
	m := &model{seed: seed, rng: newRandom(seed), now: 1_790_000_000_000_000_000}
	plugins := []*plugin{
		{m: m, host: "a", ns: []*modelNS{{objects: map[uint64]string{}}}},
		{m: m, host: "b", ns: []*modelNS{{name: "x", objects: map[uint64]string{1: "10.0.0.0/8"}}, {name: "y", objects: map[uint64]string{}}}},
	}
	for _, p := range plugins {
		p.start()
	}
	for range steps {
		plugins[m.rng.IntN(len(plugins))].step()
	}
	return m, plugins
}

// truthAt returns what was true at a time.
func (ns *modelNS) truthAt(at int64) (moment, bool) {
	i := sort.Search(len(ns.truth), func(i int) bool { return ns.truth[i].at > at })
	if i == 0 {
		return moment{}, false
	}
	return ns.truth[i-1], true
}

// shown returns what the replay has of a scope.
func shown(c *Scope) map[uint64]string {
	out := map[uint64]string{}
	c.Objects("route", func(o *Object) { out[o.Key] = o.Text("dst") })
	return out
}

// eachScope replays rows up to a time and calls f for every namespace of the plugins
// with its scope, nil for none.
func eachScope(rows []*Row, plugins []*plugin, at int64, f func(*plugin, *modelNS, *Scope)) {
	p := NewReplay(at)
	for _, r := range rows {
		p.Add(r)
	}
	scopes := p.Finish()
	for _, pl := range plugins {
		for _, ns := range pl.ns {
			var scope *Scope
			if i := slices.IndexFunc(scopes, func(c *Scope) bool { return c.Host == pl.host && c.Netns == ns.name }); i >= 0 {
				scope = scopes[i]
			}
			f(pl, ns, scope)
		}
	}
}

// check compares a replay of rows at a time with the truth. With whole, the
// rows are all there: what is exact must be called so.
func check(t *testing.T, rows []*Row, plugins []*plugin, at int64, whole bool) {
	t.Helper()
	eachScope(rows, plugins, at, func(pl *plugin, ns *modelNS, c *Scope) {
		t.Helper()
		truth, known := ns.truthAt(at)
		if c == nil {
			require.False(t, whole && known, "%s/%s is missing", pl.host, ns.name)
			return
		}
		v := c.Verdicts[0]
		if v.Status == Exact {
			require.True(t, known)
			require.Equal(t, truth.state, shown(c), "%s/%s at %d", pl.host, ns.name, at)
			if whole || truth.status != Ended { // an end may be missing, while a namespace beside it goes on
				require.Equal(t, Exact, truth.status, "%s/%s at %d", pl.host, ns.name, at)
			}
			return
		}
		require.NotEmpty(t, v.Reason)
		if whole && known && truth.status == Exact && v.Status != Silent && (v.Status != Lost || !quiet(rows, pl.host, v.Before, at)) {
			require.Fail(t, "refused what is exact", "seed %d: %s/%s at %d: %s: %s", plugins[0].m.seed, pl.host, ns.name, at, v.Status, v.Reason)
		}
	})
}

// quiet reports whether nothing came from a host behind one time up to another:
// of a plugin that was killed nobody knows when.
func quiet(rows []*Row, host string, from, to int64) bool {
	return !slices.ContainsFunc(rows, func(r *Row) bool { return string(r.tag("host")) == host && r.Time > from && r.Time <= to })
}

func TestTheStateIsTheModelsOrItIsRefused(t *testing.T) {
	for seed := range uint64(8) {
		m, plugins := play(seed, 150)
		first, last := m.rows[0].Time, m.rows[len(m.rows)-1].Time
		for range 20 {
			at := first + m.rng.Int64N(last-first)
			check(t, m.rows, plugins, at, true)
			check(t, m.shuffled(), plugins, at, true)
			check(t, m.repeated(), plugins, at, true)
			check(t, m.holed(), plugins, at, false)
			check(t, m.rows[m.rng.IntN(len(m.rows)):], plugins, at, false)
			check(t, m.rows[:m.rng.IntN(len(m.rows))], plugins, at, false)
		}
		check(t, m.rows, plugins, last, true)
	}
}

// shuffled swaps rows that lie close together, but none across a begin or an
// end: a plugin that starts has sent nothing that could come before.
func (m *model) shuffled() []*Row {
	rows := slices.Clone(m.rows)
	for i := range len(rows) - 1 {
		if m.rng.IntN(3) == 0 && rows[i].kind() == eventRow && rows[i+1].kind() == eventRow {
			rows[i], rows[i+1] = rows[i+1], rows[i]
		}
	}
	return rows
}

// repeated sends pieces again, as a queue does that was not answered.
func (m *model) repeated() (rows []*Row) {
	for i := 0; i < len(m.rows); {
		n := min(1+m.rng.IntN(40), len(m.rows)-i)
		rows = append(rows, m.rows[i:i+n]...)
		i += n
		if m.rng.IntN(4) == 0 {
			i -= m.rng.IntN(n)
		}
	}
	return rows
}

// holed loses events.
func (m *model) holed() (rows []*Row) {
	for _, r := range m.rows {
		if m.rng.IntN(50) != 0 {
			rows = append(rows, r)
		}
	}
	return rows
}
