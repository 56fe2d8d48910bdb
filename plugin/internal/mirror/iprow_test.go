package mirror

import (
	"slices"
	"strings"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
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
}

// row returns an object of the replica in the form that is compared, nil for
// one that is not.
func (r *replica) row(o rtnl.Object, object string) row {
	all := row{}
	for line := range strings.Lines(object) {
		k, v, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		all[k] = v
	}
	out := row{}
	for _, k := range compared[o] {
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

// compareIP returns the difference between the replica and what ip shows.
func (r *replica) compareIP(ns *nstest.NS) (string, error) {
	ip := &iproute{ns: ns, index: map[string]string{}}
	var want, got []string
	for o := range r.objects {
		shown := map[string]bool{}
		for _, row := range ip.rows(rtnl.Object(o)) {
			want = append(want, rtnl.Object(o).String()+" "+row.String())
			shown[hiding(row)] = true
		}
		for text, n := range r.objects[o] {
			row := r.row(rtnl.Object(o), text)
			if row == nil || o == int(rtnl.Route) && hidden(row, shown) && !slices.Contains(want, "route "+row.String()) {
				continue
			}
			for range n {
				got = append(got, rtnl.Object(o).String()+" "+row.String())
			}
		}
	}
	return difference(want, got), ip.err
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
