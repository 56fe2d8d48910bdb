package nstest

import (
	"encoding/binary"
	"strconv"
	"strings"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// The types of nexthop groups (uapi/linux/nexthop.h).
var groupTypes = map[string]uint32{"mpath": 0, "resilient": 1}

// parseNexthop reads the rest of "nexthop add|replace|del id N [via ADDR]
// [dev DEV] [onlink] [blackhole] [fdb] [proto P] [group ID[,WEIGHT][/…]
// [type TYPE] [buckets N] [idle_timer S] [unbalanced_timer S]]".
func parseNexthop(a *args, r *Request) {
	ae := netlink.NewAttributeEncoder()
	proto, flags := uint8(unix.RTPROT_UNSPEC), uint32(0)
	group, resilient := false, netlink.NewAttributeEncoder()
	const ticks = 100 // USER_HZ
	a.keywords(map[string]func(){
		"id":               func() { ae.Uint32(unix.NHA_ID, a.u32()) },
		"via":              func() { ae.Bytes(unix.NHA_GATEWAY, a.addr().AsSlice()) },
		"dev":              func() { ae.Uint32(unix.NHA_OIF, a.dev()) },
		"onlink":           func() { flags |= unix.RTNH_F_ONLINK },
		"blackhole":        func() { ae.Flag(unix.NHA_BLACKHOLE, true) },
		"fdb":              func() { ae.Flag(nhaFDB, true) },
		"proto":            func() { proto = uint8(a.word(protocols)) },
		"group":            func() { group = true; ae.Bytes(unix.NHA_GROUP, a.group()) },
		"buckets":          func() { resilient.Uint16(1, a.u16()) }, // NHA_RES_GROUP_BUCKETS, _IDLE_TIMER, _UNBALANCED_TIMER
		"idle_timer":       func() { resilient.Uint32(2, ticks*a.u32()) },
		"unbalanced_timer": func() { resilient.Uint32(3, ticks*a.u32()) },
		"type":             func() { ae.Uint16(unix.NHA_GROUP_TYPE, uint16(a.word(groupTypes))) },
	})
	if nested, err := resilient.Encode(); err == nil && len(nested) > 0 {
		ae.Bytes(unix.NLA_F_NESTED|nhaResGroup, nested)
	}
	family := a.family
	if family == unix.AF_UNSPEC && !group && a.verb != "del" {
		family = unix.AF_INET // as iproute2 takes a device without a gateway
	}
	r.Body = a.encode(nexthopHeader(family, proto, flags), ae)
}

// nexthopHeader is struct nhmsg (uapi/linux/nexthop.h).
func nexthopHeader(family, proto uint8, flags uint32) []byte {
	return binary.NativeEndian.AppendUint32([]byte{family, 0, proto, 0}, flags)
}

// group reads "1/2,10" into an array of struct nexthop_grp: the id, the weight
// less 1, and padding.
func (a *args) group() []byte {
	var b []byte
	for _, member := range strings.Split(a.next(), "/") {
		id, weight, _ := strings.Cut(member, ",")
		n, err := strconv.ParseUint(id, 10, 32)
		w := uint64(1)
		if err == nil && weight != "" {
			w, err = strconv.ParseUint(weight, 10, 16)
		}
		if err != nil || w == 0 {
			a.fail("%q is no member of a group", member)
			return nil
		}
		b = binary.NativeEndian.AppendUint32(b, uint32(n))
		b = append(b, uint8(w-1), uint8((w-1)>>8), 0, 0)
	}
	return b
}
