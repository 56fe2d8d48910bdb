package nstest

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// args reads the words of a command. The first error sticks; what is read
// after it is zero.
type args struct {
	conn   *Conn
	words  []string
	verb   string
	family uint8 // AF_UNSPEC until an address or -4, -6 tells
	err    error
}

// fail records an error unless there is one.
func (a *args) fail(format string, v ...any) {
	if a.err == nil {
		a.err = fmt.Errorf(format, v...)
	}
}

// more reports whether there is a word left to parse.
func (a *args) more() bool { return a.err == nil && len(a.words) > 0 }

// next returns the next word.
func (a *args) next() string {
	if !a.more() {
		a.fail("the command ends where a word should follow")
		return ""
	}
	w := a.words[0]
	a.words = a.words[1:]
	return w
}

// skip reports whether word is next, and consumes it if so.
func (a *args) skip(word string) bool {
	if !a.more() || a.words[0] != word {
		return false
	}
	a.words = a.words[1:]
	return true
}

// keywords calls the function of each keyword that follows, until the end.
func (a *args) keywords(table map[string]func()) {
	for a.more() {
		w := a.next()
		fn, ok := table[w]
		if !ok {
			a.fail("unknown word %q", w)
			return
		}
		fn()
	}
}

// uint reads a number of so many bits, decimal, 0x or 0.
func (a *args) uint(bits int) uint64 {
	w := a.next()
	if a.err != nil {
		return 0
	}
	n, err := strconv.ParseUint(w, 0, bits)
	if err != nil {
		a.fail("%q is no number of %d bits", w, bits)
	}
	return n
}

func (a *args) u8() uint8   { return uint8(a.uint(8)) }
func (a *args) u16() uint16 { return uint16(a.uint(16)) }
func (a *args) u32() uint32 { return uint32(a.uint(32)) }

// word reads a word of table, or the number it would stand for.
func (a *args) word(table map[string]uint32) uint32 {
	if len(a.words) > 0 {
		if n, ok := table[a.words[0]]; ok {
			a.words = a.words[1:]
			return n
		}
	}
	return a.u32()
}

// onOff reads "on" or "off".
func (a *args) onOff() bool {
	return a.word(map[string]uint32{"off": 0, "on": 1}) != 0
}

// bit reads "on" or "off" into bit of flags and adds it to mask.
func (a *args) bit(flags, mask *uint32, bit uint32) {
	*mask |= bit
	*flags &^= bit
	if a.onOff() {
		*flags |= bit
	}
}

// addr reads an address and learns the family from it.
func (a *args) addr() netip.Addr {
	w := a.next()
	ip, err := netip.ParseAddr(w)
	if err != nil && a.err == nil {
		a.fail("%q is no address", w)
	}
	a.learn(ip)
	return ip
}

// prefix reads "default", an address or a prefix, whose host bits stay.
func (a *args) prefix() netip.Prefix {
	w := a.next()
	if w == "default" || w == "any" || w == "all" {
		return a.anyPrefix()
	}
	if ip, err := netip.ParseAddr(w); err == nil {
		a.learn(ip)
		return netip.PrefixFrom(ip, ip.BitLen())
	}
	p, err := netip.ParsePrefix(w)
	if err != nil && a.err == nil {
		a.fail("%q is no prefix", w)
	}
	a.learn(p.Addr())
	return p
}

// anyPrefix is the prefix of length 0 in the family known so far.
func (a *args) anyPrefix() netip.Prefix {
	if a.family == unix.AF_INET6 {
		return netip.PrefixFrom(netip.IPv6Unspecified(), 0)
	}
	return netip.PrefixFrom(netip.IPv4Unspecified(), 0)
}

func (a *args) learn(ip netip.Addr) {
	if a.family == unix.AF_UNSPEC && ip.IsValid() {
		a.family = familyOf(ip)
	}
}

func familyOf(ip netip.Addr) uint8 {
	if ip.Is4() {
		return unix.AF_INET
	}
	return unix.AF_INET6
}

// lladdr reads a link-layer address.
func (a *args) lladdr() net.HardwareAddr {
	w := a.next()
	mac, err := net.ParseMAC(w)
	if err != nil && a.err == nil {
		a.fail("%q is no link-layer address", w)
	}
	return mac
}

// dev reads a device: its name, or "#" and its index.
func (a *args) dev() uint32 {
	w := a.next()
	if a.err != nil {
		return 0
	}
	if number, ok := strings.CutPrefix(w, "#"); ok {
		n, err := strconv.ParseUint(number, 10, 31)
		if err != nil {
			a.fail("%q is no index", w)
		}
		return uint32(n)
	}
	index, err := a.conn.Index(w)
	if err != nil {
		a.fail("device %q: %w", w, err)
	}
	return index
}

// encode appends attributes to a fixed structure; fn's errors and those of the
// encoder end up in a.err.
func (a *args) encode(header []byte, ae *netlink.AttributeEncoder) []byte {
	b, err := ae.Encode()
	if err != nil {
		a.fail("encode: %w", err)
	}
	return append(header, b...)
}
