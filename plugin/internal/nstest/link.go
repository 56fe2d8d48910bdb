package nstest

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// linkMsg is struct ifinfomsg (uapi/linux/rtnetlink.h).
type linkMsg struct {
	family uint8
	index  uint32
	flags  uint32
	change uint32
}

func (m linkMsg) bytes() []byte {
	b := make([]byte, unix.SizeofIfInfomsg)
	b[0] = m.family
	binary.NativeEndian.PutUint32(b[4:], m.index)
	binary.NativeEndian.PutUint32(b[8:], m.flags)
	binary.NativeEndian.PutUint32(b[12:], m.change)
	return b
}

// Index returns the index of the link with a name or an alternative name.
func (c *Conn) Index(name string) (uint32, error) {
	ae := netlink.NewAttributeEncoder()
	typ := uint16(unix.IFLA_IFNAME)
	if len(name) >= unix.IFNAMSIZ {
		typ = unix.IFLA_ALT_IFNAME
	}
	ae.String(typ, name)
	ae.Uint32(unix.IFLA_EXT_MASK, extSkipStats)
	attrs, err := ae.Encode()
	if err != nil {
		return 0, err
	}
	m := Request{Type: unix.RTM_GETLINK, Body: append(linkMsg{}.bytes(), attrs...)}
	answer, err := c.execute(m.message(0))
	if err != nil {
		return 0, err
	}
	if len(answer) == 0 || len(answer[0].Data) < unix.SizeofIfInfomsg {
		return 0, fmt.Errorf("no answer about link %q", name)
	}
	return binary.NativeEndian.Uint32(answer[0].Data[4:]), nil
}

// link collects what a link command says.
type link struct {
	linkMsg
	*args
	ae   *netlink.AttributeEncoder
	kind string
	data *netlink.AttributeEncoder // of the kind, nil for none
}

// parseLink reads the rest of "link add [link DEV] [name] NAME … type KIND …",
// "link set [dev] DEV …", "link del [dev] DEV" and
// "link add|del property dev DEV altname NAME".
func parseLink(a *args, r *Request) {
	l := &link{args: a, ae: netlink.NewAttributeEncoder()}
	switch {
	case a.skip("property"):
		l.property(r)
	case a.verb == "add":
		l.attributes()
	default:
		a.skip("dev")
		l.index = a.dev()
		l.attributes()
	}
	r.Body = a.encode(l.linkMsg.bytes(), l.ae)
}

// property reads "dev DEV altname NAME …".
func (l *link) property(r *Request) {
	r.Type, r.Flags = unix.RTM_NEWLINKPROP, unix.NLM_F_CREATE|unix.NLM_F_EXCL|unix.NLM_F_APPEND
	if l.verb == "del" {
		r.Type, r.Flags = unix.RTM_DELLINKPROP, 0
	}
	l.skip("dev")
	l.index = l.dev()
	l.ae.Nested(unix.IFLA_PROP_LIST, func(ae *netlink.AttributeEncoder) error {
		for l.skip("altname") {
			ae.String(unix.IFLA_ALT_IFNAME, l.next())
		}
		return nil
	})
}

// attributes reads the options of "link add" and "link set".
func (l *link) attributes() {
	table := l.options()
	for l.more() {
		w := l.next()
		if fn, ok := table[w]; ok {
			fn()
		} else if l.verb == "add" {
			l.ae.String(unix.IFLA_IFNAME, w)
		} else {
			l.fail("unknown word %q", w)
		}
	}
	if l.kind != "" {
		l.linkInfo()
	}
}

// linkInfo encodes the kind and what was said of it.
func (l *link) linkInfo() {
	l.ae.Nested(unix.IFLA_LINKINFO, func(ae *netlink.AttributeEncoder) error {
		ae.String(unix.IFLA_INFO_KIND, l.kind)
		if l.data != nil {
			ae.Do(unix.IFLA_INFO_DATA|unix.NLA_F_NESTED, l.data.Encode)
		}
		return nil
	})
}

// options are the words of "link add" and "link set".
func (l *link) options() map[string]func() {
	flag := func(bit uint32) func() {
		return func() { l.bit(&l.flags, &l.change, bit) }
	}
	u32 := func(typ uint16) func() { return func() { l.ae.Uint32(typ, l.u32()) } }
	return map[string]func(){
		"up":           func() { l.flags |= unix.IFF_UP; l.change |= unix.IFF_UP },
		"down":         func() { l.flags &^= unix.IFF_UP; l.change |= unix.IFF_UP },
		"arp":          func() { l.bit(&l.flags, &l.change, unix.IFF_NOARP); l.flags ^= unix.IFF_NOARP },
		"promisc":      flag(unix.IFF_PROMISC),
		"allmulti":     flag(unix.IFF_ALLMULTI),
		"multicast":    flag(unix.IFF_MULTICAST),
		"index":        func() { l.index = l.u32() },
		"name":         func() { l.ae.String(unix.IFLA_IFNAME, l.next()) },
		"alias":        func() { l.ae.Bytes(unix.IFLA_IFALIAS, []byte(l.next())) },
		"address":      func() { l.ae.Bytes(unix.IFLA_ADDRESS, l.lladdr()) },
		"broadcast":    func() { l.ae.Bytes(unix.IFLA_BROADCAST, l.lladdr()) },
		"mtu":          u32(unix.IFLA_MTU),
		"txqueuelen":   u32(unix.IFLA_TXQLEN),
		"group":        u32(unix.IFLA_GROUP),
		"gso_max_size": u32(unix.IFLA_GSO_MAX_SIZE),
		"link":         func() { l.ae.Uint32(unix.IFLA_LINK, l.dev()) },
		"master":       func() { l.ae.Uint32(unix.IFLA_MASTER, l.dev()) },
		"nomaster":     func() { l.ae.Uint32(unix.IFLA_MASTER, 0) },
		"mode":         func() { l.ae.Uint8(unix.IFLA_LINKMODE, uint8(l.word(linkModes))) },
		"netns":        l.readNetns,
		"type":         l.readKind,
	}
}

var linkModes = map[string]uint32{"default": 0, "dormant": 1}

// readNetns reads "#" and a file descriptor of a namespace.
func (l *link) readNetns() {
	w := l.next()
	fd, err := strconv.ParseUint(strings.TrimPrefix(w, "#"), 10, 31)
	if err != nil || !strings.HasPrefix(w, "#") {
		l.fail("%q is not # and a file descriptor", w)
	}
	l.ae.Uint32(unix.IFLA_NET_NS_FD, uint32(fd))
}

// Move moves a link into another namespace.
func (ns *NS) Move(dev string, to *NS) {
	ns.t.Helper()
	ns.Run(fmt.Sprintf("link set dev %s netns #%d", dev, to.FD()))
}
