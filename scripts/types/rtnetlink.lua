---@meta rtnetlink

-- Type definitions of the module rtnetlink for the Lua language server.
-- Generated from the plugin's field table; do not edit.

---@alias Action "new"|"change"|"delete"
---@alias Origin "dump"|"notify"|"implied"|"resync"
---@alias Object "link"|"nexthop"|"address"|"route"|"rule"|"neighbor"

---A copy of one link of the mirror.
---@class Link
---@field object "link"
---@field interface string? the link's name: IFLA_IFNAME (uapi/linux/if_link.h) [tag]
---@field kind string? what created it (bridge, veth, vlan, …), absent for hardware: IFLA_INFO_KIND (uapi/linux/if_link.h) [tag]
---@field ifindex integer? the link's index, unique in its namespace: ifi_index (uapi/linux/rtnetlink.h)
---@field link_type string? hardware type (ether, loopback, …): ifi_type, ARPHRD_* (uapi/linux/if_arp.h)
---@field mtu integer? largest packet: IFLA_MTU (uapi/linux/if_link.h) (bytes)
---@field operstate (string|"unknown"|"notpresent"|"down"|"lowerlayerdown"|"testing"|"dormant"|"up")? RFC 2863 state: IFLA_OPERSTATE, IF_OPER_* (uapi/linux/if.h)
---@field operstate_code integer? operstate as the kernel's number, 0 unknown to 6 up: IFLA_OPERSTATE (uapi/linux/if.h)
---@field up boolean? set up by the administrator: IFF_UP (uapi/linux/if.h)
---@field carrier boolean? the device has carrier, up or not: IFLA_CARRIER (uapi/linux/if_link.h)
---@field flags string? IFF_* (uapi/linux/if.h) as ip prints them: NO-CARRIER for up without IFF_RUNNING, M-DOWN while `link` is down
---@field address string? link-layer address: IFLA_ADDRESS (uapi/linux/if_link.h)
---@field broadcast string? link-layer broadcast address or the peer of a point-to-point link: IFLA_BROADCAST (uapi/linux/if_link.h)
---@field permaddr string? the hardware's own address where `address` is another: IFLA_PERM_ADDRESS (uapi/linux/if_link.h)
---@field master string? the bridge, bond or VRF it belongs to: IFLA_MASTER (uapi/linux/if_link.h)
---@field link string? the link below it or its peer, if<index> where that is in another namespace: IFLA_LINK (uapi/linux/if_link.h)
---@field qdisc string? root queueing discipline: IFLA_QDISC (uapi/linux/if_link.h)
---@field txqlen integer? transmit queue length: IFLA_TXQLEN (uapi/linux/if_link.h) (packets)
---@field group string? group of links, named in /etc/iproute2/group: IFLA_GROUP (uapi/linux/if_link.h)
---@field ifalias string? free text for people: IFLA_IFALIAS (uapi/linux/if_link.h)
---@field altnames string? alternative names, comma-joined: IFLA_PROP_LIST, IFLA_ALT_IFNAME (uapi/linux/if_link.h)
---@field num_tx_queues integer? transmit queues: IFLA_NUM_TX_QUEUES (uapi/linux/if_link.h)
---@field num_rx_queues integer? receive queues: IFLA_NUM_RX_QUEUES (uapi/linux/if_link.h)
---@field promiscuity integer? how many want it promiscuous: IFLA_PROMISCUITY (uapi/linux/if_link.h)
---@field carrier_changes integer? carrier changes since creation: IFLA_CARRIER_CHANGES (uapi/linux/if_link.h)
---@field carrier_up_count integer? how often carrier came: IFLA_CARRIER_UP_COUNT (uapi/linux/if_link.h)
---@field carrier_down_count integer? how often carrier went: IFLA_CARRIER_DOWN_COUNT (uapi/linux/if_link.h)
---@field missed_carrier_changes integer? carrier changes since the last message that no message showed, from the counters; absent when 0
---@field irq integer? the device's interrupt, absent when it has none: ifmap.irq, IFLA_MAP (uapi/linux/if_link.h)
---@field irq_count integer? the device's interrupts: entries of /sys/class/net/<interface>/device/msi_irqs; absent when there are none
---@field new_netnsid integer? on delete: the namespace that the link has moved to, IFLA_NEW_NETNSID (uapi/linux/if_link.h); absent when it is gone for good
---@field new_ifindex integer? on delete: the link's index in the namespace that it has moved to, IFLA_NEW_IFINDEX (uapi/linux/if_link.h)
---@field fields fun(self): fun(): string, any

---@class LinkEvent: Link, Event
---@field old Link the values before; all nil for a new link
---@field changed LinkChanged

---@class LinkChanged
---@field interface boolean
---@field kind boolean
---@field ifindex boolean
---@field link_type boolean
---@field mtu boolean
---@field operstate boolean
---@field operstate_code boolean
---@field up boolean
---@field carrier boolean
---@field flags boolean
---@field address boolean
---@field broadcast boolean
---@field permaddr boolean
---@field master boolean
---@field link boolean
---@field qdisc boolean
---@field txqlen boolean
---@field group boolean
---@field ifalias boolean
---@field altnames boolean
---@field num_tx_queues boolean
---@field num_rx_queues boolean
---@field promiscuity boolean
---@field carrier_changes boolean
---@field carrier_up_count boolean
---@field carrier_down_count boolean
---@field missed_carrier_changes boolean
---@field irq boolean
---@field irq_count boolean
---@field new_netnsid boolean
---@field new_ifindex boolean

