package iproute

import (
	"slices"
	"strconv"
	"strings"
)

// mdbRows reads the multicast databases of bridges and VXLANs.
func (ip *reader) mdbRows() (rows []row) {
	for _, all := range ip.objects("bridge -j -d mdb") {
		list, _ := all["mdb"].([]any)
		for _, v := range list {
			m, _ := v.(map[string]any)
			r := row{"interface": text(m, "dev"), "group": text(m, "grp"), "vlan": text(m, "vid"),
				"flags": strings.Join(words(m, "flags"), ","), "source_list": sources(m)}
			for _, k := range []string{"port", "src", "state", "filter_mode", "protocol"} {
				r[k] = text(m, k)
			}
			rows = append(rows, r)
		}
	}
	return rows
}

// sources reads the list of sources of a group.
func sources(m map[string]any) string {
	var out []string
	list, _ := m["source_list"].([]any)
	for _, v := range list {
		s, _ := v.(map[string]any)
		out = append(out, text(s, "address"))
	}
	slices.Sort(out)
	return strings.Join(out, ",")
}

// vlanRows reads the VLANs of bridges and their ports, of which iproute2 prints
// those that follow each other and are alike as one, to its vlanEnd.
func (ip *reader) vlanRows() (rows []row) {
	for _, port := range ip.objects("bridge -j -d vlan") {
		list, _ := port["vlans"].([]any)
		for _, v := range list {
			m, _ := v.(map[string]any)
			first, _ := m["vlan"].(float64)
			last, _ := m["vlanEnd"].(float64)
			for id := first; id <= max(first, last); id++ {
				rows = append(rows, row{"interface": text(port, "ifname"), "vlan": strconv.Itoa(int(id)),
					"flags": strings.Join(words(m, "flags"), ","), "state": text(m, "state")})
			}
		}
	}
	return rows
}
