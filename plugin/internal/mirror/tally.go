package mirror

import (
	"cmp"
	"slices"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// tally counts objects by what they refer to, so that an event which touches
// none of a million routes does not have to look at them.
type tally struct {
	counts map[tallyKey]*int32
	// The last counter used of each kind: routes come in runs of one link.
	last [tallyKinds]struct {
		key tallyKey
		n   *int32
	}
	shapes map[shapeTable][]tallyKey // those that occur, the best for a packet first
}

// shapeTable names the routes that a lookup goes through.
type shapeTable struct {
	family uint8
	table  uint32
}

// tallyKey names a counter.
type tallyKey struct {
	kind   uint8
	family uint8
	len    uint8 // prefix length
	slen   uint8 // of the source; for IPv4 the TOS
	id     uint32
	metric uint32
	addr   [16]byte
}

// The kinds of counters.
const (
	tallyOIF     = iota // routes with a nexthop on link id
	tallyNHID           // routes over nexthop object id
	tallySource         // routes with preferred source addr
	tallyShape          // routes in table id with this prefix length and metric
	tallyAddress        // addresses of family on link id
	tallyNexthop        // nexthop objects on link id
	tallyFDB            // forwarding entries behind nexthop object id
	tallyOther          // routes that refer to links in other ways
	tallyKinds
)

func newTally() tally {
	return tally{counts: map[tallyKey]*int32{}, shapes: map[shapeTable][]tallyKey{}}
}

// add changes a counter by d.
func (t *tally) add(k tallyKey, d int32) {
	last := &t.last[k.kind]
	if last.n == nil || last.key != k {
		last.key, last.n = k, t.counter(k)
	}
	if *last.n += d; *last.n == 0 {
		delete(t.counts, k)
		last.n = nil
		t.shapeGone(k)
	}
}

func (t *tally) counter(k tallyKey) *int32 {
	n := t.counts[k]
	if n == nil {
		n = new(int32)
		t.counts[k] = n
		t.shapeCame(k)
	}
	return n
}

// shapeCame and shapeGone keep the shapes of each table in order. Routes with a
// TOS or for some sources only are not looked up.
func (t *tally) shapeCame(k tallyKey) {
	if k.kind == tallyShape && k.slen == 0 {
		of := shapeTable{k.family, k.id}
		at, _ := slices.BinarySearchFunc(t.shapes[of], k, betterShape)
		t.shapes[of] = slices.Insert(t.shapes[of], at, k)
	}
}

func (t *tally) shapeGone(k tallyKey) {
	if k.kind != tallyShape || k.slen != 0 {
		return
	}
	of := shapeTable{k.family, k.id}
	list := t.shapes[of]
	if at, found := slices.BinarySearchFunc(list, k, betterShape); found {
		list = slices.Delete(list, at, at+1)
	}
	if t.shapes[of] = list; len(list) == 0 {
		delete(t.shapes, of)
	}
}

// betterShape orders by what the kernel prefers: the longest prefix, then the
// lowest metric.
func betterShape(a, b tallyKey) int {
	return cmp.Or(cmp.Compare(b.len, a.len), cmp.Compare(a.metric, b.metric))
}

// get returns a counter.
func (t *tally) get(k tallyKey) int32 {
	if n := t.counts[k]; n != nil {
		return *n
	}
	return 0
}

// route counts one route.
func (t *tally) route(body []byte, d int32) {
	shape := tallyKey{kind: tallyShape, family: body[0], len: body[1], slen: body[2], id: uint32(body[4])}
	if body[0] == unix.AF_INET {
		shape.slen = body[3]
	}
	a := rtnl.AttrsOf(rtnl.Route, body)
	for {
		typ, p, rest, ok := a.Next()
		if !ok {
			break
		}
		switch typ {
		case unix.RTA_TABLE:
			shape.id = rtnl.Uint32(p)
		case unix.RTA_PRIORITY:
			shape.metric = rtnl.Uint32(p)
		case unix.RTA_OIF:
			t.add(tallyKey{kind: tallyOIF, id: rtnl.Uint32(p)}, d)
		case unix.RTA_IIF, unix.RTA_ENCAP:
			t.add(tallyKey{kind: tallyOther}, d)
		case unix.RTA_MULTIPATH:
			t.hops(p, d)
		case rtaNHID:
			t.add(tallyKey{kind: tallyNHID, id: rtnl.Uint32(p)}, d)
		case unix.RTA_PREFSRC:
			t.add(sourceKey(p), d)
		}
		a = rest
	}
	t.add(shape, d)
}

func (t *tally) hops(p []byte, d int32) {
	for _, h := range parseHops(nil, p) {
		t.add(tallyKey{kind: tallyOIF, id: h.oif}, d)
		if rtnl.Attrs(h.attrs).Get(unix.RTA_ENCAP) != nil {
			t.add(tallyKey{kind: tallyOther}, d)
		}
	}
}

func sourceKey(addr []byte) tallyKey {
	k := tallyKey{kind: tallySource, len: uint8(len(addr))}
	copy(k.addr[:], addr)
	return k
}
