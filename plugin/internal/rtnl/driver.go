package rtnl

import "golang.org/x/sys/unix"

// What drivers say of their links has no attribute in rtnetlink; they are asked
// (package driver). An answer goes the way of the kernel's messages, so that it has
// its place among them, in recordings as well: as RTM_NEWLINK of a family that is
// none, about a part of a link. Whoever does not know that family leaves it out.

// DriverFamily is ifi_family of an answer; AF_MAX of the kernel is far below it.
const DriverFamily = 255

// LinkDriver is the attribute of a link that holds what its driver has said. The
// kernel's own numbers (IFLA_*, uapi/linux/if_link.h) end below it.
const LinkDriver = 79

// What a driver says where it does not know (uapi/linux/ethtool.h).
const (
	speedUnknown  = ^uint32(0)
	speedShort    = 0xffff // of an interface of 16 bits
	DuplexHalf    = 0
	DuplexFull    = 1
	duplexUnknown = 0xff
)

// Driver is LinkDriver's payload.
type Driver []byte

// NewDriver returns what a driver says: a speed in Mbit/s and DUPLEX_*.
func NewDriver(speed uint32, duplex uint8) Driver {
	return append(AppendUint32(nil, speed), duplex, 0, 0, 0)
}

// Speed returns the speed in Mbit/s, 0 where it is not known.
func (d Driver) Speed() uint32 {
	if v := Uint32(d); v != speedUnknown && v != speedShort {
		return v
	}
	return 0
}

// Duplex returns DUPLEX_*. known is false where the driver knows none.
func (d Driver) Duplex() (duplex uint8, known bool) {
	if len(d) < 5 {
		return duplexUnknown, false
	}
	return d[4], d[4] <= DuplexFull
}

// DriverQuestion is a link whose driver is to be asked.
type DriverQuestion struct {
	Index   uint32
	Changes uint32 // of its carrier, when it was asked (IFLA_CARRIER_CHANGES)
	Anew    bool   // the link has come into being since it was asked last
	First   bool   // the link was there from the beginning, and nobody has asked before
}

// Answer returns the message that answers q.
func (q DriverQuestion) Answer(d Driver) []byte {
	body := make([]byte, Link.HeaderLen())
	body[0] = DriverFamily
	PutUint32(body[LinkIndex.Offset():], q.Index)
	if q.First {
		PutUint32(body[LinkChange.Offset():], 1)
	}
	body = AppendAttr(body, unix.IFLA_CARRIER_CHANGES, AppendUint32(nil, q.Changes))
	body = AppendAttr(body, LinkDriver, d)
	m := AppendUint32(make([]byte, 0, unix.SizeofNlMsghdr+len(body)), uint32(unix.SizeofNlMsghdr+len(body)))
	m = appendUint16(appendUint16(m, unix.RTM_NEWLINK), 0)
	return append(AppendUint32(AppendUint32(m, 0), 0), body...)
}
