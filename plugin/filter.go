package plugin

import (
	"slices"

	"telegraf-rtnetlink/plugin/internal/mirror"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// severalNetns reports whether namespaces are configured.
func (s *settings) severalNetns() bool { return s.allNetns || len(s.netns) > 0 }

// keep returns what decides about objects by the options families,
// route_tables and route_protocols; nil where they are all empty.
func (s *settings) keep() func(rtnl.Object, []byte) bool {
	if len(s.families)+len(s.tables)+len(s.protocols) == 0 {
		return nil
	}
	return func(o rtnl.Object, body []byte) bool {
		switch o {
		case rtnl.Link, rtnl.Nexthop:
			return true
		case rtnl.Route:
			return (len(s.tables) == 0 || slices.Contains(s.tables, mirror.RouteTable(body))) &&
				(len(s.protocols) == 0 || slices.Contains(s.protocols, mirror.RouteProtocol(body))) &&
				familyWanted(s.families, body[0])
		}
		return familyWanted(s.families, body[0])
	}
}

// filter returns what keeps unwanted routes out of the socket.
func (s *settings) filter() rtnl.Filter {
	return rtnl.Filter{RouteTables: s.tables, RouteProtocols: s.protocols, Families: s.families}
}
