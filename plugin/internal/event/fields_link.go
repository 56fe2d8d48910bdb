package event

import (
	"strconv"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// linkFields describe a link: RTM_NEWLINK and RTM_DELLINK of family AF_UNSPEC
// (uapi/linux/if_link.h). Its statistics are no fields: they never make an
// event.
var linkFields = []Field{
	{Name: "interface", Kind: String, Tag: true, Doc: "the link's name: IFLA_IFNAME (uapi/linux/if_link.h)",
		source: attrText(unix.IFLA_IFNAME)},
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
	{Name: "operstate_code", Kind: Int, NoChange: true, Doc: "operstate as the kernel's number, 0 unknown to 6 up: IFLA_OPERSTATE (uapi/linux/if.h)",
		source: attr8(unix.IFLA_OPERSTATE)},
	{Name: "up", Kind: Bool, Doc: "set up by the administrator: IFF_UP (uapi/linux/if.h)",
		source: source{head: head(rtnl.LinkFlags), get: func(v *View) Value { return truth(v.linkFlags()&unix.IFF_UP != 0) }}},
	{Name: "carrier", Kind: Bool, Doc: "the device has carrier, up or not: IFLA_CARRIER (uapi/linux/if_link.h)",
		source: source{head: head(rtnl.LinkFlags), attrs: []uint16{unix.IFLA_CARRIER}, get: carrier}},
	{Name: "flags", Kind: String, Doc: "IFF_* (uapi/linux/if.h) as ip prints them: NO-CARRIER for up without IFF_RUNNING, M-DOWN while `link` is down",
		source: source{head: head(rtnl.LinkFlags), attrs: []uint16{unix.IFLA_LINK, unix.IFLA_LINK_NETNSID}, get: linkFlagWords}},
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
	if v.lowerDown() {
		b = append(appendSep(b, ','), "M-DOWN"...)
	}
	return str(string(b))
}

// lowerDown reports whether the link below, in this namespace, is set down.
func (v *View) lowerDown() bool {
	lower := rtnl.Uint32(v.Attr(unix.IFLA_LINK))
	if lower == 0 || v.Attr(unix.IFLA_LINK_NETNSID) != nil {
		return false
	}
	up, _ := v.linkState(lower)
	return !up
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
			list = append(appendSep(list, ','), Text(name)...)
		}
		attrs = rest
	}
}
