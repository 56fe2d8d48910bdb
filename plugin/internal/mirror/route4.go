package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// routes4 is what the kernel does with the list of IPv4 routes of one key
// (net/ipv4/fib_trie.c).
type routes4 struct{ routeClass }

// announced applies RTM_NEWROUTE to the list: appended, put in front, or in the
// place of the first, for which no deletion comes (R29).
func (s routes4) announced(l *objtable.List, m rtnl.Message) {
	e := identicalRoute(l, m.Body)
	switch {
	case m.Flags&unix.NLM_F_REPLACE != 0 && l.Head != 0 && e != l.Head:
		if s.keepAll() {
			s.takeFirst(l, e, m.Body)
			return
		}
		// Routes that are kept out may stand before the first that is held.
		s.takeFirst(l, e, m.Body)
		s.want(rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET, Table: RouteTable(m.Body)})
	case e == 0 && inFront(m.Flags):
		s.add(rtnl.Route, l, 0, m.Body)
	case e == 0:
		s.add(rtnl.Route, l, l.Last(), m.Body)
	default:
		s.putInPlace(l, s.update(rtnl.Route, l, e, m.Body), m.Flags)
	}
}

// inFront reports whether an event puts its route before the others of the list.
func inFront(flags uint16) bool { return flags&createFlags == unix.NLM_F_CREATE }

// putInPlace moves a route to where an event says that it has been put. It is
// there already, unless a dump filtered by link has brought it before.
func (s routes4) putInPlace(l *objtable.List, e ref, flags uint16) {
	switch {
	case inFront(flags):
		l.Move(e, 0)
	case flags&unix.NLM_F_APPEND != 0:
		l.Move(e, l.Last())
	}
}

// takeFirst puts body in the place of the first route; e is where it stands
// already, 0 if nowhere.
func (s routes4) takeFirst(l *objtable.List, e ref, body []byte) {
	if e != 0 {
		s.drop(rtnl.Route, l, e)
	}
	s.update(rtnl.Route, l, l.Head, body)
}
