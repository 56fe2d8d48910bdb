package mirror

import (
	"bytes"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// addressClass is what the kernel does with addresses, applied to a State.
type addressClass struct{ *State }

var addressRow = class{
	key: addressKey, perKey: one, object: ofIP,
	canonical: func(s *State, x *rtnl.Index) []byte { return addressClass{s}.withReadAt(x.Body) },
	announced: func(s *State, m rtnl.Message) { addressClass{s}.newAddress(m.Body) },
	deleted:   func(s *State, m rtnl.Message) { addressClass{s}.delAddress(m.Body) },
	counted: func(keys []tallyKey, _ *objects, x *rtnl.Index) []tallyKey {
		return append(keys, addressKeyOf(x.Body), addrKey(tallyLocal, localOf(x)))
	},
	volatile: attrs(readAt),
	fixed:    sameHeader(rtnl.Address.HeaderLen()),
	payload: func(_ uint8, typ uint16, a, b []byte) bool {
		return typ == unix.IFA_CACHEINFO && endless(a) == endless(b) || bytes.Equal(a, b)
	},
	covered:    onOwnLink,
	mirrored:   kept(rtnl.Address),
	overtaken:  func(_ *State, g *silent, record []byte) bool { return g.links[linkIndex(record)] },
	swept:      droppedFrom(rtnl.Address),
	links:      linksAt(true, rtnl.Address, noAttribute),
	naming:     addressesOn,
	linkTurned: func(s *State, t linkTurn) { addressClass{s}.linkTurned(t) },
	linkEnds:   func(s *State, index uint32) { addressClass{s}.linkEnds(index) },
	extras:     extras{renewed: renewed},
}

// linkTurned asks for the IPv6 addresses of a link that is set down: by a sysctl
// they stay, and are tentative again (R22).
func (s addressClass) linkTurned(t linkTurn) {
	if t.setDown() {
		s.want(rtnl.Query{Object: rtnl.Address, Family: unix.AF_INET6, Ifindex: t.index, Barrier: true})
	}
}

// linkEnds removes the addresses of a link that ends (R18).
func (s addressClass) linkEnds(index uint32) {
	s.dump.silentOn(index, rtnl.Address)
	s.dropWhere(rtnl.Address, func(body []byte) bool { return linkIndex(body) == index }, addressesOn(index)...)
}

// newAddress applies RTM_NEWADDR. The first IPv4 address of a link that is up
// revives the nexthops that died with its last (R21, R26).
func (s addressClass) newAddress(body []byte) {
	if !ofIP(body) || !s.keep(rtnl.Address, body) {
		return
	}
	index := linkIndex(body)
	first := familyOf(body) == unix.AF_INET && s.tally.get(addressKeyOf(body)) == 0
	s.upsert(rtnl.Address, body)
	if first && s.links.flags(index)&unix.IFF_UP != 0 { // fib_sync_up(), net/ipv4/fib_semantics.c
		s.followedBy(func(c *class) {
			if c.addressCame != nil {
				c.addressCame(s.State, index)
			}
		})
	}
}

// delAddress applies RTM_DELADDR. With a link's last IPv4 address go all
// IPv4 routes over it, with any address the routes that prefer it as source.
func (s addressClass) delAddress(body []byte) {
	l := s.tables[rtnl.Address].Find(body)
	s.dump.touch(&l)
	if l.Head == 0 {
		s.counts.Unknown++
		return
	}
	last := s.tally.get(addressKeyOf(body)) == 1
	s.imply(func() {
		s.followedBy(func(c *class) {
			if c.addressGoes != nil {
				c.addressGoes(s.State, body, last)
			}
		})
	})
	if l = s.tables[rtnl.Address].Find(body); l.Head != 0 {
		s.drop(rtnl.Address, &l, l.Head)
	}
}

// addressKeyOf names the counter of the addresses of a family on a link.
func addressKeyOf(body []byte) tallyKey {
	return tallyKey{kind: tallyAddress, family: familyOf(body), id: linkIndex(body)}
}

// addressesOn names the counters of the addresses on a link.
func addressesOn(index uint32) []tallyKey {
	return []tallyKey{
		{kind: tallyAddress, family: unix.AF_INET, id: index},
		{kind: tallyAddress, family: unix.AF_INET6, id: index},
	}
}

// addressKey is family, link and local address; IPv4 has the same local
// address on one link with several prefix lengths and peers, IPv6 has not (R19, R20).
func addressKey(dst []byte, x *rtnl.Index) []byte {
	m := rtnl.AddressMsg(x.Body)
	dst = append(appendUint32(append(dst, m.Family()), m.Index()), localOf(x)...)
	if m.Family() == unix.AF_INET {
		dst = append(append(dst, m.PrefixLen()), x.Get(unix.IFA_ADDRESS)...)
	}
	return dst
}

// localOf is rtnl.AddressMsg.Local.
func localOf(x *rtnl.Index) []byte {
	if x.Has(unix.IFA_LOCAL) {
		return x.Get(unix.IFA_LOCAL)
	}
	return x.Get(unix.IFA_ADDRESS)
}

// withReadAt returns the address in body with the time of its reading where its
// lifetimes end, in scratch memory.
func (s addressClass) withReadAt(body []byte) []byte {
	l, ok := lifetimeOf(body)
	if !ok || l.preferred == forever && l.valid == forever {
		return body
	}
	return s.stamped(body)
}
