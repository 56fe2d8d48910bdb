package recordings

import (
	"fmt"
	"strings"

	"github.com/influxdata/telegraf"
)

// identities names what tells the objects of a class apart for a reader.
var identities = map[string][]string{
	"link":     {"interface"},
	"address":  {"local", "prefixlen", "interface"},
	"route":    {"type", "dst", "gateway", "interface", "nexthops", "nhid", "metric", "table"},
	"neighbor": {"dst", "lladdr", "interface", "state"},
	"rule":     {"priority", "src", "iif", "oif", "type", "table"},
	"nexthop":  {"id", "gateway", "interface", "group"},
	"netconf":  {"interface", "family"},
	"nsid":     {"nsid"},
	"mdb":      {"group", "src", "port", "interface"},
	"vlan":     {"vlan", "interface", "flags"},
	"notice":   {"type", "interface", "router", "prefix", "servers", "domains"},
}

// usual values are left out.
var usual = map[string]any{"type": "unicast", "table": "main", "origin": "notify"}

// summary describes an event in a few words: "delete route 20.0.0.0/24 v0
// (implied)", "change link v0: mtu".
func summary(m telegraf.Metric) string {
	class := strings.TrimPrefix(m.Name(), "rtnetlink_")
	words := []string{value(m, "action"), class}
	for _, key := range identities[class] {
		if v := value(m, key); v != "" && v != usual[key] {
			words = append(words, labelled(key, v))
		}
	}
	text := strings.Join(words, " ")
	if origin := value(m, "origin"); origin != usual["origin"] {
		text += " (" + origin + ")"
	}
	if changed := value(m, "changed"); changed != "" {
		text += ": " + changed
	}
	return text
}

// labelled says what a value is where it does not speak for itself.
func labelled(key, value string) string {
	switch key {
	case "nhid", "metric", "table", "priority", "iif", "oif":
		return key + " " + value
	case "prefixlen":
		return "/" + value
	case "gateway":
		return "via " + value
	case "nexthops":
		return "[" + value + "]"
	}
	return value
}

// value returns a tag or field as text, empty if there is none.
func value(m telegraf.Metric, key string) string {
	if v, ok := m.GetTag(key); ok {
		return v
	}
	if v, ok := m.GetField(key); ok {
		return fmt.Sprint(v)
	}
	return ""
}
