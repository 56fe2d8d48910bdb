package mirror

import (
	"encoding/binary"
	"net/netip"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Bodies of messages made by hand, as the kernel writes them.

// attr is one attribute.
func attr(typ uint16, payload ...[]byte) []byte { return rtnl.AppendAttr(nil, typ, join(payload...)) }

func attr32(typ uint16, v uint32) []byte { return attr(typ, native32(v)) }

func native32(v uint32) []byte { return binary.NativeEndian.AppendUint32(nil, v) }

func native16(v uint16) []byte { return binary.NativeEndian.AppendUint16(nil, v) }

// join concatenates the parts of a body.
func join(parts ...[]byte) (out []byte) {
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// carrier is what a link with carrier has in its flags.
const carrier = unix.IFF_RUNNING | unix.IFF_LOWER_UP

// linkBody is a link with the attributes that make it whole.
func linkBody(index uint32, name string, flags uint32, attrs ...[]byte) []byte {
	head := join([]byte{unix.AF_UNSPEC, 0, 1, 0}, native32(index), native32(flags), native32(0))
	return join(head, attr(unix.IFLA_IFNAME, append([]byte(name), 0)), attr32(unix.IFLA_MTU, 1500), join(attrs...))
}

// addressBody is an address on a link; peer is IFA_ADDRESS where it differs.
func addressBody(index uint32, local netip.Prefix, peer netip.Addr, attrs ...[]byte) []byte {
	head := join([]byte{familyOfAddr(local.Addr()), uint8(local.Bits()), 0, 0}, native32(index))
	if !peer.IsValid() {
		peer = local.Addr()
	}
	return join(head, attr(unix.IFA_ADDRESS, peer.AsSlice()), attr(unix.IFA_LOCAL, local.Addr().AsSlice()), join(attrs...))
}

// lifetimes is IFA_CACHEINFO.
func lifetimes(preferred, valid uint32) []byte {
	return attr(unix.IFA_CACHEINFO, join(native32(preferred), native32(valid), make([]byte, 8)))
}

func familyOfAddr(a netip.Addr) uint8 {
	if a.Is4() {
		return unix.AF_INET
	}
	return unix.AF_INET6
}

// nexthopBody is a nexthop object.
func nexthopBody(id uint32, attrs ...[]byte) []byte {
	return join([]byte{unix.AF_INET, 0, 0, 0, 0, 0, 0, 0}, attr32(unix.NHA_ID, id), join(attrs...))
}

// members is NHA_GROUP of ids with equal weights.
func members(ids ...uint32) []byte {
	var p []byte
	for _, id := range ids {
		p = append(append(p, native32(id)...), 0, 0, 0, 0)
	}
	return attr(unix.NHA_GROUP, p)
}

// neighborBody is a neighbor or, with family AF_BRIDGE, an FDB entry.
func neighborBody(family uint8, index uint32, state uint16, flags uint8, attrs ...[]byte) []byte {
	head := join([]byte{family, 0, 0, 0}, native32(index), native16(state), []byte{flags, unix.RTN_UNICAST})
	return join(head, join(attrs...))
}

// ruleBody is a rule: "from all lookup table" with a priority.
func ruleBody(family uint8, table uint8, priority uint32, flags uint32, attrs ...[]byte) []byte {
	head := join([]byte{family, 0, 0, 0, table, 0, 0, 1}, native32(flags))
	return join(head, attr32(unix.FRA_TABLE, uint32(table)), attr32(unix.FRA_PRIORITY, priority), join(attrs...))
}

// hopSpec is one nexthop of a route.
type hopSpec struct {
	gateway netip.Addr // invalid: on the link
	oif     uint32
	encap   byte  // the last byte of the segment to go through; 0: none
	weight  uint8 // less one
	flags   uint8
}

// routeSpec describes a route.
type routeSpec struct {
	dst                        netip.Prefix
	table, metric              uint32
	tos, protocol, scope, kind uint8
	prefsrc                    netip.Addr
	mtu                        uint32
	nhid                       uint32
	hops                       []hopSpec
	advertised                 bool // the kernel has it from a router, which no message says
}

func (r routeSpec) family() uint8 { return familyOfAddr(r.dst.Addr()) }

// body writes the route as fib_dump_info() and rt6_fill_node() do
// (net/ipv4/fib_semantics.c, net/ipv6/route.c).
func (r routeSpec) body() []byte {
	if r.family() == unix.AF_INET {
		return join(r.head(), r.destination(), r.priority(), r.metrics(), r.source(), r.ways())
	}
	return join(r.head(), r.destination(), r.metrics(), r.source(), r.priority(), r.ways(),
		attr(unix.RTA_CACHEINFO, make([]byte, 32)), attr(unix.RTA_PREF, []byte{0}))
}

func (r routeSpec) head() []byte {
	table := uint8(unix.RT_TABLE_COMPAT)
	if r.table < 256 {
		table = uint8(r.table)
	}
	var flags uint8
	if len(r.hops) == 1 {
		flags = r.hops[0].flags
	}
	head := []byte{r.family(), uint8(r.dst.Bits()), 0, r.tos, table, r.protocol, r.scope, max(r.kind, unix.RTN_UNICAST)}
	return join(head, native32(uint32(flags)), attr32(unix.RTA_TABLE, r.table))
}

func (r routeSpec) destination() []byte {
	if r.dst.Bits() == 0 {
		return nil
	}
	return attr(unix.RTA_DST, r.dst.Addr().AsSlice())
}

func (r routeSpec) priority() []byte {
	if r.metric == 0 {
		return nil
	}
	return attr32(unix.RTA_PRIORITY, r.metric)
}

func (r routeSpec) metrics() []byte {
	if r.mtu == 0 {
		return nil
	}
	return attr(unix.RTA_METRICS, attr32(unix.RTAX_MTU, r.mtu))
}

func (r routeSpec) source() []byte {
	if !r.prefsrc.IsValid() {
		return nil
	}
	return attr(unix.RTA_PREFSRC, r.prefsrc.AsSlice())
}

// ways writes where the route leads.
func (r routeSpec) ways() (out []byte) {
	if r.nhid != 0 {
		out = attr32(rtnl.RTANexthop, r.nhid)
	}
	switch len(r.hops) {
	case 0:
		return out
	case 1:
		return join(out, r.hops[0].attrs(), attr32(unix.RTA_OIF, r.hops[0].oif))
	}
	var p []byte
	for _, h := range r.hops {
		a := h.attrs()
		p = join(p, native16(uint16(unix.SizeofRtNexthop+len(a))), []byte{h.flags, h.weight}, native32(h.oif), a)
	}
	return join(out, attr(unix.RTA_MULTIPATH, p))
}

// attrs writes what fib_nexthop_info() does (net/ipv4/fib_semantics.c).
func (h hopSpec) attrs() (out []byte) {
	if h.gateway.IsValid() {
		out = attr(unix.RTA_GATEWAY, h.gateway.AsSlice())
	}
	if h.encap != 0 {
		out = join(out, attr(unix.RTA_ENCAP, attr(seg6SRH, make([]byte, 27), []byte{h.encap})), attr(unix.RTA_ENCAP_TYPE, native16(encapSeg6)))
	}
	return out
}

// SEG6_IPTUNNEL_SRH and LWTUNNEL_ENCAP_SEG6, _SEG6_LOCAL (uapi/linux/lwtunnel.h).
const (
	seg6SRH        = 1
	encapSeg6      = 5
	encapSeg6Local = 7
)

// sameNexthop reports whether the kernel takes two for one.
func (h hopSpec) sameNexthop(o hopSpec) bool {
	return h.gateway == o.gateway && h.oif == o.oif && h.encap == o.encap
}

// created is the message about a new object of class o.
// keyOf appends the key of an object.
func keyOf(o rtnl.Object, dst, body []byte) []byte {
	var x rtnl.Index
	x.Read(o, body)
	return rows[o].key(dst, &x)
}

func created(o rtnl.Object, flags uint16, body []byte) rtnl.Message {
	return rtnl.Message{Type: newTypes[o], Flags: flags, Body: body}
}

// removed is the message about an object that is gone.
func removed(o rtnl.Object, body []byte) rtnl.Message {
	return rtnl.Message{Type: newTypes[o] + 1, Body: body}
}

var newTypes = [rtnl.NumObjects]uint16{
	unix.RTM_NEWLINK, unix.RTM_NEWNEXTHOP, unix.RTM_NEWADDR, unix.RTM_NEWROUTE, unix.RTM_NEWRULE, unix.RTM_NEWNEIGH,
	unix.RTM_NEWNETCONF, unix.RTM_NEWNSID, unix.RTM_NEWMDB, unix.RTM_NEWVLAN,
}

// via is "dst via gateway dev oif".
func via(dst, gateway string, oif uint32) routeSpec {
	return routeSpec{dst: netip.MustParsePrefix(dst), table: unix.RT_TABLE_MAIN, protocol: unix.RTPROT_BOOT,
		hops: []hopSpec{{gateway: netip.MustParseAddr(gateway), oif: oif}}}
}

// dev is "dst dev oif".
func dev(dst string, oif uint32) routeSpec {
	return routeSpec{dst: netip.MustParsePrefix(dst), table: unix.RT_TABLE_MAIN, protocol: unix.RTPROT_BOOT,
		hops: []hopSpec{{oif: oif}}}
}
