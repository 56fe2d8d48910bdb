package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// What is counted as it changes can be asked for at any time: none of these
// looks at more objects than it returns.

// RouteGroup is what routes are counted by: RTPROT_*, RTN_*, and the table's number.
type RouteGroup struct {
	Family, Protocol, Type uint8
	Table                  uint32
}

// RouteGroupOf returns the group of the route in body.
func RouteGroupOf(body []byte) RouteGroup {
	m := rtnl.RouteMsg(body)
	return RouteGroup{Family: m.Family(), Protocol: m.Protocol(), Type: m.Type(), Table: m.Table()}
}

// Route returns the body of a route that has what g has, and nothing else.
func (g RouteGroup) Route() []byte {
	body := make([]byte, rtnl.Route.HeaderLen())
	rtnl.Family.Bytes(body)[0], rtnl.RouteProtocol.Bytes(body)[0], rtnl.RouteType.Bytes(body)[0] = g.Family, g.Protocol, g.Type
	return rtnl.AppendAttr(body, unix.RTA_TABLE, rtnl.AppendUint32(nil, g.Table))
}

// EachRouteGroup calls f with the groups that there are of the routes that are
// shown, and the number of routes in each, in no order.
func (s *objects) EachRouteGroup(f func(g RouteGroup, routes int)) {
	for k, c := range s.tally.groups {
		f(RouteGroup{Family: k.family, Protocol: k.len, Type: k.slen, Table: k.id}, int(c.n))
	}
}

// EachDefaultRoute calls f for the routes to everywhere that are shown, until it
// returns false. The rules of Each hold.
func (s *objects) EachDefaultRoute(f func(body []byte) bool) {
	s.visit(rtnl.Route, func(_ ref, body []byte) bool {
		return rtnl.RouteMsg(body).DstLen() != 0 || !s.shows(rtnl.Route, body) || f(body)
	}, tallyKey{kind: tallyDefault})
}

// AddressesOn returns the number of addresses on a link.
func (s *objects) AddressesOn(index uint32) (n int) {
	for _, family := range [...]uint8{unix.AF_INET, unix.AF_INET6} {
		n += int(s.tally.get(tallyKey{kind: tallyAddress, family: family, id: index}))
	}
	return n
}

// countLocal returns on how many links of a domain local is an address.
func (s *objects) countLocal(family uint8, local []byte, domain uint32) (n int) {
	s.visit(rtnl.Address, func(_ ref, body []byte) bool {
		if familyOf(body) == family && string(rtnl.AddressMsg(body).Local()) == string(local) && s.links.domain(linkIndex(body)) == domain {
			n++
		}
		return true
	}, addrKey(tallyLocal, local))
	return n
}
