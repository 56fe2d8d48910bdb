package mirror

import (
	"slices"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// labelRoutes is what the kernel does with the routes of MPLS: one for each
// label, of one path or several (net/mpls/af_mpls.c).
type labelRoutes struct{ routeClass }

// announced applies RTM_NEWROUTE of a label: whatever was there before is
// replaced (R65).
func (s labelRoutes) announced(l *objtable.List, body []byte) {
	s.dump.touch(l)
	s.dump.complete(l)
	s.inPlaceOf(l, l.Head, body)
}

// deleted applies RTM_DELROUTE of a label (R65).
func (s labelRoutes) deleted(l *objtable.List, body []byte) {
	s.dump.complete(l)
	switch {
	case l.Head != 0:
		s.drop(rtnl.Route, l, l.Head)
	case s.shows(rtnl.Route, body):
		s.counts.Unknown++
	}
}

// leaveLink takes a link that ends out of the routes of MPLS and of multicast.
// Those of MPLS go with their last path; kernels since 5.13 tell of both, before
// the link's end (R64, R65).
func (s labelRoutes) leaveLink(index uint32) {
	var routes [][]byte
	s.visit(rtnl.Route, func(_ ref, body []byte) bool {
		if !ofIP(body) && slices.Contains(routeLinks(nil, body), index) {
			routes = append(routes, append([]byte(nil), body...))
		}
		return true
	}, tallyKey{kind: tallyOIF, id: index})
	for _, body := range routes {
		l := s.tables[rtnl.Route].Find(body)
		s.dump.touch(&l)
		e := identicalRoute(&l, body)
		if e == 0 {
			continue
		}
		if left := offLink(body, index); left != nil {
			s.update(rtnl.Route, &l, e, left)
		} else {
			s.drop(rtnl.Route, &l, e)
		}
	}
}

// offLink returns a route of MPLS or multicast without a link that is no more;
// nil where nothing is left of it. The kernel goes on showing a list of paths,
// even of one, or none.
func offLink(body []byte, index uint32) []byte {
	out := append(make([]byte, 0, len(body)), body[:rtnl.Route.HeaderLen()]...)
	for a := rtnl.AttrsOf(rtnl.Route, body); ; {
		typ, p, rest, ok := a.Next()
		switch {
		case !ok:
			return out
		case typ == unix.RTA_OIF && rtnl.Uint32(p) == index:
			return nil
		case typ == unix.RTA_IIF && rtnl.Uint32(p) == index:
		case typ == unix.RTA_MULTIPATH:
			left := hopsOff(p, index)
			if len(left) == 0 && familyOf(body) == unix.AF_MPLS {
				return nil
			}
			out = rtnl.AppendAttr(out, typ, left)
		default:
			out = append(out, a[:len(a)-len(rest)]...)
		}
		a = rest
	}
}

// hopsOff returns a payload of RTA_MULTIPATH without the paths over a link.
func hopsOff(p []byte, index uint32) (left rtnl.Hops) {
	for h := range rtnl.Hops(p).All() {
		if h.Link != index {
			left = left.Append(h)
		}
	}
	return left
}
