package event

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// object is one object of `ip -j`. Where ip prints a key twice (a route's dst
// and that of its encapsulation) the first counts.
type object map[string]any

func (o *object) UnmarshalJSON(b []byte) error {
	*o = object{}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if _, err := d.Token(); err != nil { // {
		return err
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		var v any
		if err := d.Decode(&v); err != nil {
			return err
		}
		if _, twice := (*o)[key.(string)]; !twice {
			(*o)[key.(string)] = v
		}
	}
	return nil
}

func (o object) has(key string) bool { _, ok := o[key]; return ok }

// str returns a key as text, "" where it is missing or null.
func (o object) str(key string) string {
	if o[key] == nil {
		return ""
	}
	return fmt.Sprint(o[key])
}

// num returns a key as a number, decimal or 0x.
func (o object) num(key string) int64 {
	n, err := strconv.ParseInt(o.str(key), 0, 64)
	if err != nil {
		panic(fmt.Sprintf("%s: %v", key, err))
	}
	return n
}

// list joins an array of words.
func (o object) list(key string) string {
	words := []string{}
	array, _ := o[key].([]any)
	for _, w := range array {
		if word := fmt.Sprint(w); !derivedWords[word] {
			words = append(words, word)
		}
	}
	return strings.Join(words, ",")
}

// derivedWords are flags that ip prints of an object and that follow from the
// state of another.
var derivedWords = map[string]bool{"dead": true, "linkdown": true, "M-DOWN": true}

// want collects the values that a decoder should find.
type want map[string]any

// text, number and truth take a key of ip's over under another name, where it
// is there.
func (w want) text(name string, o object, key string) {
	if s := o.str(key); s != "" {
		w[name] = s
	}
}

func (w want) number(name string, o object, key string) {
	if o.has(key) {
		w[name] = o.num(key)
	}
}

func (w want) truth(name string, o object, key string) {
	if o.has(key) {
		w[name] = true
	}
}

func (w want) list(name string, o object, key string) {
	if s := o.list(key); s != "" {
		w[name] = s
	}
}

func sub(o object, key string) object {
	m, _ := o[key].(map[string]any)
	return object(m)
}

// wantLink translates `ip -j -d link`.
func wantLink(o object) want {
	w := want{"operstate": strings.ToLower(o.str("operstate")), "txqlen": int64(0)}
	for name, key := range map[string]string{"interface": "ifname", "link_type": "link_type", "address": "address",
		"broadcast": "broadcast", "permaddr": "permaddr", "master": "master", "link": "link", "qdisc": "qdisc",
		"group": "group", "ifalias": "ifalias"} {
		w.text(name, o, key)
	}
	for _, name := range []string{"ifindex", "mtu", "txqlen", "num_tx_queues", "num_rx_queues", "promiscuity", "allmulti",
		"min_mtu", "max_mtu", "gso_max_size", "gso_max_segs", "tso_max_size", "tso_max_segs", "gro_max_size", "link_netnsid"} {
		w.number(name, o, name)
	}
	if o.has("link_index") {
		w["link"] = "if" + o.str("link_index")
	}
	w["linkmode"] = strings.ToLower(o.str("linkmode"))
	info := sub(o, "linkinfo")
	w.text("kind", info, "info_kind")
	w.text("port_kind", info, "info_slave_kind")
	w.info("", info.str("info_kind"), sub(info, "info_data"))
	w.info("port.", info.str("info_slave_kind"), sub(info, "info_slave_data"))
	w.list("flags", o, "flags")
	w.list("altnames", o, "altnames")
	flags := "," + o.list("flags") + ","
	w["up"] = strings.Contains(flags, ",UP,")
	return w
}

// addressFlags are the booleans of `ip -j addr` in the order of `ip addr`.
var addressFlags = []string{"temporary", "secondary", "nodad", "optimistic", "dadfailed", "home", "deprecated",
	"tentative", "dynamic", "mngtmpaddr", "noprefixroute", "autojoin", "stable-privacy"}

