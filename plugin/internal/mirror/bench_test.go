package mirror

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Run with: go test ./plugin/internal/mirror -run XXX -bench . -benchtime 1s
// The sizes of tables are part of the names; -short leaves out the largest.

var benchSizes = []struct {
	name string
	n    int
}{{"1k", 1_000}, {"100k", 100_000}, {"1M", 1_000_000}}

// atSizes runs f for each size of table.
func atSizes(b *testing.B, f func(b *testing.B, n int)) {
	for _, size := range benchSizes {
		if size.n > 100_000 && testing.Short() {
			continue
		}
		b.Run(size.name, func(b *testing.B) { f(b, size.n) })
	}
}

// routes makes the messages of a large table, each in the same buffer: IPv4
// host routes over one gateway.
type routes struct{ body []byte }

func newRoutes() *routes { return &routes{via("10.0.0.0/32", "10.255.0.9", 3).body()} }

// dstOffset is where RTA_DST's payload is: behind rtmsg and RTA_TABLE.
const dstOffset = 12 + 8 + 4

// at returns the i-th.
func (r *routes) at(i int) []byte {
	binary.BigEndian.PutUint32(r.body[dstOffset:], 10<<24|uint32(i))
	return r.body
}

func (r *routes) message(i int, flags uint16) rtnl.Message {
	return created(rtnl.Route, flags, r.at(i))
}

// newLoaded returns a mirror of n routes, from a dump. emit may be nil.
func newLoaded(t testing.TB, n int, emit func(*event.Event)) (*State, *routes) {
	s := New(Config{Report: all, Track: all, Emit: emit})
	if err := s.Apply(created(rtnl.Link, 0, linkBody(3, "eth0", unix.IFF_UP|carrier)), 1); err != nil {
		t.Fatal(err)
	}
	r := newRoutes()
	enumerate(t, s, r, n)
	return s, r
}

// enumerate answers a dump with the first n routes.
func enumerate(t testing.TB, s *State, r *routes, n int) Outcome {
	s.Begin(rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET}, true)
	for i := range n {
		if err := s.Record(r.message(i, unix.NLM_F_MULTI), 1); err != nil {
			t.Fatal(err)
		}
	}
	return s.End(false, nil, 1)
}

// perRoute reports the time of one of n routes in each iteration.
func perRoute(b *testing.B, n int) {
	each := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / float64(n)
	b.ReportMetric(each, "ns/route")
	b.ReportMetric(1e9/each, "routes/s")
}

// stride visits all places of a table in an order that no cache likes.
const stride = 7919