---@class LinkFilter
---@field interface string|string[]|boolean|nil
---@field kind string|string[]|boolean|nil
---@field ifindex integer|string|(integer|string)[]|boolean|nil
---@field link_type string|string[]|boolean|nil
---@field mtu integer|string|(integer|string)[]|boolean|nil
---@field operstate string|string[]|boolean|nil
---@field operstate_code integer|string|(integer|string)[]|boolean|nil
---@field up boolean|nil
---@field carrier boolean|nil
---@field flags string|string[]|boolean|nil
---@field address string|string[]|boolean|nil
---@field broadcast string|string[]|boolean|nil
---@field permaddr string|string[]|boolean|nil
---@field master string|string[]|boolean|nil
---@field link string|string[]|boolean|nil
---@field qdisc string|string[]|boolean|nil
---@field txqlen integer|string|(integer|string)[]|boolean|nil
---@field group string|string[]|boolean|nil
---@field ifalias string|string[]|boolean|nil
---@field altnames string|string[]|boolean|nil
---@field num_tx_queues integer|string|(integer|string)[]|boolean|nil
---@field num_rx_queues integer|string|(integer|string)[]|boolean|nil
---@field promiscuity integer|string|(integer|string)[]|boolean|nil
---@field carrier_changes integer|string|(integer|string)[]|boolean|nil
---@field carrier_up_count integer|string|(integer|string)[]|boolean|nil
---@field carrier_down_count integer|string|(integer|string)[]|boolean|nil
---@field missed_carrier_changes integer|string|(integer|string)[]|boolean|nil
---@field irq integer|string|(integer|string)[]|boolean|nil
---@field irq_count integer|string|(integer|string)[]|boolean|nil
---@field new_netnsid integer|string|(integer|string)[]|boolean|nil
---@field new_ifindex integer|string|(integer|string)[]|boolean|nil
---@field within? table<string, string|string[]> prefixes that hold a field

---@class LinkEventFilter: LinkFilter, EventFilter

---@class LinkQuery: LinkFilter
---@field limit? integer
---@field netns? string

---A copy of one nexthop of the mirror.
---@class Nexthop
---@field object "nexthop"
---@field family (string|"inet"|"inet6"|"unspec")? nh_family, unspec for a group (uapi/linux/nexthop.h) [tag]
---@field protocol string? who added it, named in /etc/iproute2/rt_protos: nh_protocol (uapi/linux/nexthop.h) [tag]
---@field interface string? the link that it is over: NHA_OIF (uapi/linux/nexthop.h) [tag]
---@field ifindex integer? that link's index: NHA_OIF (uapi/linux/nexthop.h)
---@field id integer? a route's nhid: NHA_ID (uapi/linux/nexthop.h)
---@field gateway string? next router: NHA_GATEWAY (uapi/linux/nexthop.h)
---@field scope string? distance to the gateway, named in /etc/iproute2/rt_scopes: nh_scope (uapi/linux/nexthop.h)
---@field flags string? nh_flags, RTNH_F_* (uapi/linux/rtnetlink.h)
---@field group string? members of a group, "1,5;2,1" for object 1 with weight 5 and object 2: NHA_GROUP (uapi/linux/nexthop.h)
---@field type (string|"mpath"|"resilient")? how a group chooses: NHA_GROUP_TYPE, NEXTHOP_GRP_TYPE_* (uapi/linux/nexthop.h)
---@field buckets integer? of a resilient group: NHA_RES_GROUP_BUCKETS (uapi/linux/nexthop.h)
---@field idle_timer integer? how long a bucket of a resilient group must be idle to move: NHA_RES_GROUP_IDLE_TIMER (uapi/linux/nexthop.h) (s)
---@field unbalanced_timer integer? how long a resilient group may be out of balance before busy buckets move: NHA_RES_GROUP_UNBALANCED_TIMER (uapi/linux/nexthop.h) (s)
---@field unbalanced_time integer? for how long it has been: NHA_RES_GROUP_UNBALANCED_TIME (uapi/linux/nexthop.h) (s)
---@field blackhole boolean? true where it drops packets: NHA_BLACKHOLE (uapi/linux/nexthop.h)
---@field fdb boolean? true where it is for VXLAN forwarding entries: NHA_FDB (uapi/linux/nexthop.h)
---@field encap (string|"none"|"mpls"|"ip"|"ila"|"ip6"|"seg6"|"bpf"|"seg6local"|"rpl"|"ioam6"|"xfrm")? encapsulation: NHA_ENCAP_TYPE (uapi/linux/lwtunnel.h)
---@field encap_info string? its parameters as ip prints them, in hex for types without such a form: NHA_ENCAP (uapi/linux/lwtunnel.h)
---@field fields fun(self): fun(): string, any

---@class NexthopEvent: Nexthop, Event
---@field old Nexthop the values before; all nil for a new nexthop
---@field changed NexthopChanged

---@class NexthopChanged
---@field family boolean
---@field protocol boolean
---@field interface boolean
---@field ifindex boolean
---@field id boolean
---@field gateway boolean
---@field scope boolean
---@field flags boolean
---@field group boolean
---@field type boolean
---@field buckets boolean
---@field idle_timer boolean
---@field unbalanced_timer boolean
---@field unbalanced_time boolean
---@field blackhole boolean
---@field fdb boolean
---@field encap boolean
---@field encap_info boolean

---@class NexthopFilter
---@field family string|string[]|boolean|nil
---@field protocol string|string[]|boolean|nil
---@field interface string|string[]|boolean|nil
---@field ifindex integer|string|(integer|string)[]|boolean|nil
---@field id integer|string|(integer|string)[]|boolean|nil
---@field gateway string|string[]|boolean|nil
---@field scope string|string[]|boolean|nil
---@field flags string|string[]|boolean|nil
---@field group string|string[]|boolean|nil
---@field type string|string[]|boolean|nil
---@field buckets integer|string|(integer|string)[]|boolean|nil
---@field idle_timer integer|string|(integer|string)[]|boolean|nil
---@field unbalanced_timer integer|string|(integer|string)[]|boolean|nil
---@field unbalanced_time integer|string|(integer|string)[]|boolean|nil
---@field blackhole boolean|nil
---@field fdb boolean|nil
---@field encap string|string[]|boolean|nil
---@field encap_info string|string[]|boolean|nil
---@field within? string|string[]|table<string, string|string[]> prefixes that hold `gateway`, or another field

---@class NexthopEventFilter: NexthopFilter, EventFilter

---@class NexthopQuery: NexthopFilter
---@field limit? integer
---@field netns? string

