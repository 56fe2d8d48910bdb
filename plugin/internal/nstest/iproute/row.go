package iproute

import (
	"fmt"
	"slices"
	"strings"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
	"telegraf-rtnetlink/plugin/internal/strict"
)

// compared lists the fields that are compared with iproute2, by class.
var compared = [rtnl.NumObjects][]string{
	rtnl.Link: {"interface", "ifindex", "kind", "mtu", "address", "txqlen", "link_type", "num_tx_queues", "up",
		"group", "ifalias", "operstate"},
	rtnl.Nexthop: {"id", "gateway", "interface", "scope", "protocol", "blackhole", "group"},
	rtnl.Address: {"interface", "family", "local", "prefixlen", "address", "scope", "label", "broadcast"},
	rtnl.Route: {"family", "type", "dst", "table", "protocol", "scope", "prefsrc", "metric", "nhid", "pref", "gateway",
		"src", "tos", "interface", "mtu", "nexthops"},
	rtnl.Rule: {"family", "type", "priority", "iif", "oif", "fwmark", "fwmask", "ipproto", "table", "goto", "not",
		"protocol", "src", "dst", "dport", "tos", "suppress_prefixlength"},
	rtnl.Neighbor: {"family", "dst", "lladdr", "interface", "master", "state", "vlan"},
	rtnl.Netconf:  append([]string{"interface", "family", "rp_filter"}, netconfTruths...),
	rtnl.NSID:     {"nsid"},
	rtnl.MDB:      {"interface", "port", "group", "src", "vlan", "state", "flags", "filter_mode", "source_list", "protocol"},
	rtnl.VLAN:     {"interface", "vlan", "flags", "state"},
}

// otherFamilies are the fields of routes of families that have fewer of them.
var otherFamilies = map[string][]string{
	"mpls":  {"family", "dst", "protocol", "newdst", "gateway", "interface", "nexthops"},
	"ipmr":  {"family", "src", "dst", "iif", "table", "nexthops", "flags"},
	"ip6mr": {"family", "src", "dst", "iif", "table", "nexthops", "flags"},
}

var netconfTruths = []string{"forwarding", "mc_forwarding", "proxy_neigh", "ignore_routes_with_linkdown", "input"}

// rowOf returns an object of a consumer in the form that is compared, nil for
// one that is not.
func rowOf(o rtnl.Object, v strict.Values) row {
	all := row{}
	for k, text := range v {
		switch text {
		case "true":
			text = "1"
		case "false":
			text = "0"
		}
		all[k] = text
	}
	out := row{}
	names := compared[o]
	if o == rtnl.Route && otherFamilies[all["family"]] != nil {
		names = otherFamilies[all["family"]]
	}
	for _, k := range names {
		out[k] = all[k]
	}
	switch o {
	case rtnl.Link:
		if all["up"] == "0" {
			out["group"], out["ifalias"], out["operstate"] = "", "", ""
		}
	case rtnl.Address:
		if slices.Contains(strings.Split(all["flags"], ","), "tentative") {
			out = row{"interface": all["interface"], "family": all["family"], "local": all["local"]}
		}
	case rtnl.Route:
		out["nexthops"] = sortedHops(out["nexthops"])
		return withoutObject(out)
	case rtnl.Neighbor:
		return neighborRow(all, out)
	}
	return out
}

func neighborRow(all, out row) row {
	if all["family"] == "bridge" {
		return steadyFDB(out)
	}
	if slices.Contains(strings.Split(all["flags"], ","), "proxy") {
		return nil
	}
	out["family"] = ""
	return announcedRow(out)
}

// Compare returns the difference between what c has ("+") and what iproute2 shows
// of the namespace ("-"), empty for none.
func Compare(ns *nstest.NS, c *strict.Consumer) (string, error) {
	ip := &reader{ns: ns, ip: ns.Reading()}
	count := map[string]int{}
	shown := map[string]bool{}
	for o := range rtnl.Object(rtnl.NumObjects) {
		for _, row := range ip.rows(o) {
			count[o.String()+" "+row.String()]--
			shown[hiding(row)] = true
		}
	}
	c.Each(func(class string, v strict.Values) bool {
		o, _ := rtnl.ParseObject(class)
		switch row := rowOf(o, v); {
		case row == nil, o == rtnl.Route && hidden(row, shown) && count[class+" "+row.String()] == 0:
		default:
			count[class+" "+row.String()]++
		}
		return true
	})
	return Difference(count), ip.err
}

// Difference lists, of texts and how often more they are on one side than on the
// other, those that are not as often on both: a line each, in order.
func Difference(count map[string]int) string {
	var out []string
	for text, n := range count {
		switch {
		case n < 0:
			out = append(out, fmt.Sprintf("%s\t- (x%d)", text, -n))
		case n > 0:
			out = append(out, fmt.Sprintf("%s\t+ (x%d)", text, n))
		}
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// hiding is the key of an IPv6 group, which can hide other routes of its key
// from dumps; hidden reports whether a route may be one.
func hiding(r row) string {
	if r["nexthops"] == "" || r["family"] != "inet6" {
		return ""
	}
	return r["dst"] + r["table"] + r["metric"] + r["src"]
}

func hidden(r row, shown map[string]bool) bool {
	return r["family"] == "inet6" && r["nexthops"] == "" && r["gateway"] == "" &&
		shown[r["dst"]+r["table"]+r["metric"]+r["src"]]
}
