// Package load makes routes by the million: requests that differ in the prefix
// only, encoded without allocations and sent many at a time. It is for
// benchmarks and for tests that need a large table.
//
//	dev, err := load.NewDevice("bench0")
//	conn, err := load.Dial()
//	routes := load.Routes{Dev: dev.Index}
//	err = conn.Each(1_000_000, routes.Add)
package load

import (
	"encoding/binary"
	"net/netip"

	"golang.org/x/sys/unix"
)

// Routes is a series of routes through a gateway on one device, in table main
// and of protocol bgp. Route i of IPv4 is a /24 from 11.0.0.0 on, of IPv6 a /64
// from 2001:db8:: on. Methods that take a route's number append a request to b;
// they ask for no acknowledgment.
type Routes struct {
	V6    bool
	Dev   uint32 // index of the device
	First int    // number of the prefix of route 0, so that two series do not overlap
}

// Most is the highest number of a prefix, for either family.
const Most = 1 << 22

// Prefix returns the destination of route i.
func (r Routes) Prefix(i int) netip.Prefix {
	a := r.dst(i)
	if r.V6 {
		return netip.PrefixFrom(netip.AddrFrom16(a), 64)
	}
	return netip.PrefixFrom(netip.AddrFrom4([4]byte(a[:4])), 24)
}

// dst returns the destination's address, in its first 4 bytes for IPv4.
func (r Routes) dst(i int) (a [16]byte) {
	n := uint32(r.First + i)
	if !r.V6 {
		binary.BigEndian.PutUint32(a[:], 11<<24+n<<8)
		return a
	}
	copy(a[:], []byte{0x20, 0x01, 0x0d, 0xb8})
	binary.BigEndian.PutUint32(a[4:], n)
	return a
}

// Add makes route i.
func (r Routes) Add(b []byte, i int) []byte {
	return r.request(b, unix.RTM_NEWROUTE, unix.NLM_F_CREATE|unix.NLM_F_EXCL, i, 2)
}

// Replace changes the gateway of route i, or makes it.
func (r Routes) Replace(b []byte, i int) []byte {
	return r.request(b, unix.RTM_NEWROUTE, unix.NLM_F_CREATE|unix.NLM_F_REPLACE, i, 3)
}

// Sizes is how many lengths Resize knows.
const Sizes = 4

// Resize gives route i another length, one of Sizes: it has as many metrics more
// or less (RTA_METRICS, rtnetlink(7)).
func (r Routes) Resize(b []byte, i, size int) []byte {
	start := len(b)
	b = r.request(b, unix.RTM_NEWROUTE, unix.NLM_F_CREATE|unix.NLM_F_REPLACE, i, 2)
	var metrics []byte
	for m := range (i + size) % Sizes * 2 {
		metrics = appendUint32(metrics, metricTypes[m], 100+uint32(i&0xff))
	}
	return finish(appendAttr(b, unix.RTA_METRICS, metrics), start)
}

// metricTypes are metrics that take any number.
var metricTypes = [...]uint16{unix.RTAX_WINDOW, unix.RTAX_RTT, unix.RTAX_RTTVAR, unix.RTAX_SSTHRESH, unix.RTAX_CWND, unix.RTAX_REORDERING}

// Delete deletes route i.
func (r Routes) Delete(b []byte, i int) []byte {
	return r.request(b, unix.RTM_DELROUTE, 0, i, 0)
}

// ChurnRun is after how many operations of Churn no routes are left.
const ChurnRun = 3 * run

// run is how many routes Churn makes before it changes them.
const run = 1000

// Churn is operation k of a series in which each route is made, changed and
// deleted. Each operation changes something. k counts from 0.
func (r Routes) Churn(b []byte, k int) []byte {
	i := k/ChurnRun*run + k%run
	switch k / run % 3 {
	case 0:
		return r.Add(b, i)
	case 1:
		return r.Replace(b, i)
	}
	return r.Delete(b, i)
}

// request appends a message about route i; host 0 leaves the gateway out.
func (r Routes) request(b []byte, typ, flags uint16, i int, host byte) []byte {
	start := len(b)
	family, bits, size := byte(unix.AF_INET), byte(24), 4
	if r.V6 {
		family, bits, size = unix.AF_INET6, 64, 16
	}
	b = appendHeader(b, typ, flags)
	// struct rtmsg (uapi/linux/rtnetlink.h)
	b = append(b, family, bits, 0, 0, unix.RT_TABLE_MAIN, unix.RTPROT_BGP, unix.RT_SCOPE_UNIVERSE, unix.RTN_UNICAST, 0, 0, 0, 0)
	dst := r.dst(i)
	b = appendAttr(b, unix.RTA_DST, dst[:size])
	if host != 0 {
		gw := r.gateway(host)
		b = appendAttr(b, unix.RTA_GATEWAY, gw[:size])
	}
	b = appendUint32(b, unix.RTA_OIF, r.Dev)
	return finish(b, start)
}

// gateway is a neighbor on the device: in its network, or link-local.
func (r Routes) gateway(host byte) (a [16]byte) {
	if r.V6 {
		a[0], a[1], a[15] = 0xfe, 0x80, host
		return a
	}
	copy(a[:], network[:])
	a[3] = host
	return a
}

// network is the device's own: a /24.
var network = [4]byte{10, 255, 0, 0}

// Index returns the number of the route to p.
func (r Routes) Index(p netip.Prefix) (i int, ok bool) {
	a := p.Addr().As16()
	n := binary.BigEndian.Uint32(a[12:])>>8 - 11<<16 // 11.0.0.0 on
	if r.V6 {
		n = binary.BigEndian.Uint32(a[4:])
	}
	i = int(int32(n)) - r.First
	return i, i >= 0 && i < Most && r.Prefix(i) == p
}
