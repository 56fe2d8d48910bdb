package plugin

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/influxdata/telegraf"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// replica is what a consumer of the metrics holds who knows nothing else: it
// adds what is new, removes the equal object of a deletion, and puts the new
// object of a change in the place of the one with the previous values. Where an
// object names a link, it notes the link's index, which stays when the name
// changes.
type replica struct {
	objects map[string]int    // text of each object, and how often there is one
	index   map[string]string // of links, by name
	waiting map[string]bool   // names without a link so far
	errors  []string
}

func newReplica() *replica {
	return &replica{objects: map[string]int{}, index: map[string]string{}, waiting: map[string]bool{}}
}

// uncompared are the names that are no part of an object, or that the kernel
// changes without a message and without consequence.
var uncompared = func() map[string]bool {
	names := map[string]bool{
		"action": true, "origin": true, "netns": true, "seq": true, "key": true, "changed": true,
		"qdisc": true, "promiscuity": true, "allmulti": true, "gso_max_size": true, "gso_max_segs": true, "tso_max_size": true,
		"tso_max_segs": true, "gro_max_size": true, "gso_ipv4_max_size": true, "gro_ipv4_max_size": true, "carrier_changes": true, "carrier_up_count": true, "carrier_down_count": true,
	}
	for o := range rtnl.Object(rtnl.NumObjects) {
		for _, f := range event.Fields(o) {
			if f.Volatile || f.NoChange {
				names[f.Name] = true
			}
		}
	}
	return names
}()

// silentWhileDown are fields whose change the kernel tells of a link that is up
// only (netdev_state_change(), net/core/dev.c).
var silentWhileDown = map[string]bool{"ifalias": true, "altnames": true, "group": true}

func (r *replica) apply(m telegraf.Metric) {
	values := map[string]string{}
	for _, t := range m.TagList() {
		values[t.Key] = t.Value
	}
	for _, f := range m.FieldList() {
		values[f.Key] = fmt.Sprint(f.Value)
	}
	before := map[string]string{}
	changed := strings.Split(values["changed"], ",")
	for k, v := range values {
		if strings.HasPrefix(k, "previous_") {
			delete(values, k)
		} else if !slices.Contains(changed, k) {
			before[k] = v
		}
	}
	for _, k := range changed {
		if v, ok := m.GetField("previous_" + k); ok {
			before[k] = fmt.Sprint(v)
		}
	}
	r.change(m.Name(), values["action"], before, values)
}

func (r *replica) change(class, action string, before, values map[string]string) {
	link := class == "rtnetlink_link"
	if action != "new" {
		old := before
		if action == "delete" {
			old = values
		}
		if link {
			r.unlearn(old)
		}
		r.remove(action, r.text(class, old))
	}
	if action != "delete" {
		if link {
			r.learn(values)
		}
		r.objects[r.text(class, values)]++
	}
}

// learn notes the name of a link.
func (r *replica) learn(values map[string]string) {
	name := values["interface"]
	r.index[name] = values["ifindex"]
	if !r.waiting[name] {
		return
	}
	delete(r.waiting, name)
	resolved := map[string]int{}
	for text, n := range r.objects {
		for _, end := range []string{"\n", " "} {
			text = strings.ReplaceAll(text, "?"+name+end, r.link(name)+end)
		}
		resolved[text] += n
	}
	r.objects = resolved
}

func (r *replica) unlearn(old map[string]string) {
	if r.index[old["interface"]] == old["ifindex"] {
		delete(r.index, old["interface"])
	}
}

func (r *replica) remove(action, object string) {
	n := r.objects[object]
	if n == 0 {
		r.errors = append(r.errors, fmt.Sprintf("%s of what no event told of: %q", action, object))
		return
	}
	if r.objects[object] = n - 1; n == 1 {
		delete(r.objects, object)
	}
}

// link spells a link by its index.
func (r *replica) link(name string) string {
	if i, ok := r.index[name]; ok {
		return "#" + i
	}
	if number, ok := strings.CutPrefix(name, "if"); ok && strings.Trim(number, "0123456789") == "" {
		return "#" + number // a link never seen is called by its index
	}
	r.waiting[name] = true
	return "?" + name
}

// text spells an object, one value a line.
func (r *replica) text(class string, values map[string]string) string {
	var lines []string
	for k, v := range values {
		if uncompared[k] || class == "rtnetlink_link" && values["up"] == "false" && silentWhileDown[k] {
			continue
		}
		if k == "state" && values["family"] == "bridge" && v == "stale" {
			v = "reachable" // that time has passed the kernel does not say
		}
		if v = r.steady(class, k, v); v != "" {
			lines = append(lines, k+"="+v+"\n")
		}
	}
	slices.Sort(lines)
	return class + "\n" + strings.Join(lines, "")
}

