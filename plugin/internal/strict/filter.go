package strict

import (
	"path"
	"slices"
	"strings"
)

// Filter is what the options leave out of a stream. The zero value leaves out
// nothing.
type Filter struct {
	Interfaces                  []string // names and patterns; "!" before one leaves out
	Families, Tables, Protocols []string // as metrics spell them; of tables and protocols routes alone have any
}

// options are the filters by the words of rtnetlink_sync.
func (f *Filter) options() map[string]*[]string {
	return map[string]*[]string{
		"interfaces": &f.Interfaces, "families": &f.Families, "route_tables": &f.Tables, "route_protocols": &f.Protocols,
	}
}

// ParseFilter reads the field `filters` of rtnetlink_sync. unknown is what it says
// besides: what scripts drop nobody knows.
func ParseFilter(text string) (f Filter, unknown string) {
	var rest []string
	for _, part := range strings.Split(text, "; ") {
		option, values, ok := strings.Cut(part, " other than ")
		if list := f.options()[option]; ok && list != nil {
			*list = strings.Split(values, ", ")
		} else {
			rest = append(rest, part)
		}
	}
	return f, strings.Join(rest, "; ")
}

// Keeps reports whether the stream tells of an object of a class.
func (f Filter) Keeps(class string, v Values) bool {
	if class == "route" && (!among(f.Tables, v["table"]) || !among(f.Protocols, v["protocol"])) {
		return false
	}
	return f.keepsFamily(class, v["family"]) && f.KeepsLink(linkOf(class, v))
}

// keepsFamily is for an object's family. Links, and what others depend on, are
// told of whatever their family.
func (f Filter) keepsFamily(class, family string) bool {
	switch {
	case class == "link" || class == "nexthop" || class == "nsid":
		return true
	case family == "": // of the classes that bridges alone have
		family = "bridge"
	}
	return among(f.Families, family)
}

// KeepsLink reports whether the stream tells of the link of a name, and of what
// is on it; empty stands for no link.
func (f Filter) KeepsLink(name string) bool {
	yes := name == "" || !slices.ContainsFunc(f.Interfaces, func(p string) bool { return !strings.HasPrefix(p, "!") })
	for _, p := range f.Interfaces {
		p, not := strings.CutPrefix(p, "!")
		if ok, _ := path.Match(p, name); ok && name != "" {
			if not {
				return false
			}
			yes = true
		}
	}
	return yes
}

// linkOf returns the name of the link that an object is, or is on.
func linkOf(class string, v Values) string {
	if class == "netconf" && v["ifindex"] == "" { // all and default are no links
		return ""
	}
	return v["interface"]
}

func among(list []string, value string) bool { return len(list) == 0 || slices.Contains(list, value) }

// Kept returns the part of c that a stream with a filter tells of.
func (c *Consumer) Kept(f Filter) *Consumer {
	out := New()
	for class, list := range c.objects {
		out.objects[class] = map[string]Values{}
		for key, v := range list {
			if f.Keeps(class, v) {
				out.objects[class][key] = v
			}
		}
	}
	return out
}
