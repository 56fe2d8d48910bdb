package iproute

import "strings"

// labels reads the routes of MPLS as text: their paths have no form in JSON that
// all versions of iproute2 agree on.
func (ip *reader) labels() []row {
	out, err := ip.ns.Output("ip", "-d", "-f", "mpls", "route")
	if ip.err == nil {
		ip.err = err
	}
	return labelRows(out)
}

// labelRows reads what "ip -d -f mpls route" prints.
func labelRows(out string) (rows []row) {
	for line := range strings.Lines(out) {
		words := strings.Fields(line)
		switch {
		case len(words) < 2:
		case words[0] != "nexthop":
			rows = append(rows, labelRow(words[1:]))
		case len(rows) > 0:
			last := rows[len(rows)-1]
			last["nexthops"] = sortedHops(strings.TrimPrefix(last["nexthops"]+"; "+hopText(words[1:]), "; "))
		}
	}
	return rows
}

// labelRow is a route from its label on.
func labelRow(words []string) row {
	r := row{"family": "mpls", "dst": words[0]}
	for i := 1; i+1 < len(words); i++ {
		switch words[i] {
		case "to": // "as to"
			r["newdst"] = words[i+1]
		case "via": // and the family
			if i+2 < len(words) {
				r["gateway"] = words[i+2]
			}
		case "dev":
			r["interface"] = words[i+1]
		case "proto":
			r["protocol"] = words[i+1]
		}
	}
	return r
}

// hopText leaves out what follows from links.
func hopText(words []string) string {
	var own []string
	for _, w := range words {
		if w != "dead" && w != "linkdown" {
			own = append(own, w)
		}
	}
	return strings.Join(own, " ")
}
