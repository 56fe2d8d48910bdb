package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// eachSubject calls f with the counters that the object in body counts in. One
// can come twice, where a group has several paths over a link.
func (s *State) eachSubject(o rtnl.Object, body []byte, f func(tallyKey)) {
	switch o {
	case rtnl.Link:
		s.linkSubjects(body, f)
	case rtnl.Address:
		f(addressKeyOf(body))
		f(addrKey(tallyLocal, localOf(body)))
	case rtnl.Nexthop:
		nexthopSubjects(body, f)
	case rtnl.Neighbor:
		neighborSubjects(body, f)
	case rtnl.Route:
		routeSubjects(body, s.shows(o, body), f)
	case rtnl.MDB:
		mdbSubjects(body, f)
	case rtnl.VLAN:
		vlanSubjects(body, f)
	}
}

// linkNaming are the fields of a link that name another.
var linkNaming = func() (places []int) {
	for _, name := range []string{"master", "link", "bond_active_slave", "bond_primary", "backup_port",
		"slave1", "slave2", "interlink", "conduit", "tunnel_link"} {
		places = append(places, event.Index(rtnl.Link, name))
	}
	return places
}()

// linkSubjects is for a link: those that it names, and the one below it in
// whatever namespace that is.
func (s *State) linkSubjects(body []byte, f func(tallyKey)) {
	s.named.list = s.named.list[:0]
	s.named.view.Reset(rtnl.Link, body, &s.named.list)
	for _, i := range linkNaming {
		s.named.view.Value(i)
	}
	lower := rtnl.Uint32(linkAttr(body, unix.IFLA_LINK))
	for _, index := range append(s.named.list, lower) {
		if index != 0 {
			f(tallyKey{kind: tallyUpper, id: index})
		}
	}
}

// naming is scratch memory: the links that a link names.
type naming struct {
	view event.View
	list namesEnv
}

func nexthopSubjects(body []byte, f func(tallyKey)) {
	a := rtnl.AttrsOf(rtnl.Nexthop, body)
	if index := rtnl.Uint32(a.Get(unix.NHA_OIF)); index != 0 {
		f(tallyKey{kind: tallyNexthop, id: index})
	}
	linksInEncap(a.Get(unix.NHA_ENCAP_TYPE), a.Get(unix.NHA_ENCAP), tallyNexthop, f)
	members := rtnl.NexthopMsg(body).Members()
	for m, rest, ok := members.Next(); ok; m, rest, ok = rest.Next() {
		f(tallyKey{kind: tallyMember, id: m.ID})
	}
}

func neighborSubjects(body []byte, f func(tallyKey)) {
	f(tallyKey{kind: tallyNeighbor, id: linkIndex(body)})
	a := rtnl.AttrsOf(rtnl.Neighbor, body)
	for _, typ := range [...]uint16{unix.NDA_MASTER, unix.NDA_IFINDEX} {
		if index := rtnl.Uint32(a.Get(typ)); index != 0 && index != linkIndex(body) {
			f(tallyKey{kind: tallyNeighbor, id: index})
		}
	}
	if id := fdbNexthop(body); id != 0 {
		f(tallyKey{kind: tallyFDB, id: id})
	}
}

// routeSubjects is for a route, shown or not.
func routeSubjects(body []byte, shown bool, f func(tallyKey)) {
	shape := tallyKey{kind: tallyShape, family: body[0], len: body[1], slen: body[2], id: uint32(body[4])}
	if body[0] == unix.AF_INET {
		shape.slen = body[3]
	}
	var encap, encapType []byte
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
		case unix.RTA_OIF, unix.RTA_IIF:
			f(tallyKey{kind: tallyOIF, id: rtnl.Uint32(p)})
		case unix.RTA_MULTIPATH:
			hopSubjects(p, f)
		case unix.RTA_ENCAP:
			encap = p
		case unix.RTA_ENCAP_TYPE:
			encapType = p
		case rtaNHID:
			f(tallyKey{kind: tallyNHID, id: rtnl.Uint32(p)})
		case unix.RTA_PREFSRC:
			f(addrKey(tallySource, p))
		case unix.RTA_METRICS:
			mtuSubject(body[0], p, f)
		}
		a = rest
	}
	linksInEncap(encapType, encap, tallyOIF, f)
	f(shape)
	f(tallyKey{kind: tallyTable, family: body[0], id: shape.id})
	if shown {
		f(tallyKey{kind: tallyGroup, family: body[0], len: body[5], slen: body[7], id: shape.id})
	}
	if body[1] == 0 {
		f(tallyKey{kind: tallyDefault})
	}
}

func hopSubjects(p []byte, f func(tallyKey)) {
	for {
		h, rest, ok := nextHop(p)
		if !ok {
			return
		}
		f(tallyKey{kind: tallyOIF, id: h.oif})
		a := rtnl.Attrs(h.attrs)
		linksInEncap(a.Get(unix.RTA_ENCAP_TYPE), a.Get(unix.RTA_ENCAP), tallyOIF, f)
		p = rest
	}
}

func mtuSubject(family byte, metrics []byte, f func(tallyKey)) {
	if family != unix.AF_INET6 {
		return
	}
	if mtu := rtnl.Uint32(rtnl.Attrs(metrics).Get(unix.RTAX_MTU)); mtu != 0 {
		f(tallyKey{kind: tallyMTU, id: mtu})
	}
}

// The encapsulations that can name a link: lwtunnel_encap_types
// (uapi/linux/lwtunnel.h).
const (
	lwtSeg6Local = 7
	lwtXfrm      = 10
)

// linksInEncap calls f with the links that an encapsulation names, and with
// other numbers of its.
func linksInEncap(typ, encap []byte, kind uint8, f func(tallyKey)) {
	if encap == nil || len(typ) < 2 {
		return
	}
	if t := rtnl.Uint16(typ); t != lwtSeg6Local && t != lwtXfrm {
		return
	}
	a := rtnl.Attrs(encap)
	for {
		_, p, rest, ok := a.Next()
		if !ok {
			return
		}
		if index := rtnl.Uint32(p); len(p) == 4 && index != 0 {
			f(tallyKey{kind: kind, id: index})
		}
		a = rest
	}
}

// addrKey names a counter by an address.
func addrKey(kind uint8, addr []byte) tallyKey {
	k := tallyKey{kind: kind, len: uint8(len(addr))}
	copy(k.addr[:], addr)
	return k
}
