package mirror

import "telegraf-rtnetlink/plugin/internal/rtnl"

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
