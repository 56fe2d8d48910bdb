package mirror

import (
	"cmp"
	"slices"

	"telegraf-rtnetlink/plugin/internal/objtable"
)

// tally counts objects by what they refer to, and knows where they are, so that
// an event which touches none or few of a million routes does not have to look
// at the others.
type tally struct {
	counts map[tallyKey]*counter
	// The last counter used of each kind: routes come in runs of one link.
	last [tallyKinds]struct {
		key tallyKey
		n   *counter
	}
	path   pathCounters
	shapes map[shapeTable][]tallyKey // those that occur, the best for a packet first
	groups map[tallyKey]*counter     // of kind tallyGroup
	tables map[tallyKey]*counter     // of kind tallyTable
	mtus   map[uint32]*counter       // of kind tallyMTU, by id
}

// counter is the number of objects, and for some kinds where they are.
type counter struct {
	n      int32
	places objtable.Places
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
	tallyOIF      = iota // routes that name link id
	tallyNHID            // routes over nexthop object id
	tallySource          // routes with preferred source addr
	tallyShape           // routes in table id with this prefix length and metric
	tallyGroup           // routes that are shown, by family, table, protocol and type
	tallyDefault         // routes to everywhere
	tallyMTU             // IPv6 routes whose metrics have MTU id
	tallyTable           // routes of family in table id
	tallyAddress         // addresses of family on link id
	tallyLocal           // addresses whose own is addr
	tallyNexthop         // nexthop objects on link id
	tallyMember          // groups with nexthop object id
	tallyFDB             // forwarding entries behind nexthop object id
	tallyNeighbor        // neighbors that name link id
	tallyUpper           // other links that name link id
	tallyMDB             // entries of multicast databases that name link id
	tallyVLAN            // VLANs on link id
	tallyPVID            // those of them that what comes untagged is in
	tallyNetconf         // settings of link id
	tallyKinds
)

// placed are the kinds whose objects are looked for.
var placed = [tallyKinds]bool{
	tallyOIF: true, tallyNHID: true, tallySource: true, tallyDefault: true, tallyMTU: true, tallyTable: true,
	tallyAddress: true, tallyLocal: true, tallyNexthop: true, tallyMember: true, tallyFDB: true,
	tallyNeighbor: true, tallyUpper: true, tallyMDB: true, tallyVLAN: true, tallyPVID: true, tallyNetconf: true,
}

func newTally() tally {
	return tally{
		counts: map[tallyKey]*counter{}, shapes: map[shapeTable][]tallyKey{},
		groups: map[tallyKey]*counter{}, tables: map[tallyKey]*counter{}, mtus: map[uint32]*counter{},
	}
}

// add changes a counter by d, for an object on a page.
func (t *tally) add(k tallyKey, at objtable.Page, d int32) {
	last := &t.last[k.kind]
	if last.n == nil || last.key != k {
		last.key, last.n = k, t.counter(k)
	}
	if placed[k.kind] {
		last.n.places.Add(at, d)
	}
	if last.n.n += d; last.n.n == 0 {
		delete(t.counts, k)
		last.n, t.path = nil, pathCounters{}
		t.gone(k)
	}
}

func (t *tally) counter(k tallyKey) *counter {
	n := t.counts[k]
	if n == nil {
		n = &counter{}
		t.counts[k] = n
		t.came(k, n)
	}
	return n
}

// came and gone keep what there is of a kind apart.
func (t *tally) came(k tallyKey, n *counter) {
	switch k.kind {
	case tallyShape:
		t.shapeCame(k)
	case tallyGroup:
		t.groups[k] = n
	case tallyTable:
		t.tables[k] = n
	case tallyMTU:
		t.mtus[k.id] = n
	}
}

func (t *tally) gone(k tallyKey) {
	switch k.kind {
	case tallyShape:
		t.shapeGone(k)
	case tallyGroup:
		delete(t.groups, k)
	case tallyTable:
		delete(t.tables, k)
	case tallyMTU:
		delete(t.mtus, k.id)
	}
}

// shapeCame and shapeGone keep the shapes of each table in order. Routes with a
// TOS or for some sources only are not looked up.
func (t *tally) shapeCame(k tallyKey) {
	if k.slen == 0 {
		of := shapeTable{k.family, k.id}
		at, _ := slices.BinarySearchFunc(t.shapes[of], k, betterShape)
		t.shapes[of] = slices.Insert(t.shapes[of], at, k)
	}
}

func (t *tally) shapeGone(k tallyKey) {
	if k.slen != 0 {
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

// get returns a counter's number.
func (t *tally) get(k tallyKey) int32 {
	if c := t.counts[k]; c != nil {
		return c.n
	}
	return 0
}

// pages returns where the objects are that the counters count, in order.
func (t *tally) pages(of []tallyKey) (out []objtable.Page) {
	for _, k := range of {
		if c := t.counts[k]; c != nil {
			out = c.places.AppendTo(out)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// path is what nearly all routes are counted by: one link, and nothing else that
// is looked for. Routes come in runs of one link, table and prefix length.
type path struct {
	family, len, slen, protocol, kind uint8
	shown                             bool
	oif, table, metric                uint32
}

func (p *path) link() tallyKey { return tallyKey{kind: tallyOIF, id: p.oif} }

func (p *path) shape() tallyKey {
	return tallyKey{kind: tallyShape, family: p.family, len: p.len, slen: p.slen, id: p.table, metric: p.metric}
}

func (p *path) inTable() tallyKey { return tallyKey{kind: tallyTable, family: p.family, id: p.table} }

func (p *path) group() tallyKey {
	return tallyKey{kind: tallyGroup, family: p.family, len: p.protocol, slen: p.kind, id: p.table}
}

// pathCounters are the counters of the last path.
type pathCounters struct {
	of                        path
	link, shape, table, group *counter
}

// addPath is add for all that a path is counted by.
func (t *tally) addPath(p *path, at objtable.Page, d int32) {
	if l := &t.path; l.of == *p && l.link.n+d != 0 && l.shape.n+d != 0 && l.table.n+d != 0 && (!p.shown || l.group.n+d != 0) {
		l.link.n += d
		l.link.places.Add(at, d)
		l.table.n += d
		l.table.places.Add(at, d)
		l.shape.n += d
		if p.shown {
			l.group.n += d
		}
		return
	}
	t.add(p.link(), at, d)
	t.add(p.shape(), at, d)
	t.add(p.inTable(), at, d)
	l := pathCounters{of: *p, link: t.last[tallyOIF].n, shape: t.last[tallyShape].n, table: t.last[tallyTable].n}
	if p.shown {
		t.add(p.group(), at, d)
		l.group = t.last[tallyGroup].n
	}
	if t.path = l; l.link == nil || l.shape == nil || l.table == nil || p.shown && l.group == nil {
		t.path = pathCounters{}
	}
}

// addrKey names a counter by an address.
func addrKey(kind uint8, addr []byte) tallyKey {
	k := tallyKey{kind: kind, len: uint8(len(addr))}
	copy(k.addr[:], addr)
	return k
}
