package rtnl

import (
	"bytes"
	"fmt"
	"slices"

	"golang.org/x/sys/unix"
)

// The attributes of an entry of a bridge's multicast database, by Parts: those
// that the kernel gives it, MDBA_MDB_EATTR_*, and from MDBPort on the members of
// its struct br_mdb_entry (uapi/linux/if_bridge.h). What runs, the timers, is
// left out.
const (
	mdbTimer     = 1  // MDBA_MDB_EATTR_TIMER
	mdbSrcList   = 2  // MDBA_MDB_EATTR_SRC_LIST
	MDBMode      = 3  // MDBA_MDB_EATTR_GROUP_MODE, 8 bits
	MDBSource    = 4  // MDBA_MDB_EATTR_SOURCE, an address
	MDBProtocol  = 5  // MDBA_MDB_EATTR_RTPROT, 8 bits
	MDBDst       = 6  // MDBA_MDB_EATTR_DST, an address
	MDBDstPort   = 7  // MDBA_MDB_EATTR_DST_PORT, 16 bits
	MDBVNI       = 8  // MDBA_MDB_EATTR_VNI, 32 bits
	MDBVia       = 9  // MDBA_MDB_EATTR_IFINDEX, 32 bits
	MDBSourceVNI = 10 // MDBA_MDB_EATTR_SRC_VNI, 32 bits

	MDBPort    = 32 // the port's index, the bridge's for what is for itself
	MDBState   = 33 // MDB_TEMPORARY or MDB_PERMANENT, 8 bits
	MDBFlags   = 34 // MDB_FLAGS_*, 8 bits
	MDBVlan    = 35 // 16 bits
	MDBGroup   = 36 // an address of IPv4 or IPv6, or a MAC
	MDBSources = 37 // addresses of one length, one behind the other, sorted
)

// mdbEntry is the size of struct br_mdb_entry.
const mdbEntry = 28

// mdbParts is Parts of the multicast databases of bridges and VXLANs: MDBA_MDB has
// an MDBA_MDB_ENTRY for each group, and that an MDBA_MDB_ENTRY_INFO for each port.
// What else a message has are ports towards routers.
func mdbParts(body, scratch []byte, f func(part []byte)) ([]byte, error) {
	const mdb, entry, info = 1, 1, 1
	err := eachOf(AttrsOf(MDB, body), mdb, func(groups []byte) error {
		return eachOf(groups, entry, func(ports []byte) error {
			return eachOf(ports, info, func(p []byte) (err error) {
				if scratch, err = mdbPart(scratch[:0], body, p); err == nil {
					f(scratch)
				}
				return err
			})
		})
	})
	return scratch, err
}

// mdbPart appends the body of the entry in an MDBA_MDB_ENTRY_INFO.
func mdbPart(dst, body, p []byte) ([]byte, error) {
	if len(p) < mdbEntry || !Attrs(p[mdbEntry:]).Valid() {
		return dst, fmt.Errorf("%w: an entry of a multicast database of %d bytes", ErrMalformed, len(p))
	}
	dst = append(dst, body[:MDB.HeaderLen()]...)
	dst[Family.Offset()] = unix.AF_BRIDGE // which dumps leave out
	dst = AppendAttr(dst, MDBPort, p[:4])
	dst = AppendAttr(dst, MDBState, p[4:5])
	dst = AppendAttr(dst, MDBFlags, p[5:6])
	dst = AppendAttr(dst, MDBVlan, p[6:8])
	dst = AppendAttr(dst, MDBGroup, p[8:8+groupLen(p[24], p[25])])
	for a := Attrs(p[mdbEntry:]); ; {
		typ, payload, rest, ok := a.Next()
		switch {
		case !ok:
			return dst, nil
		case typ == mdbSrcList:
			dst = AppendAttr(dst, MDBSources, sourcesOf(payload))
		case typ != mdbTimer && typ < MDBPort:
			dst = AppendAttr(dst, typ, payload)
		}
		a = rest
	}
}

// groupLen returns the size of a group's address by its ethertype, in network
// order; one without is a MAC.
func groupLen(high, low byte) int {
	switch int(high)<<8 | int(low) {
	case unix.ETH_P_IP:
		return 4
	case unix.ETH_P_IPV6:
		return 16
	}
	return 6
}

// sourcesOf returns the addresses in an MDBA_MDB_EATTR_SRC_LIST. Their order is
// that in which they came, and says nothing.
func sourcesOf(list Attrs) []byte {
	const entry, address = 1, 1 // MDBA_MDB_SRCLIST_ENTRY, MDBA_MDB_SRCATTR_ADDRESS
	var addrs [][]byte
	_ = eachOf(list, entry, func(p []byte) error { // what is malformed has none
		if a := Attrs(p).Get(address); a != nil {
			addrs = append(addrs, a)
		}
		return nil
	})
	slices.SortFunc(addrs, bytes.Compare)
	return bytes.Join(addrs, nil)
}