---A copy of one address of the mirror.
---@class Address
---@field object "address"
---@field interface string? the link it is on: ifa_index (uapi/linux/if_addr.h) [tag]
---@field family (string|"inet"|"inet6")? ifa_family (uapi/linux/if_addr.h) [tag]
---@field scope string? how far it is valid, named in /etc/iproute2/rt_scopes: ifa_scope (uapi/linux/rtnetlink.h) [tag]
---@field ifindex integer? the link's index: ifa_index (uapi/linux/if_addr.h)
---@field ["local"] string? the address: IFA_LOCAL, or IFA_ADDRESS without one (uapi/linux/if_addr.h)
---@field prefixlen integer? length of the prefix on the link: ifa_prefixlen (uapi/linux/if_addr.h) (bits)
---@field address string? the peer of a point-to-point address: IFA_ADDRESS where it is not IFA_LOCAL (uapi/linux/if_addr.h)
---@field broadcast string? broadcast address: IFA_BROADCAST (uapi/linux/if_addr.h)
---@field anycast string? anycast address: IFA_ANYCAST (uapi/linux/if_addr.h)
---@field metric integer? priority of the route to its prefix, absent for the default: IFA_RT_PRIORITY (uapi/linux/if_addr.h)
---@field label string? IPv4: its name for old tools, the link's or <link>:<text>: IFA_LABEL (uapi/linux/if_addr.h)
---@field flags string? IFA_F_* (uapi/linux/if_addr.h) as ip prints them: dynamic for want of IFA_F_PERMANENT, the rest in hex
---@field protocol string? who added it, named in /etc/iproute2/rt_addrprotos: IFA_PROTO (uapi/linux/if_addr.h, Linux 5.18)
---@field valid_lft integer? time until it is removed, 4294967295 for never: ifa_valid, IFA_CACHEINFO (uapi/linux/if_addr.h) (s)
---@field preferred_lft integer? time until it is deprecated, 4294967295 for never: ifa_prefered, IFA_CACHEINFO (uapi/linux/if_addr.h) (s)
---@field fields fun(self): fun(): string, any

---@class AddressEvent: Address, Event
---@field old Address the values before; all nil for a new address
---@field changed AddressChanged

---@class AddressChanged
---@field interface boolean
---@field family boolean
---@field scope boolean
---@field ifindex boolean
---@field ["local"] boolean
---@field prefixlen boolean
---@field address boolean
---@field broadcast boolean
---@field anycast boolean
---@field metric boolean
---@field label boolean
---@field flags boolean
---@field protocol boolean
---@field valid_lft boolean
---@field preferred_lft boolean

---@class AddressFilter
---@field interface string|string[]|boolean|nil
---@field family string|string[]|boolean|nil
---@field scope string|string[]|boolean|nil
---@field ifindex integer|string|(integer|string)[]|boolean|nil
---@field ["local"] string|string[]|boolean|nil
---@field prefixlen integer|string|(integer|string)[]|boolean|nil
---@field address string|string[]|boolean|nil
---@field broadcast string|string[]|boolean|nil
---@field anycast string|string[]|boolean|nil
---@field metric integer|string|(integer|string)[]|boolean|nil
---@field label string|string[]|boolean|nil
---@field flags string|string[]|boolean|nil
---@field protocol string|string[]|boolean|nil
---@field valid_lft integer|string|(integer|string)[]|boolean|nil
---@field preferred_lft integer|string|(integer|string)[]|boolean|nil
---@field within? string|string[]|table<string, string|string[]> prefixes that hold `local`, or another field

---@class AddressEventFilter: AddressFilter, EventFilter

---@class AddressQuery: AddressFilter
---@field limit? integer
---@field netns? string

---A copy of one route of the mirror.
---@class Route
---@field object "route"
---@field family (string|"inet"|"inet6")? rtm_family (uapi/linux/rtnetlink.h) [tag]
---@field table string? routing table, named in /etc/iproute2/rt_tables: RTA_TABLE or rtm_table (uapi/linux/rtnetlink.h) [tag]
---@field protocol string? who added it, named in /etc/iproute2/rt_protos: rtm_protocol (uapi/linux/rtnetlink.h) [tag]
---@field type (string|"none"|"unicast"|"local"|"broadcast"|"anycast"|"multicast"|"blackhole"|"unreachable"|"prohibit"|"throw"|"nat"|"xresolve")? rtm_type, RTN_* (uapi/linux/rtnetlink.h) [tag]
---@field interface string? the link of a route with a single path: RTA_OIF (uapi/linux/rtnetlink.h) [tag]
---@field dst string? destination, "default" for any: RTA_DST and rtm_dst_len (uapi/linux/rtnetlink.h)
---@field ifindex integer? that link's index: RTA_OIF (uapi/linux/rtnetlink.h)
---@field gateway string? next router of a route with a single path: RTA_GATEWAY, or RTA_VIA of another family (uapi/linux/rtnetlink.h)
---@field prefsrc string? source address for what starts here: RTA_PREFSRC (uapi/linux/rtnetlink.h)
---@field metric integer? priority, the lowest wins; IPv4 has none for 0: RTA_PRIORITY (uapi/linux/rtnetlink.h)
---@field scope string? distance to the destination, named in /etc/iproute2/rt_scopes: rtm_scope (uapi/linux/rtnetlink.h)
---@field tos integer? type of service it is for, absent for any: rtm_tos (uapi/linux/rtnetlink.h)
---@field src string? source prefix it is for, absent for any: RTA_SRC and rtm_src_len (uapi/linux/rtnetlink.h)
---@field iif string? the link that it is for packets from: RTA_IIF (uapi/linux/rtnetlink.h)
---@field flags string? RTNH_F_* and RTM_F_* (uapi/linux/rtnetlink.h); dead and linkdown follow the link's state at the time of the event
---@field realms string? "from/to" or "to", named in /etc/iproute2/rt_realms: RTA_FLOW (uapi/linux/rtnetlink.h)
---@field nhid integer? the nexthop object that has its path: RTA_NH_ID (uapi/linux/rtnetlink.h)
---@field nexthop_count integer? number of its paths: RTA_MULTIPATH, or 1 with RTA_OIF (uapi/linux/rtnetlink.h)
---@field nexthops string? its paths where there are several: via, dev, weight and flags of each, "; " between: RTA_MULTIPATH (uapi/linux/rtnetlink.h)
---@field pref (string|"low"|"medium"|"high")? IPv6 router preference (RFC 4191): RTA_PREF (uapi/linux/rtnetlink.h)
---@field expires integer? time until it goes, absent for ever: rta_expires of RTA_CACHEINFO (uapi/linux/rtnetlink.h) (s)
---@field ttl_propagate boolean? MPLS: whether the TTL goes over into the label: RTA_TTL_PROPAGATE (uapi/linux/rtnetlink.h)
---@field mtu integer? path MTU: RTAX_MTU (uapi/linux/rtnetlink.h) (bytes)
---@field mtu_lock boolean? true where path MTU discovery may not lower mtu: RTAX_LOCK (uapi/linux/rtnetlink.h)
---@field locks string? other metrics that may not change by themselves, comma-joined: RTAX_LOCK (uapi/linux/rtnetlink.h)
---@field window integer? largest TCP window: RTAX_WINDOW (uapi/linux/rtnetlink.h) (bytes)
---@field rtt integer? initial round trip time: RTAX_RTT / 8 (uapi/linux/rtnetlink.h) (ms)
---@field rttvar integer? initial variance of it: RTAX_RTTVAR / 4 (uapi/linux/rtnetlink.h) (ms)
---@field ssthresh integer? initial slow start threshold: RTAX_SSTHRESH (uapi/linux/rtnetlink.h)
---@field cwnd integer? clamp of the congestion window: RTAX_CWND (uapi/linux/rtnetlink.h)
---@field advmss integer? MSS to advertise: RTAX_ADVMSS (uapi/linux/rtnetlink.h) (bytes)
---@field reordering integer? initial reordering: RTAX_REORDERING (uapi/linux/rtnetlink.h)
---@field hoplimit integer? TTL or hop limit to send with: RTAX_HOPLIMIT (uapi/linux/rtnetlink.h)
---@field initcwnd integer? initial congestion window: RTAX_INITCWND (uapi/linux/rtnetlink.h)
---@field features string? "ecn", other bits in hex: RTAX_FEATURES (uapi/linux/rtnetlink.h)
---@field rto_min integer? least TCP retransmission timeout: RTAX_RTO_MIN (uapi/linux/rtnetlink.h) (ms)
---@field initrwnd integer? initial receive window: RTAX_INITRWND (uapi/linux/rtnetlink.h)
---@field quickack integer? quick TCP acknowledgements: RTAX_QUICKACK (uapi/linux/rtnetlink.h)
---@field congestion string? TCP congestion control: RTAX_CC_ALGO (uapi/linux/rtnetlink.h)
---@field fastopen_no_cookie integer? TCP fast open without cookies: RTAX_FASTOPEN_NO_COOKIE (uapi/linux/rtnetlink.h)
---@field encap (string|"none"|"mpls"|"ip"|"ila"|"ip6"|"seg6"|"bpf"|"seg6local"|"rpl"|"ioam6"|"xfrm")? encapsulation of a single path: RTA_ENCAP_TYPE (uapi/linux/lwtunnel.h)
---@field encap_info string? its parameters as ip prints them, in hex for types without such a form: RTA_ENCAP (uapi/linux/lwtunnel.h)
---@field fields fun(self): fun(): string, any

