package load

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/sys/unix"
)

// Pairs makes the requests about numbered pairs of veth, named Prefix<i>a and
// Prefix<i>b. Its methods append to b and are for Conn.Each.
type Pairs struct {
	Prefix string
	First  uint32 // index of the first link made
}

// Index returns the index of an end of pair i: they are given out in order, two
// for a pair.
func (p Pairs) Index(i int) uint32 { return p.First + 2*uint32(i) }

// vethInfoPeer is VETH_INFO_PEER (uapi/linux/veth.h).
const vethInfoPeer = 1

func (p Pairs) name(i int, end byte) []byte {
	return append(fmt.Appendf(nil, "%s%d", p.Prefix, i), end, 0)
}

// Add makes pair i.
func (p Pairs) Add(b []byte, i int) []byte {
	peer := appendAttr(make([]byte, unix.SizeofIfInfomsg), unix.IFLA_IFNAME, p.name(i, 'b'))
	info := appendAttr(nil, unix.IFLA_INFO_KIND, []byte("veth"))
	info = appendAttr(info, unix.IFLA_INFO_DATA, appendAttr(nil, vethInfoPeer, peer))
	return p.request(b, unix.RTM_NEWLINK, unix.NLM_F_CREATE|unix.NLM_F_EXCL, 0, func(b []byte) []byte {
		b = appendAttr(b, unix.IFLA_IFNAME, p.name(i, 'a'))
		return appendAttr(b, unix.IFLA_LINKINFO, info)
	})
}

// SetUp sets both ends of pair i up.
func (p Pairs) SetUp(b []byte, i int) []byte {
	for _, end := range []byte{'a', 'b'} {
		b = p.request(b, unix.RTM_NEWLINK, 0, unix.IFF_UP, func(b []byte) []byte {
			return appendAttr(b, unix.IFLA_IFNAME, p.name(i, end))
		})
	}
	return b
}

// Address gives an end of pair i an address.
func (p Pairs) Address(b []byte, i int) []byte {
	start := len(b)
	b = appendHeader(b, unix.RTM_NEWADDR, unix.NLM_F_CREATE|unix.NLM_F_EXCL)
	b = append(b, unix.AF_INET, 32, 0, unix.RT_SCOPE_UNIVERSE) // struct ifaddrmsg
	b = binary.NativeEndian.AppendUint32(b, p.Index(i))
	return finish(appendAttr(b, unix.IFA_LOCAL, []byte{10, 128 + byte(i>>16), byte(i >> 8), byte(i)}), start)
}

// Delete deletes pair i.
func (p Pairs) Delete(b []byte, i int) []byte {
	return p.request(b, unix.RTM_DELLINK, 0, 0, func(b []byte) []byte {
		return appendAttr(b, unix.IFLA_IFNAME, p.name(i, 'a'))
	})
}

// request appends a message with a struct ifinfomsg and attributes.
func (p Pairs) request(b []byte, typ, flags uint16, up uint32, attrs func(b []byte) []byte) []byte {
	start := len(b)
	b = append(appendHeader(b, typ, flags), unix.AF_UNSPEC, 0, 0, 0, 0, 0, 0, 0)
	b = binary.NativeEndian.AppendUint32(b, up)
	b = binary.NativeEndian.AppendUint32(b, up) // what of the flags to change
	return finish(attrs(b), start)
}

// NextIndex returns the index that the next link in the namespace will have.
func NextIndex() (uint32, error) {
	d, err := NewDevice("next0")
	if err != nil {
		return 0, err
	}
	return d.Index + 1, d.Delete()
}
