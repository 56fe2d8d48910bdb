package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// plain are the attributes of a route that is counted as a path alone.
var plain = attrs(unix.RTA_DST, unix.RTA_GATEWAY, unix.RTA_VIA, unix.RTA_CACHEINFO, unix.RTA_PREF,
	unix.RTA_TABLE, unix.RTA_PRIORITY, unix.RTA_OIF)

// pathOf returns the path of a route.
func pathOf(x *rtnl.Index) path {
	m := rtnl.RouteMsg(x.Body)
	p := path{family: m.Family(), len: m.DstLen(), slen: m.SrcLen(), protocol: m.Protocol(), kind: m.Type(),
		oif: x.Uint32(unix.RTA_OIF), table: x.Table(), metric: x.Uint32(unix.RTA_PRIORITY)}
	if p.family == unix.AF_INET {
		p.slen = m.TOS()
	}
	return p
}

// alone reports whether the path of a route is all that it is counted by
// (routeSubjects).
func (p *path) alone(x *rtnl.Index) bool {
	return p.oif != 0 && p.len != 0 && attrSet(x.Types())&^plain == 0
}

// enterPath enters or removes a route that is counted as a path alone.
func enterPath(t *tally, x *rtnl.Index, shown bool, at objtable.Page, d int32) uint32 {
	p := pathOf(x)
	if !p.alone(x) {
		return 0
	}
	p.shown = shown
	t.addPath(&p, at, d)
	return p.oif
}

// routeSubjects adds what a route, shown or not, is counted by. A link can come
// twice, where a group has several paths over it.
func routeSubjects(keys []tallyKey, s *objects, x *rtnl.Index) []tallyKey {
	p := pathOf(x)
	keys = append(keys, p.shape(), p.inTable())
	for _, typ := range [...]uint16{unix.RTA_OIF, unix.RTA_IIF} {
		if x.Has(typ) {
			keys = append(keys, tallyKey{kind: tallyOIF, id: x.Uint32(typ)})
		}
	}
	keys = linksInEncap(keys, x.Get(unix.RTA_ENCAP_TYPE), x.Get(unix.RTA_ENCAP), tallyOIF)
	for h := range rtnl.Hops(x.Get(unix.RTA_MULTIPATH)).All() {
		keys = append(keys, tallyKey{kind: tallyOIF, id: h.Link})
		keys = linksInEncap(keys, h.Attrs.Get(unix.RTA_ENCAP_TYPE), h.Attrs.Get(unix.RTA_ENCAP), tallyOIF)
	}
	if x.Has(rtnl.RTANexthop) {
		keys = append(keys, tallyKey{kind: tallyNHID, id: x.Uint32(rtnl.RTANexthop)})
	}
	if x.Has(unix.RTA_PREFSRC) {
		keys = append(keys, addrKey(tallySource, x.Get(unix.RTA_PREFSRC)))
	}
	if mtu := rtnl.Uint32(rtnl.Attrs(x.Get(unix.RTA_METRICS)).Get(unix.RTAX_MTU)); mtu != 0 && p.family == unix.AF_INET6 {
		keys = append(keys, tallyKey{kind: tallyMTU, id: mtu})
	}
	if s.shown {
		keys = append(keys, p.group())
	}
	if p.len == 0 {
		keys = append(keys, tallyKey{kind: tallyDefault})
	}
	return keys
}

// routeLinks adds the links that a route names. The paths of one over a nexthop
// object are those of the object.
func routeLinks(dst []uint32, body []byte) []uint32 {
	for typ, p := range rtnl.RouteMsg(body).Attrs().All() {
		switch typ {
		case rtnl.RTANexthop:
			return dst
		case unix.RTA_MULTIPATH:
			for h := range rtnl.Hops(p).All() {
				dst = append(dst, h.Link)
			}
		case unix.RTA_OIF, unix.RTA_IIF:
			dst = append(dst, rtnl.Uint32(p))
		}
	}
	return dst
}

// The encapsulations that can name a link: lwtunnel_encap_types
// (uapi/linux/lwtunnel.h).
const (
	lwtSeg6Local = 7
	lwtXfrm      = 10
)

// linksInEncap adds counters of the links that an encapsulation names, and of
// other numbers of its.
func linksInEncap(keys []tallyKey, typ, encap []byte, kind uint8) []tallyKey {
	if encap == nil || len(typ) < 2 {
		return keys
	}
	if t := rtnl.Uint16(typ); t != lwtSeg6Local && t != lwtXfrm {
		return keys
	}
	for _, p := range rtnl.Attrs(encap).All() {
		if index := rtnl.Uint32(p); len(p) == 4 && index != 0 {
			keys = append(keys, tallyKey{kind: kind, id: index})
		}
	}
	return keys
}
