package mirror

import "telegraf-rtnetlink/plugin/internal/rtnl"

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

// addrKey names a counter by an address.
func addrKey(kind uint8, addr []byte) tallyKey {
	k := tallyKey{kind: kind, len: uint8(len(addr))}
	copy(k.addr[:], addr)
	return k
}
