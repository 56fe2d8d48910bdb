package event

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// known decodes a name as Text does. The names in set, which are most, are not
// copied.
func known(b []byte, set map[string]string) string {
	for i, c := range b {
		if c == 0 {
			b = b[:i]
			break
		}
	}
	if s, ok := set[string(b)]; ok {
		return s
	}
	return Text(b)
}

func setOf(words ...string) map[string]string {
	set := make(map[string]string, len(words))
	for _, w := range words {
		set[w] = w
	}
	return set
}

// linkKinds are the usual kinds of virtual links; there may be others.
var linkKinds = setOf("amt", "bareudp", "batadv", "bond", "bridge", "can", "dsa", "dummy", "erspan",
	"geneve", "gre", "gretap", "gtp", "hsr", "ifb", "ip6erspan", "ip6gre", "ip6gretap", "ip6tnl",
	"ipip", "ipoib", "ipvlan", "ipvtap", "lowpan", "macsec", "macvlan", "macvtap", "netdevsim",
	"netkit", "nlmon", "ovpn", "ppp", "rmnet", "sit", "team", "tun", "vcan", "veth", "virt_wifi",
	"vlan", "vrf", "vti", "vti6", "vxcan", "vxlan", "wireguard", "wwan", "xfrm")

// qdiscs are the usual queueing disciplines; there may be others.
var qdiscs = setOf("noqueue", "noop", "mq", "mqprio", "pfifo_fast", "pfifo", "bfifo", "fq",
	"fq_codel", "fq_pie", "codel", "pie", "cake", "htb", "hfsc", "prio", "sfq", "tbf", "red",
	"taprio", "etf", "netem", "ets", "cbs", "multiq", "drr", "qfq", "sfb", "choke", "dualpi2")

// linkType prints ARPHRD_* (uapi/linux/if_arp.h) as iproute2 does.
func linkType(v *View) Value {
	n := rtnl.LinkMsg(v.body).Type()
	if s, ok := linkTypes[n]; ok {
		return str(s)
	}
	return str(decimal(n))
}

var linkTypes = map[uint16]string{
	unix.ARPHRD_NETROM: "netrom", unix.ARPHRD_ETHER: "ether", unix.ARPHRD_EETHER: "eether",
	unix.ARPHRD_AX25: "ax25", unix.ARPHRD_PRONET: "pronet", unix.ARPHRD_CHAOS: "chaos",
	unix.ARPHRD_IEEE802: "ieee802", unix.ARPHRD_ARCNET: "arcnet", unix.ARPHRD_APPLETLK: "atalk",
	unix.ARPHRD_DLCI: "dlci", unix.ARPHRD_ATM: "atm", unix.ARPHRD_METRICOM: "metricom",
	unix.ARPHRD_IEEE1394: "ieee1394", unix.ARPHRD_INFINIBAND: "infiniband",
	unix.ARPHRD_SLIP: "slip", unix.ARPHRD_CSLIP: "cslip", unix.ARPHRD_SLIP6: "slip6",
	unix.ARPHRD_CSLIP6: "cslip6", unix.ARPHRD_RSRVD: "rsrvd", unix.ARPHRD_ADAPT: "adapt",
	unix.ARPHRD_ROSE: "rose", unix.ARPHRD_X25: "x25", unix.ARPHRD_HWX25: "hwx25",
	unix.ARPHRD_CAN: "can", unix.ARPHRD_PPP: "ppp", unix.ARPHRD_HDLC: "hdlc",
	unix.ARPHRD_LAPB: "lapb", unix.ARPHRD_DDCMP: "ddcmp", unix.ARPHRD_RAWHDLC: "rawhdlc",
	unix.ARPHRD_TUNNEL: "ipip", unix.ARPHRD_TUNNEL6: "tunnel6", unix.ARPHRD_FRAD: "frad",
	unix.ARPHRD_SKIP: "skip", unix.ARPHRD_LOOPBACK: "loopback", unix.ARPHRD_LOCALTLK: "ltalk",
	unix.ARPHRD_FDDI: "fddi", unix.ARPHRD_BIF: "bif", unix.ARPHRD_SIT: "sit",
	unix.ARPHRD_IPDDP: "ip/ddp", unix.ARPHRD_IPGRE: "gre", unix.ARPHRD_PIMREG: "pimreg",
	unix.ARPHRD_HIPPI: "hippi", unix.ARPHRD_ASH: "ash", unix.ARPHRD_ECONET: "econet",
	unix.ARPHRD_IRDA: "irda", unix.ARPHRD_FCPP: "fcpp", unix.ARPHRD_FCAL: "fcal",
	unix.ARPHRD_FCPL: "fcpl", unix.ARPHRD_IEEE802_TR: "tr", unix.ARPHRD_IEEE80211: "ieee802.11",
	unix.ARPHRD_IEEE80211_PRISM:    "ieee802.11/prism",
	unix.ARPHRD_IEEE80211_RADIOTAP: "ieee802.11/radiotap",
	unix.ARPHRD_IEEE802154:         "ieee802.15.4",
	unix.ARPHRD_IEEE802154_MONITOR: "ieee802.15.4/monitor",
	unix.ARPHRD_PHONET:             "phonet", unix.ARPHRD_PHONET_PIPE: "phonet_pipe",
	unix.ARPHRD_CAIF: "caif", unix.ARPHRD_IP6GRE: "gre6", unix.ARPHRD_NETLINK: "netlink",
	unix.ARPHRD_6LOWPAN: "6lowpan", unix.ARPHRD_NONE: "none", unix.ARPHRD_VOID: "void",
	unix.ARPHRD_FCFABRIC: "fcfb0", unix.ARPHRD_FCFABRIC + 1: "fcfb1", unix.ARPHRD_FCFABRIC + 2: "fcfb2",
	unix.ARPHRD_FCFABRIC + 3: "fcfb3", unix.ARPHRD_FCFABRIC + 4: "fcfb4",
	unix.ARPHRD_FCFABRIC + 5: "fcfb5", unix.ARPHRD_FCFABRIC + 6: "fcfb6",
	unix.ARPHRD_FCFABRIC + 7: "fcfb7", unix.ARPHRD_FCFABRIC + 8: "fcfb8",
	unix.ARPHRD_FCFABRIC + 9: "fcfb9", unix.ARPHRD_FCFABRIC + 10: "fcfb10",
	unix.ARPHRD_FCFABRIC + 11: "fcfb11", unix.ARPHRD_FCFABRIC + 12: "fcfb12",
}
