package nstest

import (
	"encoding/binary"
	"net/netip"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// scopes are the RT_SCOPE_* words of iproute2.
var scopes = map[string]uint32{
	"global": unix.RT_SCOPE_UNIVERSE, "site": unix.RT_SCOPE_SITE, "link": unix.RT_SCOPE_LINK,
	"host": unix.RT_SCOPE_HOST, "nowhere": unix.RT_SCOPE_NOWHERE,
}

// address collects what an address command says.
type address struct {
	*args
	ae        *netlink.AttributeEncoder
	local     netip.Prefix
	peer      netip.Prefix
	scope     uint8
	dev       uint32
	flags     uint32
	valid     uint32
	preferred uint32
}

// forever is INFINITY_LIFE_TIME (include/net/addrconf.h).
const forever = 0xffffffff

// parseAddress reads the rest of "addr add|change|replace|del PREFIX [peer
// PREFIX] dev DEV …".
func parseAddress(a *args, r *Request) {
	w := &address{args: a, ae: netlink.NewAttributeEncoder(), valid: forever, preferred: forever}
	w.local = a.prefix()
	w.peer = w.local
	if w.local.Addr().IsLoopback() && w.local.Addr().Is4() {
		w.scope = unix.RT_SCOPE_HOST
	}
	a.keywords(w.options())
	w.ae.Bytes(unix.IFA_LOCAL, w.local.Addr().AsSlice())
	w.ae.Bytes(unix.IFA_ADDRESS, w.peer.Addr().AsSlice())
	if w.flags != 0 {
		w.ae.Uint32(unix.IFA_FLAGS, w.flags)
	}
	if w.valid != forever || w.preferred != forever {
		w.cacheInfo()
	}
	r.Body = a.encode(w.header(), w.ae)
}

func (w *address) options() map[string]func() {
	flag := func(bit uint32) func() { return func() { w.flags |= bit } }
	return map[string]func(){
		"peer":          func() { w.peer = w.prefix() },
		"dev":           func() { w.dev = w.args.dev() },
		"scope":         func() { w.scope = uint8(w.word(scopes)) },
		"label":         func() { w.ae.String(unix.IFA_LABEL, w.next()) },
		"brd":           func() { w.ae.Bytes(unix.IFA_BROADCAST, w.addr().AsSlice()) },
		"broadcast":     func() { w.ae.Bytes(unix.IFA_BROADCAST, w.addr().AsSlice()) },
		"metric":        func() { w.ae.Uint32(unix.IFA_RT_PRIORITY, w.u32()) },
		"proto":         func() { w.ae.Uint8(ifaProto, w.u8()) },
		"valid_lft":     func() { w.valid = w.lifetime() },
		"preferred_lft": func() { w.preferred = w.lifetime() },
		"nodad":         flag(unix.IFA_F_NODAD),
		"home":          flag(unix.IFA_F_HOMEADDRESS),
		"noprefixroute": flag(unix.IFA_F_NOPREFIXROUTE),
		"mngtmpaddr":    flag(unix.IFA_F_MANAGETEMPADDR),
		"optimistic":    flag(unix.IFA_F_OPTIMISTIC),
		"autojoin":      flag(unix.IFA_F_MCAUTOJOIN),
	}
}

// lifetime reads seconds or "forever".
func (w *address) lifetime() uint32 {
	return w.word(map[string]uint32{"forever": forever})
}

// cacheInfo encodes struct ifa_cacheinfo (uapi/linux/if_addr.h), whose time
// stamps the kernel ignores.
func (w *address) cacheInfo() {
	b := make([]byte, 16)
	binary.NativeEndian.PutUint32(b, w.preferred)
	binary.NativeEndian.PutUint32(b[4:], w.valid)
	w.ae.Bytes(unix.IFA_CACHEINFO, b)
}

// header is struct ifaddrmsg (uapi/linux/if_addr.h).
func (w *address) header() []byte {
	b := make([]byte, unix.SizeofIfAddrmsg)
	b[0], b[1], b[2], b[3] = w.family, uint8(w.peer.Bits()), uint8(w.flags), w.scope
	binary.NativeEndian.PutUint32(b[4:], w.dev)
	return b
}