---@class RouteEvent: Route, Event
---@field old Route the values before; all nil for a new route
---@field changed RouteChanged

---@class RouteChanged
---@field family boolean
---@field table boolean
---@field protocol boolean
---@field type boolean
---@field interface boolean
---@field dst boolean
---@field ifindex boolean
---@field gateway boolean
---@field prefsrc boolean
---@field metric boolean
---@field scope boolean
---@field tos boolean
---@field src boolean
---@field iif boolean
---@field flags boolean
---@field realms boolean
---@field nhid boolean
---@field nexthop_count boolean
---@field nexthops boolean
---@field pref boolean
---@field expires boolean
---@field ttl_propagate boolean
---@field mtu boolean
---@field mtu_lock boolean
---@field locks boolean
---@field window boolean
---@field rtt boolean
---@field rttvar boolean
---@field ssthresh boolean
---@field cwnd boolean
---@field advmss boolean
---@field reordering boolean
---@field hoplimit boolean
---@field initcwnd boolean
---@field features boolean
---@field rto_min boolean
---@field initrwnd boolean
---@field quickack boolean
---@field congestion boolean
---@field fastopen_no_cookie boolean
---@field encap boolean
---@field encap_info boolean

---@class RouteFilter
---@field family string|string[]|boolean|nil
---@field table string|string[]|boolean|nil
---@field protocol string|string[]|boolean|nil
---@field type string|string[]|boolean|nil
---@field interface string|string[]|boolean|nil
---@field dst string|string[]|boolean|nil
---@field ifindex integer|string|(integer|string)[]|boolean|nil
---@field gateway string|string[]|boolean|nil
---@field prefsrc string|string[]|boolean|nil
---@field metric integer|string|(integer|string)[]|boolean|nil
---@field scope string|string[]|boolean|nil
---@field tos integer|string|(integer|string)[]|boolean|nil
---@field src string|string[]|boolean|nil
---@field iif string|string[]|boolean|nil
---@field flags string|string[]|boolean|nil
---@field realms string|string[]|boolean|nil
---@field nhid integer|string|(integer|string)[]|boolean|nil
---@field nexthop_count integer|string|(integer|string)[]|boolean|nil
---@field nexthops string|string[]|boolean|nil
---@field pref string|string[]|boolean|nil
---@field expires integer|string|(integer|string)[]|boolean|nil
---@field ttl_propagate boolean|nil
---@field mtu integer|string|(integer|string)[]|boolean|nil
---@field mtu_lock boolean|nil
---@field locks string|string[]|boolean|nil
---@field window integer|string|(integer|string)[]|boolean|nil
---@field rtt integer|string|(integer|string)[]|boolean|nil
---@field rttvar integer|string|(integer|string)[]|boolean|nil
---@field ssthresh integer|string|(integer|string)[]|boolean|nil
---@field cwnd integer|string|(integer|string)[]|boolean|nil
---@field advmss integer|string|(integer|string)[]|boolean|nil
---@field reordering integer|string|(integer|string)[]|boolean|nil
---@field hoplimit integer|string|(integer|string)[]|boolean|nil
---@field initcwnd integer|string|(integer|string)[]|boolean|nil
---@field features string|string[]|boolean|nil
---@field rto_min integer|string|(integer|string)[]|boolean|nil
---@field initrwnd integer|string|(integer|string)[]|boolean|nil
---@field quickack integer|string|(integer|string)[]|boolean|nil
---@field congestion string|string[]|boolean|nil
---@field fastopen_no_cookie integer|string|(integer|string)[]|boolean|nil
---@field encap string|string[]|boolean|nil
---@field encap_info string|string[]|boolean|nil
---@field within? string|string[]|table<string, string|string[]> prefixes that hold `dst`, or another field

---@class RouteEventFilter: RouteFilter, EventFilter

