package mirror

import (
	"bytes"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// inGroup reports whether the nexthop object in body is a group with member id.
func inGroup(body []byte, id uint32) bool {
	for m, rest, ok := rtnl.NexthopMsg(body).Members().Next(); ok; m, rest, ok = rest.Next() {
		if m.ID == id {
			return true
		}
	}
	return false
}

// removeMember returns an NHA_GROUP payload without member id.
func removeMember(p []byte, id uint32) (out []byte) {
	for m, rest, ok := rtnl.Members(p).Next(); ok; m, rest, ok = rest.Next() {
		if m.ID != id {
			out = append(out, m.Raw...)
		}
	}
	return out
}

// withMembers returns the group in body with other members.
func withMembers(body, members []byte) []byte {
	out := append([]byte(nil), body[:rtnl.Nexthop.HeaderLen()]...)
	a := rtnl.AttrsOf(rtnl.Nexthop, body)
	for {
		typ, _, rest, ok := a.Next()
		if !ok {
			return out
		}
		if typ == unix.NHA_GROUP {
			out = appendAttr(out, unix.NHA_GROUP, members)
		} else {
			out = append(out, a[:len(a)-len(rest)]...)
		}
		a = rest
	}
}

// newRule applies RTM_NEWRULE. The same rule may exist more than once (R53).
func (s *State) newRule(body []byte) {
	if !s.takes(rtnl.Rule, body) {
		return
	}
	l := s.tables[rtnl.Rule].Find(body)
	s.touch(&l)
	s.doubtSeen(&l)
	s.add(rtnl.Rule, &l, l.Last(), body)
}

// delRule applies RTM_DELRULE.
func (s *State) delRule(body []byte) {
	l := s.tables[rtnl.Rule].Find(body)
	s.doubtSeen(&l)
	s.remove(rtnl.Rule, body)
}

// newNSID applies RTM_NEWNSID. The id stays with its namespace until that ends,
// which RTM_DELNSID tells (R55).
func (s *State) newNSID(body []byte) {
	if !object(rtnl.NSID, body) {
		s.counts.Ignored++
		return
	}
	s.upsert(rtnl.NSID, body)
}

// doubtSeen is for an event about one of several equal objects: the dump under
// way may have shown the others, or this one too (R53).
func (s *State) doubtSeen(l *objtable.List) {
	for r := l.Head; r != 0 && s.win != nil; r = l.Next(r) {
		s.win.doubt = s.win.doubt || l.Flags(r)&flagSeen != 0
	}
}

// newNeighbor applies RTM_NEWNEIGH.
func (s *State) newNeighbor(body []byte) {
	if !s.takes(rtnl.Neighbor, body) {
		return
	}
	if silentState(body) {
		s.fallSilent(body)
		return
	}
	s.upsert(rtnl.Neighbor, body)
	s.floodTurned(body)
}

// fallSilent is for an entry that someone has put into one of the states which
// are left out, since in them the kernel makes entries silently: it is gone
// from what the mirror shows, as it is from what "ip neigh" does.
func (s *State) fallSilent(body []byte) {
	l := s.tables[rtnl.Neighbor].Find(body)
	s.touch(&l)
	if l.Head != 0 {
		s.drop(rtnl.Neighbor, &l, l.Head)
	}
}

// ownMAC reports whether an entry of family AF_BRIDGE is one of the addresses
// that a device listens to: its lists of those change silently, and events
// about them differ from dumps (R50).
func ownMAC(body []byte) bool {
	if body[10]&unix.NTF_SELF == 0 {
		return false
	}
	a := rtnl.AttrsOf(rtnl.Neighbor, body)
	return a.Get(unix.NDA_DST) == nil && a.Get(unix.NDA_VNI) == nil && a.Get(ndaNHID) == nil
}

// silentState reports whether the kernel announces no entry in the state of
// body, NUD_NONE or NUD_INCOMPLETE. From dumps these are left out (R47).
func silentState(body []byte) bool {
	if body[0] == unix.AF_BRIDGE || body[10]&unix.NTF_PROXY != 0 {
		return false
	}
	state := rtnl.Uint16(body[8:])
	return state == unix.NUD_NONE || state&unix.NUD_INCOMPLETE != 0
}

// leftOut reports whether a record of a dump counts as none: an entry that was
// never announced, in a state in which the kernel makes entries silently.
func (s *State) leftOut(body []byte) bool {
	return (silentState(body) || s.madeNoARP(body)) && !s.has(rtnl.Neighbor, body)
}

// madeNoARP reports whether the kernel has made an entry in the state NUD_NOARP,
// of which it says nothing: for what needs no resolution, a group of receivers or
// whatever is behind a link without ARP (arp_constructor(), net/ipv4/arp.c;
// ndisc_constructor(), net/ipv6/ndisc.c). Others somebody has added, which was
// announced (R47).
func (s *State) madeNoARP(body []byte) bool {
	if body[0] == unix.AF_BRIDGE || body[10]&unix.NTF_PROXY != 0 || rtnl.Uint16(body[8:])&unix.NUD_NOARP == 0 {
		return false
	}
	a := rtnl.AttrsOf(rtnl.Neighbor, body)
	mac, link := a.Get(unix.NDA_LLADDR), s.LinkByIndex(linkIndex(body))
	return len(mac) == 0 || link == nil || isMulticast(a.Get(unix.NDA_DST)) ||
		bytes.Equal(mac, linkAttr(link, unix.IFLA_BROADCAST)) || bytes.Equal(mac, linkAttr(link, unix.IFLA_ADDRESS))
}

func isMulticast(addr []byte) bool {
	return len(addr) == 4 && addr[0]>>4 == 0xe || len(addr) == 16 && addr[0] == 0xff
}
