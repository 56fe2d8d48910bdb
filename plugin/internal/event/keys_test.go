package event

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// otherKeys are keys of ip and bridge by class whose fields have other names,
// and those that have none: "" with the reason behind it.
var otherKeys = map[rtnl.Object]map[string]string{
	rtnl.Address: {
		"valid_life_time": "valid_lft", "preferred_life_time": "preferred_lft",
		"secondary": "flags", "temporary": "flags", "nodad": "flags", "optimistic": "flags", "dadfailed": "flags",
		"home": "flags", "deprecated": "flags", "tentative": "flags", "dynamic": "flags", "mngtmpaddr": "flags",
		"noprefixroute": "flags", "autojoin": "flags", "stable-privacy": "flags",
	},
	rtnl.MDB: {"dev": "interface", "grp": "group", "vid": "vlan", "index": "ifindex"},
	rtnl.Route: {
		"dev": "interface", "from": "src", "via": "gateway", "flow": "realms", "metrics": "mtu", "ecn": "features",
		"error": "",                                                                           // follows from the type
		"id":    "encap_info", "ttl": "encap_info", "srh": "encap_info", "mode": "encap_info", // of encapsulations
		"hoplimit": "hoplimit", "tc": "encap_info", "action": "encap_info", "nh6": "encap_info", "nh4": "encap_info",
		"if_id": "encap_info", "segs": "encap_info",
		"nh_info": "",                        // the nexthop object has it
		"key":     "", "csum": "", "seq": "", // of encapsulations, false unless the metadata says so
	},
	rtnl.Neighbor: {
		"dev": "interface", "ifname": "interface", "mac": "lladdr", "viaIf": "via", "linkNetNsId": "link_netnsid",
		"router": "flags", "proxy": "flags", "managed": "flags", "extern_learn": "flags", "offload": "flags", "extern_valid": "flags",
		"refcnt": "", "used": "", "confirmed": "", "updated": "", // ages, which run
	},
	rtnl.Rule: {
		"srclen": "src", "dstlen": "dst", "action": "type", "nop": "type", "suppress_prefixlen": "suppress_prefixlength",
		"flow_from": "realms", "flow_to": "realms", "uid_start": "uid_range", "uid_end": "uid_range",
		"sport_start": "sport", "sport_end": "sport", "dport_start": "dport", "dport_end": "dport",
		"iif_detached": "", "oif_detached": "", "unresolved": "", // follow from the links and rules there are
	},
	rtnl.Nexthop: {
		"dev": "interface", "resilient_args": "buckets",
		"id": "id", "ttl": "encap_info", "tos": "encap_info", "src": "encap_info", "dst": "encap_info",
		"key": "", "csum": "", "seq": "",
	},
}

// missing lists the keys of an object that have no field.
func missing(o rtnl.Object, keys object) (list []string) {
	for key := range keys {
		name, renamed := otherKeys[o][key]
		if o == rtnl.Link {
			name, renamed = linkKeys[key]
		}
		if !renamed {
			name = key
		}
		known := slices.ContainsFunc(Fields(o), func(f Field) bool { return f.Name == name })
		if !known && (name != "" || !renamed) {
			list = append(list, fmt.Sprintf("%s.%s", o, key))
		}
	}
	return list
}

// missingInfo is missing for info_data and info_slave_data.
func missingInfo(prefix, kind string, keys object) (list []string) {
	for key := range keys {
		if name := fieldOfInfo(prefix, kind, key); name != "" && kindOf(name) == None {
			list = append(list, fmt.Sprintf("link.%s%s.%s", prefix, kind, key))
		}
	}
	return list
}

func missingLink(o object) []string {
	info := sub(o, "linkinfo")
	list := append(missing(rtnl.Link, o), missing(rtnl.Link, info)...)
	list = append(list, missingInfo("", info.str("info_kind"), sub(info, "info_data"))...)
	return append(list, missingInfo("port.", info.str("info_slave_kind"), sub(info, "info_slave_data"))...)
}

// TestEveryKeyThatIPPrintsHasAField goes by names, on whatever kernel and with
// whatever iproute2 it runs: a newer one shows what is missing here.
func TestEveryKeyThatIPPrintsHasAField(t *testing.T) {
	needTools(t)
	ns := nstest.New(t)
	build(t, ns, scene)
	w := look(t, ns)
	var list []string
	for _, o := range w.json("ip", "-j", "-d", "link") {
		list = append(list, missingLink(o)...)
	}
	for _, o := range w.json("ip", "-j", "-d", "addr") {
		infos, _ := o["addr_info"].([]any)
		for _, info := range infos {
			list = append(list, missing(rtnl.Address, object(info.(map[string]any)))...)
		}
	}
	for _, query := range []struct {
		class rtnl.Object
		args  []string
	}{
		{rtnl.Route, []string{"ip", "-j", "-d", "-4", "route", "show", "table", "all"}},
		{rtnl.Route, []string{"ip", "-j", "-d", "-6", "route", "show", "table", "all"}},
		{rtnl.Rule, []string{"ip", "-j", "-d", "-4", "rule"}},
		{rtnl.Rule, []string{"ip", "-j", "-d", "-6", "rule"}},
		{rtnl.Neighbor, []string{"ip", "-j", "-d", "-s", "neigh", "show", "nud", "all"}},
		{rtnl.Neighbor, []string{"ip", "-j", "-d", "neigh", "show", "proxy"}},
		{rtnl.Neighbor, []string{"bridge", "-j", "-d", "-s", "fdb"}},
		{rtnl.Nexthop, []string{"ip", "-j", "-d", "nexthop"}},
		{rtnl.Netconf, []string{"ip", "-j", "-d", "netconf"}},
	} {
		for _, o := range w.json(query.args[0], query.args[1:]...) {
			list = append(list, missing(query.class, o)...)
			if metrics, _ := o["metrics"].([]any); metrics != nil {
				list = append(list, missing(query.class, object(metrics[0].(map[string]any)))...)
			}
		}
	}
	for _, all := range w.json("bridge", "-j", "-d", "mdb") {
		entries, _ := all["mdb"].([]any)
		for _, entry := range entries {
			list = append(list, missing(rtnl.MDB, object(entry.(map[string]any)))...)
		}
	}
	for _, o := range w.json("bridge", "-j", "-d", "link") {
		for key := range o {
			switch key { // of the link itself; the rest is the port's
			case "ifindex", "ifname", "link", "flags", "mtu", "master", "operstate":
			default:
				list = append(list, missingInfo("port.", "bridge", object{key: true})...)
			}
		}
	}
	slices.Sort(list)
	assert.Empty(t, slices.Compact(list), "ip prints them, no field has them")
}
