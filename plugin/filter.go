package plugin

import (
	"slices"

	"telegraf-rtnetlink/plugin/internal/mirror"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// severalNetns reports whether namespaces are configured.
func (s *settings) severalNetns() bool { return s.allNetns || len(s.netns) > 0 }

// keep returns what decides about objects by the options families and
// route_tables; nil where both are empty.
func (s *settings) keep() func(rtnl.Object, []byte) bool {
	if len(s.families)+len(s.tables) == 0 {
		return nil
	}
	return func(o rtnl.Object, body []byte) bool {
		switch o {
		case rtnl.Link, rtnl.Nexthop, rtnl.NSID:
			return true
		case rtnl.Route:
			return (len(s.tables) == 0 || slices.Contains(s.tables, mirror.RouteTable(body))) &&
				familyWanted(s.families, body[0])
		}
		return familyWanted(s.families, body[0])
	}
}

// show returns what decides about routes by the option route_protocols; nil
// where it is empty.
func (s *settings) show() func([]byte) bool {
	if len(s.protocols) == 0 {
		return nil
	}
	return func(body []byte) bool { return slices.Contains(s.protocols, mirror.RouteProtocol(body)) }
}

// filter returns what keeps unwanted routes out of the socket.
func (s *settings) filter() rtnl.Filter {
	return rtnl.Filter{RouteTables: s.tables, RouteProtocols: s.protocols, Families: s.families}
}