---@class RouteQuery: RouteFilter
---@field limit? integer
---@field netns? string

---A copy of one rule of the mirror.
---@class Rule
---@field object "rule"
---@field family (string|"inet"|"inet6")? fib_rule_hdr.family (uapi/linux/fib_rules.h) [tag]
---@field table string? routing table to look in, named in /etc/iproute2/rt_tables: FRA_TABLE or fib_rule_hdr.table (uapi/linux/fib_rules.h) [tag]
---@field type (string|"unicast"|"goto"|"nop"|"blackhole"|"unreachable"|"prohibit"|"nat")? what to do, unicast for a lookup: fib_rule_hdr.action, FR_ACT_* (uapi/linux/fib_rules.h) [tag]
---@field priority integer? rules are tried in this order: FRA_PRIORITY (uapi/linux/fib_rules.h)
---@field src string? source prefix, "all" for any: FRA_SRC and src_len (uapi/linux/fib_rules.h)
---@field dst string? destination prefix, absent for any: FRA_DST and dst_len (uapi/linux/fib_rules.h)
---@field iif string? incoming link, which need not exist: FRA_IIFNAME (uapi/linux/fib_rules.h)
---@field oif string? outgoing link, which need not exist: FRA_OIFNAME (uapi/linux/fib_rules.h)
---@field fwmark string? netfilter mark, in hex: FRA_FWMARK (uapi/linux/fib_rules.h)
---@field fwmask string? which bits of the mark count, in hex, absent for all: FRA_FWMASK (uapi/linux/fib_rules.h)
---@field ipproto string? IP protocol, tcp or a number: FRA_IP_PROTO (uapi/linux/fib_rules.h)
---@field sport string? source ports, "5" or "5-10": FRA_SPORT_RANGE (uapi/linux/fib_rules.h)
---@field dport string? destination ports, "5" or "5-10": FRA_DPORT_RANGE (uapi/linux/fib_rules.h)
---@field uid_range string? users, "1000-1999": FRA_UID_RANGE (uapi/linux/fib_rules.h)
---@field tos integer? type of service, absent for any: fib_rule_hdr.tos (uapi/linux/fib_rules.h)
---@field realms string? "from/to" or "to" for what it matches, named in /etc/iproute2/rt_realms: FRA_FLOW (uapi/linux/fib_rules.h)
---@field dscp string? DSCP, named in /etc/iproute2/rt_dsfield: FRA_DSCP (uapi/linux/fib_rules.h, Linux 6.12)
---@field dscp_mask string? which bits of it count, in hex, absent for all: FRA_DSCP_MASK (uapi/linux/fib_rules.h, Linux 6.15)
---@field flowlabel string? IPv6 flow label, in hex: FRA_FLOWLABEL (uapi/linux/fib_rules.h, Linux 6.14)
---@field flowlabel_mask string? which bits of it count, in hex: FRA_FLOWLABEL_MASK (uapi/linux/fib_rules.h, Linux 6.14)
---@field sport_mask string? which bits of sport count, in hex, absent for all: FRA_SPORT_MASK (uapi/linux/fib_rules.h, Linux 6.15)
---@field dport_mask string? which bits of dport count, in hex, absent for all: FRA_DPORT_MASK (uapi/linux/fib_rules.h, Linux 6.15)
---@field ["not"] boolean? true where the selector is inverted: FIB_RULE_INVERT (uapi/linux/fib_rules.h)
---@field ["goto"] integer? priority of the rule to go on with: FRA_GOTO (uapi/linux/fib_rules.h)
---@field suppress_prefixlength integer? refuse results with a prefix no longer than this: FRA_SUPPRESS_PREFIXLEN (uapi/linux/fib_rules.h)
---@field suppress_ifgroup string? refuse results over links of this group: FRA_SUPPRESS_IFGROUP (uapi/linux/fib_rules.h)
---@field l3mdev boolean? true where the table is that of the packet's VRF: FRA_L3MDEV (uapi/linux/fib_rules.h)
---@field tun_id integer? tunnel key: FRA_TUN_ID (uapi/linux/fib_rules.h)
---@field protocol string? who added it, named in /etc/iproute2/rt_protos: FRA_PROTOCOL (uapi/linux/fib_rules.h)
---@field fields fun(self): fun(): string, any

---@class RuleEvent: Rule, Event
---@field old Rule the values before; all nil for a new rule
---@field changed RuleChanged

---@class RuleChanged
---@field family boolean
---@field table boolean
---@field type boolean
---@field priority boolean
---@field src boolean
---@field dst boolean
---@field iif boolean
---@field oif boolean
---@field fwmark boolean
---@field fwmask boolean
---@field ipproto boolean
---@field sport boolean
---@field dport boolean
---@field uid_range boolean
---@field tos boolean
---@field realms boolean
---@field dscp boolean
---@field dscp_mask boolean
---@field flowlabel boolean
---@field flowlabel_mask boolean
---@field sport_mask boolean
---@field dport_mask boolean
---@field ["not"] boolean
---@field ["goto"] boolean
---@field suppress_prefixlength boolean
---@field suppress_ifgroup boolean
---@field l3mdev boolean
---@field tun_id boolean
---@field protocol boolean

---@class RuleFilter
---@field family string|string[]|boolean|nil
---@field table string|string[]|boolean|nil
---@field type string|string[]|boolean|nil
---@field priority integer|string|(integer|string)[]|boolean|nil
---@field src string|string[]|boolean|nil
---@field dst string|string[]|boolean|nil
---@field iif string|string[]|boolean|nil
---@field oif string|string[]|boolean|nil
---@field fwmark string|string[]|boolean|nil
---@field fwmask string|string[]|boolean|nil
---@field ipproto string|string[]|boolean|nil
---@field sport string|string[]|boolean|nil
---@field dport string|string[]|boolean|nil
---@field uid_range string|string[]|boolean|nil
---@field tos integer|string|(integer|string)[]|boolean|nil
---@field realms string|string[]|boolean|nil
---@field dscp string|string[]|boolean|nil
---@field dscp_mask string|string[]|boolean|nil
---@field flowlabel string|string[]|boolean|nil
---@field flowlabel_mask string|string[]|boolean|nil
---@field sport_mask string|string[]|boolean|nil
---@field dport_mask string|string[]|boolean|nil
---@field ["not"] boolean|nil
---@field ["goto"] integer|string|(integer|string)[]|boolean|nil
---@field suppress_prefixlength integer|string|(integer|string)[]|boolean|nil
---@field suppress_ifgroup string|string[]|boolean|nil
---@field l3mdev boolean|nil
---@field tun_id integer|string|(integer|string)[]|boolean|nil
---@field protocol string|string[]|boolean|nil
---@field within? string|string[]|table<string, string|string[]> prefixes that hold `dst`, or another field

