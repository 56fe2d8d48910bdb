package objtable

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"runtime/metrics"
	"testing"
)

// The structures that a table could be made of, to see what its own index and
// slab are worth.
var structures = []struct {
	name string
	make func() objectMap
}{
	{"own index and slab", func() objectMap { return &ownMap{New(0, bodyKey)} }},
	{"map of hash to slab", func() objectMap { return &hashMap{refs: map[uint64]Ref{}, t: New(0, bodyKey)} }},
	{"map of key to bytes", func() objectMap { return &bytesMap{bodies: map[string][]byte{}} }},
}

type objectMap interface {
	put(body []byte)
	get(body []byte) []byte
}

type ownMap struct{ t *Table }

func (m *ownMap) put(body []byte) { l := m.t.Find(body); l.Push(body) }

func (m *ownMap) get(body []byte) []byte { l := m.t.Find(body); return l.First() }

// hashMap needs a list for equal hashes as well, which is left out here.
type hashMap struct {
	refs map[uint64]Ref
	t    *Table
	key  []byte
}

func (m *hashMap) hash(body []byte) uint64 {
	m.key = bodyKey(m.key[:0], body)
	return m.t.Identity(body, 0)
}

func (m *hashMap) put(body []byte) { m.refs[m.hash(body)] = m.t.slab.alloc(body) }

func (m *hashMap) get(body []byte) []byte {
	r := m.refs[m.hash(body)]
	have := m.t.slab.body(r)
	if m.t.other = bodyKey(m.t.other[:0], have); string(m.t.other) != string(m.key) {
		panic("another object")
	}
	return have
}

type bytesMap struct {
	bodies map[string][]byte
	key    []byte
}

func (m *bytesMap) put(body []byte) {
	m.key = bodyKey(m.key[:0], body)
	m.bodies[string(m.key)] = append([]byte(nil), body...)
}

func (m *bytesMap) get(body []byte) []byte {
	m.key = bodyKey(m.key[:0], body)
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

func benchPut(b *testing.B, fresh func() objectMap, n int) {
	r := make(objects, 60)
	fill := func() objectMap {
		m := fresh()
		for i := range n {
			m.put(r.at(i))
		}
		return m
	}
	for b.Loop() {
		fill()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/object")
	before := readHeap()
	m := fill()
	after := readHeap()
	b.ReportMetric(float64(after.bytes-before.bytes)/float64(n), "bytes/object")
	b.ReportMetric(float64(after.scannable-before.scannable)/float64(n), "scanned/object")
	runtime.KeepAlive(m)
}

func benchGet(b *testing.B, fresh func() objectMap, n int) {
	r := make(objects, 60)
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

// objects makes one object after the other, each in the same memory.
type objects []byte

func (o objects) at(i int) []byte {
	binary.BigEndian.PutUint32(o[8:], uint32(i))
	return o
}

func bodyKey(dst, body []byte) []byte { return append(dst, body[:20]...) }

// stride visits all places of a table in an order that no cache likes.
const stride = 7919

// atSizes runs f for each size of table; -short leaves out the largest.
func atSizes(b *testing.B, f func(b *testing.B, n int)) {
	for _, n := range []int{1_000, 100_000, 1_000_000} {
		if n > 100_000 && testing.Short() {
			continue
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) { f(b, n) })
	}
}

// heap is what the runtime says of it, in bytes.
type heap struct{ bytes, scannable int64 }

func readHeap() heap {
	runtime.GC()
	runtime.GC() // what the first one finalized
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/gc/scan/heap:bytes"}}
	metrics.Read(samples)
	return heap{int64(samples[0].Value.Uint64()), int64(samples[1].Value.Uint64())}
}
