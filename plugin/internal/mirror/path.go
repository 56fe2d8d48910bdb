package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// path is what nearly all routes are counted by: one link, and nothing else that
// is looked for. Routes come in runs of one link, table and prefix length.
type path struct {
	family, len, slen, protocol, kind uint8
	shown                             bool
	oif, table, metric                uint32
}

// beside are the attributes of a route that it is not counted by.
var beside = attrs(unix.RTA_DST, unix.RTA_GATEWAY, unix.RTA_VIA, unix.RTA_CACHEINFO, unix.RTA_PREF)

// read reads the route in body, and reports whether that is all it is counted by
// (routeSubjects).
func (p *path) read(body []byte) bool {
	m := rtnl.RouteMsg(body)
	p.family, p.len, p.slen, p.protocol, p.kind, p.table = m.Family(), body[1], body[2], body[5], body[7], uint32(body[4])
	if p.family == unix.AF_INET {
		p.slen = body[3]
	}
	for a := rtnl.AttrsOf(rtnl.Route, body); ; {
		typ, payload, rest, ok := a.Next()
		if !ok {
			return p.oif != 0 && p.len != 0
		}
		switch {
		case beside.has(typ):
		case typ == unix.RTA_TABLE:
			p.table = rtnl.Uint32(payload)
		case typ == unix.RTA_PRIORITY:
			p.metric = rtnl.Uint32(payload)
		case typ == unix.RTA_OIF && p.oif == 0:
			p.oif = rtnl.Uint32(payload)
		default:
			return false
		}
		a = rest
	}
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
	t.add(tallyKey{kind: tallyOIF, id: p.oif}, at, d)
	t.add(tallyKey{kind: tallyShape, family: p.family, len: p.len, slen: p.slen, id: p.table, metric: p.metric}, at, d)
	t.add(tallyKey{kind: tallyTable, family: p.family, id: p.table}, at, d)
	l := pathCounters{of: *p, link: t.last[tallyOIF].n, shape: t.last[tallyShape].n, table: t.last[tallyTable].n}
	if p.shown {
		t.add(tallyKey{kind: tallyGroup, family: p.family, len: p.protocol, slen: p.kind, id: p.table}, at, d)
		l.group = t.last[tallyGroup].n
	}
	if t.path = l; l.link == nil || l.shape == nil || l.table == nil || p.shown && l.group == nil {
		t.path = pathCounters{}
	}
}

// routeSubjects adds what a route, shown or not, is counted by. A link can come
// twice, where a group has several paths over it.
func routeSubjects(keys []tallyKey, s *objects, body []byte) []tallyKey {
	m := rtnl.RouteMsg(body)
	shape := tallyKey{kind: tallyShape, family: m.Family(), len: m.DstLen(), slen: m.SrcLen(), id: rtnl.RouteTable.Uint(m)}
	if m.Family() == unix.AF_INET {
		shape.slen = m.TOS()
	}
	var encap, encapType []byte
	for a := m.Attrs(); ; {
		typ, p, rest, ok := a.Next()
		if !ok {
			break
		}
		switch typ {
		case unix.RTA_TABLE:
			shape.id = rtnl.Uint32(p)
		case unix.RTA_PRIORITY:
			shape.metric = rtnl.Uint32(p)
		case unix.RTA_OIF, unix.RTA_IIF:
			keys = append(keys, tallyKey{kind: tallyOIF, id: rtnl.Uint32(p)})
		case unix.RTA_MULTIPATH:
			keys = hopSubjects(keys, p)
		case unix.RTA_ENCAP:
			encap = p
		case unix.RTA_ENCAP_TYPE:
			encapType = p
		case rtaNHID:
			keys = append(keys, tallyKey{kind: tallyNHID, id: rtnl.Uint32(p)})
		case unix.RTA_PREFSRC:
			keys = append(keys, addrKey(tallySource, p))
		case unix.RTA_METRICS:
			keys = mtuSubject(keys, m.Family(), p)
		}
		a = rest
	}
	keys = append(linksInEncap(keys, encapType, encap, tallyOIF), shape, tallyKey{kind: tallyTable, family: m.Family(), id: shape.id})
	if s.shows(rtnl.Route, body) {
		keys = append(keys, tallyKey{kind: tallyGroup, family: m.Family(), len: m.Protocol(), slen: m.Type(), id: shape.id})
	}
	if m.DstLen() == 0 {
		keys = append(keys, tallyKey{kind: tallyDefault})
	}
	return keys
}

func hopSubjects(keys []tallyKey, p []byte) []tallyKey {
	for {
		h, rest, ok := nextHop(p)
		if !ok {
			return keys
		}
		keys = append(keys, tallyKey{kind: tallyOIF, id: h.oif})
		a := rtnl.Attrs(h.attrs)
		keys = linksInEncap(keys, a.Get(unix.RTA_ENCAP_TYPE), a.Get(unix.RTA_ENCAP), tallyOIF)
		p = rest
	}
}

func mtuSubject(keys []tallyKey, family uint8, metrics []byte) []tallyKey {
	mtu := rtnl.Uint32(rtnl.Attrs(metrics).Get(unix.RTAX_MTU))
	if family != unix.AF_INET6 || mtu == 0 {
		return keys
	}
	return append(keys, tallyKey{kind: tallyMTU, id: mtu})
}

// routeLinks adds the links that a route names. The paths of one over a nexthop
// object are those of the object.
func routeLinks(dst []uint32, body []byte) []uint32 {
	for a := rtnl.RouteMsg(body).Attrs(); ; {
		typ, p, rest, ok := a.Next()
		switch {
		case !ok || typ == rtaNHID:
			return dst
		case typ == unix.RTA_MULTIPATH:
			for h, more, ok := rtnl.Hops(p).Next(); ok; h, more, ok = more.Next() {
				dst = append(dst, h.Link)
			}
		case typ == unix.RTA_OIF, typ == unix.RTA_IIF:
			dst = append(dst, rtnl.Uint32(p))
		}
		a = rest
	}
}
