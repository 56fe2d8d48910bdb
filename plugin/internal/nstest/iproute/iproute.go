// Package iproute compares what a consumer of the stream has with what iproute2
// prints of a namespace, field by field. It is for tests only.
package iproute

import (
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// row is an object by names of fields; what is the empty string is absent.
type row map[string]string

func (r row) String() string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(r)) {
		if r[k] != "" {
			out = append(out, k+"="+r[k])
		}
	}
	return strings.Join(out, " ")
}

// reader reads the objects of a namespace with ip(8) and bridge(8).
type reader struct {
	ns  *nstest.NS
	ip  *nstest.Iproute
	fdb bool // there are links that forward by tables of their own
	err error
}

// Have reports whether there are ip and bridge.
func Have() bool {
	_, err1 := exec.LookPath("ip")
	_, err2 := exec.LookPath("bridge")
	return err1 == nil && err2 == nil
}

// objects runs a command that prints a list.
func (ip *reader) objects(command string) (list []map[string]any) {
	out, err := ip.run(command)
	if err == nil && strings.TrimSpace(out) != "" {
		list, err = nstest.Objects([]byte(out))
	}
	for _, unknown := range []string{"Operation not supported", "Address family not supported"} { // a kernel without this class
		if err != nil && strings.Contains(err.Error(), unknown) {
			return nil
		}
	}
	if ip.err == nil && err != nil {
		ip.err = fmt.Errorf("%s: %w", command, err)
	}
	return list
}

// run starts bridge anew for each command: it ends itself at the second list of
// VLANs. Without a link that it knows something of it is not asked.
func (ip *reader) run(command string) (string, error) {
	words := strings.Fields(command)
	switch {
	case words[0] == "ip":
		return ip.ip.Output(command)
	case !ip.fdb:
		return "", nil
	}
	return ip.ns.Output(words[0], words[1:]...)
}

// text reads a member of an object: numbers in decimal, null and true as "1".
func text(m map[string]any, key string) string {
	switch v, ok := m[key]; v := v.(type) {
	case string:
		return v
	case float64:
		return fmt.Sprintf("%.0f", v)
	case bool:
		if v {
			return "1"
		}
	case nil:
		if ok {
			return "1"
		}
	}
	return ""
}

// readers read every object of a class in the words of the events.
var readers = [rtnl.NumObjects]func(ip *reader) []row{
	rtnl.Link: func(ip *reader) (rows []row) {
		links := ip.objects("ip -j -d link")
		names := map[string]string{}
		for _, m := range links {
			names[text(m, "ifindex")] = text(m, "ifname")
			info, _ := m["linkinfo"].(map[string]any)
			ip.fdb = ip.fdb || slices.Contains([]string{"bridge", "vxlan"}, text(info, "info_kind"))
		}
		ip.ip.Names(names)
		for _, m := range links {
			rows = append(rows, ip.linkRow(m))
		}
		return rows
	},
	rtnl.Nexthop: func(ip *reader) []row { return each(ip.objects("ip -j -d nexthop"), ip.nexthopRow) },
	rtnl.Address: func(ip *reader) (rows []row) {
		for _, m := range ip.objects("ip -j -d addr") {
			rows = append(rows, ip.addressRows(m)...)
		}
		return rows
	},
	rtnl.Route: func(ip *reader) (rows []row) {
		for all, name := range map[string]string{"0.0.0.0/0": "inet", "::/0": "inet6"} {
			for _, m := range ip.objects("ip -j -d route show table all root " + all) {
				rows = append(rows, ip.routeRow(name, m))
			}
		}
		rows = append(rows, ip.labels()...)
		for option, name := range map[string]string{"-4": "ipmr", "-6": "ip6mr"} {
			for _, m := range ip.objects("ip " + option + " -j mroute show table all") {
				rows = append(rows, multicastRow(name, m))
			}
		}
		return rows
	},
	rtnl.Rule: func(ip *reader) (rows []row) {
		for list, name := range map[string]string{"-4 -j -d rule": "inet", "-6 -j -d rule": "inet6", "-4 -j -d mrule": "ipmr", "-6 -j -d mrule": "ip6mr"} {
			for _, m := range ip.objects("ip " + list) {
				rows = append(rows, ruleRow(name, m))
			}
		}
		return rows
	},
	rtnl.Neighbor: func(ip *reader) []row {
		return append(each(ip.objects("ip -j -d neigh show nud all"), ip.neighborRow), each(ip.objects("bridge -j -d fdb"), ip.fdbRow)...)
	},
	rtnl.Netconf: func(ip *reader) []row { return each(ip.objects("ip -j -d netconf"), netconfRow) },
	rtnl.NSID: func(ip *reader) []row {
		return each(ip.objects("ip -j netns list-id"), func(m map[string]any) row { return row{"nsid": text(m, "nsid")} })
	},
	rtnl.MDB:  (*reader).mdbRows,
	rtnl.VLAN: (*reader).vlanRows,
}

func init() {
	for o, read := range readers {
		if read == nil && !rtnl.Object(o).Stateless() {
			panic(fmt.Sprintf("iproute: nothing reads objects of class %s", rtnl.Object(o)))
		}
	}
}