// wantAddress translates an addr_info of `ip -j -d addr`.
func wantAddress(o object, dev string, ifindex int64) want {
	w := want{"interface": dev, "ifindex": ifindex}
	for _, name := range []string{"family", "scope", "local", "address", "broadcast", "label"} {
		w.text(name, o, name)
	}
	w.number("prefixlen", o, "prefixlen")
	w.number("metric", o, "metric")
	w.text("anycast", o, "anycast")
	w.number("valid_lft", o, "valid_life_time")
	w.number("preferred_lft", o, "preferred_life_time")
	var flags []string
	for _, f := range addressFlags {
		if o.has(f) {
			flags = append(flags, f)
		}
	}
	if flags != nil {
		w["flags"] = strings.Join(flags, ",")
	}
	return w
}

// wantRoute translates `ip -j -d route`.
func wantRoute(o object, family string) want {
	w := want{"family": family}
	for name, key := range map[string]string{"table": "table", "protocol": "protocol", "type": "type", "dst": "dst",
		"prefsrc": "prefsrc", "scope": "scope", "src": "from", "iif": "iif", "pref": "pref"} {
		w.text(name, o, key)
	}
	w.number("metric", o, "metric")
	w.number("nhid", o, "nhid")
	w.number("expires", o, "expires")
	w.realms(sub(o, "flow"), "from", "to")
	w.list("flags", o, "flags")
	if !o.has("nhid") {
		w.path(o)
	}
	if metrics, _ := o["metrics"].([]any); metrics != nil {
		w.metrics(metrics[0].(map[string]any))
	}
	return w
}

// realms joins what ip prints in two keys.
func (w want) realms(o object, from, to string) {
	w.text("realms", o, to)
	if o.has(from) {
		w["realms"] = o.str(from) + "/" + o.str(to)
	}
}

// path adds what a nexthop object would have.
func (w want) path(o object) {
	w.text("interface", o, "dev")
	w.text("gateway", o, "gateway")
	w.text("gateway", sub(o, "via"), "host")
	w.text("encap", o, "encap")
	if o.has("dev") {
		w["nexthop_count"] = int64(1)
	}
	if !o.has("encap") { // whose own tos it would be
		w.number("tos", o, "tos")
	}
	hops, _ := o["nexthops"].([]any)
	if hops == nil {
		return
	}
	var list []string
	for _, h := range hops {
		list = append(list, hopText(object(h.(map[string]any))))
	}
	w["nexthops"], w["nexthop_count"] = strings.Join(list, "; "), int64(len(list))
}

// hopText is what `ip route` prints for a nexthop.
func hopText(h object) string {
	s := ""
	if h.has("gateway") {
		s = "via " + h.str("gateway") + " "
	}
	if via := sub(h, "via"); via != nil {
		s = "via " + via.str("family") + " " + via.str("host") + " "
	}
	if flow := sub(h, "flow"); flow != nil {
		w := want{}
		w.realms(flow, "from", "to")
		s += "realms " + w["realms"].(string) + " "
	}
	s += "dev " + h.str("dev") + " weight " + h.str("weight")
	if flags := h.list("flags"); flags != "" {
		s += " " + strings.ReplaceAll(flags, ",", " ")
	}
	return s
}

func (w want) metrics(m object) {
	for _, name := range []string{"mtu", "window", "rtt", "rttvar", "ssthresh", "cwnd", "advmss", "reordering",
		"hoplimit", "initcwnd", "rto_min", "initrwnd", "quickack", "fastopen_no_cookie"} {
		w.number(name, m, name)
	}
	w.text("congestion", m, "congestion")
	if m.has("ecn") {
		w["features"] = "ecn"
	}
}

// wantNeighbor translates `ip -j -d -s neigh`.
func wantNeighbor(o object, family string) want {
	w := want{"family": family}
	w.text("interface", o, "dev")
	w.text("dst", o, "dst")
	w.text("lladdr", o, "lladdr")
	w.text("protocol", o, "protocol")
	w.number("probes", o, "probes")
	if s := o.list("state"); s != "" {
		w["state"] = strings.ToLower(s)
	}
	var flags []string
	for _, f := range []string{"router", "proxy", "managed", "extern_learn", "offload"} {
		if o.has(f) {
			flags = append(flags, f)
		}
	}
	if flags != nil {
		w["flags"] = strings.Join(flags, ",")
	}
	return w
}