---@class RuleEventFilter: RuleFilter, EventFilter

---@class RuleQuery: RuleFilter
---@field limit? integer
---@field netns? string

---A copy of one neighbor of the mirror.
---@class Neighbor
---@field object "neighbor"
---@field interface string? the link it is on, in a bridge the port: ndm_ifindex (uapi/linux/neighbour.h) [tag]
---@field family (string|"inet"|"inet6"|"bridge")? ndm_family (uapi/linux/neighbour.h) [tag]
---@field ifindex integer? the link's index: ndm_ifindex (uapi/linux/neighbour.h)
---@field dst string? the neighbor's address, in a VXLAN the remote end: NDA_DST (uapi/linux/neighbour.h)
---@field lladdr string? link-layer address: NDA_LLADDR (uapi/linux/neighbour.h)
---@field state (string|"incomplete"|"reachable"|"stale"|"delay"|"probe"|"failed"|"noarp"|"permanent"|"static")? ndm_state, NUD_* (uapi/linux/neighbour.h); static is noarp of family bridge
---@field state_code integer? state as the kernel's bit: 1 incomplete, 2 reachable, 4 stale, 8 delay, 16 probe, 32 failed, 64 noarp, 128 permanent: ndm_state (uapi/linux/neighbour.h)
---@field flags string? ndm_flags and NDA_FLAGS_EXT: router, proxy, extern_learn, …, of family bridge self, master, sticky, … (uapi/linux/neighbour.h)
---@field vlan integer? VLAN of a bridge's entry: NDA_VLAN (uapi/linux/neighbour.h)
---@field vni integer? VXLAN network that the remote end gets: NDA_VNI (uapi/linux/neighbour.h)
---@field src_vni integer? VXLAN network whose packets it is for: NDA_SRC_VNI (uapi/linux/neighbour.h)
---@field port integer? UDP port of the remote end where it is not the link's: NDA_PORT (uapi/linux/neighbour.h)
---@field via string? the link that the remote end is behind, if<index> where that is in another namespace: NDA_IFINDEX (uapi/linux/neighbour.h)
---@field link_netnsid integer? the namespace of `via`: NDA_LINK_NETNSID (uapi/linux/neighbour.h)
---@field nhid integer? the nexthop object that has the remote ends: NDA_NH_ID (uapi/linux/neighbour.h)
---@field protocol string? who added it, named in /etc/iproute2/rt_protos: NDA_PROTOCOL (uapi/linux/neighbour.h)
---@field activity_notify boolean? true where a bridge tells when it goes inactive: FDB_NOTIFY_BIT of NDA_FDB_EXT_ATTRS (uapi/linux/neighbour.h)
---@field inactive boolean? true where it is: FDB_NOTIFY_INACTIVE_BIT of NDA_FDB_EXT_ATTRS (uapi/linux/neighbour.h)
---@field master string? the bridge whose entry it is: NDA_MASTER (uapi/linux/neighbour.h)
---@field probes integer? solicitations without an answer: NDA_PROBES (uapi/linux/neighbour.h)
---@field fields fun(self): fun(): string, any

---@class NeighborEvent: Neighbor, Event
---@field old Neighbor the values before; all nil for a new neighbor
---@field changed NeighborChanged

---@class NeighborChanged
---@field interface boolean
---@field family boolean
---@field ifindex boolean
---@field dst boolean
---@field lladdr boolean
---@field state boolean
---@field state_code boolean
---@field flags boolean
---@field vlan boolean
---@field vni boolean
---@field src_vni boolean
---@field port boolean
---@field via boolean
---@field link_netnsid boolean
---@field nhid boolean
---@field protocol boolean
---@field activity_notify boolean
---@field inactive boolean
---@field master boolean
---@field probes boolean

---@class NeighborFilter
---@field interface string|string[]|boolean|nil
---@field family string|string[]|boolean|nil
---@field ifindex integer|string|(integer|string)[]|boolean|nil
---@field dst string|string[]|boolean|nil
---@field lladdr string|string[]|boolean|nil
---@field state string|string[]|boolean|nil
---@field state_code integer|string|(integer|string)[]|boolean|nil
---@field flags string|string[]|boolean|nil
---@field vlan integer|string|(integer|string)[]|boolean|nil
---@field vni integer|string|(integer|string)[]|boolean|nil
---@field src_vni integer|string|(integer|string)[]|boolean|nil
---@field port integer|string|(integer|string)[]|boolean|nil
---@field via string|string[]|boolean|nil
---@field link_netnsid integer|string|(integer|string)[]|boolean|nil
---@field nhid integer|string|(integer|string)[]|boolean|nil
---@field protocol string|string[]|boolean|nil
---@field activity_notify boolean|nil
---@field inactive boolean|nil
---@field master string|string[]|boolean|nil
---@field probes integer|string|(integer|string)[]|boolean|nil
---@field within? string|string[]|table<string, string|string[]> prefixes that hold `dst`, or another field

---@class NeighborEventFilter: NeighborFilter, EventFilter

---@class NeighborQuery: NeighborFilter
---@field limit? integer
---@field netns? string