// apply applies one message.
func apply(b *testing.B, s *State, m rtnl.Message) {
	if err := s.Apply(m, 1); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkKey(b *testing.B) {
	for name, test := range map[string]struct {
		o    rtnl.Object
		body []byte
	}{
		"link":      {rtnl.Link, linkBody(3, "eth0", 0)},
		"nexthop":   {rtnl.Nexthop, nexthopBody(5, attr32(unix.NHA_OIF, 3))},
		"address":   {rtnl.Address, addressBody(3, prefix("10.0.0.1/24"), netip.Addr{})},
		"route":     {rtnl.Route, newRoutes().body},
		"route IP6": {rtnl.Route, via("2001:db8:1::/64", "2001:db8::9", 3).body()},
		"rule":      {rtnl.Rule, ruleBody(unix.AF_INET, 100, 1, 0)},
		"neighbor":  {rtnl.Neighbor, neighbor(unix.NUD_REACHABLE, mac(1))},
		"FDB":       {rtnl.Neighbor, fdb(3, 0, mac(1), attr32(unix.NDA_MASTER, 9))},
	} {
		b.Run(name, func(b *testing.B) {
			var key []byte
			for b.Loop() {
				key = keyOf(test.o, key[:0], test.body)
			}
		})
	}
}

// batch is how many routes come or go between two looks at the clock.
const batch = 1000

// BenchmarkApplyNew adds routes to a table of n, which is kept at its size.
func BenchmarkApplyNew(b *testing.B) {
	atSizes(b, func(b *testing.B, n int) {
		s, r := newLoaded(b, n, discard)
		for b.Loop() {
			for i := range batch {
				apply(b, s, r.message(n+i, flagsAdd))
			}
			b.StopTimer()
			for i := range batch {
				apply(b, s, removed(rtnl.Route, r.at(n+i)))
			}
			b.StartTimer()
		}
		perRoute(b, batch)
	})
}

// BenchmarkApplyDelete removes routes from a table of n.
func BenchmarkApplyDelete(b *testing.B) {
	atSizes(b, func(b *testing.B, n int) {
		s, r := newLoaded(b, n, discard)
		at := 0
		for b.Loop() {
			for i := range min(batch, n) {
				apply(b, s, removed(rtnl.Route, r.at((at+i)*stride%n)))
			}
			b.StopTimer()
			for i := range min(batch, n) {
				apply(b, s, r.message((at+i)*stride%n, flagsAdd))
			}
			at += batch
			b.StartTimer()
		}
		perRoute(b, min(batch, n))
	})
}

// BenchmarkApplySame repeats messages of which nothing is new.
func BenchmarkApplySame(b *testing.B) {
	atSizes(b, func(b *testing.B, n int) {
		s, r := newLoaded(b, n, discard)
		i := 0
		for b.Loop() {
			apply(b, s, r.message(i*stride%n, flagsReplace))
			i++
		}
		perRoute(b, 1)
	})
}

// BenchmarkApplyChange replaces the gateway of routes.
func BenchmarkApplyChange(b *testing.B) {
	atSizes(b, func(b *testing.B, n int) {
		s, r := newLoaded(b, n, discard)
		gateway := len(r.body) - 8 - 4 // before RTA_OIF
		i := 0
		for b.Loop() {
			if i%n == 0 {
				r.body[gateway+3]++
			}
			apply(b, s, r.message(i%n, flagsReplace))
			i++
		}
		perRoute(b, 1)
	})
}

func discard(*event.Event) {}

// BenchmarkSame shows what a message without a difference costs, by class.
func BenchmarkSame(b *testing.B) {
	for _, m := range sameMessages() {
		b.Run(m.name, func(b *testing.B) {
			s := m.state(b)
			for b.Loop() {
				apply(b, s, m.message)
			}
		})
	}
}

// BenchmarkRecord is the first enumeration of n routes, which are reported.
func BenchmarkRecord(b *testing.B) {
	atSizes(b, func(b *testing.B, n int) {
		var held int
		for b.Loop() {
			s, _ := newLoaded(b, n, discard)
			held = s.Bytes()
		}
		perRoute(b, n)
		b.ReportMetric(float64(held)/float64(n), "bytes/route")
	})
}

// BenchmarkSweep enumerates n routes again, of which none has changed.
func BenchmarkSweep(b *testing.B) {
	atSizes(b, func(b *testing.B, n int) {
		s, r := newLoaded(b, n, discard)
		for b.Loop() {
			if out := enumerate(b, s, r, n); out != (Outcome{}) {
				b.Fatalf("%+v", out)
			}
		}
		perRoute(b, n)
	})
}

// BenchmarkLinkDown removes n routes with their link, each reported and decoded.
func BenchmarkLinkDown(b *testing.B) {
	atSizes(b, func(b *testing.B, n int) {
		for b.Loop() {
			b.StopTimer()
			deleted := 0
			s, _ := newLoaded(b, n, func(e *event.Event) {
				if e.Action == event.Delete {
					deleted++
					decodeAll(e)
				}
			})
			b.StartTimer()
			apply(b, s, created(rtnl.Link, 0, linkBody(3, "eth0", 0)))
			if deleted != n {
				b.Fatalf("%d deleted", deleted)
			}
		}
		perRoute(b, n)
	})
}

// BenchmarkLookup looks for addresses among n routes of 25 prefix lengths.
func BenchmarkLookup(b *testing.B) {
	atSizes(b, func(b *testing.B, n int) {
		s := New(Config{Report: all, Track: all})
		for i := range n {
			bits := 8 + i%25
			addr := netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, uint32(i)*2654435761)))
			apply(b, s, created(rtnl.Route, flagsAppend, dev(netip.PrefixFrom(addr, bits).Masked().String(), 3).body()))
		}
		i, found := 0, 0
		for b.Loop() {
			addr := netip.AddrFrom4([4]byte{byte(i >> 16), byte(i >> 8), byte(i), byte(i >> 12)})
			if s.Lookup(addr, unix.RT_TABLE_MAIN) != nil {
				found++
			}
			i += stride
		}
		b.ReportMetric(float64(found)/float64(b.N), "found/op")
	})
}

// BenchmarkPurgeWithoutRoutes is a link of no routes that goes down beside n.
func BenchmarkPurgeWithoutRoutes(b *testing.B) {
	atSizes(b, func(b *testing.B, n int) {
		s, _ := newLoaded(b, n, discard)
		up, down := linkBody(4, "eth1", unix.IFF_UP|carrier), linkBody(4, "eth1", 0)
		for b.Loop() {
			apply(b, s, created(rtnl.Link, 0, up))
			apply(b, s, created(rtnl.Link, 0, down))
			s.Wants()
		}
	})
}

// BenchmarkOnePrefixOnManyLinks has n IPv6 routes of one key, as every link has
// ff00::/8: they are made, enumerated again, and deleted in another order.
func BenchmarkOnePrefixOnManyLinks(b *testing.B) {
	for _, size := range benchSizes[:2] {
		n := min(size.n, 10_000)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			bodies := make([][]byte, n)
			for i := range bodies {
				bodies[i] = dev("ff00::/8", uint32(i+3)).body()
			}
			for b.Loop() {
				s := New(Config{Report: all, Track: all, Emit: discard})
				for _, body := range bodies {
					apply(b, s, created(rtnl.Route, flagsAppend, body))
				}
				s.Begin(rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET6}, true)
				for _, body := range bodies {
					if err := s.Record(created(rtnl.Route, unix.NLM_F_MULTI, body), 1); err != nil {
						b.Fatal(err)
					}
				}
				if out := s.End(false, nil, 1); out != (Outcome{}) {
					b.Fatalf("%+v", out)
				}
				for i := range n {
					apply(b, s, removed(rtnl.Route, bodies[(i*stride)%n]))
				}
			}
			perRoute(b, n)
		})
	}
}