// wantForwarding translates `bridge -j -d fdb`.
func wantForwarding(o object) want {
	w := want{"family": "bridge", "state": "reachable"}
	for name, key := range map[string]string{"interface": "ifname", "dst": "dst", "lladdr": "mac", "state": "state", "master": "master"} {
		w.text(name, o, key)
	}
	w.number("vlan", o, "vlan")
	for _, name := range []string{"vni", "src_vni", "port", "nhid"} {
		w.number(name, o, name)
	}
	w.text("via", o, "viaIf")
	w.truth("activity_notify", o, "activity_notify")
	w.truth("inactive", o, "inactive")
	w.list("flags", o, "flags")
	return w
}

// wantRule translates `ip -j -d rule`.
func wantRule(o object, family string) want {
	w := want{"family": family, "type": "unicast"}
	for _, name := range []string{"table", "iif", "oif", "fwmark", "fwmask", "ipproto", "suppress_ifgroup", "protocol"} {
		w.text(name, o, name)
	}
	if n, unnamed := strings.CutPrefix(o.str("ipproto"), "ipproto-"); unnamed {
		w["ipproto"] = n
	}
	w.text("type", o, "action")
	for _, key := range []string{"goto", "nop"} {
		if o.has(key) {
			w["type"] = key
		}
	}
	w.number("priority", o, "priority")
	w.number("tos", o, "tos")
	w.number("goto", o, "goto")
	w.number("tun_id", o, "tun_id")
	w.number("suppress_prefixlength", o, "suppress_prefixlen")
	w.truth("not", o, "not")
	for _, name := range []string{"dscp", "dscp_mask", "flowlabel", "flowlabel_mask", "sport_mask", "dport_mask"} {
		w.text(name, o, name)
	}
	w.realms(o, "flow_from", "flow_to")
	w.truth("l3mdev", o, "l3mdev")
	w.ranges(o)
	return w
}

// ranges joins what ip prints in two keys.
func (w want) ranges(o object) {
	for name, key := range map[string]string{"src": "srclen", "dst": "dstlen"} {
		w.text(name, o, name)
		if o.has(key) {
			w[name] = o.str(name) + "/" + o.str(key)
		}
	}
	for name, key := range map[string]string{"sport": "sport", "dport": "dport", "uid_range": "uid"} {
		w.text(name, o, name)
		if o.has(key + "_start") {
			w[name] = o.str(key+"_start") + "-" + o.str(key+"_end")
		}
	}
}

// wantNexthop translates `ip -j -d nexthop`, which does not print the family.
func wantNexthop(o object) want {
	w := want{}
	for name, key := range map[string]string{"protocol": "protocol", "interface": "dev", "gateway": "gateway",
		"scope": "scope", "type": "type", "encap": "encap"} {
		w.text(name, o, key)
	}
	w.number("id", o, "id")
	if args := sub(o, "resilient_args"); args != nil {
		w.number("buckets", args, "buckets")
		for _, name := range []string{"idle_timer", "unbalanced_timer", "unbalanced_time"} {
			seconds, _ := strconv.ParseFloat(args.str(name), 64)
			w[name] = int64(seconds)
		}
	}
	w.list("flags", o, "flags")
	w.truth("blackhole", o, "blackhole")
	w.truth("fdb", o, "fdb")
	members, _ := o["group"].([]any)
	var group []string
	for _, m := range members {
		member := object(m.(map[string]any))
		weight := "1"
		if member.has("weight") {
			weight = member.str("weight")
		}
		group = append(group, member.str("id")+","+weight)
	}
	if group != nil {
		w["group"] = strings.Join(group, ";")
		if !o.has("type") {
			w["type"] = "mpath"
		}
	}
	return w
}

func wantNetconf(o object) want {
	w := want{}
	for _, key := range []string{"interface", "family", "rp_filter"} {
		w.text(key, o, key)
	}
	for _, key := range []string{"forwarding", "mc_forwarding", "proxy_neigh", "ignore_routes_with_linkdown", "input"} {
		if o.has(key) {
			w[key] = o[key]
		}
	}
	return w
}
