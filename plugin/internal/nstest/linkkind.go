package nstest

import (
	"net/netip"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// readKind reads "type KIND" and the options of that kind, up to the end of
// the command. A kind that is not listed has no options.
func (l *link) readKind() {
	l.kind = l.next()
	l.data = netlink.NewAttributeEncoder()
	switch l.kind {
	case "veth":
		l.vethPeer()
	case "bridge":
		l.keywords(l.bridgeOptions())
	case "vxlan":
		l.keywords(l.vxlanOptions())
	case "macvlan":
		l.keywords(map[string]func(){
			"mode": func() { l.data.Uint32(unix.IFLA_MACVLAN_MODE, l.word(macvlanModes)) },
		})
	default:
		l.data = nil
	}
}

// vethInfoPeer is VETH_INFO_PEER (uapi/linux/veth.h): a struct ifinfomsg and
// the attributes of the other end.
const vethInfoPeer = 1

// vethPeer reads "peer [name] NAME" and more link options.
func (l *link) vethPeer() {
	if !l.skip("peer") {
		return
	}
	peer := &link{args: l.args, ae: netlink.NewAttributeEncoder()}
	peer.attributes()
	l.data.Bytes(vethInfoPeer|unix.NLA_F_NESTED, l.encode(peer.linkMsg.bytes(), peer.ae))
}

// The attributes of a bridge that the words below set (uapi/linux/if_link.h).
func (l *link) bridgeOptions() map[string]func() {
	u32 := func(typ uint16) func() { return func() { l.data.Uint32(typ, l.u32()) } }
	u8 := func(typ uint16) func() { return func() { l.data.Uint8(typ, l.u8()) } }
	return map[string]func(){
		"forward_delay":  u32(unix.IFLA_BR_FORWARD_DELAY),
		"ageing_time":    u32(unix.IFLA_BR_AGEING_TIME),
		"stp_state":      u32(unix.IFLA_BR_STP_STATE),
		"vlan_filtering": u8(unix.IFLA_BR_VLAN_FILTERING),
		"mcast_snooping": u8(unix.IFLA_BR_MCAST_SNOOPING),
	}
}

func (l *link) vxlanOptions() map[string]func() {
	flag := func(typ uint16, v uint8) func() { return func() { l.data.Uint8(typ, v) } }
	return map[string]func(){
		"id":         func() { l.data.Uint32(unix.IFLA_VXLAN_ID, l.u32()) },
		"dev":        func() { l.data.Uint32(unix.IFLA_VXLAN_LINK, l.dev()) },
		"dstport":    func() { l.data.Bytes(unix.IFLA_VXLAN_PORT, bigEndian(l.u16())) },
		"local":      func() { l.vxlanAddr(unix.IFLA_VXLAN_LOCAL, unix.IFLA_VXLAN_LOCAL6, l.addr()) },
		"remote":     func() { l.vxlanAddr(unix.IFLA_VXLAN_GROUP, unix.IFLA_VXLAN_GROUP6, l.addr()) },
		"nolearning": flag(unix.IFLA_VXLAN_LEARNING, 0),
		"external":   flag(unix.IFLA_VXLAN_COLLECT_METADATA, 1),
	}
}

func (l *link) vxlanAddr(v4, v6 uint16, ip netip.Addr) {
	if ip.Is6() {
		v4 = v6
	}
	l.data.Bytes(v4, ip.AsSlice())
}

func bigEndian(v uint16) []byte { return []byte{byte(v >> 8), byte(v)} }

// macvlanModes is enum macvlan_mode (uapi/linux/if_link.h).
var macvlanModes = map[string]uint32{"private": 1, "vepa": 2, "bridge": 4, "passthru": 8}

// parseBridgePort reads "brport set dev DEV [learning on|off] [hairpin on|off]
// [flood on|off] [locked on|off] [mab on|off] [cost N] [priority N] [state N]".
func parseBridgePort(a *args, r *Request) {
	msg := linkMsg{family: unix.AF_BRIDGE}
	a.skip("dev")
	msg.index = a.dev()
	ae := netlink.NewAttributeEncoder()
	ae.Nested(unix.IFLA_PROTINFO, func(ae *netlink.AttributeEncoder) error {
		a.keywords(portOptions(a, ae))
		return nil
	})
	r.Body = a.encode(msg.bytes(), ae)
}

func portOptions(a *args, ae *netlink.AttributeEncoder) map[string]func() {
	flag := func(typ uint16) func() {
		return func() { ae.Uint8(typ, uint8(a.word(map[string]uint32{"off": 0, "on": 1}))) }
	}
	return map[string]func(){
		"learning": flag(unix.IFLA_BRPORT_LEARNING),
		"hairpin":  flag(unix.IFLA_BRPORT_MODE),
		"flood":    flag(unix.IFLA_BRPORT_UNICAST_FLOOD),
		"locked":   flag(unix.IFLA_BRPORT_LOCKED),
		"mab":      flag(unix.IFLA_BRPORT_MAB),
		"state":    func() { ae.Uint8(unix.IFLA_BRPORT_STATE, a.u8()) },
		"priority": func() { ae.Uint16(unix.IFLA_BRPORT_PRIORITY, a.u16()) },
		"cost":     func() { ae.Uint32(unix.IFLA_BRPORT_COST, a.u32()) },
	}
}
