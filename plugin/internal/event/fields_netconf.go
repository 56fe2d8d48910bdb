package event

import "telegraf-rtnetlink/plugin/internal/rtnl"

// Of uapi/linux/netconf.h.
const (
	netconfIfindex = 1
	// What the settings are of where they are of no link: NETCONFA_IFINDEX_ALL
	// (-1) and _DEFAULT (-2).
	netconfAll     = 1<<32 - 1
	netconfDefault = 1<<32 - 2
)

// netconfFields describe what is set for one family on one link, or for all
// links, or for those to come (uapi/linux/netconf.h).
var netconfFields = []Field{
	{Name: "interface", Kind: String, Tag: true, Doc: "the link, all for the namespace's own settings, default for those of new links: NETCONFA_IFINDEX (uapi/linux/netconf.h)",
		source: source{attrs: []uint16{netconfIfindex}, get: netconfInterface}},
	{Name: "family", Kind: String, Tag: true, Choices: []string{"inet", "inet6", "mpls"}, Doc: "ncm_family (uapi/linux/netconf.h)",
		source: family},
	{Name: "ifindex", Kind: Int, Doc: "that link's index, absent for all and default: NETCONFA_IFINDEX (uapi/linux/netconf.h)",
		source: source{attrs: []uint16{netconfIfindex}, get: func(v *View) Value {
			if index := v.netconfIndex(); index != 0 {
				return num(index)
			}
			return Value{}
		}}},
	{Name: "forwarding", Kind: Bool, Doc: "packets are passed on: NETCONFA_FORWARDING (uapi/linux/netconf.h)",
		source: attrTruth(2)},
	{Name: "rp_filter", Kind: String, Choices: rpFilters, Doc: "whether a packet's source must be reachable, over the link that it came by if strict: NETCONFA_RP_FILTER (uapi/linux/netconf.h)",
		source: attr(3, func(b []byte) Value { return str(wordOf(rpFilters, rtnl.Uint32(b))) })},
	{Name: "mc_forwarding", Kind: Bool, Doc: "multicast packets are passed on, by a multicast routing daemon: NETCONFA_MC_FORWARDING (uapi/linux/netconf.h)",
		source: attrTruth(4)},
	{Name: "bc_forwarding", Kind: Bool, Doc: "directed broadcasts are passed on: NETCONFA_BC_FORWARDING (uapi/linux/netconf.h)",
		source: attrTruth(8)},
	{Name: "proxy_neigh", Kind: Bool, Doc: "ARP or neighbor discovery is answered for others: NETCONFA_PROXY_NEIGH (uapi/linux/netconf.h)",
		source: attrTruth(5)},
	{Name: "ignore_routes_with_linkdown", Kind: Bool, Doc: "routes over a link without carrier are not used: NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN (uapi/linux/netconf.h)",
		source: attrTruth(6)},
	{Name: "input", Kind: Bool, Doc: "labelled packets are taken, MPLS alone: NETCONFA_INPUT (uapi/linux/netconf.h)",
		source: attrTruth(7)},
}

// rpFilters are the words for rp_filter from 0 (RFC 3704).
var rpFilters = []string{"off", "strict", "loose"}

// attrTruth is a number of 32 bits of which only whether it is 0 counts.
func attrTruth(typ uint16) source {
	return attr(typ, func(b []byte) Value { return truth(rtnl.Uint32(b) != 0) })
}

// netconfIndex returns the link's index, 0 for the settings of none.
func (v *View) netconfIndex() uint32 {
	index := rtnl.Uint32(v.Attr(netconfIfindex))
	if index == netconfAll || index == netconfDefault {
		return 0
	}
	return index
}

func netconfInterface(v *View) Value {
	switch index := rtnl.Uint32(v.Attr(netconfIfindex)); index {
	case netconfAll:
		return str("all")
	case netconfDefault:
		return str("default")
	default:
		return str(v.linkName(index))
	}
}

// OnNoLink reports whether the field interface names no link.
func (v *View) OnNoLink() bool { return v.Object == rtnl.Netconf && v.netconfIndex() == 0 }
