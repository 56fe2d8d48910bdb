package recordings

// What recordings start from. Link-layer addresses are given, so that those of
// IPv6 that are made from them stay the same.

// withoutIPv6 keeps IPv6 out of what follows.
var withoutIPv6 = []string{"sysctl net.ipv6.conf.default.disable_ipv6 1"}

// withoutWaiting gives IPv6 addresses that work at once, and no solicitations.
var withoutWaiting = []string{
	"sysctl net.ipv6.conf.default.dad_transmits 0",
	"sysctl net.ipv6.conf.default.router_solicitations 0",
	"sysctl net.ipv6.conf.default.router_solicitation_delay 0",
	"sysctl net.ipv6.conf.default.mldv2_unsolicited_report_interval 0",
}

// pairV and pairW are two veth pairs, up.
var (
	pairV = []string{
		"link add name v0 address 02:00:00:00:00:a0 type veth peer name v1 address 02:00:00:00:00:a1",
		"link set dev v0 up", "link set dev v1 up",
	}
	pairW = []string{
		"link add name w0 address 02:00:00:00:00:b0 type veth peer name w1 address 02:00:00:00:00:b1",
		"link set dev w0 up", "link set dev w1 up",
	}
)

// ipv4 is two links with an IPv4 address each, ipv6 the same for IPv6. The
// states of the links have settled.
var (
	ipv4 = lines(withoutIPv6, pairV, pairW, "addr add 10.0.0.1/24 dev v0", "addr add 10.1.0.1/24 dev w0", "pause 300ms")
	ipv6 = lines(withoutWaiting, pairV, pairW, "addr add 2001:db8:1::1/64 dev v0 nodad",
		"addr add 2001:db8:2::1/64 dev w0 nodad", "pause 300ms")
)

// lines joins steps and lists of steps.
func lines(parts ...any) (out []string) {
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			out = append(out, p)
		case []string:
			out = append(out, p...)
		}
	}
	return out
}
