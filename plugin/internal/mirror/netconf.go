package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// netconfClass is what the kernel does with a family's settings of links, applied
// to a State.
type netconfClass struct{ *State }

var netconfRow = class{
	key: netconfKey, perKey: one, canonical: asItComes,
	object: func(body []byte) bool {
		return (ofIP(body) || familyOf(body) == unix.AF_MPLS) && netconfAttr(body, netconfIfindex) != nil
	},
	announced: func(s *State, m rtnl.Message) { netconfClass{s}.newNetconf(m.Body) },
	deleted:   removedByKey(rtnl.Netconf),
	counted: func(keys []tallyKey, _ *objects, x *rtnl.Index) []tallyKey {
		for _, index := range netconfLinks(nil, x.Body) {
			keys = append(keys, tallyKey{kind: tallyNetconf, id: index})
		}
		return keys
	},
	volatile:   noAttribute,
	fixed:      sameHeader(rtnl.Netconf.HeaderLen()),
	payload:    sameBytes,
	covered:    ofFamily,
	mirrored:   kept(rtnl.Netconf),
	overtaken:  neverOvertaken,
	swept:      droppedFrom(rtnl.Netconf),
	links:      netconfLinks,
	naming:     onOneLink(tallyNetconf),
	linkTurned: regardless,
	linkEnds:   staysWhenLinkEnds, // the kernel tells of each
}

// The settings of a family on a link, NETCONFA_* (uapi/linux/netconf.h). A
// message has all of them when they come up, and otherwise only what changed
// (inet_netconf_fill_devconf(), net/ipv4/devinet.c).
const (
	netconfIfindex    = 1 // the link, or one of the two below
	netconfForwarding = 2
	netconfMulticast  = 4 // NETCONFA_MC_FORWARDING
	netconfLinkdown   = 6 // NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN
	netconfLast       = 8 // NETCONFA_BC_FORWARDING: kernels may come to have more

	netconfAll     = 1<<32 - 1 // NETCONFA_IFINDEX_ALL, -1
	netconfDefault = 1<<32 - 2 // NETCONFA_IFINDEX_DEFAULT, -2: what new links begin with
)

func netconfAttr(body []byte, typ uint16) []byte { return rtnl.AttrsOf(rtnl.Netconf, body).Get(typ) }

// netconfKey is the family and the link.
func netconfKey(dst []byte, x *rtnl.Index) []byte {
	return appendUint32(append(dst, familyOf(x.Body)), x.Uint32(netconfIfindex))
}

// netconfLinks adds the link whose settings they are, unless they are those of all
// links or of those to come.
func netconfLinks(dst []uint32, body []byte) []uint32 {
	switch index := rtnl.Uint32(netconfAttr(body, netconfIfindex)); index {
	case netconfAll, netconfDefault:
		return dst
	default:
		return append(dst, index)
	}
}

// newNetconf applies RTM_NEWNETCONF. A message that has only a part says
// nothing of the rest: what a dump under way shows of it may be news.
func (s netconfClass) newNetconf(body []byte) {
	if !s.takes(rtnl.Netconf, body) {
		return
	}
	s.askCopies(body)
	if wholeNetconf(body) {
		s.upsert(rtnl.Netconf, body)
		return
	}
	s.followedBy(func(c *class) {
		if c.settingsTurned != nil {
			c.settingsTurned(s.State, body)
		}
	})
	if s.dump != nil && s.dump.query.Object == rtnl.Netconf {
		s.dump.inconclusive = true
	}
	l := s.tables[rtnl.Netconf].Find(body)
	if l.Head == 0 {
		s.want(rtnl.Query{Object: rtnl.Netconf, Family: familyOf(body)})
		return
	}
	s.dump.touch(&l)
	s.update(rtnl.Netconf, &l, l.Head, withSettings(l.Body(l.Head), body))
	s.defaultFollows(body)
}

// defaultFollows is for the one setting of IPv6 whose default becomes silently
// what is set for all (addrconf_fixup_linkdown(), net/ipv6/addrconf.c).
func (s netconfClass) defaultFollows(body []byte) {
	value := netconfAttr(body, netconfLinkdown)
	if familyOf(body) != unix.AF_INET6 || value == nil || rtnl.Uint32(netconfAttr(body, netconfIfindex)) != netconfAll {
		return
	}
	set := rtnl.AppendAttr(append([]byte(nil), body[:rtnl.Netconf.HeaderLen()]...), netconfIfindex,
		rtnl.AppendUint32(nil, netconfDefault))
	set = rtnl.AppendAttr(set, netconfLinkdown, value)
	if l := s.tables[rtnl.Netconf].Find(set); l.Head != 0 {
		s.imply(func() {
			s.dump.touch(&l)
			s.update(rtnl.Netconf, &l, l.Head, withSettings(l.Body(l.Head), set))
		})
	}
}

// ignoresLinkdown reports whether routes of a family over a link without carrier
// are not used, as far as is known: by the link's own setting or that of all.
func (s netconfClass) ignoresLinkdown(family uint8, link uint32) bool {
	known := false
	for _, index := range [...]uint32{link, netconfAll} {
		head := append(make([]byte, 0, 16), family, 0, 0, 0)
		l := s.tables[rtnl.Netconf].Find(rtnl.AppendAttr(head, netconfIfindex, rtnl.AppendUint32(nil, index)))
		value := netconfAttr(l.First(), netconfLinkdown)
		if rtnl.Uint32(value) != 0 {
			return true
		}
		known = known || value != nil
	}
	return !known
}

// wholeNetconf reports whether a message has all settings of its family: MPLS
// has one, of the others the kernel changes one at a time. What no kernel of
// today has does not count: it may come along with one.
func wholeNetconf(body []byte) bool {
	settings := 0
	for typ := range rtnl.AttrsOf(rtnl.Netconf, body).All() {
		if typ > netconfIfindex && typ <= netconfLast {
			settings++
		}
	}
	return settings > 1 || familyOf(body) == unix.AF_MPLS
}

// withSettings returns the settings in old with those that body has.
func withSettings(old, body []byte) []byte {
	out := append(make([]byte, 0, len(old)+len(body)), old[:rtnl.Netconf.HeaderLen()]...)
	for typ, p := range rtnl.AttrsOf(rtnl.Netconf, old).All() {
		if fresh := netconfAttr(body, typ); fresh != nil {
			p = fresh
		}
		out = rtnl.AppendAttr(out, typ, p)
	}
	return rtnl.AttrsOf(rtnl.Netconf, body).Append(out, func(typ uint16) bool { return netconfAttr(old, typ) == nil })
}

// askCopies asks for all settings of IPv4 where a default changed, which the
// kernel copies silently to each link on which nobody has set it
// (devinet_copy_dflt_conf(), net/ipv4/devinet.c); all is set on a link that was
// given an address. Forwarding it does not copy, and IPv6 copies nothing.
func (s netconfClass) askCopies(body []byte) {
	if familyOf(body) == unix.AF_INET && rtnl.Uint32(netconfAttr(body, netconfIfindex)) == netconfDefault &&
		netconfAttr(body, netconfForwarding) == nil {
		s.want(rtnl.Query{Object: rtnl.Netconf, Family: unix.AF_INET})
	}
}
