package event

import (
	"encoding/binary"
	"encoding/hex"
	"testing"

	"github.com/mdlayher/netlink"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// attrs encodes attributes; what reaches a test unchecked is its own mistake.
func attrs(fill func(*netlink.AttributeEncoder)) []byte {
	ae := netlink.NewAttributeEncoder()
	fill(ae)
	b, err := ae.Encode()
	if err != nil {
		panic(err)
	}
	return b
}

// fixed is a fixed structure with some members set: offset, value, ….
func fixed(o rtnl.Object, members ...int) []byte {
	head := make([]byte, o.HeaderLen())
	for i := 0; i < len(members); i += 2 {
		at, value := head[members[i]:], members[i+1]
		switch wide[o][members[i]] {
		case 2:
			binary.NativeEndian.PutUint16(at, uint16(value))
		case 4:
			binary.NativeEndian.PutUint32(at, uint32(value))
		default:
			at[0] = byte(value)
		}
	}
	return head
}

// wide are the members of more than one byte, by offset, and how many they have.
var wide = map[rtnl.Object]map[int]int{
	rtnl.Link:     {ifiType: 2, 4: 4, ifiFlags: 4, 12: 4},
	rtnl.Address:  {4: 4},
	rtnl.Route:    {rtmFlags: 4},
	rtnl.Neighbor: {indexOff: 4, ndmState: 2},
	rtnl.Rule:     {frhFlags: 4},
	rtnl.Nexthop:  {4: 4},
}

// native is the bytes of numbers of 16 and 32 bits, and bytes, as this machine
// stores them.
func native(numbers ...any) (b []byte) {
	for _, n := range numbers {
		switch n := n.(type) {
		case uint8:
			b = append(b, n)
		case uint16:
			b = binary.NativeEndian.AppendUint16(b, n)
		case uint32:
			b = binary.NativeEndian.AppendUint32(b, n)
		}
	}
	return b
}

type fill = func(*netlink.AttributeEncoder)

func none(*netlink.AttributeEncoder) {}

// be32 encodes numbers in network order.
func be32(numbers ...uint32) (b []byte) {
	for _, n := range numbers {
		b = binary.BigEndian.AppendUint32(b, n)
	}
	return b
}

var testLinks = linkTable{
	1: {"lo", true, true}, 2: {"eth0", true, true}, 3: {"eth1", true, false}, 4: {"eth2", false, false},
}

func TestValuesThatThisKernelDoesNotMake(t *testing.T) {
	route := fixed(rtnl.Route, familyOff, unix.AF_INET, rtmDstLen, 8, rtmType, unix.RTN_UNICAST)
	route6 := fixed(rtnl.Route, familyOff, unix.AF_INET6, rtmType, unix.RTN_UNICAST)
	ten := func(ae *netlink.AttributeEncoder) { ae.Bytes(unix.RTA_DST, []byte{10, 0, 0, 0}) }
	encap := func(typ uint16, inner fill) fill {
		return func(ae *netlink.AttributeEncoder) {
			ae.Uint16(unix.RTA_ENCAP_TYPE, typ)
			ae.Bytes(unix.RTA_ENCAP, attrs(inner))
		}
	}
	for _, tt := range []struct {
		name   string
		object rtnl.Object
		head   []byte
		attrs  fill
		want   map[string]any // of the named fields; nil: absent
	}{
		{"MPLS encapsulation", rtnl.Route, route, encap(unix.LWTUNNEL_ENCAP_MPLS, func(ae *netlink.AttributeEncoder) {
			ae.Bytes(1, be32(30<<12, 40<<12|1<<8, 50<<12))
			ae.Uint8(2, 7)
		}), map[string]any{"encap": "mpls", "encap_info": "30/40 ttl 7"}},
		{"XFRM encapsulation", rtnl.Route, route, encap(unix.LWTUNNEL_ENCAP_XFRM, func(ae *netlink.AttributeEncoder) {
			ae.Uint32(1, 4)
			ae.Uint32(2, 2)
		}), map[string]any{"encap": "xfrm", "encap_info": "if_id 4 link_dev eth0"}},
		{"encapsulation without a form", rtnl.Route, route, encap(unix.LWTUNNEL_ENCAP_RPL, func(ae *netlink.AttributeEncoder) {
			ae.Bytes(1, []byte{0xab, 0xcd, 0, 0})
		}), map[string]any{"encap": "rpl", "encap_info": hex.EncodeToString(native(uint16(8), uint16(1))) + "abcd0000"}},
		{"tunnel flags", rtnl.Route, route, encap(unix.LWTUNNEL_ENCAP_IP, func(ae *netlink.AttributeEncoder) {
			ae.Bytes(6, []byte{0, 5})
		}), map[string]any{"encap": "ip", "encap_info": "key csum"}},
		{"unknown encapsulation", rtnl.Route, route, encap(99, none), map[string]any{"encap": "99", "encap_info": nil}},
		{"any destination", rtnl.Route, route6, none, map[string]any{"dst": "default", "src": nil, "tos": nil}},
		{"destination of a length alone", rtnl.Route, route, none, map[string]any{"dst": "0/8"}},
		{"MPLS route", rtnl.Route, fixed(rtnl.Route, familyOff, unix.AF_MPLS, rtmDstLen, 20), func(ae *netlink.AttributeEncoder) {
			ae.Bytes(unix.RTA_DST, be32(100<<12|1<<8))
			ae.Bytes(unix.RTA_NEWDST, be32(200<<12, 300<<12|1<<8))
			ae.Bytes(unix.RTA_VIA, append(binary.NativeEndian.AppendUint16(nil, unix.AF_INET), 10, 0, 0, 9))
			ae.Uint8(unix.RTA_TTL_PROPAGATE, 0)
		}, map[string]any{"family": "mpls", "dst": "100", "newdst": "200/300", "gateway": "10.0.0.9", "ttl_propagate": false}},
		{"MPLS route to a link-layer address", rtnl.Route, fixed(rtnl.Route, familyOff, unix.AF_MPLS, rtmDstLen, 20), func(ae *netlink.AttributeEncoder) {
			ae.Bytes(unix.RTA_VIA, append(binary.NativeEndian.AppendUint16(nil, unix.AF_PACKET), 2, 0, 0, 0, 0, 1))
		}, map[string]any{"family": "mpls", "gateway": "02:00:00:00:00:01"}},
		{"multicast route", rtnl.Route, fixed(rtnl.Route, familyOff, rtnl.IPMR, rtmDstLen, 32, 2, 32, rtmProtocol, 17, rtmType, 5), func(ae *netlink.AttributeEncoder) {
			ae.Bytes(unix.RTA_SRC, []byte{10, 0, 0, 5})
			ae.Bytes(unix.RTA_DST, []byte{239, 1, 1, 1})
			ae.Uint32(unix.RTA_IIF, 2)
			ae.Bytes(unix.RTA_MULTIPATH, append(native(uint16(8), uint8(0), uint8(1), uint32(3)), native(uint16(8), uint8(0), uint8(7), uint32(4))...))
		}, map[string]any{"family": "ipmr", "src": "10.0.0.5", "dst": "239.1.1.1", "iif": "eth0", "protocol": "mrouted", "type": "multicast",
			"nexthop_count": int64(2), "nexthops": "dev eth1 ttl 1; dev eth2 ttl 7", "flags": nil, "interface": nil}},
		{"multicast route for any source, to nowhere", rtnl.Route, fixed(rtnl.Route, familyOff, rtnl.IP6MR, rtmDstLen, 128, 2, 128), func(ae *netlink.AttributeEncoder) {
			ae.Bytes(unix.RTA_SRC, make([]byte, 16))
			ae.Bytes(unix.RTA_DST, append([]byte{0xff, 0x0e}, make([]byte, 14)...))
			ae.Bytes(unix.RTA_MULTIPATH, nil)
		}, map[string]any{"family": "ip6mr", "src": "::", "dst": "ff0e::", "iif": nil, "nexthop_count": int64(0), "nexthops": nil}},
		{"multicast route that is not resolved", rtnl.Route, fixed(rtnl.Route, familyOff, rtnl.IPMR, rtmDstLen, 32, 2, 32, rtmFlags, unix.RTNH_F_UNRESOLVED),
			func(ae *netlink.AttributeEncoder) { ae.Bytes(unix.RTA_DST, []byte{239, 1, 1, 1}) },
			map[string]any{"family": "ipmr", "flags": "unresolved", "iif": nil, "nexthop_count": nil}},
		{"numbers without a name", rtnl.Route, fixed(rtnl.Route, familyOff, 130, rtmTable, 77, rtmProtocol, 250, rtmScope, 9, rtmType, 44),
			func(ae *netlink.AttributeEncoder) { ae.Uint8(unix.RTA_PREF, 2) },
			map[string]any{"family": "130", "table": "77", "protocol": "250", "scope": "9", "type": "44", "pref": "2"}},
		{"table above 255", rtnl.Route, fixed(rtnl.Route, rtmTable, unix.RT_TABLE_COMPAT), func(ae *netlink.AttributeEncoder) {
			ae.Uint32(unix.RTA_TABLE, 70000)
		}, map[string]any{"table": "70000"}},
		{"default hop limit and rare features", rtnl.Route, route, func(ae *netlink.AttributeEncoder) {
			ae.Nested(unix.RTA_METRICS, func(ae *netlink.AttributeEncoder) error {
				ae.Uint32(unix.RTAX_HOPLIMIT, 0xffffffff)
				ae.Uint32(unix.RTAX_FEATURES, 3)
				return nil
			})
		}, map[string]any{"hoplimit": nil, "features": "ecn,0x3", "mtu": nil, "congestion": nil}},
		{"what a nexthop object has is not the route's", rtnl.Route, route, func(ae *netlink.AttributeEncoder) {
			ten(ae)
			ae.Uint32(rtaNHID, 7)
			ae.Uint32(unix.RTA_OIF, 3)
			ae.Bytes(unix.RTA_GATEWAY, []byte{10, 0, 0, 9})
		}, map[string]any{"nhid": int64(7), "interface": nil, "gateway": nil, "nexthop_count": nil, "flags": nil, "dst": "10.0.0.0/8"}},
		{"offloaded", rtnl.Route, fixed(rtnl.Route, rtmFlags, 0x4008), none, map[string]any{"flags": "offload,rt_offload"}},
		{"stale dead bits are not believed", rtnl.Route, fixed(rtnl.Route, familyOff, unix.AF_INET, rtmFlags, unix.RTNH_F_DEAD|unix.RTNH_F_LINKDOWN),
			func(ae *netlink.AttributeEncoder) { ae.Uint32(unix.RTA_OIF, 2) }, map[string]any{"flags": nil, "interface": "eth0"}},
		{"no carrier", rtnl.Route, route, func(ae *netlink.AttributeEncoder) { ae.Uint32(unix.RTA_OIF, 3) }, map[string]any{"flags": nil}},
		{"link set down", rtnl.Route, route, func(ae *netlink.AttributeEncoder) { ae.Uint32(unix.RTA_OIF, 4) }, map[string]any{"flags": nil}},
		{"unknown link", rtnl.Route, route, func(ae *netlink.AttributeEncoder) { ae.Uint32(unix.RTA_OIF, 99) }, map[string]any{"flags": nil, "interface": "if99"}},
		{"nexthop group of heavy members", rtnl.Nexthop, fixed(rtnl.Nexthop), func(ae *netlink.AttributeEncoder) {
			ae.Bytes(unix.NHA_GROUP, native(uint32(1), uint8(255), uint8(1), uint16(0), uint32(2), uint32(0), uint8(9)))
			ae.Uint16(unix.NHA_GROUP_TYPE, 5)
		}, map[string]any{"group": "1,512;2,1", "type": "5", "family": "unspec", "blackhole": nil}},
		{"neighbor with the rarer flags", rtnl.Neighbor, fixed(rtnl.Neighbor, familyOff, unix.AF_INET, ndmState, unix.NUD_DELAY, ndmFlags, unix.NTF_ROUTER|unix.NTF_OFFLOADED),
			func(ae *netlink.AttributeEncoder) { ae.Uint32(ndaFlagsExt, 5) },
			map[string]any{"flags": "router,managed,offload,extern_valid", "state": "delay", "state_code": int64(8), "interface": nil}},
		{"neighbor in no state", rtnl.Neighbor, fixed(rtnl.Neighbor, familyOff, unix.AF_INET), none, map[string]any{"state": nil, "state_code": int64(0), "flags": nil}},
		{"neighbor behind a tunnel", rtnl.Neighbor, fixed(rtnl.Neighbor, familyOff, unix.AF_INET), func(ae *netlink.AttributeEncoder) {
			ae.Bytes(unix.NDA_LLADDR, []byte{192, 0, 2, 1})
		}, map[string]any{"lladdr": "192.0.2.1"}},
		{"locked forwarding entry of a VLAN", rtnl.Neighbor, fixed(rtnl.Neighbor, familyOff, unix.AF_BRIDGE, indexOff, 2, ndmFlags, ntfSticky|unix.NTF_MASTER), func(ae *netlink.AttributeEncoder) {
			ae.Bytes(unix.NDA_LLADDR, []byte{2, 0, 0, 0, 0, 0xff})
			ae.Uint16(unix.NDA_VLAN, 7)
			ae.Uint32(ndaFlagsExt, 2)
			ae.Uint32(unix.NDA_MASTER, 3)
		}, map[string]any{"lladdr": "02:00:00:00:00:ff", "vlan": int64(7), "flags": "master,sticky,locked", "master": "eth1", "interface": "eth0"}},
		{"rule with the newest selectors", rtnl.Rule, fixed(rtnl.Rule, familyOff, unix.AF_INET6), func(ae *netlink.AttributeEncoder) {
			ae.Uint8(fraDSCP, 46)
			ae.Uint8(fraDSCPMask, 0x3e)
			ae.Bytes(fraFlowLabel, be32(0x12345))
			ae.Bytes(fraFlowLabelMask, be32(0xfffff))
			ae.Uint16(fraSportMask, 0xff00)
			ae.Uint16(fraDportMask, 0xffff)
			ae.Uint32(unix.FRA_FLOW, 7<<16|9)
		}, map[string]any{"dscp": "46", "dscp_mask": "0x3e", "flowlabel": "0x12345", "flowlabel_mask": "0xfffff",
			"sport_mask": "0xff00", "dport_mask": nil, "realms": "7/9"}},
		{"rule of one realm", rtnl.Rule, fixed(rtnl.Rule, familyOff, unix.AF_INET), func(ae *netlink.AttributeEncoder) {
			ae.Uint32(unix.FRA_FLOW, 0)
		}, map[string]any{"realms": "unknown"}},
		{"forwarding entry that is watched", rtnl.Neighbor, fixed(rtnl.Neighbor, familyOff, unix.AF_BRIDGE), func(ae *netlink.AttributeEncoder) {
			ae.Nested(ndaFDBExtAttrs, func(ae *netlink.AttributeEncoder) error {
				ae.Uint8(nfeaActivity, 3)
				return nil
			})
			ae.Uint32(ndaNHID, 7)
			ae.Uint32(unix.NDA_SRC_VNI, 8)
			ae.Bytes(unix.NDA_PORT, []byte{0x12, 0xb5})
			ae.Uint32(unix.NDA_IFINDEX, 4)
			ae.Int32(unix.NDA_LINK_NETNSID, -1)
			ae.Uint8(ndaProtocol, unix.RTPROT_ZEBRA)
		}, map[string]any{"activity_notify": true, "inactive": true, "nhid": int64(7), "src_vni": int64(8), "port": int64(4789),
			"via": "if4", "link_netnsid": int64(-1), "protocol": "zebra"}},
		{"locked metrics", rtnl.Route, fixed(rtnl.Route, familyOff, unix.AF_INET), func(ae *netlink.AttributeEncoder) {
			ae.Nested(unix.RTA_METRICS, func(ae *netlink.AttributeEncoder) error {
				ae.Uint32(unix.RTAX_LOCK, 1<<unix.RTAX_MTU|1<<unix.RTAX_ADVMSS|1<<unix.RTAX_RTT)
				return nil
			})
			ae.Uint8(unix.RTA_TTL_PROPAGATE, 0)
		}, map[string]any{"mtu": nil, "mtu_lock": true, "locks": "rtt,advmss", "ttl_propagate": false}},
		{"rule of old", rtnl.Rule, fixed(rtnl.Rule, familyOff, unix.AF_INET, frhAction, unix.RTN_NAT), none, map[string]any{"type": "nat", "priority": int64(0), "table": nil, "not": nil}},
		{"rule with nothing suppressed", rtnl.Rule, fixed(rtnl.Rule), func(ae *netlink.AttributeEncoder) {
			ae.Uint32(unix.FRA_SUPPRESS_PREFIXLEN, 0xffffffff)
			ae.Uint32(unix.FRA_SUPPRESS_IFGROUP, 0xffffffff)
			ae.Uint32(unix.FRA_FWMASK, 0xffffffff)
			ae.Uint8(unix.FRA_L3MDEV, 0)
		}, map[string]any{"suppress_prefixlength": nil, "suppress_ifgroup": nil, "fwmark": "0", "fwmask": nil, "l3mdev": nil}},
		{"address without IFA_FLAGS", rtnl.Address, fixed(rtnl.Address, familyOff, unix.AF_INET6, ifaFlags, unix.IFA_F_TEMPORARY|unix.IFA_F_DEPRECATED), func(ae *netlink.AttributeEncoder) {
			ae.Bytes(unix.IFA_CACHEINFO, native(uint32(0xfffffffe), uint32(5)))
		}, map[string]any{"flags": "temporary,deprecated,dynamic", "preferred_lft": int64(-2), "valid_lft": int64(5), "local": nil}},
		{"address with unknown flags", rtnl.Address, fixed(rtnl.Address, familyOff, unix.AF_INET), func(ae *netlink.AttributeEncoder) {
			ae.Uint32(unix.IFA_FLAGS, unix.IFA_F_PERMANENT|0x10000)
			ae.Uint8(ifaProto, 200)
		}, map[string]any{"flags": "10000", "protocol": "200"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			check(t, viewOf(tt.object, append(tt.head, attrs(tt.attrs)...), testLinks), tt.want)
		})
	}
}

// check compares the named values; nil stands for an absent one.
func check(t *testing.T, v *View, want map[string]any) {
	t.Helper()
	got := valuesOf(v)
	for name, w := range want {
		assert.Equal(t, w, got[name], name)
	}
}

func TestLinkValues(t *testing.T) {
	for _, tt := range []struct {
		name  string
		head  []byte
		attrs fill
		want  map[string]any
	}{
		{"peer in another namespace", fixed(rtnl.Link), func(ae *netlink.AttributeEncoder) {
			ae.Uint32(unix.IFLA_LINK, 4)
			ae.Uint32(unix.IFLA_LINK_NETNSID, 0)
		}, map[string]any{"link": "if4", "flags": nil}},
		{"peer not yet known", fixed(rtnl.Link), func(ae *netlink.AttributeEncoder) { ae.Uint32(unix.IFLA_LINK, 0) },
			map[string]any{"link": nil, "flags": nil}},
		{"lower link down", fixed(rtnl.Link, ifiFlags, unix.IFF_UP), func(ae *netlink.AttributeEncoder) { ae.Uint32(unix.IFLA_LINK, 4) },
			map[string]any{"link": "eth2", "flags": "NO-CARRIER,UP", "up": true}},
		{"unknown flags", fixed(rtnl.Link, ifiFlags, unix.IFF_RUNNING|1<<24), none,
			map[string]any{"flags": "1000000", "up": false}},
		{"own address of the hardware", fixed(rtnl.Link), func(ae *netlink.AttributeEncoder) {
			ae.Bytes(unix.IFLA_ADDRESS, []byte{2, 0, 0, 0, 0, 1})
			ae.Bytes(unix.IFLA_PERM_ADDRESS, []byte{2, 0, 0, 0, 0, 2})
		}, map[string]any{"address": "02:00:00:00:00:01", "permaddr": "02:00:00:00:00:02"}},
		{"address not changed", fixed(rtnl.Link), func(ae *netlink.AttributeEncoder) {
			ae.Bytes(unix.IFLA_ADDRESS, []byte{2, 0, 0, 0, 0, 1})
			ae.Bytes(unix.IFLA_PERM_ADDRESS, []byte{2, 0, 0, 0, 0, 1})
		}, map[string]any{"permaddr": nil}},
		{"InfiniBand", fixed(rtnl.Link, ifiType, unix.ARPHRD_INFINIBAND), func(ae *netlink.AttributeEncoder) {
			ae.Bytes(unix.IFLA_ADDRESS, []byte{0x80, 0, 1, 2, 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 2, 0xc9, 3, 0, 0x10, 0x11, 0xff})
		}, map[string]any{"link_type": "infiniband", "address": "80:00:01:02:fe:80:00:00:00:00:00:00:00:02:c9:03:00:10:11:ff"}},
		{"IPv4 tunnel", fixed(rtnl.Link, ifiType, unix.ARPHRD_IPGRE), func(ae *netlink.AttributeEncoder) {
			ae.Bytes(unix.IFLA_ADDRESS, []byte{10, 0, 0, 1})
			ae.Bytes(unix.IFLA_BROADCAST, []byte{10, 0, 0, 2})
		}, map[string]any{"link_type": "gre", "address": "10.0.0.1", "broadcast": "10.0.0.2"}},
		{"IPv6 tunnel", fixed(rtnl.Link), func(ae *netlink.AttributeEncoder) {
			ae.Bytes(unix.IFLA_ADDRESS, append(make([]byte, 15), 1))
		}, map[string]any{"address": "::1"}},
		{"interrupt", fixed(rtnl.Link), func(ae *netlink.AttributeEncoder) {
			ae.Bytes(unix.IFLA_MAP, append(append(make([]byte, 24), native(uint16(0x12a))...), make([]byte, 6)...))
		}, map[string]any{"irq": int64(0x12a), "irq_count": nil}},
		{"short map", fixed(rtnl.Link), func(ae *netlink.AttributeEncoder) { ae.Bytes(unix.IFLA_MAP, make([]byte, 25)) },
			map[string]any{"irq": nil}},
		{"carrier while down", fixed(rtnl.Link), func(ae *netlink.AttributeEncoder) { ae.Uint8(unix.IFLA_CARRIER, 1) },
			map[string]any{"carrier": true}},
		{"carrier of an old kernel", fixed(rtnl.Link, ifiFlags, unix.IFF_LOWER_UP), none, map[string]any{"carrier": true, "flags": "LOWER_UP"}},
		{"unknown state, type and kind", fixed(rtnl.Link, ifiType, 12345), func(ae *netlink.AttributeEncoder) {
			ae.Uint8(unix.IFLA_OPERSTATE, 9)
			ae.Nested(unix.IFLA_LINKINFO, func(ae *netlink.AttributeEncoder) error {
				ae.String(unix.IFLA_INFO_KIND, "novel")
				return nil
			})
			ae.String(unix.IFLA_QDISC, "custom")
		}, map[string]any{"operstate": "9", "operstate_code": int64(9), "link_type": "12345", "kind": "novel", "qdisc": "custom"}},
		{"a name that ends in backslashes", fixed(rtnl.Link), func(ae *netlink.AttributeEncoder) { ae.String(unix.IFLA_IFNAME, `\a\\`) },
			map[string]any{"interface": `\a` + "\uFFFD\uFFFD"}},
		{"names of any bytes", fixed(rtnl.Link), func(ae *netlink.AttributeEncoder) {
			ae.Bytes(unix.IFLA_IFNAME, []byte("a\xff\xfe\x01b\x00rest"))
			ae.String(unix.IFLA_IFALIAS, "")
			ae.Nested(unix.IFLA_PROP_LIST, func(ae *netlink.AttributeEncoder) error {
				ae.String(unix.IFLA_ALT_IFNAME, "x\x80")
				ae.String(99, "not a name")
				ae.String(unix.IFLA_ALT_IFNAME, "ünïcode")
				return nil
			})
		}, map[string]any{"interface": "a\uFFFD\uFFFDb", "ifalias": nil, "altnames": "x\uFFFD,ünïcode"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			check(t, viewOf(rtnl.Link, append(tt.head, attrs(tt.attrs)...), testLinks), tt.want)
		})
	}
}

func TestWhatTheEventKnowsOfALink(t *testing.T) {
	v := viewOf(rtnl.Link, fixed(rtnl.Link), nil)
	check(t, v, map[string]any{"missed_carrier_changes": nil, "irq_count": nil})
	v.Missed, v.IRQCount = 3, 17
	check(t, v, map[string]any{"missed_carrier_changes": int64(3), "irq_count": int64(17)})
	v.Reset(rtnl.Link, v.Body(), nil)
	check(t, v, map[string]any{"missed_carrier_changes": nil, "irq_count": nil})
}

func TestPathsOfARoute(t *testing.T) {
	leg := func(flags, hops byte, ifindex uint32, fill fill) []byte {
		a := attrs(fill)
		b := binary.NativeEndian.AppendUint16(nil, uint16(8+len(a)))
		return append(binary.NativeEndian.AppendUint32(append(b, flags, hops), ifindex), a...)
	}
	gateway := func(ae *netlink.AttributeEncoder) { ae.Bytes(unix.RTA_GATEWAY, []byte{10, 0, 0, 9}) }
	mpls := func(ae *netlink.AttributeEncoder) {
		gateway(ae)
		ae.Uint16(unix.RTA_ENCAP_TYPE, unix.LWTUNNEL_ENCAP_MPLS)
		ae.Bytes(unix.RTA_ENCAP, attrs(func(ae *netlink.AttributeEncoder) { ae.Bytes(1, be32(30<<12|1<<8)) }))
	}
	for _, tt := range []struct {
		name   string
		family int
		legs   [][]byte
		want   map[string]any
	}{
		{"over links in all states", unix.AF_INET, [][]byte{leg(0, 0, 2, gateway), leg(unix.RTNH_F_ONLINK, 9, 3, gateway), leg(unix.RTNH_F_DEAD, 0, 4, none)},
			map[string]any{"nexthop_count": int64(3), "flags": nil,
				"nexthops": "via 10.0.0.9 dev eth0 weight 1; via 10.0.0.9 dev eth1 weight 10 onlink; dev eth2 weight 1"}},
		{"over one link without carrier", unix.AF_INET, [][]byte{leg(0, 0, 3, gateway), leg(0, 0, 3, none)}, map[string]any{"flags": nil}},
		{"IPv6 marks paths only", unix.AF_INET6, [][]byte{leg(0, 0, 3, none), leg(0, 0, 3, none)}, map[string]any{"flags": nil}},
		{"encapsulated", unix.AF_INET, [][]byte{leg(0, 0, 2, mpls)}, map[string]any{"nexthops": "encap mpls 30 via 10.0.0.9 dev eth0 weight 1", "encap": nil}},
		{"cut off", unix.AF_INET, [][]byte{leg(0, 0, 2, none), leg(0, 0, 2, gateway)[:9]}, map[string]any{"nexthop_count": int64(1)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var multi []byte
			for _, l := range tt.legs {
				multi = append(multi, l...)
			}
			body := append(fixed(rtnl.Route, familyOff, tt.family, rtmType, unix.RTN_UNICAST),
				attrs(func(ae *netlink.AttributeEncoder) { ae.Bytes(unix.RTA_MULTIPATH, multi) })...)
			check(t, viewOf(rtnl.Route, body, testLinks), tt.want)
		})
	}
}

func TestViewWithoutABodyHasNoValues(t *testing.T) {
	eachClass(t, func(t *testing.T, o rtnl.Object) {
		var v View
		assert.False(t, v.Valid())
		assert.Empty(t, valuesOf(&v))
		v.Reset(o, []byte{}, nil)
		require.True(t, v.Valid())
		valuesOf(&v) // whatever it is, it does not panic
		assert.Nil(t, v.Attr(1))
	})
}

func TestAttrFindsTheFirstOfAType(t *testing.T) {
	const high = maxAttr + 5
	body := append(fixed(rtnl.Link), attrs(func(ae *netlink.AttributeEncoder) {
		ae.Bytes(1, nil)
		ae.Uint8(2, 1)
		ae.Uint8(2, 2)
		ae.Uint8(high, 3)
	})...)
	v := viewOf(rtnl.Link, body, nil)
	assert.Equal(t, []byte{}, v.Attr(1))
	assert.Equal(t, []byte{1}, v.Attr(2))
	assert.Equal(t, []byte{3}, v.Attr(high))
	assert.Nil(t, v.Attr(3))
	assert.Nil(t, v.Attr(high+1))
}

func TestWithoutAnEnvLinksHaveNumbersAndLive(t *testing.T) {
	body := append(fixed(rtnl.Route, familyOff, unix.AF_INET), attrs(func(ae *netlink.AttributeEncoder) { ae.Uint32(unix.RTA_OIF, 4) })...)
	check(t, viewOf(rtnl.Route, body, nil), map[string]any{"interface": "if4", "flags": nil})
}

func TestEventsWords(t *testing.T) {
	var words []string
	for a := range Action(NumActions) {
		words = append(words, a.String())
	}
	for o := range Origin(NumOrigins) {
		words = append(words, o.String())
	}
	assert.Equal(t, []string{"new", "change", "delete", "dump", "notify", "implied", "resync"}, words)
}
