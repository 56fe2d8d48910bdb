package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// lateAttributes asks again for a link whose first message is known to be
// incomplete: the first end of a pair (veth, netkit, vxcan) does not know its peer yet, a
// tun or tap not whether it persists, a tunnel that comes with its module or by
// an ioctl not its MTU (ip_tunnel_init_net(), net/ipv4/ip_tunnel.c); all are
// completed silently. A tun takes a program some more system calls: at the end
// of them the carrier is gone, and while the link is down no message tells. A
// vxlan that comes from another namespace brings its destinations along, of
// which nothing tells there (R7, R8).
func (s linkClass) lateAttributes(body []byte) {
	if s.origin != event.Notify {
		return
	}
	q := rtnl.Query{Object: rtnl.Link, Ifindex: linkIndex(body), One: true}
	switch rtnl.String(linkKind(body)) {
	case "veth", "netkit", "vxcan":
		q.Barrier = true
		if rtnl.Uint32(linkAttr(body, unix.IFLA_LINK)) == 0 {
			s.want(q)
		}
	case "tun":
		q.Late = true
		s.want(q)
	case "ipip", "gre", "gretap", "erspan", "vti", "sit", "ip6tnl", "ip6gre", "vti6":
		q.Barrier = true
		s.want(q)
	case "vxlan":
		s.want(rtnl.Query{Object: rtnl.Neighbor, Family: unix.AF_BRIDGE, Ifindex: q.Ifindex})
	}
}
