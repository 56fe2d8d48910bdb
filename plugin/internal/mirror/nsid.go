package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// nsidClass is what the kernel does with the ids of namespaces, applied to a State.
type nsidClass struct{ *State }

var nsidRow = class{
	key: nsidKey, perKey: one, object: assigned, canonical: asItComes,
	announced:  func(s *State, m rtnl.Message) { nsidClass{s}.newNSID(m.Body) },
	deleted:    removedByKey(rtnl.NSID),
	counted:    uncounted,
	volatile:   noAttribute,
	fixed:      sameHeader(rtnl.NSID.HeaderLen()),
	payload:    sameBytes,
	covered:    ofFamily,
	mirrored:   kept(rtnl.NSID),
	overtaken:  neverOvertaken,
	swept:      droppedFrom(rtnl.NSID),
	links:      noLinks,
	naming:     foundByNone,
	linkTurned: regardless,
	linkEnds:   staysWhenLinkEnds,
}

// assigned reports whether a message has an id: NETNSA_NSID_NOT_ASSIGNED is -1.
func assigned(body []byte) bool {
	id := rtnl.AttrsOf(rtnl.NSID, body).Get(unix.NETNSA_NSID)
	return id != nil && int32(rtnl.Uint32(id)) >= 0
}

// nsidKey is NETNSA_NSID.
func nsidKey(dst []byte, x *rtnl.Index) []byte { return appendUint32(dst, x.Uint32(unix.NETNSA_NSID)) }

// newNSID applies RTM_NEWNSID. The id stays with its namespace until that ends,
// which RTM_DELNSID tells (R55).
func (s nsidClass) newNSID(body []byte) {
	if !assigned(body) {
		s.counts.Ignored++
		return
	}
	s.upsert(rtnl.NSID, body)
}
