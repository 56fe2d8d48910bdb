package nstest

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"golang.org/x/sys/unix"
)

// etherType is for local experiments (IEEE Std 802): no netfilter hook of the
// bridge takes such frames for IP.
const etherType = 0x88b5

// TryFrame sends a broadcast frame out of a device of the namespace, as if it
// came from src. A bridge behind the other end of a veth learns src.
func (ns *NS) TryFrame(dev string, src net.HardwareAddr) error {
	frame := append([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, src...)
	frame = append(frame, etherType>>8, etherType&0xff)
	return ns.TryRaw(dev, append(frame, make([]byte, 46)...)) // the least payload of Ethernet
}

// TryRaw sends an Ethernet frame out of a device of the namespace.
func (ns *NS) TryRaw(dev string, frame []byte) error {
	index, err := ns.Index(dev)
	if err != nil {
		return fmt.Errorf("frame on %s: %w", dev, err)
	}
	return ns.Do(func() error {
		fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			return fmt.Errorf("packet socket: %w", err)
		}
		defer unix.Close(fd)
		to := &unix.SockaddrLinklayer{Ifindex: int(index), Halen: 6}
		if err := unix.Sendto(fd, frame, 0, to); err != nil {
			return fmt.Errorf("frame on %s: %w", dev, err)
		}
		return nil
	})
}

// Advertisement is what a router says of itself (RFC 4861).
type Advertisement struct {
	Router   netip.Addr // its link-local address
	HopLimit uint8
	Lifetime uint16       // s, as a default router
	MTU      uint32       // 0: it says none
	Prefix   netip.Prefix // for addresses that hosts choose; the zero Prefix: none
	Options  []byte       // further ones (Option), one behind the other
}

// Option is an option of a router's advertisement: its number, and what follows
// its length, which is filled up with zeros.
func Option(number byte, content ...byte) []byte {
	units := (2 + len(content) + 7) / 8
	b := append([]byte{number, byte(units)}, content...)
	return append(b, make([]byte, 8*units-len(b))...)
}

// Advertise sends a router's advertisement out of a device, for what is behind
// the other end of a veth.
func (ns *NS) Advertise(dev string, a Advertisement) {
	ns.t.Helper()
	body := []byte{134, 0, 0, 0, a.HopLimit, 0, byte(a.Lifetime >> 8), byte(a.Lifetime), 0, 0, 0, 0, 0, 0, 0, 0}
	if a.MTU != 0 {
		body = binary.BigEndian.AppendUint32(append(body, 5, 1, 0, 0), a.MTU)
	}
	if a.Prefix.IsValid() {
		const onLink, autonomous = 0x80, 0x40
		body = append(body, 3, 4, byte(a.Prefix.Bits()), onLink|autonomous)
		body = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(body, 86400), 14400)
		body = append(append(body, 0, 0, 0, 0), a.Prefix.Addr().AsSlice()...)
	}
	body = append(body, a.Options...)
	const icmp = 58
	all := netip.MustParseAddr("ff02::1")
	addresses := append(a.Router.AsSlice(), all.AsSlice()...)
	binary.BigEndian.PutUint16(body[2:], checksum(slices.Concat(addresses, []byte{0, 0, byte(len(body) >> 8), byte(len(body)), 0, 0, 0, icmp}, body)))
	frame := []byte{0x33, 0x33, 0, 0, 0, 1, 2, 0, 0, 0, 0, 9, 0x86, 0xdd, 0x60, 0, 0, 0, byte(len(body) >> 8), byte(len(body)), icmp, 255}
	if err := ns.TryRaw(dev, slices.Concat(frame, addresses, body)); err != nil {
		ns.t.Fatal(err)
	}
}

// checksum is that of the Internet (RFC 1071), of an even number of bytes.
func checksum(b []byte) uint16 {
	sum := uint32(0)
	for ; len(b) > 1; b = b[2:] {
		sum += uint32(b[0])<<8 | uint32(b[1])
	}
	for sum>>16 != 0 {
		sum = sum&0xffff + sum>>16
	}
	return ^uint16(sum)
}

// TryDatagram sends a UDP datagram to an address from the namespace, which
// makes the kernel look for the neighbor it goes to.
func (ns *NS) TryDatagram(to netip.Addr) error {
	return ns.Do(func() error {
		conn, err := net.Dial("udp", netip.AddrPortFrom(to, 9).String())
		if err != nil {
			return err
		}
		defer conn.Close()
		_, err = conn.Write([]byte("x"))
		return err
	})
}
