package iproute

import (
	"fmt"
	"slices"
	"strings"
)

func (ip *reader) routeRow(family string, m map[string]any) row {
	r := row{"family": family}
	for _, k := range []string{"type", "dst", "table", "protocol", "scope", "prefsrc", "metric", "nhid", "pref", "gateway"} {
		r[k] = text(m, k)
	}
	if from := text(m, "from"); from != "" {
		r["src"] = from
	}
	if encap := text(m, "encap"); encap != "ip" && encap != "ip6" { // which have one of their own
		r["tos"] = hexToDecimal(text(m, "tos"))
	}
	r["interface"] = text(m, "dev")
	if via, ok := m["via"].(map[string]any); ok {
		r["gateway"] = text(via, "host")
	}
	if metrics, ok := m["metrics"].([]any); ok {
		for _, v := range metrics {
			one, _ := v.(map[string]any)
			r["mtu"] += text(one, "mtu")
		}
	}
	r["nexthops"] = ip.hops(m)
	return withoutObject(r)
}

func (ip *reader) hops(m map[string]any) string {
	var hops []string
	list, _ := m["nexthops"].([]any)
	for _, v := range list {
		h, _ := v.(map[string]any)
		s := segments(h)
		if gw := text(h, "gateway"); gw != "" {
			s += "via " + gw + " "
		}
		if via, ok := h["via"].(map[string]any); ok {
			s += "via " + text(via, "family") + " " + text(via, "host") + " "
		}
		s += "dev " + text(h, "dev") + " weight " + text(h, "weight")
		if slices.Contains(words(h, "flags"), "onlink") {
			s += " onlink"
		}
		hops = append(hops, s)
	}
	return sortedHops(strings.Join(hops, "; "))
}

// segments is the encapsulation of a path: seg6 or mpls.
func segments(h map[string]any) string {
	switch text(h, "encap") {
	case "":
		return ""
	case "mpls":
		return "encap mpls " + text(h, "dst") + " "
	}
	segs := words(h, "segs")
	return fmt.Sprintf("encap %s mode %s segs %d [ %s ] ", text(h, "encap"), text(h, "mode"), len(segs), strings.Join(segs, " "))
}

// sortedHops orders paths: that of IPv6 has no meaning.
func sortedHops(text string) string {
	hops := strings.Split(text, "; ")
	slices.Sort(hops)
	return strings.Join(hops, "; ")
}

// withoutObject leaves out what a route repeats of its nexthop object.
func withoutObject(r row) row {
	if r["nhid"] != "" {
		r["interface"], r["gateway"], r["nexthops"] = "", "", ""
	}
	return r
}

func hexToDecimal(s string) string {
	var n int
	if _, err := fmt.Sscanf(s, "0x%x", &n); err == nil {
		return fmt.Sprint(n)
	}
	return s
}
