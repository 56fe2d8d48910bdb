package event

import (
	"strconv"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Of uapi/linux/nexthop.h.
const (
	nhaFDB      = 11 // NHA_FDB, since Linux 5.8
	nhaResGroup = 12 // NHA_RES_GROUP, since Linux 5.13
)

// nexthopFields describe a nexthop object (uapi/linux/nexthop.h).
var nexthopFields = []Field{
	{Name: "family", Kind: String, Tag: true, Choices: []string{"inet", "inet6", "unspec"}, Doc: "nh_family, unspec for a group (uapi/linux/nexthop.h)",
		source: family},
	{Name: "protocol", Kind: String, Tag: true, Doc: "who added it, named in /etc/iproute2/rt_protos: nh_protocol (uapi/linux/nexthop.h)",
		source: partWord(rtnl.NexthopProtocol, protocolName)},
	{Name: "interface", Kind: String, Tag: true, Doc: "the link that it is over: NHA_OIF (uapi/linux/nexthop.h)",
		source: attrLink(unix.NHA_OIF)},
	{Name: "ifindex", Kind: Int, Doc: "that link's index: NHA_OIF (uapi/linux/nexthop.h)",
		source: attr32(unix.NHA_OIF)},
	{Name: "id", Kind: Int, Doc: "a route's nhid: NHA_ID (uapi/linux/nexthop.h)",
		source: attr32(unix.NHA_ID)},
	{Name: "gateway", Kind: String, Doc: "next router: NHA_GATEWAY (uapi/linux/nexthop.h)",
		source: attrAddr(unix.NHA_GATEWAY)},
	{Name: "scope", Kind: String, Doc: "distance to the gateway, named in /etc/iproute2/rt_scopes: nh_scope (uapi/linux/nexthop.h)",
		source: partWord(rtnl.NexthopScope, scopeName)},
	{Name: "flags", Kind: String, Doc: "nh_flags, RTNH_F_* (uapi/linux/rtnetlink.h) but for dead and linkdown, which follow from the state of the link",
		source: source{head: head(rtnl.NexthopFlags), get: func(v *View) Value { return ownFlags(rtnl.NexthopMsg(v.body).Flags()) }}},
	{Name: "group", Kind: String, Doc: "members of a group, \"1,5;2,1\" for object 1 with weight 5 and object 2: NHA_GROUP (uapi/linux/nexthop.h)",
		source: attr(unix.NHA_GROUP, nexthopGroup)},
	{Name: "type", Kind: String, Choices: nexthopTypes, Doc: "how a group chooses: NHA_GROUP_TYPE, NEXTHOP_GRP_TYPE_* (uapi/linux/nexthop.h)",
		source: attr(unix.NHA_GROUP_TYPE, func(b []byte) Value { return str(wordOf(nexthopTypes, rtnl.Uint16(b))) })},
	{Name: "buckets", Kind: Int, Doc: "of a resilient group: NHA_RES_GROUP_BUCKETS (uapi/linux/nexthop.h)",
		source: resilient(1, func(b []byte) Value { return num(rtnl.Uint16(b)) })},
	{Name: "idle_timer", Kind: Int, Unit: "s", Doc: "how long a bucket of a resilient group must be idle to move: NHA_RES_GROUP_IDLE_TIMER (uapi/linux/nexthop.h)",
		source: resilient(2, func(b []byte) Value { return num(rtnl.Uint32(b) / userHZ) })},
	{Name: "unbalanced_timer", Kind: Int, Unit: "s", Doc: "how long a resilient group may be out of balance before busy buckets move: NHA_RES_GROUP_UNBALANCED_TIMER (uapi/linux/nexthop.h)",
		source: resilient(3, func(b []byte) Value { return num(rtnl.Uint32(b) / userHZ) })},
	{Name: "unbalanced_time", Kind: Int, Unit: "s", Volatile: true, Doc: "for how long it has been: NHA_RES_GROUP_UNBALANCED_TIME (uapi/linux/nexthop.h)",
		source: resilient(4, func(b []byte) Value { return num(int64(rtnl.Uint64(b) / userHZ)) })},
	{Name: "blackhole", Kind: Bool, Doc: "true where it drops packets: NHA_BLACKHOLE (uapi/linux/nexthop.h)",
		source: present(unix.NHA_BLACKHOLE)},
	{Name: "fdb", Kind: Bool, Doc: "true where it is for VXLAN forwarding entries: NHA_FDB (uapi/linux/nexthop.h)",
		source: present(nhaFDB)},
	{Name: "encap", Kind: String, Choices: encapTypes, Doc: "encapsulation: NHA_ENCAP_TYPE (uapi/linux/lwtunnel.h)",
		source: encapType(unix.NHA_ENCAP_TYPE, unix.NHA_ENCAP)},
	{Name: "encap_info", Kind: String, Doc: "its parameters as ip prints them, in hex for types without such a form: NHA_ENCAP (uapi/linux/lwtunnel.h)",
		source: encapInfo(unix.NHA_ENCAP_TYPE, unix.NHA_ENCAP)},
}

// nexthopTypes are NEXTHOP_GRP_TYPE_* from 0.
var nexthopTypes = []string{"mpath", "resilient"}

// resilient decodes an attribute in NHA_RES_GROUP.
func resilient(typ uint16, decode func([]byte) Value) source {
	return attr(nhaResGroup, func(b []byte) Value {
		if p := rtnl.Attrs(b).Get(typ); p != nil {
			return decode(p)
		}
		return Value{}
	})
}

func nexthopGroup(b []byte) Value {
	var buf [256]byte
	s := buf[:0]
	for m, rest, ok := rtnl.Members(b).Next(); ok; m, rest, ok = rest.Next() {
		s = strconv.AppendUint(appendSep(s, ';'), uint64(m.ID), 10)
		s = strconv.AppendUint(append(s, ','), uint64(m.Weight), 10)
	}
	return str(string(s))
}
