package rtnl

import (
	"errors"
	"fmt"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// String describes q for logs and recordings.
func (q Query) String() string {
	s := fmt.Sprintf("%s family %d", q.Object, q.Family)
	for _, f := range []struct {
		name  string
		value uint32
	}{{"ifindex", q.Ifindex}, {"table", q.Table}, {"master", q.Master}} {
		if f.value != 0 {
			s += fmt.Sprintf(" %s %d", f.name, f.value)
		}
	}
	return s
}

// Part names what of a class q asks for, in a word, as recordings name what they
// have: "route" for routes of IPv4 and IPv6, "rule" likewise, as for any other class;
// "route/28" for those of another family, which recordings of earlier versions lack.
func (q Query) Part() string {
	if (q.Object == Route || q.Object == Rule) && q.Family != unix.AF_INET && q.Family != unix.AF_INET6 {
		return fmt.Sprintf("%s/%d", q.Object, q.Family)
	}
	return q.Object.String()
}

// Unknown reports whether a reply ended because the kernel does not know the class, or
// not in the family (EAFNOSUPPORT, of rules): there is nothing of it.
func Unknown(err error) bool {
	return errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.EAFNOSUPPORT)
}

// skipStats is RTEXT_FILTER_SKIP_STATS (uapi/linux/rtnetlink.h). It leaves out
// the statistics of IPv6, a quarter of a dump, and from Linux 7 on IFLA_STATS64
// as well.
const skipStats = 8

// request encodes q, links without their statistics.
func (q Query) request() (netlink.Message, error) { return q.encode(skipStats) }

// encode encodes q; links come with what mask says (IFLA_EXT_MASK). Strict
// checking wants the class's full structure, and nothing else set in it than
// the filter.
func (q Query) encode(mask uint32) (netlink.Message, error) {
	m := netlink.Message{Header: netlink.Header{
		Type: netlink.HeaderType(classes[q.Object].get), Flags: netlink.Request | netlink.Dump,
	}}
	if q.One {
		m.Header.Flags = netlink.Request
	}
	attrs, err := q.filter(mask)
	if err != nil {
		return m, fmt.Errorf("rtnl: encode request for %s: %w", q, err)
	}
	m.Data = append(q.fixed(), attrs...)
	return m, nil
}

// fixed returns the class's fixed structure.
func (q Query) fixed() []byte {
	b := make([]byte, q.Object.HeaderLen())
	b[0] = q.Family
	switch {
	case q.Object == Link && q.One:
		PutUint32(b[4:], q.Ifindex) // ifi_index
	case q.Object == Address:
		PutUint32(b[4:], q.Ifindex) // ifa_index
	case q.Object == Neighbor && q.Proxy:
		b[10] = unix.NTF_PROXY // ndm_flags
	case q.Object == Route && Multicast(q.Family):
		// rtm_type, which all of them have. A kernel without them answers for all
		// families: so it leaves out nearly all of those.
		b[7] = unix.RTN_MULTICAST
	}
	return b
}

// filter returns the attributes.
func (q Query) filter(mask uint32) ([]byte, error) {
	ae := netlink.NewAttributeEncoder()
	if a := classes[q.Object].byLink; a != noAttribute && q.Ifindex != 0 {
		ae.Uint32(a, q.Ifindex)
	}
	if q.Object == Route && q.Table != 0 {
		ae.Uint32(unix.RTA_TABLE, q.Table)
	}
	if q.Object == Neighbor && q.Master != 0 {
		ae.Uint32(unix.NDA_MASTER, q.Master)
	}
	if q.Object == Link && mask != 0 {
		ae.Uint32(unix.IFLA_EXT_MASK, mask)
	}
	return ae.Encode()
}
