package iproute

import "strings"

// multicastRow is a route of "ip mroute", which says less of it than the kernel does.
func multicastRow(family string, m map[string]any) row {
	r := row{"family": family, "src": text(m, "src"), "dst": text(m, "dst"), "iif": text(m, "iif"), "table": text(m, "table")}
	if r["iif"] == "unresolved" {
		r["iif"] = ""
	}
	if text(m, "state") == "unresolved" {
		r["flags"] = "unresolved"
	}
	var out []string
	list, _ := m["multipath"].([]any)
	for _, v := range list {
		h, _ := v.(map[string]any)
		ttl := text(h, "ttl")
		if ttl == "" {
			ttl = "1"
		}
		out = append(out, "dev "+text(h, "oif")+" ttl "+ttl)
	}
	r["nexthops"] = sortedHops(strings.Join(out, "; "))
	return r
}