---An event of any object; fields that the object does not have are nil.
---@class AnyEvent: Event
---@field interface string?
---@field kind string?
---@field ifindex integer?
---@field link_type string?
---@field mtu integer?
---@field operstate string?
---@field operstate_code integer?
---@field up boolean?
---@field carrier boolean?
---@field flags string?
---@field address string?
---@field broadcast string?
---@field permaddr string?
---@field master string?
---@field link string?
---@field qdisc string?
---@field txqlen integer?
---@field group string?
---@field ifalias string?
---@field altnames string?
---@field num_tx_queues integer?
---@field num_rx_queues integer?
---@field promiscuity integer?
---@field carrier_changes integer?
---@field carrier_up_count integer?
---@field carrier_down_count integer?
---@field missed_carrier_changes integer?
---@field irq integer?
---@field irq_count integer?
---@field new_netnsid integer?
---@field new_ifindex integer?
---@field family string?
---@field protocol string?
---@field id integer?
---@field gateway string?
---@field scope string?
---@field type string?
---@field buckets integer?
---@field idle_timer integer?
---@field unbalanced_timer integer?
---@field unbalanced_time integer?
---@field blackhole boolean?
---@field fdb boolean?
---@field encap string?
---@field encap_info string?
---@field ["local"] string?
---@field prefixlen integer?
---@field anycast string?
---@field metric integer?
---@field label string?
---@field valid_lft integer?
---@field preferred_lft integer?
---@field table string?
---@field dst string?
---@field prefsrc string?
---@field tos integer?
---@field src string?
---@field iif string?
---@field realms string?
---@field nhid integer?
---@field nexthop_count integer?
---@field nexthops string?
---@field pref string?
---@field expires integer?
---@field ttl_propagate boolean?
---@field mtu_lock boolean?
---@field locks string?
---@field window integer?
---@field rtt integer?
---@field rttvar integer?
---@field ssthresh integer?
---@field cwnd integer?
---@field advmss integer?
---@field reordering integer?
---@field hoplimit integer?
---@field initcwnd integer?
---@field features string?
---@field rto_min integer?
---@field initrwnd integer?
---@field quickack integer?
---@field congestion string?
---@field fastopen_no_cookie integer?
---@field priority integer?
---@field oif string?
---@field fwmark string?
---@field fwmask string?
---@field ipproto string?
---@field sport string?
---@field dport string?
---@field uid_range string?
---@field dscp string?
---@field dscp_mask string?
---@field flowlabel string?
---@field flowlabel_mask string?
---@field sport_mask string?
---@field dport_mask string?
---@field ["not"] boolean?
---@field ["goto"] integer?
---@field suppress_prefixlength integer?
---@field suppress_ifgroup string?
---@field l3mdev boolean?
---@field tun_id integer?
---@field lladdr string?
---@field state string?
---@field state_code integer?
---@field vlan integer?
---@field vni integer?
---@field src_vni integer?
---@field port integer?
---@field via string?
---@field link_netnsid integer?
---@field activity_notify boolean?
---@field inactive boolean?
---@field probes integer?
---@field old table<string, any>
---@field changed table<string, boolean>

---@class EventFilter
---@field action? Action|string|string[] "new", "!delete", {"new", "change"}
---@field origin? Origin|string|string[]
---@field netns? string|string[]
---@field changed? string|string[] fields of which one has changed; "!mtu": has not

---What a hook gets. It can only be used during the call; use copy() to keep it.
---@class Event
---@field action Action
---@field origin Origin
---@field object Object
---@field netns string empty when no namespaces are configured
---@field key string what the object is known by, 16 hexadecimal digits: the same from its new to its delete
---@field time number seconds since the epoch
local Event = {}

---Sets a tag of the event's metric; nil removes it.
---@param key string
---@param value string|number|boolean|nil
function Event:tag(key, value) end

---Sets a field of the event's metric; nil removes it. Numbers become floats.
---@param key string
---@param value string|number|boolean|nil
function Event:field(key, value) end

---Renames the event's metric.
---@param name string
function Event:measurement(name) end

---Reports whether the object's prefix or address, or another field, lies in a prefix.
---@param prefix string
---@param field? string
---@return boolean
function Event:within(prefix, field) end

---Reports whether the object is a default route.
---@return boolean
function Event:is_default() end

---Returns all of the event as a table that can be kept.
---@return table
function Event:copy() end

---Iterates over names and values of the fields that the object has.
---@return fun(): string, any
function Event:fields() end

---Returns the raw bytes of a netlink attribute.
---@param number integer
---@return string?
function Event:attribute(number) end

---@class Handle
local Handle = {}
---Ends a hook.
function Handle:off() end

---@class Timer
local Timer = {}
function Timer:cancel() end

---@class Moment
---@field moment "start"|"stop"|"reload"|"resync"|"overrun"
---@field reason string? of a reload: "changed", "forced", "killed", "suspended"
---@field netns string?
---@field changes integer? of a resync

---@class NativeAction
local NativeAction = {}

---@class Counter
local Counter = {}
---@param n? number
---@param ... string|number|boolean|nil the tags' values
function Counter:inc(n, ...) end
---A native action that counts by fields of the event, one for each tag.
---@param ... string
---@return NativeAction
function Counter:by(...) end

---@class Gauge
local Gauge = {}
---@param value number
---@param ... string|number|boolean|nil the tags' values
function Gauge:set(value, ...) end
---@param n? number
---@param ... string|number|boolean|nil the tags' values
function Gauge:inc(n, ...) end
---@param ... string|number|boolean|nil the tags' values
function Gauge:remove(...) end

---@alias Scalar string|number|boolean

---@class State
local State = {}
---@param key Scalar
---@return Scalar?
function State:get(key) end
---@param key Scalar
---@param value Scalar? nil removes the key
function State:set(key, value) end
---@param key Scalar
---@param value Scalar?
---@return Scalar? # the old value
function State:swap(key, value) end
---@param key Scalar
---@return Scalar? # the old value
function State:del(key) end
---@param key Scalar
---@param n? number
---@return number # the sum
function State:incr(key, n) end
---@return integer
function State:len() end
---@return fun(): string, Scalar
function State:each() end
---Counts one for the key and returns how many there were in the last seconds.
---@param key Scalar
---@param seconds number
---@return integer
function State:hits(key, seconds) end
function State:clear() end

---@class StateOptions
---@field max? integer entries; the least recently used one goes first
---@field ttl? number seconds that an entry lives after it was last written
---@field persist? boolean survive a restart

---@class ExecOptions
---@field [integer] string|number the command's absolute path and its arguments
---@field key? string what min_interval counts by; default: the path
---@field min_interval? number seconds between two runs for one key
---@field timeout? number seconds; default 10
---@field env? table<string, string>
---@field stdin? string
---@field on_done? fun(result: ExecResult)

---@class ExecResult
---@field code integer exit status; -1 when it did not run or was killed
---@field output string the first 4 KiB of standard output and error
---@field timed_out boolean
---@field error string?
---@field duration number seconds
---@field key string?

---@class nl
---@field DROP NativeAction drops the event's metric
---@field KEEP NativeAction does nothing
local nl = {}

