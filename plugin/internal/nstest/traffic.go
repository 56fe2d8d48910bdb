package nstest

import (
	"fmt"
	"net"
	"net/netip"

	"golang.org/x/sys/unix"
)

// etherType is for local experiments (IEEE Std 802): no netfilter hook of the
// bridge takes such frames for IP.
const etherType = 0x88b5

// TryFrame sends a broadcast frame out of a device of the namespace, as if it
// came from src. A bridge behind the other end of a veth learns src.
func (ns *NS) TryFrame(dev string, src net.HardwareAddr) error {
	index, err := ns.Index(dev)
	if err != nil {
		return fmt.Errorf("frame on %s: %w", dev, err)
	}
	frame := append([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, src...)
	frame = append(frame, etherType>>8, etherType&0xff)
	frame = append(frame, make([]byte, 46)...) // the least payload of Ethernet
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
