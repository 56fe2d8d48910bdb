package mirror

import (
	"slices"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// modelRecord is an object as a dump shows it.
type modelRecord struct {
	place string // where the walk meets it; equal for the objects of one list
	body  []byte
}

// show lists what an exact dump would answer now, in the order of the walk.
func (k *kernel) show(q rtnl.Query) (out []modelRecord, err error) {
	switch q.Object {
	case rtnl.Link:
		out = k.showLinks(q)
	case rtnl.Nexthop:
		for _, id := range k.nexthopIDs(unix.AF_UNSPEC) {
			if h := k.nexthops[id]; q.Ifindex == 0 || h.oif == q.Ifindex {
				out = append(out, modelRecord{string(rune(id)), h.body()})
			}
		}
	case rtnl.Address:
		for _, a := range k.addresses {
			if (q.Family == unix.AF_UNSPEC || a.family() == q.Family) && (q.Ifindex == 0 || a.index == q.Ifindex) {
				out = append(out, modelRecord{a.local.String() + string(rune(a.index)), a.body()})
			}
		}
		slices.SortStableFunc(out, byPlace)
	case rtnl.Route:
		out = k.showRoutes(q)
	case rtnl.Rule:
		for _, r := range k.rules {
			if r.family == q.Family {
				out = append(out, modelRecord{string(rune(r.priority)), k.rule(r)})
			}
		}
	case rtnl.Neighbor:
		out = k.showNeighbors(q)
	}
	if q.Ifindex != 0 && k.links[q.Ifindex] == nil {
		return nil, unix.ENODEV
	}
	if q.Table != 0 && len(out) == 0 {
		return nil, unix.ENOENT
	}
	return out, nil
}

func byPlace(a, b modelRecord) int {
	switch {
	case a.place < b.place:
		return -1
	case a.place > b.place:
		return 1
	}
	return 0
}

func (k *kernel) showLinks(q rtnl.Query) (out []modelRecord) {
	for _, l := range k.linkList() {
		if !q.One || l.index == q.Ifindex {
			out = append(out, modelRecord{string(rune(l.index)), l.body()})
		}
	}
	return out
}

// showRoutes shows a group at the place of its first member, with that one's
// attributes. A filter by link takes a group for any member.
func (k *kernel) showRoutes(q rtnl.Query) (out []modelRecord) {
	for _, name := range k.routeLists() {
		list := k.routes[name]
		if list[0].family() != q.Family || q.Table != 0 && list[0].table != q.Table {
			continue
		}
		group, shown := groupOf(list), false
		for _, r := range list {
			on, body := k.leadsOver(r, q.Ifindex), k.body(r)
			if r.groupable() {
				if shown {
					continue
				}
				shown, body = true, k.group(r, group)
				on = slices.ContainsFunc(group, func(m *routeSpec) bool { return k.leadsOver(m, q.Ifindex) })
			}
			if on {
				out = append(out, modelRecord{name, body})
			}
		}
	}
	return out
}

// leadsOver reports whether a route has a nexthop on a link, 0 for any.
func (k *kernel) leadsOver(r *routeSpec, index uint32) bool {
	if index == 0 || r.nhid == 0 {
		return index == 0 || r.on(index)
	}
	return slices.ContainsFunc(k.hopsOf(r.nhid), func(h hopSpec) bool { return h.oif == index })
}

func (k *kernel) showNeighbors(q rtnl.Query) (out []modelRecord) {
	if q.Proxy {
		return nil
	}
	for _, key := range k.neighborKeys() {
		n := k.neighbors[key]
		if n.family == q.Family && (q.Ifindex == 0 || n.index == q.Ifindex) && (q.Master == 0 || n.master == q.Master) {
			out = append(out, modelRecord{key, n.body()})
		}
	}
	if q.Family == unix.AF_BRIDGE && q.Master == 0 {
		for _, l := range k.linkList() {
			if q.Ifindex == 0 || l.index == q.Ifindex {
				out = append(out, modelRecord{"own", ownEntry(l.index)})
			}
		}
	}
	return out
}

// locked reports whether the kernel walks a class under the RTNL lock, and so
// waits for what it has announced.
func locked(q rtnl.Query) bool {
	return q.Barrier || q.Object == rtnl.Nexthop || q.Object == rtnl.Link
}

// modelDump is a dump under way: a walk that goes on from place to place while
// the kernel changes.
type modelDump struct {
	k      *kernel
	query  rtnl.Query
	at     string // the place reached
	begun  bool
	before int // changes of the class until the start
	ended  bool
	err    error
	ready  [][]byte // records written, and not read yet
	size   int      // bytes written
	// missed counts, by record, in how many dumps in a row it was left out.
	missed map[string]int
	shown  []string
	lacked []string
}

func (k *kernel) dump(q rtnl.Query, missed map[string]int) *modelDump {
	if locked(q) {
		k.catchUp()
	}
	return &modelDump{k: k, query: q, before: k.changes(q), missed: missed}
}

func (k *kernel) changes(q rtnl.Query) int {
	family := q.Family
	if q.Object == rtnl.Link || q.Object == rtnl.Nexthop {
		family = unix.AF_UNSPEC
	}
	n := k.changed[rtnl.Query{Object: q.Object, Family: family}]
	if q.Object == rtnl.Address && q.Family == unix.AF_UNSPEC {
		n = k.changed[rtnl.Query{Object: q.Object, Family: unix.AF_INET}] + k.changed[rtnl.Query{Object: q.Object, Family: unix.AF_INET6}]
	}
	return n
}

// torn reports whether the class has changed since the start: then the walk
// can lose its way.
func (d *modelDump) torn() bool { return d.k.changes(d.query) != d.before }

// advance writes the records of some places more.
func (d *modelDump) advance() {
	if d.query.Object == rtnl.Nexthop || d.query.Object == rtnl.Link {
		d.k.catchUp()
	}
	all, err := d.k.show(d.query)
	if err != nil {
		d.ended, d.err = true, err
		return
	}
	places := 1 + d.k.n(4)
	for d.write(all) {
		if places--; places <= 0 && d.size > smallDatagram {
			return
		}
	}
	d.ended = true
}

// smallDatagram is how much the model writes at one time at least.
const smallDatagram = 300

// write writes what is at the next place.
func (d *modelDump) write(all []modelRecord) bool {
	next := slices.IndexFunc(all, func(r modelRecord) bool { return !d.begun || r.place > d.at })
	if next < 0 {
		return false
	}
	d.begun, d.at = true, all[next].place
	for _, r := range all[next:] {
		if r.place != d.at {
			break
		}
		d.record(r.body)
	}
	return true
}

// record writes a record, or leaves it out, or writes it twice, as a walk does
// that has lost its way. What two dumps in a row lacked the third one shows.
func (d *modelDump) record(body []byte) {
	id := d.query.Object.String() + string(body)
	late := d.size > smallDatagram
	d.size += unix.NLMSG_HDRLEN + (len(body)+3)&^3
	if late && d.torn() && d.query.Object != rtnl.Link && d.query.Object != rtnl.Nexthop {
		if d.k.oneIn(4) && d.missed[id] < missedLimit-1 {
			d.lacked = append(d.lacked, id)
			return
		}
		if d.k.oneIn(6) {
			d.ready = append(d.ready, body)
		}
	}
	d.ready, d.shown = append(d.ready, body), append(d.shown, id)
}

// finish ends the dump and returns how: like the kernel, it does not always
// say that something has changed meanwhile.
func (d *modelDump) finish() (interrupted bool, err error) {
	for _, id := range d.shown {
		delete(d.missed, id)
	}
	for _, id := range d.lacked {
		d.missed[id]++
	}
	return d.torn() && d.k.oneIn(2), d.err
}