// rows reads every object of a class.
func (ip *reader) rows(o rtnl.Object) []row {
	if o.Stateless() {
		return nil
	}
	return slices.DeleteFunc(readers[o](ip), func(r row) bool { return r == nil })
}

// each makes a row of each object.
func each(list []map[string]any, f func(m map[string]any) row) (rows []row) {
	for _, m := range list {
		rows = append(rows, f(m))
	}
	return rows
}

func netconfRow(m map[string]any) row {
	r := row{"interface": text(m, "interface"), "rp_filter": text(m, "rp_filter"), "family": text(m, "family")}
	for _, k := range netconfTruths {
		if r[k] = text(m, k); r[k] == "" && m[k] != nil {
			r[k] = "0"
		}
	}
	return r
}

func (ip *reader) linkRow(m map[string]any) row {
	info, _ := m["linkinfo"].(map[string]any)
	r := row{"interface": text(m, "ifname"), "ifindex": text(m, "ifindex"), "kind": text(info, "info_kind"),
		"mtu": text(m, "mtu"), "address": text(m, "address"), "txqlen": text(m, "txqlen"),
		"link_type":     strings.Trim(text(m, "link_type"), "[]"), // "[826]" is one without a name
		"num_tx_queues": text(m, "num_tx_queues"), "up": "0"}
	if slices.Contains(words(m, "flags"), "UP") {
		r["up"], r["group"], r["ifalias"] = "1", text(m, "group"), text(m, "ifalias")
		r["operstate"] = strings.ToLower(text(m, "operstate"))
	}
	return r
}

// words reads a list of strings.
func words(m map[string]any, key string) (out []string) {
	list, _ := m[key].([]any)
	for _, v := range list {
		out = append(out, fmt.Sprint(v))
	}
	return out
}

func (ip *reader) addressRows(m map[string]any) (rows []row) {
	list, _ := m["addr_info"].([]any)
	for _, v := range list {
		a, _ := v.(map[string]any)
		r := row{"interface": text(m, "ifname"), "family": text(a, "family"), "local": text(a, "local")}
		if text(a, "tentative") == "" { // otherwise the rest changes silently
			for _, k := range []string{"prefixlen", "address", "scope", "label", "broadcast"} {
				r[k] = text(a, k)
			}
		}
		rows = append(rows, r)
	}
	return rows
}

func ruleRow(family string, m map[string]any) row {
	r := row{"family": family, "type": text(m, "action"), "suppress_prefixlength": text(m, "suppress_prefixlen"),
		"tos": hexToDecimal(text(m, "tos"))}
	for _, k := range []string{"priority", "iif", "oif", "fwmark", "fwmask", "ipproto", "table", "goto", "not", "protocol"} {
		r[k] = text(m, k)
	}
	for _, k := range []string{"src", "dst"} {
		if r[k] = text(m, k); text(m, k+"len") != "" {
			r[k] += "/" + text(m, k+"len")
		}
	}
	if from := text(m, "dport_start"); from != "" {
		r["dport"] = from + "-" + text(m, "dport_end")
	}
	switch {
	case r["goto"] != "":
		r["type"] = "goto"
	case r["type"] == "":
		r["type"] = "unicast"
	}
	return r
}

func (ip *reader) nexthopRow(m map[string]any) row {
	r := row{"interface": text(m, "dev")}
	for _, k := range []string{"id", "gateway", "scope", "protocol", "blackhole"} {
		r[k] = text(m, k)
	}
	var members []string
	list, _ := m["group"].([]any)
	for _, v := range list {
		one, _ := v.(map[string]any)
		weight := text(one, "weight")
		if weight == "" {
			weight = "1"
		}
		members = append(members, text(one, "id")+","+weight)
	}
	r["group"] = strings.Join(members, ";")
	return r
}

func (ip *reader) neighborRow(m map[string]any) row {
	state := strings.ToLower(strings.Join(words(m, "state"), ","))
	lladdr := text(m, "lladdr")
	if len(lladdr) == 2 { // of an address without bytes it prints one that is not its own
		lladdr = ""
	}
	return announcedRow(row{"dst": text(m, "dst"), "interface": text(m, "dev"), "lladdr": lladdr, "state": state})
}

// announcedRow leaves out what is not announced of a neighbor.
func announcedRow(r row) row {
	switch r["state"] {
	case "", "none", "incomplete", "noarp", "failed":
		return nil
	case "delay":
		r["state"] = "stale"
	}
	return r
}

func (ip *reader) fdbRow(m map[string]any) row {
	if text(m, "dst") == "" && text(m, "nhid") == "" && slices.Contains(words(m, "flags"), "self") {
		return nil // what a device listens to
	}
	r := row{"family": "bridge", "lladdr": text(m, "mac"), "interface": text(m, "ifname"),
		"master": text(m, "master"), "dst": text(m, "dst"), "vlan": text(m, "vlan"), "state": text(m, "state")}
	return steadyFDB(r)
}

// steadyFDB leaves out what time alone changes, and which port has an address
// of the bridge itself.
func steadyFDB(r row) row {
	switch r["state"] {
	case "", "stale":
		r["state"] = "reachable"
	case "permanent":
		if r["master"] != "" {
			r["interface"] = ""
		}
	}
	return r
}
