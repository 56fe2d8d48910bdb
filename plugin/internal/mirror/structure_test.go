package mirror

import (
	"fmt"
	"runtime"
	"testing"
)

// The structures that a table could be made of, to see what its own index and
// slab are worth.
var structures = []struct {
	name string
	make func() routeMap
}{
	{"own index and slab", func() routeMap { return &ownMap{newTable(routeKey)} }},
	{"map of hash to slab", func() routeMap { return &hashMap{refs: map[uint64]ref{}, t: newTable(routeKey)} }},
	{"map of key to bytes", func() routeMap { return &bytesMap{bodies: map[string][]byte{}} }},
}

type routeMap interface {
	put(body []byte)
	get(body []byte) []byte
}

type ownMap struct{ t *table }

func (m *ownMap) put(body []byte) { l := m.t.find(body); l.push(body) }

func (m *ownMap) get(body []byte) []byte { l := m.t.find(body); return l.first() }

// hashMap needs a list for equal hashes as well, which is left out here.
type hashMap struct {
	refs map[uint64]ref
	t    *table
	key  []byte
}

func (m *hashMap) hash(body []byte) uint64 {
	m.key = routeKey(m.key[:0], body)
	return m.t.hash(m.key)
}

func (m *hashMap) put(body []byte) { m.refs[m.hash(body)] = m.t.slab.alloc(body) }

func (m *hashMap) get(body []byte) []byte {
	r := m.refs[m.hash(body)]
	have := m.t.slab.body(r)
	if m.t.other = routeKey(m.t.other[:0], have); string(m.t.other) != string(m.key) {
		panic("another route")
	}
	return have
}

type bytesMap struct {
	bodies map[string][]byte
	key    []byte
}

func (m *bytesMap) put(body []byte) {
	m.key = routeKey(m.key[:0], body)
	m.bodies[string(m.key)] = append([]byte(nil), body...)
}

func (m *bytesMap) get(body []byte) []byte {
	m.key = routeKey(m.key[:0], body)
	return m.bodies[string(m.key)]
}

// BenchmarkStructure compares them: filling, finding, and the heap they take.
func BenchmarkStructure(b *testing.B) {
	for _, structure := range structures {
		b.Run(structure.name, func(b *testing.B) {
			atSizes(b, func(b *testing.B, n int) {
				b.Run("put", func(b *testing.B) { benchPut(b, structure.make, n) })
				b.Run("get", func(b *testing.B) { benchGet(b, structure.make, n) })
			})
		})
	}
}

func benchPut(b *testing.B, fresh func() routeMap, n int) {
	r := newRoutes()
	fill := func() routeMap {
		m := fresh()
		for i := range n {
			m.put(r.at(i))
		}
		return m
	}
	for b.Loop() {
		fill()
	}
	perRoute(b, n)
	before := readHeap()
	m := fill()
	after := readHeap()
	b.ReportMetric(float64(after.bytes-before.bytes)/float64(n), "bytes/route")
	b.ReportMetric(float64(after.scannable-before.scannable)/float64(n), "scanned/route")
	runtime.KeepAlive(m)
}

func benchGet(b *testing.B, fresh func() routeMap, n int) {
	r := newRoutes()
	m := fresh()
	for i := range n {
		m.put(r.at(i))
	}
	i := 0
	for b.Loop() {
		if m.get(r.at(i*stride%n)) == nil {
			b.Fatal(fmt.Sprint(i, " is lost"))
		}
		i++
	}
}
