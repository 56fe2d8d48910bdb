package plugin

import (
	"net/netip"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/namespace"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// defaultRoutes collects rtnetlink_default_route of a namespace: one for each
// path of a default route, whatever its metric.
type defaultRoutes struct {
	n       *namespace.Namespace
	chooser *chooser
	seen    map[[4]string]bool
	list    []reading
}

// add takes a route that leads to everywhere.
func (d *defaultRoutes) add(body []byte) {
	m := rtnl.RouteMsg(body)
	if m.Type() != unix.RTN_UNICAST {
		return // blackhole and the like lead nowhere
	}
	var v event.View
	v.Reset(rtnl.Route, body, d.n.State())
	family, table := v.Value(fieldIndex(rtnl.Route, "family")).Str, v.Value(fieldIndex(rtnl.Route, "table")).Str
	if id := m.Nexthop(); id != 0 {
		d.object(family, table, d.n.State().NexthopByID(id))
		return
	}
	hops := m.Hops()
	if len(hops) == 0 {
		d.path(family, table, rtnl.Uint32(m.Attrs().Get(unix.RTA_OIF)), m.Attrs())
		return
	}
	for hop, rest, ok := hops.Next(); ok; hop, rest, ok = rest.Next() {
		d.path(family, table, hop.Link, hop.Attrs)
	}
}

// object takes the paths of a nexthop object.
func (d *defaultRoutes) object(family, table string, body []byte) {
	if body == nil {
		return
	}
	m := rtnl.NexthopMsg(body)
	members := m.Members()
	if len(members) == 0 {
		d.reading(family, table, d.link(m.Link()), address(m.Attrs().Get(unix.NHA_GATEWAY)))
		return
	}
	for member, rest, ok := members.Next(); ok; member, rest, ok = rest.Next() {
		if one := d.n.State().NexthopByID(member.ID); one != nil {
			one := rtnl.NexthopMsg(one)
			d.reading(family, table, d.link(one.Link()), address(one.Attrs().Get(unix.NHA_GATEWAY)))
		}
	}
}

func (d *defaultRoutes) path(family, table string, link uint32, attrs rtnl.Attrs) {
	gateway := attrs.Get(unix.RTA_GATEWAY)
	if via := attrs.Get(unix.RTA_VIA); len(via) > 2 {
		gateway = via[2:] // struct rtvia: the family comes first
	}
	d.reading(family, table, d.link(link), address(gateway))
}

func (d *defaultRoutes) reading(family, table, link, gateway string) {
	key := [4]string{family, table, link, gateway}
	if d.seen[key] || !d.chooser.wants(link) {
		return
	}
	d.seen[key] = true
	tags := tagged(d.n, map[string]string{"family": family, "table": table})
	for name, value := range map[string]string{"interface": link, "gateway": gateway} {
		if value != "" {
			tags[name] = value
		}
	}
	d.list = append(d.list, reading{name: "rtnetlink_default_route", tags: tags, fields: map[string]any{"present": int64(1)}})
}

// link returns a link's name, empty for none.
func (d *defaultRoutes) link(index uint32) string {
	if index == 0 {
		return ""
	}
	return d.n.State().LinkName(index)
}

// address spells an address, empty for none.
func address(b []byte) string {
	a, ok := netip.AddrFromSlice(b)
	if !ok {
		return ""
	}
	return a.String()
}
