package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/bitset"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// The lifetimes in a message (struct ifa_cacheinfo, uapi/linux/if_addr.h) are
// what is left at that moment. That they tick down is no event; that somebody
// sets them anew is one, as a DHCP client does with each renewal, although the
// values can be those of the last time. What tells is the moment at which an
// address is to end: ifaReadAt keeps when the values were read.

// readAt is an attribute of the mirror's own, on addresses and routes that do not
// last for ever: when the lifetimes were read, in seconds since the epoch.
const readAt = 61

// drift is by how many seconds two readings of one deadline may differ: each
// rounds, and messages wait to be read.
const drift = 2

// forever is INFINITY_LIFE_TIME (net/addrconf.h).
const forever = 1<<32 - 1

// lifetime is struct ifa_cacheinfo.
type lifetime struct {
	preferred, valid uint32 // s
	set              uint32 // tstamp: when somebody set them, 1/100 s since boot
	read             uint32 // readAt
}

// lifetimeOf returns the lifetime of an address, false if it says nothing of it.
func lifetimeOf(body []byte) (lifetime, bool) {
	a := rtnl.AttrsOf(rtnl.Address, body)
	info := a.Get(unix.IFA_CACHEINFO)
	if len(info) < 16 {
		return lifetime{}, false
	}
	return lifetime{rtnl.Uint32(info), rtnl.Uint32(info[4:]), rtnl.Uint32(info[12:]), rtnl.Uint32(a.Get(readAt))}, true
}

// stamped returns a body with the time of its reading, in scratch memory.
func (s *State) stamped(body []byte) []byte {
	var seconds [4]byte
	rtnl.PutUint32(seconds[:], uint32(s.now/1e9))
	s.canon = append(s.canon[:0], body...)
	for len(s.canon)%unix.NLA_ALIGNTO != 0 {
		s.canon = append(s.canon, 0)
	}
	s.canon = rtnl.AppendAttr(s.canon, readAt, seconds[:])
	return s.canon
}

// lifetimeFields are the places of valid_lft and preferred_lft.
var validField, preferredField = event.Index(rtnl.Address, "valid_lft"), event.Index(rtnl.Address, "preferred_lft")

// renewed returns the lifetimes that somebody has set anew between two versions
// of an address (R23).
func renewed(old, body []byte, _ bool) (changed bitset.Set) {
	a, okA := lifetimeOf(old)
	b, okB := lifetimeOf(body)
	if !okA || !okB {
		return changed
	}
	if moved(&a, &b, a.valid, b.valid) {
		changed.Add(validField)
	}
	if moved(&a, &b, a.preferred, b.preferred) {
		changed.Add(preferredField)
	}
	return changed
}

// moved reports whether a lifetime, of which there was left in a what was, and
// is in b what is, ends at another time.
func moved(a, b *lifetime, was, is uint32) bool {
	switch {
	case was == forever || is == forever:
		return was != is
	case a.set == b.set || was == 0 && is == 0:
		return false
	}
	return apart(int64(a.read)+int64(was), int64(b.read)+int64(is))
}

// apart reports whether two deadlines are not one and the same, read twice.
func apart(was, is int64) bool { return is-was > drift || was-is > drift }

var expiresField = event.Index(rtnl.Route, "expires")

// expiry returns when a route goes, in seconds since the epoch; 0 for never.
func expiry(body []byte) (at int64, ok bool) {
	a := rtnl.AttrsOf(rtnl.Route, body)
	left := rtnl.ExpiresIn(a.Get(unix.RTA_CACHEINFO))
	if left == 0 {
		return 0, false
	}
	return int64(rtnl.Uint32(a.Get(readAt))) + int64(left/100), true
}

// renewedRoute returns that somebody has set anew when a route expires. The kernel
// does so itself, without a message, with each advertisement of a router: what a
// dump finds counts only where it begins or ceases to expire (R39).
func renewedRoute(old, body []byte, told bool) (changed bitset.Set) {
	was, before := expiry(old)
	is, now := expiry(body)
	if before != now || now && told && apart(was, is) {
		changed.Add(expiresField)
	}
	return changed
}

// endless tells which of the lifetimes in struct ifa_cacheinfo do not count down.
func endless(cacheinfo []byte) (which uint8) {
	for i := range 2 {
		if len(cacheinfo) >= 8 && rtnl.Uint32(cacheinfo[4*i:]) == forever {
			which |= 1 << i
		}
	}
	return which
}
