package nstest

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// MulticastRouter is a multicast routing daemon's socket: as long as it is open
// the kernel has the links and routes that it was given. It must not be used by
// two goroutines at a time.
type MulticastRouter struct {
	ns *NS
	v6 bool
	fd int
}

// Socket options, MRT_* and MRT6_* (uapi/linux/mroute.h, mroute6.h): both have
// the same numbers.
const (
	mrtInit = 200 + iota
	mrtDone
	mrtAddLink
	mrtDelLink
	mrtAddRoute
	mrtDelRoute
	_ // MRT_VERSION
	_ // MRT_ASSERT
	_ // MRT_PIM
	mrtTable
	mrtAddProxy
	mrtDelProxy
	mrtFlush
)

// MulticastRouter opens the socket of a table, 0 for the default one.
func (ns *NS) MulticastRouter(v6 bool, table int) (*MulticastRouter, error) {
	r := &MulticastRouter{ns: ns, v6: v6}
	family, proto := unix.AF_INET, unix.IPPROTO_IGMP
	if v6 {
		family, proto = unix.AF_INET6, unix.IPPROTO_ICMPV6
	}
	err := ns.Do(func() (err error) {
		r.fd, err = unix.Socket(family, unix.SOCK_RAW|unix.SOCK_CLOEXEC, proto)
		return err
	})
	if err != nil {
		return nil, err
	}
	if table != 0 {
		err = r.set(mrtTable, binary.NativeEndian.AppendUint32(nil, uint32(table)))
	}
	if err == nil {
		err = r.set(mrtInit, binary.NativeEndian.AppendUint32(nil, 1))
	}
	if err != nil {
		_ = r.Close()
		return nil, fmt.Errorf("begin multicast routing: %w", err)
	}
	return r, nil
}

// Close ends the daemon: the kernel forgets what it was given.
func (r *MulticastRouter) Close() error { return unix.Close(r.fd) }

func (r *MulticastRouter) set(option int, value []byte) error {
	level := unix.IPPROTO_IP
	if r.v6 {
		level = unix.IPPROTO_IPV6
	}
	return unix.SetsockoptString(r.fd, level, option, string(value))
}

// Do executes one of these, where N is the number that a link has in the table:
//
//	link N DEV            add a link
//	unlink N              take it out
//	add SRC GROUP N OUT   a route from a source, "::" or 0.0.0.0 for any, in by
//	                      link N and out by others: "1,2:7", with a TTL of 7; "-" for none
//	proxy SRC GROUP N OUT the same, one for each link
//	del SRC GROUP N
//	unproxy SRC GROUP N
//	flush                 forget routes and links
func (r *MulticastRouter) Do(line string) error {
	w := strings.Fields(line)
	options := map[string]int{"add": mrtAddRoute, "proxy": mrtAddProxy, "del": mrtDelRoute, "unproxy": mrtDelProxy}
	switch {
	case len(w) == 1 && w[0] == "flush":
		return r.set(mrtFlush, binary.NativeEndian.AppendUint32(nil, 1|4)) // MRT_FLUSH_MFC, MRT_FLUSH_VIFS
	case len(w) == 3 && w[0] == "link":
		return r.link(w[1], w[2])
	case len(w) == 2 && w[0] == "unlink":
		return r.unlink(w[1])
	case len(w) == 4 && options[w[0]] != 0:
		return r.route(options[w[0]], w[1:], "-")
	case len(w) == 5 && options[w[0]] != 0:
		return r.route(options[w[0]], w[1:4], w[4])
	}
	return fmt.Errorf("no command of a multicast router: %q", line)
}

func (r *MulticastRouter) link(number, dev string) error {
	n, err := strconv.Atoi(number)
	if err != nil {
		return err
	}
	var link *net.Interface
	if err := r.ns.Do(func() (err error) { link, err = net.InterfaceByName(dev); return err }); err != nil {
		return err
	}
	if r.v6 { // struct mif6ctl
		b := binary.NativeEndian.AppendUint16(nil, uint16(n))
		b = append(b, 0, 1) // flags, threshold
		b = binary.NativeEndian.AppendUint16(b, uint16(link.Index))
		return r.set(mrtAddLink, append(b, make([]byte, 6)...))
	}
	// struct vifctl, by index: VIFF_USE_IFINDEX
	b := binary.NativeEndian.AppendUint16(nil, uint16(n))
	b = append(b, 8, 1, 0, 0, 0, 0) // flags, threshold, limit
	b = binary.NativeEndian.AppendUint32(b, uint32(link.Index))
	return r.set(mrtAddLink, append(b, 0, 0, 0, 0))
}

func (r *MulticastRouter) unlink(number string) error {
	n, err := strconv.Atoi(number)
	if err != nil {
		return err
	}
	b := binary.NativeEndian.AppendUint16(nil, uint16(n))
	return r.set(mrtDelLink, append(b, make([]byte, 14)...))
}

func (r *MulticastRouter) route(option int, w []string, out string) error {
	src, err1 := netip.ParseAddr(w[0])
	group, err2 := netip.ParseAddr(w[1])
	parent, err3 := strconv.Atoi(w[2])
	ttls, err4 := outgoing(out)
	for _, err := range []error{err1, err2, err3, err4} {
		if err != nil {
			return err
		}
	}
	if r.v6 {
		return r.set(option, mf6cctl(src, group, parent, ttls))
	}
	b := append(src.AsSlice(), group.AsSlice()...) // struct mfcctl
	b = binary.NativeEndian.AppendUint16(b, uint16(parent))
	b = append(b, ttls[:]...)
	return r.set(option, append(b, make([]byte, 18)...))
}

// mf6cctl is struct mf6cctl.
func mf6cctl(src, group netip.Addr, parent int, ttls [32]byte) (b []byte) {
	for _, a := range []netip.Addr{src, group} {
		b = binary.NativeEndian.AppendUint16(b, unix.AF_INET6) // struct sockaddr_in6
		b = append(b, make([]byte, 6)...)
		b = append(append(b, a.AsSlice()...), 0, 0, 0, 0)
	}
	b = append(binary.NativeEndian.AppendUint16(b, uint16(parent)), 0, 0)
	var set uint32
	for i, ttl := range ttls {
		if ttl != 0 {
			set |= 1 << i
		}
	}
	return append(binary.NativeEndian.AppendUint32(b, set), make([]byte, 28)...)
}

// outgoing reads "1,2:7".
func outgoing(text string) (ttls [32]byte, err error) {
	if text == "-" {
		return ttls, nil
	}
	for _, one := range strings.Split(text, ",") {
		number, ttl, ok := strings.Cut(one, ":")
		if !ok {
			ttl = "1"
		}
		n, err1 := strconv.ParseUint(number, 10, 5)
		t, err2 := strconv.ParseUint(ttl, 10, 8)
		if err1 != nil || err2 != nil {
			return ttls, fmt.Errorf("no outgoing links: %q", text)
		}
		ttls[n] = byte(t)
	}
	return ttls, nil
}