---@overload fun(object: "link", filter: LinkEventFilter, fn: fun(ev: LinkEvent): boolean?): Handle
---@overload fun(object: "link", fn: fun(ev: LinkEvent): boolean?): Handle
---@overload fun(object: "nexthop", filter: NexthopEventFilter, fn: fun(ev: NexthopEvent): boolean?): Handle
---@overload fun(object: "nexthop", fn: fun(ev: NexthopEvent): boolean?): Handle
---@overload fun(object: "address", filter: AddressEventFilter, fn: fun(ev: AddressEvent): boolean?): Handle
---@overload fun(object: "address", fn: fun(ev: AddressEvent): boolean?): Handle
---@overload fun(object: "route", filter: RouteEventFilter, fn: fun(ev: RouteEvent): boolean?): Handle
---@overload fun(object: "route", fn: fun(ev: RouteEvent): boolean?): Handle
---@overload fun(object: "rule", filter: RuleEventFilter, fn: fun(ev: RuleEvent): boolean?): Handle
---@overload fun(object: "rule", fn: fun(ev: RuleEvent): boolean?): Handle
---@overload fun(object: "neighbor", filter: NeighborEventFilter, fn: fun(ev: NeighborEvent): boolean?): Handle
---@overload fun(object: "neighbor", fn: fun(ev: NeighborEvent): boolean?): Handle
---@overload fun(object: "*", filter: EventFilter, fn: fun(ev: AnyEvent): boolean?): Handle
---@overload fun(object: "*", fn: fun(ev: AnyEvent): boolean?): Handle
---@overload fun(object: "start"|"stop"|"reload"|"resync"|"overrun", fn: fun(info: Moment)): Handle
---Registers a hook. The function's result: false drops the event's metric and
---ends the event's hooks; true or nothing keeps it.
---@param object Object|"*"|"start"|"stop"|"reload"|"resync"|"overrun"
---@param filter? table|function|NativeAction
---@param fn? function|NativeAction|(function|NativeAction)[]
---@return Handle
function nl.on(object, filter, fn) end

---Declares a metric; the result takes the values of tags and fields in order.
---@param name string
---@param tags string[]
---@param fields string[] "n", or with a type: "n:int", "s:string", "b:bool", "f:float"
---@return fun(...)
function nl.metric(name, tags, fields) end

---Emits a metric; slower than a declared one.
---@param name string
---@param tags table<string, Scalar>?
---@param fields table<string, Scalar>
function nl.emit(name, tags, fields) end

---@param name string
---@param tags? string[]
---@param options? {max: integer?, per_interval: boolean?}
---@return Counter
function nl.counter(name, tags, options) end

---@param name string
---@param tags? string[]
---@param options? {max: integer?}
---@return Gauge
function nl.gauge(name, tags, options) end

---@param name_or_index string|integer
---@param netns? string default: that of the event
---@return Link?
function nl.link(name_or_index, netns) end

---@param object Object
---@param filter? table
---@return integer
function nl.count(object, filter) end

---Returns the route with the longest prefix that holds the address.
---@param address string
---@param table? string|integer default "main"
---@param netns? string default: that of the event
---@return Route?
---@return string? problem
function nl.lookup(address, table, netns) end

---@param name string
---@param options? StateOptions
---@return State
function nl.state(name, options) end

---@param seconds number
---@param fn fun()
---@return Timer
function nl.after(seconds, fn) end

---@param seconds number at least 0.01
---@param fn fun()
---@return Timer
function nl.every(seconds, fn) end

---Runs a command of allow_exec in the background.
---@param command ExecOptions
---@return boolean
---@return string? problem
function nl.exec(command) end

---@return number # seconds since the epoch
function nl.now() end

---@return number # seconds on a clock that nobody sets
function nl.monotonic() end

nl.log = {}
---@param format string
---@param ... any
function nl.log.error(format, ...) end
---@param format string
---@param ... any
function nl.log.warn(format, ...) end
---@param format string
---@param ... any
function nl.log.info(format, ...) end
---@param format string
---@param ... any
function nl.log.debug(format, ...) end

nl.ip = {}
---@param text string
---@return string? address
---@return integer|string bits or the problem
function nl.ip.parse(text) end
---@param text string
---@return "inet"|"inet6"|nil
function nl.ip.family(text) end
---@param text string
---@return "unspecified"|"loopback"|"multicast"|"link-local"|"private"|"global"|nil
function nl.ip.kind(text) end
---@param text string
---@param bits? integer
---@return string?
function nl.ip.network(text, bits) end
---@param address string
---@param prefix string
---@return boolean
function nl.ip.within(address, prefix) end
---@class PrefixSet
local PrefixSet = {}
---@param address string
---@return string? # the longest prefix of the set that holds the address
function PrefixSet:find(address) end
---@param prefixes string[]
---@return PrefixSet
function nl.ip.set(prefixes) end

nl.json = {}
nl.json.null = nil
---@param value any
---@return string?
---@return string? problem
function nl.json.encode(value) end
---@param text string
---@return any
---@return string? problem
function nl.json.decode(text) end

nl.re = {}
---@param text string
---@param pattern string in RE2 syntax
---@return string? ... the groups, or the whole match
function nl.re.match(text, pattern) end
---@param text string
---@param pattern string
---@return string[]
function nl.re.find_all(text, pattern) end
---@param text string
---@param pattern string
---@param with string $1 is the first group
---@return string
function nl.re.replace(text, pattern, with) end

---The script's constants, read-only.
---@type table<string, any>
config = {}

---Iterates over copies of the links in the mirror that match.
---@param filter? LinkQuery
---@return fun(): Link
function nl.links(filter) end

---Iterates over copies of the nexthops in the mirror that match.
---@param filter? NexthopQuery
---@return fun(): Nexthop
function nl.nexthops(filter) end

---Iterates over copies of the addresses in the mirror that match.
---@param filter? AddressQuery
---@return fun(): Address
function nl.addresses(filter) end

---Iterates over copies of the routes in the mirror that match.
---@param filter? RouteQuery
---@return fun(): Route
function nl.routes(filter) end

---Iterates over copies of the rules in the mirror that match.
---@param filter? RuleQuery
---@return fun(): Rule
function nl.rules(filter) end

---Iterates over copies of the neighbors in the mirror that match.
---@param filter? NeighborQuery
---@return fun(): Neighbor
function nl.neighbors(filter) end

return nl
