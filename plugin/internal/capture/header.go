package capture

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/sys/unix"
)

// linkTypeNetlink is LINKTYPE_NETLINK (tcpdump.org/linktypes).
const linkTypeNetlink = 253

// packetUser is PACKET_USER (uapi/linux/if_packet.h): from the kernel to user space.
const packetUser = 6

// cookedLen is the size of the header before the messages: packet type and
// ARPHRD type, 10 unused bytes, netlink protocol, all in network order.
const cookedLen = 16

// appendHeader appends the cooked header of every packet.
func appendHeader(b []byte) []byte {
	b = binary.BigEndian.AppendUint16(b, packetUser)
	b = binary.BigEndian.AppendUint16(b, unix.ARPHRD_NETLINK)
	b = append(b, make([]byte, 10)...)
	return binary.BigEndian.AppendUint16(b, unix.NETLINK_ROUTE)
}

// cutHeader checks the cooked header and returns what follows it.
func cutHeader(b []byte) ([]byte, error) {
	if len(b) < cookedLen {
		return nil, fmt.Errorf("a packet of %d bytes, want a header of %d", len(b), cookedLen)
	}
	if typ := binary.BigEndian.Uint16(b[2:]); typ != unix.ARPHRD_NETLINK {
		return nil, fmt.Errorf("a packet of device type %d, want netlink (%d)", typ, unix.ARPHRD_NETLINK)
	}
	if p := binary.BigEndian.Uint16(b[14:]); p != unix.NETLINK_ROUTE {
		return nil, fmt.Errorf("a packet of netlink protocol %d, want rtnetlink (%d)", p, unix.NETLINK_ROUTE)
	}
	return b[cookedLen:], nil
}
