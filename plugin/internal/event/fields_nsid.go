package event

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// nsidFields describe another network namespace that this one has an id for
// (uapi/linux/net_namespace.h).
var nsidFields = []Field{
	{Name: "nsid", Kind: Int, Doc: "the id, a link's link_netnsid: NETNSA_NSID (uapi/linux/net_namespace.h)",
		source: attr(unix.NETNSA_NSID, func(b []byte) Value { return num(int32(rtnl.Uint32(b))) })},
}
