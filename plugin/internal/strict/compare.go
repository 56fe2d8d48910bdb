package strict

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Compare returns what only c has ("-") and what only other has ("+"), each as
// it is to be compared: without what the kernel changes and does not tell.
func (c *Consumer) Compare(other *Consumer) (out []string) {
	mine, theirs := c.texts(), other.texts()
	for text, n := range mine {
		for range n - theirs[text] {
			out = append(out, fmt.Sprintf("- %q", text))
		}
	}
	for text, n := range theirs {
		for range n - mine[text] {
			out = append(out, fmt.Sprintf("+ %q", text))
		}
	}
	slices.Sort(out)
	return out
}

// Differs returns what only c has ("-") and what only other has ("+"), all fields
// compared: of a consumer and of the mirror that it was told by.
func (c *Consumer) Differs(other *Consumer) (out []string) {
	for class, list := range c.objects {
		for key, v := range list {
			if !maps.Equal(v, other.objects[class][key]) {
				out = append(out, fmt.Sprintf("- %s %s %v", class, key, v))
			}
		}
	}
	for class, list := range other.objects {
		for key, v := range list {
			if !maps.Equal(v, c.objects[class][key]) {
				out = append(out, fmt.Sprintf("+ %s %s %v", class, key, v))
			}
		}
	}
	slices.Sort(out)
	return out
}

func (c *Consumer) texts() map[string]int {
	out := map[string]int{}
	for class, list := range c.objects {
		for key, v := range list {
			out[text(class, key, v)]++
		}
	}
	return out
}

// untold are fields that the kernel changes without a message and without
// consequence: a bridge's ageing time while its topology changes, and what its
// ports designate when its address changes (net/bridge/br_stp.c), among them.
var untold = func() map[string]bool {
	names := map[string]bool{"qdisc": true, "promiscuity": true, "allmulti": true, "gso_max_size": true, "gso_max_segs": true,
		"tso_max_size": true, "tso_max_segs": true, "gro_max_size": true, "gso_ipv4_max_size": true, "gro_ipv4_max_size": true,
		"carrier_changes": true, "carrier_up_count": true, "carrier_down_count": true, "state_code": true,
		"ageing_time": true, "topology_change": true, "topology_change_detected": true, "designated_bridge": true, "designated_root": true}
	for o := range rtnl.Object(rtnl.NumObjects) {
		for _, f := range event.Fields(o) {
			if f.Volatile {
				names[f.Name] = true
			}
		}
	}
	return names
}()

// silentWhileDown are fields whose change the kernel tells of a link that is up
// only (netdev_state_change(), net/core/dev.c).
var silentWhileDown = map[string]bool{"ifalias": true, "altnames": true, "group": true}

// tentative is what is told of an IPv6 address that is not yet known to be unique:
// other changes of it the kernel tells when it is (inet6_addr_modify(),
// net/ipv6/addrconf.c).
var tentative = map[string]bool{"family": true, "local": true, "interface": true, "ifindex": true}

// silent reports whether the kernel may have changed a field without a message.
func silent(class, name string, v Values) bool {
	switch {
	case untold[name]:
		return true
	case class == "link":
		return v["up"] == "false" && silentWhileDown[name]
	case class == "address" && v["family"] == "inet6" && slices.Contains(strings.Split(v["flags"], ","), "tentative"):
		return !tentative[name]
	}
	return false
}

// numbered are the classes of which several objects can have one identity: the
// number in their keys is that of the order in which they came.
var numbered = map[string]bool{"route": true, "rule": true}

// text spells an object, one value a line.
func text(class, key string, v Values) string {
	var lines []string
	for name, value := range v {
		if silent(class, name, v) {
			continue
		}
		lines = append(lines, name+"="+steady(name, value, v["family"])+"\n")
	}
	if !numbered[class] {
		lines = append(lines, "key="+key+"\n")
	}
	slices.Sort(lines)
	return class + "\n" + strings.Join(lines, "")
}

// steady returns a value as the kernel last announced it, and paths without an
// order, which those of IPv6 have not.
func steady(name, value, family string) string {
	switch {
	case name == "state" && value == "delay":
		return "stale"
	case name == "state" && value == "stale" && family == "bridge":
		return "reachable" // that time has passed the kernel does not say
	case name == "nexthops" && family == "inet6":
		paths := strings.Split(value, "; ")
		slices.Sort(paths)
		return strings.Join(paths, "; ")
	}
	return value
}
