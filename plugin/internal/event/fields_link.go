package event

import (
	"encoding/hex"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// linkFields describe a link: what every link has, and what its kind and that of
// its master add.
var linkFields = slices.Concat(everyLinkFields, bondFields, bridgeFields, bridgePortFields, tunnelFields, kindFields)

// everyLinkFields are those of links of all kinds: RTM_NEWLINK and RTM_DELLINK of family AF_UNSPEC
// (uapi/linux/if_link.h). Its statistics are no fields: they never make an
// event.
var everyLinkFields = []Field{
	{Name: "interface", Kind: String, Tag: true, Doc: "the link's name: IFLA_IFNAME (uapi/linux/if_link.h)",
		source: attrName(unix.IFLA_IFNAME)},
	{Name: "kind", Kind: String, Tag: true, Doc: "what created it (bridge, veth, vlan, …), absent for hardware: IFLA_INFO_KIND (uapi/linux/if_link.h)",
		source: attr(unix.IFLA_LINKINFO, linkKind)},
	{Name: "ifindex", Kind: Int, Doc: "the link's index, unique in its namespace: ifi_index (uapi/linux/rtnetlink.h)",
		source: part(rtnl.LinkIndex)},
	{Name: "link_type", Kind: String, Doc: "hardware type (ether, loopback, …): ifi_type, ARPHRD_* (uapi/linux/if_arp.h)",
		source: source{head: head(rtnl.LinkType), get: linkType}},
	{Name: "mtu", Kind: Int, Unit: "bytes", Doc: "largest packet: IFLA_MTU (uapi/linux/if_link.h)",
		source: attr32(unix.IFLA_MTU)},
	{Name: "operstate", Kind: String, Choices: operStates, Doc: "RFC 2863 state: IFLA_OPERSTATE, IF_OPER_* (uapi/linux/if.h)",
		source: attr(unix.IFLA_OPERSTATE, func(b []byte) Value { return str(wordOf(operStates, rtnl.Uint8(b))) })},
	{Name: "operstate_code", Kind: Int, Doc: "operstate as the kernel's number, 0 unknown to 6 up: IFLA_OPERSTATE (uapi/linux/if.h)",
		source: upTo(6, attr8(unix.IFLA_OPERSTATE))},
	{Name: "up", Kind: Bool, Doc: "set up by the administrator: IFF_UP (uapi/linux/if.h)",
		source: source{head: head(rtnl.LinkFlags), get: func(v *View) Value { return truth(v.linkFlags()&unix.IFF_UP != 0) }}},
	{Name: "carrier", Kind: Bool, Doc: "the device has carrier, up or not: IFLA_CARRIER (uapi/linux/if_link.h)",
		source: source{head: head(rtnl.LinkFlags), attrs: []uint16{unix.IFLA_CARRIER}, get: carrier}},
	{Name: "flags", Kind: String, Doc: "IFF_* (uapi/linux/if.h) as ip prints them: NO-CARRIER for up without IFF_RUNNING; not M-DOWN, which is the state of `link`",
		source: source{head: head(rtnl.LinkFlags), get: linkFlagWords}},
	{Name: "address", Kind: String, Doc: "link-layer address: IFLA_ADDRESS (uapi/linux/if_link.h)",
		source: attrHardware(unix.IFLA_ADDRESS)},
	{Name: "broadcast", Kind: String, Doc: "link-layer broadcast address or the peer of a point-to-point link: IFLA_BROADCAST (uapi/linux/if_link.h)",
		source: attrHardware(unix.IFLA_BROADCAST)},
	{Name: "permaddr", Kind: String, Doc: "the hardware's own address where `address` is another: IFLA_PERM_ADDRESS (uapi/linux/if_link.h)",
		source: source{attrs: []uint16{unix.IFLA_PERM_ADDRESS, unix.IFLA_ADDRESS}, get: permAddr}},
	{Name: "master", Kind: String, Doc: "the bridge, bond or VRF it belongs to: IFLA_MASTER (uapi/linux/if_link.h)",
		source: attrLink(unix.IFLA_MASTER)},
	{Name: "link", Kind: String, Doc: "the link below it or its peer, if<index> where that is in another namespace: IFLA_LINK (uapi/linux/if_link.h)",
		source: source{attrs: []uint16{unix.IFLA_LINK, unix.IFLA_LINK_NETNSID}, get: lowerLink}},
	{Name: "qdisc", Kind: String, Doc: "root queueing discipline: IFLA_QDISC (uapi/linux/if_link.h)",
		source: attr(unix.IFLA_QDISC, func(b []byte) Value { return str(known(b, qdiscs)) })},
	{Name: "txqlen", Kind: Int, Unit: "packets", Doc: "transmit queue length: IFLA_TXQLEN (uapi/linux/if_link.h)",
		source: attr32(unix.IFLA_TXQLEN)},
	{Name: "group", Kind: String, Doc: "group of links, named in /etc/iproute2/group: IFLA_GROUP (uapi/linux/if_link.h)",
		source: attr(unix.IFLA_GROUP, func(b []byte) Value { return str(groupName(rtnl.Uint32(b))) })},
	{Name: "ifalias", Kind: String, Doc: "free text for people: IFLA_IFALIAS (uapi/linux/if_link.h)",
		source: attrText(unix.IFLA_IFALIAS)},
	{Name: "altnames", Kind: String, Doc: "alternative names, comma-joined: IFLA_PROP_LIST, IFLA_ALT_IFNAME (uapi/linux/if_link.h)",
		source: attr(unix.IFLA_PROP_LIST, altNames)},
	{Name: "num_tx_queues", Kind: Int, Doc: "transmit queues: IFLA_NUM_TX_QUEUES (uapi/linux/if_link.h)",
		source: attr32(unix.IFLA_NUM_TX_QUEUES)},
	{Name: "num_rx_queues", Kind: Int, Doc: "receive queues: IFLA_NUM_RX_QUEUES (uapi/linux/if_link.h)",
		source: attr32(unix.IFLA_NUM_RX_QUEUES)},
	{Name: "promiscuity", Kind: Int, Doc: "how many want it promiscuous: IFLA_PROMISCUITY (uapi/linux/if_link.h)",
		source: attr32(unix.IFLA_PROMISCUITY)},
	{Name: "allmulti", Kind: Int, Doc: "how many want all multicast: IFLA_ALLMULTI (uapi/linux/if_link.h, Linux 6.0)",
		source: attr32(unix.IFLA_ALLMULTI)},
	{Name: "min_mtu", Kind: Int, Unit: "bytes", Doc: "least mtu: IFLA_MIN_MTU (uapi/linux/if_link.h)",
		source: attr32(unix.IFLA_MIN_MTU)},
	{Name: "max_mtu", Kind: Int, Unit: "bytes", Doc: "largest mtu, 0 for no bound: IFLA_MAX_MTU (uapi/linux/if_link.h)",
		source: attr32(unix.IFLA_MAX_MTU)},
	{Name: "linkmode", Kind: String, Choices: linkModes, Doc: "dormant where a program says when it is up: IFLA_LINKMODE (uapi/linux/if.h)",
		source: attr(unix.IFLA_LINKMODE, func(b []byte) Value { return str(wordOf(linkModes, rtnl.Uint8(b))) })},
	{Name: "proto_down", Kind: Bool, Doc: "true where a protocol holds it down: IFLA_PROTO_DOWN (uapi/linux/if_link.h)",
		source: attr(unix.IFLA_PROTO_DOWN, func(b []byte) Value { return onlyTrue(rtnl.Uint8(b) != 0) })},
	{Name: "proto_down_reason", Kind: String, Doc: "why, named in /etc/iproute2/protodown_reasons, comma-joined: IFLA_PROTO_DOWN_REASON (uapi/linux/if_link.h)",
		source: attr(unix.IFLA_PROTO_DOWN_REASON, protoDownReasons)},
	{Name: "xdp", Kind: String, Choices: xdpModes, Doc: "how a BPF program is attached: IFLA_XDP_ATTACHED (uapi/linux/if_link.h)",
		source: attr(unix.IFLA_XDP, xdpMode)},
	{Name: "xdp_prog_id", Kind: Int, Doc: "that program: IFLA_XDP_PROG_ID (uapi/linux/if_link.h)",
		source: attr(unix.IFLA_XDP, xdpProgram)},
	{Name: "speed", Kind: Int, Unit: "Mbit/s", Doc: "while it is up and has a carrier, as its driver says when asked: ETHTOOL_A_LINKMODES_SPEED (uapi/linux/ethtool_netlink.h)",
		source: attr(rtnl.LinkDriver, func(b []byte) Value { return nonZero(int64(rtnl.Driver(b).Speed())) })},
	{Name: "duplex", Kind: String, Choices: duplexes, Doc: "the same of whether it sends while it receives: ETHTOOL_A_LINKMODES_DUPLEX (uapi/linux/ethtool_netlink.h)",
		source: attr(rtnl.LinkDriver, duplex)},
	{Name: "parent_device", Kind: String, Doc: "the device on its bus, \"0000:03:00.0\": IFLA_PARENT_DEV_NAME (uapi/linux/if_link.h)",
		source: attrText(unix.IFLA_PARENT_DEV_NAME)},
	{Name: "parent_bus", Kind: String, Doc: "the bus, \"pci\": IFLA_PARENT_DEV_BUS_NAME (uapi/linux/if_link.h)",
		source: attrText(unix.IFLA_PARENT_DEV_BUS_NAME)},
	{Name: "phys_port_name", Kind: String, Doc: "what is printed at the port: IFLA_PHYS_PORT_NAME (uapi/linux/if_link.h)",
		source: attrText(unix.IFLA_PHYS_PORT_NAME)},
	{Name: "phys_port_id", Kind: String, Doc: "in hex: IFLA_PHYS_PORT_ID (uapi/linux/if_link.h)",
		source: attr(unix.IFLA_PHYS_PORT_ID, func(b []byte) Value { return str(hex.EncodeToString(b)) })},
	{Name: "phys_switch_id", Kind: String, Doc: "the switch that it is a port of, in hex: IFLA_PHYS_SWITCH_ID (uapi/linux/if_link.h)",
		source: attr(unix.IFLA_PHYS_SWITCH_ID, func(b []byte) Value { return str(hex.EncodeToString(b)) })},
	{Name: "link_netnsid", Kind: Int, Doc: "the namespace of `link`: IFLA_LINK_NETNSID (uapi/linux/if_link.h)",
		source: attr(unix.IFLA_LINK_NETNSID, signed32)},
	{Name: "gso_max_size", Kind: Int, Unit: "bytes", Doc: "largest packet to be cut up later: IFLA_GSO_MAX_SIZE (uapi/linux/if_link.h)",
		source: attr32(unix.IFLA_GSO_MAX_SIZE)},
	{Name: "gso_max_segs", Kind: Int, Doc: "into how many: IFLA_GSO_MAX_SEGS (uapi/linux/if_link.h)",
		source: attr32(unix.IFLA_GSO_MAX_SEGS)},
	{Name: "tso_max_size", Kind: Int, Unit: "bytes", Doc: "largest that the device cuts up: IFLA_TSO_MAX_SIZE (uapi/linux/if_link.h)",
		source: attr32(unix.IFLA_TSO_MAX_SIZE)},
	{Name: "tso_max_segs", Kind: Int, Doc: "into how many: IFLA_TSO_MAX_SEGS (uapi/linux/if_link.h)",
		source: attr32(unix.IFLA_TSO_MAX_SEGS)},
	{Name: "gro_max_size", Kind: Int, Unit: "bytes", Doc: "largest that is put together: IFLA_GRO_MAX_SIZE (uapi/linux/if_link.h)",
		source: attr32(unix.IFLA_GRO_MAX_SIZE)},
	{Name: "gso_ipv4_max_size", Kind: Int, Unit: "bytes", Doc: "IFLA_GSO_IPV4_MAX_SIZE (uapi/linux/if_link.h, Linux 6.3)",
		source: attr32(unix.IFLA_GSO_IPV4_MAX_SIZE)},
	{Name: "gro_ipv4_max_size", Kind: Int, Unit: "bytes", Doc: "IFLA_GRO_IPV4_MAX_SIZE (uapi/linux/if_link.h, Linux 6.3)",
		source: attr32(unix.IFLA_GRO_IPV4_MAX_SIZE)},
	{Name: "netns_immutable", Kind: Bool, Doc: "true where it cannot move to another namespace: IFLA_NETNS_IMMUTABLE (uapi/linux/if_link.h, Linux 6.15)",
		source: attr(iflaNetnsImmutable, func(b []byte) Value { return onlyTrue(rtnl.Uint8(b) != 0) })},
	{Name: "port_kind", Kind: String, Doc: "what its master made of it (bridge, bond, vrf, …): IFLA_INFO_SLAVE_KIND (uapi/linux/if_link.h)",
		source: attr(unix.IFLA_LINKINFO, func(b []byte) Value { return str(known(rtnl.LinkInfoOf(b).PortKind, linkKinds)) })},
	{Name: "carrier_changes", Kind: Int, Doc: "carrier changes since creation: IFLA_CARRIER_CHANGES (uapi/linux/if_link.h)",
		source: attr32(unix.IFLA_CARRIER_CHANGES)},
	{Name: "carrier_up_count", Kind: Int, Doc: "how often carrier came: IFLA_CARRIER_UP_COUNT (uapi/linux/if_link.h)",
		source: attr32(unix.IFLA_CARRIER_UP_COUNT)},
	{Name: "carrier_down_count", Kind: Int, Doc: "how often carrier went: IFLA_CARRIER_DOWN_COUNT (uapi/linux/if_link.h)",
		source: attr32(unix.IFLA_CARRIER_DOWN_COUNT)},
	{Name: "missed_carrier_changes", Kind: Int, NoChange: true, Doc: "carrier changes since the last message that no message showed, from the counters; absent when 0",
		source: source{get: func(v *View) Value { return nonZero(v.Missed) }}},
	{Name: "irq", Kind: Int, Doc: "the device's interrupt, absent when it has none: ifmap.irq, IFLA_MAP (uapi/linux/if_link.h)",
		source: attr(unix.IFLA_MAP, linkIRQ)},
	{Name: "irq_count", Kind: Int, NoChange: true, Doc: "the device's interrupts: entries of /sys/class/net/<interface>/device/msi_irqs; absent when there are none",
		source: source{get: func(v *View) Value { return nonZero(v.IRQCount) }}},
	{Name: "new_netnsid", Kind: Int, NoChange: true, Doc: "on delete: the namespace that the link has moved to, IFLA_NEW_NETNSID (uapi/linux/if_link.h); absent when it is gone for good",
		source: attr32(unix.IFLA_NEW_NETNSID)},
	{Name: "new_ifindex", Kind: Int, NoChange: true, Doc: "on delete: the link's index in the namespace that it has moved to, IFLA_NEW_IFINDEX (uapi/linux/if_link.h)",
		source: attr32(unix.IFLA_NEW_IFINDEX)},
}

// iflaNetnsImmutable is IFLA_NETNS_IMMUTABLE (uapi/linux/if_link.h).
const iflaNetnsImmutable = 67

// linkModes are IF_LINK_MODE_* from 0 (uapi/linux/if.h).
var linkModes = []string{"default", "dormant"}

// protoDownReasons prints the bits of IFLA_PROTO_DOWN_REASON_VALUE.
func protoDownReasons(b []byte) Value {
	reasons := rtnl.Uint32(rtnl.Attrs(b).Get(unix.IFLA_PROTO_DOWN_REASON_VALUE))
	var list []byte
	for bit := range uint32(32) {
		if reasons>>bit&1 != 0 {
			list = append(appendSep(list, ','), protoDownName(bit)...)
		}
	}
	return str(string(list))
}

// xdpModes are XDP_ATTACHED_* from 0 (uapi/linux/if_link.h), as ip calls them.
var xdpModes = []string{"none", "xdp", "xdpgeneric", "xdpoffload", "xdpmulti"}

func xdpMode(b []byte) Value {
	n := rtnl.Uint8(rtnl.Attrs(b).Get(unix.IFLA_XDP_ATTACHED))
	if n == 0 {
		return Value{}
	}
	return str(wordOf(xdpModes, n))
}

func xdpProgram(b []byte) Value {
	return nonZero(int64(rtnl.Uint32(rtnl.Attrs(b).Get(unix.IFLA_XDP_PROG_ID))))
}

// duplexes are DUPLEX_* from 0 (uapi/linux/ethtool.h).
var duplexes = []string{"half", "full"}

func duplex(b []byte) Value {
	if d, known := rtnl.Driver(b).Duplex(); known {
		return str(wordOf(duplexes, d))
	}
	return Value{}
}

// operStates are IF_OPER_* from 0 (uapi/linux/if.h).
var operStates = []string{"unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up"}

// linkFlagBits are IFF_* (uapi/linux/if.h) in iproute2's order. IFF_RUNNING is
// shown by its absence.
var linkFlagBits = []bitWord{
	{unix.IFF_LOOPBACK, "LOOPBACK"}, {unix.IFF_BROADCAST, "BROADCAST"},
	{unix.IFF_POINTOPOINT, "POINTOPOINT"}, {unix.IFF_MULTICAST, "MULTICAST"},
	{unix.IFF_NOARP, "NOARP"}, {unix.IFF_ALLMULTI, "ALLMULTI"}, {unix.IFF_PROMISC, "PROMISC"},
	{unix.IFF_MASTER, "MASTER"}, {unix.IFF_SLAVE, "SLAVE"}, {unix.IFF_DEBUG, "DEBUG"},
	{unix.IFF_DYNAMIC, "DYNAMIC"}, {unix.IFF_AUTOMEDIA, "AUTOMEDIA"}, {unix.IFF_PORTSEL, "PORTSEL"},
	{unix.IFF_NOTRAILERS, "NOTRAILERS"}, {unix.IFF_UP, "UP"}, {unix.IFF_LOWER_UP, "LOWER_UP"},
	{unix.IFF_DORMANT, "DORMANT"}, {unix.IFF_ECHO, "ECHO"},
}

func (v *View) linkFlags() uint32 { return rtnl.LinkMsg(v.body).Flags() }

func linkFlagWords(v *View) Value {
	var buf [192]byte
	b, flags := buf[:0], v.linkFlags()
	if flags&unix.IFF_UP != 0 && flags&unix.IFF_RUNNING == 0 {
		b = append(b, "NO-CARRIER"...)
	}
	b = appendBits(b, 0, flags, linkFlagBits, ',')
	if rest := flags &^ (bitsOf(linkFlagBits) | unix.IFF_RUNNING); rest != 0 {
		b = strconv.AppendUint(appendSep(b, ','), uint64(rest), 16)
	}
	return str(string(b))
}

func lowerLink(v *View) Value {
	lower := rtnl.Uint32(v.Attr(unix.IFLA_LINK))
	switch {
	case lower == 0:
		return Value{}
	case v.Attr(unix.IFLA_LINK_NETNSID) != nil: // the index is of that namespace
		return str("if" + decimal(lower))
	}
	return str(v.linkName(lower))
}

// carrier prefers IFLA_CARRIER: IFF_LOWER_UP is cleared by setting the link
// down, too.
func carrier(v *View) Value {
	if b := v.Attr(unix.IFLA_CARRIER); b != nil {
		return truth(rtnl.Uint8(b) != 0)
	}
	return truth(v.linkFlags()&unix.IFF_LOWER_UP != 0)
}

func permAddr(v *View) Value {
	b := v.Attr(unix.IFLA_PERM_ADDRESS)
	if b == nil || string(b) == string(v.Attr(unix.IFLA_ADDRESS)) {
		return Value{}
	}
	return str(formatHardware(b))
}

func linkKind(b []byte) Value { return str(known(rtnl.LinkInfoOf(b).Kind, linkKinds)) }

// linkIRQ reads struct rtnl_link_ifmap.
func linkIRQ(b []byte) Value {
	if len(b) < 26 {
		return Value{}
	}
	return nonZero(int64(rtnl.Uint16(b[24:])))
}

func altNames(b []byte) Value {
	var list []byte
	for attrs := rtnl.Attrs(b); ; {
		typ, name, rest, ok := attrs.Next()
		if !ok {
			return str(string(list))
		}
		if typ == unix.IFLA_ALT_IFNAME {
			list = append(appendSep(list, ','), Name(name)...)
		}
		attrs = rest
	}
}
