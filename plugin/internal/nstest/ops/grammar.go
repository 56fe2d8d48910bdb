package ops

// grammar describes the operations. A rule lists alternatives, separated by
// "|"; "3*" makes one three times as likely, "$name" stands for another rule
// and "-" for nothing. The words are those of nstest.Conn.Try, and "@away"
// runs a command in the namespace to which links move.
//
// "$undo" deletes what an earlier operation was to make.
//
// Only the ends v0, w0, x0 and vx0 enter a bridge, so that no loop arises.
var grammar = map[string]string{
	"undo": "undo",
	"step": "14*$link | 12*$addr | 22*$route4 | 18*$route6 | 11*$nexthop | 5*$rule | 6*$neigh | 5*$fdb | 14*$undo | 16*$heal",

	// What other operations need, so that most of them have an effect.
	"heal": "4*link set dev $core up | 2*link set dev $end up | 3*addr add $home | 1*link add name v0 type veth peer name v1" +
		" | 1*link add name w0 type veth peer name w1 | 1*link set dev t0 name v0 | 1*@away link set dev w0 netns #home" +
		" | 1*link set dev $core nomaster",
	"core": "v0 | w0 | x0 | br0",

	// Links.
	"link": "14*link set dev $dev up | 4*link set dev $dev down | 3*$flap | 3*$enslave | 3*$rename | 2*$attr" +
		" | 7*$create | 2*$delete | 1*$move | 1*$port | 1*$index | 2*$sysctl",
	"dev":  "5*v0 | 4*w0 | 2*v1 | 2*w1 | 2*x0 | 1*x1 | 2*br0 | 1*br1 | 2*ifb0 | 1*mv0 | 1*vx0 | 1*t0 | 1*q0 | 1*lo",
	"end":  "3*v1 | 3*w1 | 1*x1",
	"flap": "link set dev $end down | 2*link set dev $end up",
	"port": "brport set dev $slave learning $onoff | brport set dev $slave cost 7 | brport set dev $slave hairpin $onoff" +
		" | brport set dev $slave state 3",
	"slave":   "2*x0 | 1*w0 | 1*v0 | 1*vx0",
	"enslave": "2*link set dev $slave master br0 | 3*link set dev $slave nomaster",
	"rename": "2*link set dev v0 name t0 | 4*link set dev t0 name v0 | 2*link set dev x0 name t0 | 4*link set dev t0 name x0" +
		" | 1*link set dev ifb0 name t0 | 3*link set dev t0 name ifb0 | 1*link set dev br0 name t1 | 3*link set dev t1 name br0" +
		" | 1*link set dev vx0 name t2 | 3*link set dev t2 name vx0 | 2*swap $swap",
	// Links of one sort, so that none gets another's part.
	"swap": "3*v0 w0 | 2*v0 x0 | v1 w1 | 2*br0 br1",
	"attr": "link set dev $dev mtu $mtu | link set dev $dev txqueuelen $n | link set dev $dev alias a$n" +
		" | link set dev $dev promisc $onoff | link set dev $dev arp $onoff | link set dev $dev group $n" +
		" | link set dev $dev address 02:00:00:00:00:f$digit | link add property dev $dev altname alt-$n" +
		" | link del property dev $dev altname alt-$n",
	"create": "4*link add name v0 type veth peer name v1 | 4*link add name w0 type veth peer name w1" +
		" | 3*link add name x0 type veth peer name x1 | 3*link add name br0 type bridge" +
		" | 3*link add name br1 type bridge | 2*link add name br0 type bridge stp_state 1 forward_delay 200 | 3*link add name ifb0 type ifb" +
		" | 3*link add link ifb0 name mv0 type macvlan mode bridge" +
		" | 3*link add name vx0 type vxlan id 5 dstport 4789 local 10.0.0.1 dev v0" +
		" | 1*link add name vx0 type vxlan id 5 dstport 4789 local 10.0.0.1",
	"delete": "link del dev v0 | link del dev w1 | link del dev x0 | link del dev br0 | 2*link del dev ifb0" +
		" | 2*link del dev mv0 | 2*link del dev vx0 | link del dev t0 | 2*link del dev br1",
	"index": "link add index 77 name q0 type ifb | link add index 77 name q0 type bridge" +
		" | link add index 77 name q0 type veth peer name q1 | 3*link del dev q0",
	"move":  "link set dev $mover netns #away | 4*@away link set dev $mover netns #home",
	"mover": "x0 | w0 | q0 | ifb0",
	"sysctl": "sysctl net.ipv6.conf.$dev.forwarding $bit | sysctl net.ipv4.conf.$dev.forwarding $bit" +
		" | sysctl net.ipv6.conf.$every.forwarding $bit | sysctl net.ipv4.conf.$every.forwarding $bit | sysctl net.ipv4.ip_forward $bit" +
		" | sysctl net.ipv4.conf.$dev.rp_filter $bit | sysctl net.ipv4.conf.$every.rp_filter $bit | sysctl net.ipv4.conf.$dev.proxy_arp $bit" +
		" | sysctl net.ipv6.conf.$dev.proxy_ndp $bit | sysctl net.ipv6.conf.$every.proxy_ndp $bit" +
		" | sysctl net.ipv6.conf.$dev.disable_ipv6 $bit | 3*sysctl net.ipv6.conf.$dev.disable_ipv6 0" +
		" | sysctl net.ipv4.conf.$dev.ignore_routes_with_linkdown $bit",

	"every": "all | default",

	// Addresses. Those of the gateways' networks come most often.
	"addr": "16*addr add $home | 2*addr del $home | 4*addr add $addr4 | 1*addr del $addr4" +
		" | 4*addr add $addr6 nodad | 1*addr del $addr6 | 1*addr replace $addr4 $life | 1*addr replace $addr6 nodad $life" +
		" | 1*addr change $addr6 peer 2001:db8:9::$digit | 1*addr change $home $life | 1*addr change $home metric $n" +
		" | 1*addr add 10.0.0.$low/24 dev v0 label v0:$n",
	"home": "2*10.0.0.1/24 dev v0 | 2*10.1.0.1/24 dev w0 | 10.2.0.1/24 dev x0 | 10.3.0.1/24 dev br0" +
		" | 2*2001:db8:1::1/64 dev v0 | 2*2001:db8:2::1/64 dev w0 | 2001:db8:3::1/64 dev x0",
	"addr4": "10.0.0.$low/24 dev v0 | 10.0.0.1/25 dev v0 | 10.1.0.$low/24 dev w0 | 10.0.0.$low/24 dev $dev" +
		" | 10.9.0.1 peer 10.9.0.$low dev $dev | 10.9.0.1 peer 10.9.0.$low/24 dev $dev | 172.16.$low.1/16 dev $dev" +
		" | 10.8.0.$low/32 dev lo | 10.1.0.$low/24 dev w0 noprefixroute | 10.7.0.1/24 brd 10.7.0.255 dev $dev",
	"addr6": "2001:db8:1::$low/64 dev v0 | 2001:db8:2::$low/64 dev w0 | 2001:db8:1::$low/80 dev v0" +
		" | 2001:db8:8::$low/64 dev $dev | fe80::$low/64 dev $dev | 2001:db8:7::$low/128 dev lo" +
		" | 2001:db8:2::$low/64 dev w0 noprefixroute",
	"life": "valid_lft 1000 preferred_lft 500 | valid_lft 2000 preferred_lft 100 | valid_lft forever preferred_lft 0" +
		" | valid_lft 3 preferred_lft 1 | valid_lft forever preferred_lft forever | -",

	// IPv4 routes.
	"route4": "9*route $verb $dst4 $path4 $tail4 | 3*route $verb $dst4 $paths4 $tail4 | 2*route $verb $dst4 nhid $nhid4 $tail4" +
		" | 2*route $verb $reject $dst4 $where $prio | 2*route del $dst4 $where $prio | 1*route del $dst4 $via4 $where" +
		" | 1*route $verb broadcast $dst4 dev $dev scope $scope $where | 1*route $verb local 23.0.0.$digit dev lo" +
		" | 1*-4 route $verb default $via4 $prio",
	"verb":   "5*add | 3*append | 2*prepend | 3*replace | 1*change",
	"reject": "blackhole | unreachable | prohibit | throw",
	"scope":  "link | host",
	"dst4":   "3*20.0.0.0/24 | 2*20.0.1.0/24 | 20.0.0.0/16 | 20.0.2.128/25 | 30.0.0.$digit | 30.0.0.0/8",
	"gw4":    "3*10.0.0.$gw dev v0 | 3*10.1.0.$gw dev w0 | 1*10.2.0.$gw dev x0 | 1*10.3.0.$gw dev br0",
	"via4":   "3*via 10.0.0.$gw | 3*via 10.1.0.$gw | via 10.2.0.$gw | via 10.3.0.$gw",
	"path4": "4*$via4 | 4*via $gw4 | 2*dev $dev | 1*via 99.0.0.$gw dev $dev onlink" +
		" | 1*via inet6 fe80::$gw dev $dev | 1*$seg via $gw4",
	"seg": "encap seg6 mode encap segs ::$digit",
	"paths4": "nexthop via $gw4 nexthop via $gw4 | nexthop via $gw4 weight 3 nexthop via $gw4 nexthop dev $dev" +
		" | nexthop via $gw4 nexthop via 99.0.0.9 dev $dev onlink | nexthop $seg via $gw4 nexthop $seg via $gw4",
	"tail4": "5*$where $prio | 1*$where $prio tos 8 | 1*$where $prio proto $proto | 1*$where $prio src $src4 | 1*$where mtu 1300 $prio",
	"src4":  "10.0.0.1 | 10.0.0.$low | 10.1.0.$low | 10.8.0.$low",
	"where": "6*- | 2*table 100 | 2*table 500",
	"prio":  "5*- | 2*metric 10 | 2*metric 20",
	"proto": "static | bird | bgp | dhcp | ra",

	// IPv6 routes.
	"route6": "9*route $verb $dst6 $path6 $tail6 | 3*route $verb $dst6 $paths6 $tail6 | 2*route $verb $dst6 nhid $nhid6 $tail6" +
		" | 2*route $verb $reject6 $dst6 $where $prio | 2*route del $dst6 $where $prio | 2*route del $dst6 $via6 $where" +
		" | 1*-6 route $verb default $via6 $prio | 1*route $verb $dst6 from 2001:db8:1::/64 $via6",
	"reject6": "blackhole | unreachable | prohibit",
	"dst6":    "3*2001:db8:a::/64 | 2*2001:db8:b::/64 | 2001:db8:a::/48 | 2001:db8:c::$digit",
	"gw6":     "3*2001:db8:1::$gw dev v0 | 3*2001:db8:2::$gw dev w0 | 1*2001:db8:3::$gw dev x0",
	"via6":    "3*via 2001:db8:1::$gw | 3*via 2001:db8:2::$gw | 1*via 2001:db8:3::$gw",
	"path6":   "4*$via6 | 4*via $gw6 | 3*dev $dev | 1*via fe80::$gw dev $dev | 2*$seg via $gw6 | 1*$seg dev $dev",
	"paths6":  "nexthop via $gw6 nexthop via $gw6 | nexthop via $gw6 weight 3 nexthop via $gw6 nexthop via $gw6 | nexthop $seg via $gw6 nexthop $seg via $gw6",
	"tail6": "5*$where $prio | 1*$where $prio proto $proto | 1*$where $prio src $src6 | 1*$where $prio mtu 1400" +
		" | 1*$where pref low | 1*$where $prio expires 1000 | 2*$where $prio proto ra | 1*$where $prio proto ra expires 600",
	"src6": "2001:db8:1::1 | 2001:db8:2::$low | 2001:db8:7::$low",

	// Nexthop objects.
	"nexthop": "9*nexthop $put id $nhid4one $nh4 | 3*nexthop $put id $nhid4group group $members4 | 6*nexthop $put id $nhid6one $nh6" +
		" | 2*nexthop $put id $nhid6group group $members6 | 1*nexthop $put id $nhdrop blackhole | 1*-6 nexthop replace id $nhid6one blackhole | 1*nexthop del id $nhid4" +
		" | 1*nexthop del id $nhid6 | 1*nexthop $put id 8 dev $dev",
	"put":        "3*add | 2*replace",
	"nhdrop":     "3*9 | $nhid4one",
	"nh4":        "4*via $gw4 | 1*dev $dev | 1*via 99.0.0.$gw dev $dev onlink | 1*via $gw4 proto static",
	"nh6":        "4*via $gw6 | 1*via fe80::$gw dev $dev",
	"nhid4":      "3*$nhid4one | 2*$nhid4group | 1*8 | 1*9",
	"nhid4one":   "6*1 | 6*2 | 6*3 | 6*4 | 9",
	"nhid4group": "20 | 21 | 22",
	"members4":   "1/2 | 1/3,5 | 2/3/4 | 4 | 1 | 9",
	"nhid6":      "3*$nhid6one | 2*$nhid6group",
	"nhid6one":   "41 | 42 | 43",
	"nhid6group": "60 | 61",
	"members6":   "41/42 | 42/43,3 | 43",

	// Rules.
	"rule": "4*rule add $selector4 $ruleat $action | 2*rule dup $selector4 $ruleat $action | 1*rule del $selector4 $ruleat $action" +
		" | 2*-6 rule add $selector6 $ruleat $action | 1*-6 rule del $selector6 $ruleat $action | 1*rule del pref 10$digit" +
		" | 2*mrule $mverb $selectorm $ruleat $actionm | 2*-6 mrule $mverb $selectorm $ruleat $actionm",
	"mverb":     "3*add | 1*dup | 2*del",
	"selectorm": "2*iif $dev | oif $dev | fwmark 0x$digit | fwmark 0x$digit/0xff | not iif $dev",
	"actionm":   "4*lookup 100 | 1*lookup 500 | blackhole | prohibit | goto 10$high",
	"selector4": "2*from 10.0.0.0/24 | to 20.0.0.0/16 | iif $dev | oif $dev | fwmark 0x$digit/0xff | not from 10.1.0.0/24" +
		" | ipproto tcp dport 80-90 | tos 8 | fwmark 0x$digit | ipproto udp dport 80-90 | ipproto tcp dport 80-9$n | sport 80-90" +
		" | uidrange 0-0 | from 10.0.0.0/24 tos 8 | from 10.0.0.0/24 to 20.0.0.0/16 | from 10.0.0.0/25 | proto $proto",
	"selector6": "from 2001:db8:1::/64 | iif $dev | fwmark 7 | fwmark 7/0x$n | from 2001:db8:1::/64 to 2001:db8:a::/48 | oif $dev" +
		" | ipproto ipv6-icmp | uidrange 0-0",
	"ruleat": "2*- | 3*pref 10$digit",
	"action": "4*lookup 100 | 2*lookup main | blackhole | prohibit | goto 10$high | table 500 suppress_prefixlength 0",

	// Neighbors.
	"neigh": "1*neigh $nverb $host6 lladdr $mac dev $near router nud $nud | 5*neigh $nverb $host4 lladdr $mac dev $near nud $nud | 3*neigh $nverb $host6 lladdr $mac dev $near nud $nud" +
		" | 1*neigh del $host4 dev $near | 1*neigh del $host6 dev $near | 1*neigh add proxy $host4 dev $near" +
		" | 1*neigh change $host4 lladdr $mac dev $near nud failed | 2*datagram $host4 | 1*datagram $host6",
	"nverb": "2*add | 3*replace | 1*change",
	"near":  "3*v0 | 2*w0 | 1*$dev",
	"host4": "10.0.0.5$digit | 10.1.0.5$digit",
	"host6": "2001:db8:1::5$digit",
	"mac":   "02:00:00:00:01:0$digit",
	"nud":   "3*permanent | 2*reachable | 2*stale | noarp | probe",

	// FDB.
	"fdb": "4*fdb $nverb $mac dev $slave master $kept | 1*fdb del $mac dev $slave master | 3*frame $end $mac" +
		" | 4*fdb $fverb $mac dev vx0 dst $host4 | 1*fdb del $mac dev vx0 dst $host4 | 1*fdb del $mac dev vx0" +
		" | 3*fdb $fverb $mac dev vx0 nhid $nhfdb | 2*nexthop $put id 3$digit via 10.0.0.$gw fdb | 2*nexthop $put id $nhfdb group 3$digit/3$digit fdb" +
		" | 1*nexthop del id 3$digit | 1*nexthop del id $nhfdb" +
		" | 1*fdb $fverb 00:00:00:00:00:00 dev vx0 dst $host4 | 1*fdb add $mac dev br0 master local",
	"nhfdb": "35 | 36",
	"fverb": "2*add | 2*append | 2*replace",
	"kept":  "static | dynamic | local | dynamic extern_learn | static sticky",

	// Small pools: what one operation makes another one meets.
	"digit": "0 | 1 | 2 | 3",
	"high":  "2 | 3 | 4",
	"low":   "1 | 2 | 3",
	"gw":    "7 | 8 | 9",
	"n":     "1 | 2 | 3",
	"mtu":   "3*1500 | 2*1400 | 2*1300 | 1200",
	"onoff": "on | off",
	"bit":   "0 | 1",
}
