package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// nsidKey is NETNSA_NSID.
func nsidKey(dst, body []byte) []byte {
	return appendUint32(dst, rtnl.Uint32(rtnl.AttrsOf(rtnl.NSID, body).Get(unix.NETNSA_NSID)))
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