// steady replaces what follows from the names and the state of links.
func (r *replica) steady(class, key, text string) string {
	switch {
	case key == "interface" && class != "rtnetlink_link" || key == "master" || key == "link":
		return r.link(text)
	case key == "state" && text == "delay":
		return "stale" // what the kernel last announced
	case key == "flags":
		words := slices.DeleteFunc(strings.Split(text, ","), func(w string) bool { return derived[w] })
		return strings.Join(words, ",")
	case key == "nexthops":
		words := slices.DeleteFunc(strings.Fields(text), func(w string) bool { return derived[strings.TrimSuffix(w, ";")] })
		for i := range words[:len(words)-1] {
			if words[i] == "dev" {
				words[i+1] = r.link(strings.TrimSuffix(words[i+1], ";"))
			}
		}
		hops := strings.Split(strings.ReplaceAll(strings.Join(words, " "), ";", ""), " via ")
		hops[0] = strings.TrimPrefix(hops[0], "via ")
		slices.Sort(hops) // IPv6 has no order of them
		return strings.Join(hops, "; ")
	}
	return text
}

// derived are words that follow from the state of another object.
var derived = map[string]bool{"dead": true, "linkdown": true, "M-DOWN": true}

// compare returns what only r has ("-") and what only other has ("+").
func (r *replica) compare(other *replica) (out []string) {
	for text, n := range r.objects {
		for range n - other.objects[text] {
			out = append(out, fmt.Sprintf("- %q", text))
		}
	}
	for text, n := range other.objects {
		for range n - r.objects[text] {
			out = append(out, fmt.Sprintf("+ %q", text))
		}
	}
	slices.Sort(out)
	return out
}

// untold reports whether a difference is one that the kernel does not tell:
// proxy entries of neighbors.
func untold(diff string) bool {
	return strings.Contains(diff, "rtnetlink_neighbor\\n") && strings.Contains(diff, "flags=proxy\\n")
}

// onlyTold returns the fields of an object of a class that only the events
// tell of, nothing for other differences.
func onlyTold(diff, class string) map[string]string {
	text, err := strconv.Unquote(strings.TrimPrefix(diff, "+ "))
	if err != nil || !strings.HasPrefix(text, "rtnetlink_"+class+"\n") {
		return nil
	}
	values := map[string]string{}
	for _, line := range strings.Split(text, "\n") {
		k, v, _ := strings.Cut(line, "=")
		values[k] = v
	}
	return values
}

// retried reports whether a neighbor that has failed, as far as events tell, is
// being looked for again: the kernel says so in dumps only, where such entries
// are left out unless they are known.
func retried(ns *nstest.NS, diff string) bool {
	values := onlyTold(diff, "neighbor")
	if values["state"] != "failed" {
		return false
	}
	found := false
	_ = rtnl.List(ns.FD(), rtnl.Query{Object: rtnl.Neighbor}, func(body []byte) {
		v := event.View{}
		v.Reset(rtnl.Neighbor, body, nil)
		text := func(name string) string { return v.Value(fieldIndex(rtnl.Neighbor, name)).Str }
		found = found || text("state") == "incomplete" && text("dst") == values["dst"] &&
			strconv.Itoa(int(rtnl.Uint32(body[4:]))) == values["ifindex"]
	})
	return found
}

// hidden reports whether an IPv6 route that a dump does not show is there all
// the same, as /proc/net/ipv6_route says: dumps leave out what stands between
// the members of a group.
func hidden(proc, diff string) bool {
	values := onlyTold(diff, "route")
	if values["family"] != "inet6" {
		return false
	}
	prefix, err := netip.ParsePrefix(values["dst"])
	metric, merr := strconv.Atoi(values["metric"])
	if err != nil || merr != nil {
		return false
	}
	start := fmt.Sprintf("%x %02x ", prefix.Addr().As16(), prefix.Bits())
	for _, line := range strings.Split(proc, "\n") {
		if strings.HasPrefix(line, start) && strings.Contains(line, fmt.Sprintf(" %032x %08x ", 0, metric)) {
			return true
		}
	}
	return false
}

// size returns the number of objects of a class, "" for all.
func (r *replica) size(class string) (n int) {
	for text, k := range r.objects {
		if class == "" || strings.HasPrefix(text, "rtnetlink_"+class+"\n") {
			n += k
		}
	}
	return n
}
