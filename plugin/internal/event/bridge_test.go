package event

import (
	"encoding/binary"
	"slices"
	"testing"

	"github.com/mdlayher/netlink"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// partsOf returns the bodies of the objects in a message of a bridge or port.
func partsOf(o rtnl.Object, index uint32, content func(*netlink.AttributeEncoder)) (list [][]byte) {
	head := binary.NativeEndian.AppendUint32([]byte{unix.AF_BRIDGE, 0, 0, 0}, index)
	_, err := o.Parts(append(head, attrs(content)...), nil, func(part []byte) { list = append(list, slices.Clone(part)) })
	if err != nil {
		panic(err)
	}
	return list
}

// entry is struct br_mdb_entry (uapi/linux/if_bridge.h).
func entry(port uint32, state, flags uint8, vid uint16, group []byte, ethertype uint16) []byte {
	b := append(binary.NativeEndian.AppendUint32(nil, port), state, flags)
	b = append(binary.NativeEndian.AppendUint16(b, vid), make([]byte, 20)...)
	copy(b[8:], group)
	binary.BigEndian.PutUint16(b[24:], ethertype)
	return b
}

// mdbBodies is what a bridge says of four groups in one message.
func mdbBodies() [][]byte {
	timer := func(ae *netlink.AttributeEncoder) { ae.Uint32(1, 4242) }
	return partsOf(rtnl.MDB, 20, func(ae *netlink.AttributeEncoder) {
		ae.Nested(1, func(ae *netlink.AttributeEncoder) error { // MDBA_MDB
			ae.Nested(1, func(ae *netlink.AttributeEncoder) error { // MDBA_MDB_ENTRY
				ae.Bytes(1, append(entry(10, 0, 0, 0, []byte{239, 1, 1, 1}, unix.ETH_P_IP), attrs(func(ae *netlink.AttributeEncoder) {
					timer(ae)
					ae.Nested(2, func(ae *netlink.AttributeEncoder) error { // MDBA_MDB_EATTR_SRC_LIST
						for _, last := range []byte{9, 8} {
							ae.Nested(1, func(ae *netlink.AttributeEncoder) error {
								ae.Bytes(1, []byte{192, 0, 2, last})
								timer(ae)
								return nil
							})
						}
						return nil
					})
					ae.Uint8(rtnl.MDBMode, 1)
					ae.Uint8(rtnl.MDBProtocol, unix.RTPROT_KERNEL)
				})...))
				ae.Bytes(1, append(entry(11, 1, 1|4, 100, []byte{239, 1, 1, 1}, unix.ETH_P_IP), attrs(func(ae *netlink.AttributeEncoder) {
					timer(ae)
					ae.Bytes(rtnl.MDBSource, []byte{192, 0, 2, 7})
					ae.Uint8(rtnl.MDBProtocol, unix.RTPROT_STATIC)
				})...))
				return nil
			})
			ae.Nested(1, func(ae *netlink.AttributeEncoder) error {
				ae.Bytes(1, append(entry(20, 1, 0, 0, []byte{1, 2, 3, 4, 5, 6}, 0), attrs(timer)...))
				return nil
			})
			ae.Nested(1, func(ae *netlink.AttributeEncoder) error {
				ae.Bytes(1, append(entry(20, 1, 0, 0, []byte{0xff, 0x0e, 15: 1}, unix.ETH_P_IPV6), attrs(func(ae *netlink.AttributeEncoder) {
					ae.Bytes(rtnl.MDBDst, []byte{192, 0, 2, 1})
					ae.Uint16(rtnl.MDBDstPort, 4790)
					ae.Uint32(rtnl.MDBVNI, 20)
					ae.Uint32(rtnl.MDBSourceVNI, 10)
					ae.Uint32(rtnl.MDBVia, 11)
				})...))
				return nil
			})
			return nil
		})
	})
}

// vlanBodies is what a port says of three VLANs in one message, two of which
// are a range, and what follows of another bridge's tunnel.
func vlanBodies() [][]byte {
	vlan := func(flags, vid uint16, more func(*netlink.AttributeEncoder)) func(*netlink.AttributeEncoder) {
		return func(ae *netlink.AttributeEncoder) {
			ae.Nested(1, func(ae *netlink.AttributeEncoder) error {
				ae.Bytes(1, binary.NativeEndian.AppendUint16(binary.NativeEndian.AppendUint16(nil, flags), vid))
				more(ae)
				return nil
			})
		}
	}
	return partsOf(rtnl.VLAN, 10, func(ae *netlink.AttributeEncoder) {
		vlan(2|4, 1, func(ae *netlink.AttributeEncoder) { ae.Uint8(rtnl.VLANState, 3) })(ae)
		vlan(0, 4000, func(ae *netlink.AttributeEncoder) {
			ae.Uint16(2, 4001) // BRIDGE_VLANDB_ENTRY_RANGE
			ae.Uint8(rtnl.VLANState, 4)
			ae.Nested(4, func(ae *netlink.AttributeEncoder) error { ae.Uint32(1, 10000); return nil })
			ae.Uint8(rtnl.VLANMcastRouter, 1)
			ae.Uint32(7, 3) // BRIDGE_VLANDB_ENTRY_MCAST_N_GROUPS
			ae.Uint32(rtnl.VLANMaxGroups, 50)
			ae.Uint8(rtnl.VLANSuppress, 1)
		})(ae)
	})
}

func TestEntriesOfAMulticastDatabase(t *testing.T) {
	var got []map[string]any
	for _, body := range mdbBodies() {
		got = append(got, valuesOf(viewOf(rtnl.MDB, body, bridgeLinks)))
	}
	require.Equal(t, []map[string]any{
		{"interface": "br0", "ifindex": int64(20), "port": "v0", "group": "239.1.1.1", "state": "temp", "filter_mode": "include",
			"source_list": "192.0.2.8,192.0.2.9", "protocol": "kernel"},
		{"interface": "br0", "ifindex": int64(20), "port": "v1", "group": "239.1.1.1", "src": "192.0.2.7", "vlan": int64(100),
			"state": "permanent", "flags": "offload,added_by_star_ex", "protocol": "static"},
		{"interface": "br0", "ifindex": int64(20), "port": "br0", "group": "01:02:03:04:05:06", "state": "permanent"},
		{"interface": "br0", "ifindex": int64(20), "port": "br0", "group": "ff0e::1", "state": "permanent", "dst": "192.0.2.1",
			"dst_port": int64(4790), "vni": int64(20), "src_vni": int64(10), "via": "v1"},
	}, got)
}

func TestARangeOfVLANsIsOneObjectEach(t *testing.T) {
	var got []map[string]any
	for _, body := range vlanBodies() {
		got = append(got, valuesOf(viewOf(rtnl.VLAN, body, bridgeLinks)))
	}
	rest := func(vid, tunnel int64) map[string]any {
		return map[string]any{"interface": "v0", "ifindex": int64(10), "vlan": vid, "state": "blocking", "tunnel_id": tunnel,
			"mcast_router": int64(1), "mcast_max_groups": int64(50), "neigh_suppress": true}
	}
	require.Equal(t, []map[string]any{
		{"interface": "v0", "ifindex": int64(10), "vlan": int64(1), "flags": "PVID,Egress Untagged", "state": "forwarding"},
		rest(4000, 10000), rest(4001, 10001),
	}, got)
}

var bridgeLinks = linkTable{10: {Name: "v0"}, 11: {Name: "v1"}, 20: {Name: "br0"}}
