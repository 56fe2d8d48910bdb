package mirror

import (
	"errors"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// asked reports whether the dump was to show the object in body.
func (s *State) asked(body []byte) bool {
	q := s.win.query
	if q.Object != rtnl.Nexthop && q.Object != rtnl.Link && q.Family != unix.AF_UNSPEC && body[0] != q.Family {
		return false
	}
	switch q.Object {
	case rtnl.Link:
		return !q.One || linkIndex(body) == q.Ifindex
	case rtnl.Nexthop:
		return q.Ifindex == 0 || rtnl.Uint32(rtnl.AttrsOf(rtnl.Nexthop, body).Get(unix.NHA_OIF)) == q.Ifindex
	case rtnl.Address:
		return q.Ifindex == 0 || linkIndex(body) == q.Ifindex
	case rtnl.Route:
		return (q.Table == 0 || tableOf(body) == q.Table) && (q.Ifindex == 0 || onLink(body, q.Ifindex))
	case rtnl.Neighbor:
		return s.askedNeighbor(q, body)
	}
	return true
}

// gone reports whether a filtered dump failed because what it asked for is not
// there: the link, or the table (R62).
func gone(q rtnl.Query, err error) bool {
	return (q.Ifindex != 0 || q.Table != 0 || q.Master != 0) &&
		(errors.Is(err, unix.ENODEV) || errors.Is(err, unix.ENOENT))
}
