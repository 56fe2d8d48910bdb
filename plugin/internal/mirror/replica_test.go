package mirror

import (
	"fmt"
	"slices"
	"strings"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// replica is what a consumer of the events holds who knows nothing but their
// fields: it adds what is new, removes the equal object of a deletion, and
// puts the new object of a change in the place of the one with the previous
// values. Where an object names a link, it notes the link's index, which stays
// when the name changes.
type replica struct {
	objects [rtnl.NumObjects]map[string]int
	// index has the links by name, the one that got it last at the end: after
	// messages were lost, two seem to have one name until the end of one is known.
	index   map[string][]uint32
	elder   bool            // names mean the link that has had them for longest
	waiting map[string]bool // names without a link so far
	errors  []string
}

func newReplica() *replica {
	r := &replica{index: map[string][]uint32{}, waiting: map[string]bool{}}
	for o := range r.objects {
		r.objects[o] = map[string]int{}
	}
	return r
}

func (r *replica) apply(e *event.Event) {
	if e.Object == rtnl.Link {
		r.learn(e)
	}
	switch e.Action {
	case event.New:
		r.objects[e.Object][r.text(&e.New)]++
	case event.Delete:
		r.remove(e, func() string { return r.text(&e.Old) })
	case event.Change:
		r.remove(e, func() string { return r.previous(e) })
		r.objects[e.Object][r.text(&e.New)]++
	}
}

// learn follows the names of links.
func (r *replica) learn(e *event.Event) {
	index := linkIndex(e.New.Body())
	if old := nameOf(&e.Old); slices.Contains(r.index[old], index) {
		if r.index[old] = slices.DeleteFunc(r.index[old], func(i uint32) bool { return i == index }); len(r.index[old]) == 0 {
			delete(r.index, old)
		}
	}
	if e.Action == event.Delete {
		return
	}
	name := nameOf(&e.New)
	r.index[name] = append(r.index[name], index)
	if r.waiting[name] {
		delete(r.waiting, name)
		r.resolve(name)
	}
}

// resolve is for objects that named a link before it was itself reported, as
// one end of a veth pair does in the first enumeration.
func (r *replica) resolve(name string) {
	for o := range r.objects {
		resolved := map[string]int{}
		for text, n := range r.objects[o] {
			resolved[strings.ReplaceAll(text, "?"+name+"\n", r.link(name)+"\n")] += n
		}
		r.objects[o] = resolved
	}
}

func (r *replica) remove(e *event.Event, text func() string) {
	object := text()
	n := r.objects[e.Object][object]
	if n == 0 {
		r.elder = true
		object = text()
		r.elder = false
		n = r.objects[e.Object][object]
	}
	if n == 0 {
		r.errors = append(r.errors, fmt.Sprintf("nothing to remove for: %s\nit looks for: %q", describe(e), object))
		return
	}
	if r.objects[e.Object][object] = n - 1; n == 1 {
		delete(r.objects[e.Object], object)
	}
}

// link spells a link by its index.
func (r *replica) link(name string) string {
	if have := r.index[name]; r.elder && len(have) > 0 {
		return fmt.Sprintf("#%d", have[0])
	} else if len(have) > 0 {
		return fmt.Sprintf("#%d", have[len(have)-1])
	}
	if number, ok := strings.CutPrefix(name, "if"); ok && strings.Trim(number, "0123456789") == "" {
		return "#" + number // a link never seen is called by its index
	}
	r.waiting[name] = true
	return "?" + name
}

// nameOf returns the tag interface of a link.
func nameOf(v *event.View) string {
	for i, f := range event.Fields(rtnl.Link) {
		if f.Name == "interface" {
			return v.Value(i).Str
		}
	}
	return ""
}

// text spells an object's fields, one a line.
func (r *replica) text(v *event.View) string {
	return r.fields(v.Object, func(i int) event.Value { return v.Value(i) })
}

// previous spells the object before a change: the new values, and the
// previous ones of what changed.
func (r *replica) previous(e *event.Event) string {
	return r.fields(e.Object, func(i int) event.Value {
		if e.Changed.Has(i) {
			return e.Old.Value(i)
		}
		return e.New.Value(i)
	})
}

func (r *replica) fields(o rtnl.Object, value func(int) event.Value) string {
	var b strings.Builder
	for i, f := range event.Fields(o) {
		v := value(i)
		if f.Volatile || f.NoChange || v.Kind == event.None {
			continue
		}
		if text := r.steady(o, f.Name, valueText(v)); text != "" {
			fmt.Fprintf(&b, "%s=%s\n", f.Name, text)
		}
	}
	return b.String()
}

func valueText(v event.Value) string {
	if v.Kind == event.String {
		return v.Str
	}
	return fmt.Sprint(v.Num)
}

// steady replaces what follows from the names and the state of links.
func (r *replica) steady(o rtnl.Object, field, text string) string {
	switch field {
	case "interface":
		if o != rtnl.Link {
			return r.link(text)
		}
	case "master", "link":
		return r.link(text)
	case "flags":
		words := slices.DeleteFunc(strings.Split(text, ","), func(w string) bool { return derivedFlags[w] })
		return strings.Join(words, ",")
	case "nexthops":
		var hops []string
		for hop := range strings.SplitSeq(text, "; ") {
			hops = append(hops, r.hop(hop))
		}
		return strings.Join(hops, "; ")
	}
	return text
}

// hop is one path of a route.
func (r *replica) hop(text string) string {
	words := slices.DeleteFunc(strings.Fields(text), func(w string) bool { return derivedFlags[w] })
	if i := slices.Index(words, "dev"); i >= 0 && i+1 < len(words) {
		words[i+1] = r.link(words[i+1])
	}
	return strings.Join(words, " ")
}

// derivedFlags are words that follow from the state of another object.
var derivedFlags = map[string]bool{"dead": true, "linkdown": true, "M-DOWN": true}

// describe spells an event for a log.
func describe(e *event.Event) string {
	out := fmt.Sprintf("%s %s %s", e.Origin, e.Action, e.Object)
	for i, f := range event.Fields(e.Object) {
		if v := e.New.Value(i); v.Kind != event.None && !f.Volatile && !f.NoChange {
			out += fmt.Sprintf(" %s=%s", f.Name, valueText(v))
		}
	}
	return out
}

// difference compares the replica with the mirror.
func (r *replica) difference(s *State) string {
	var want, got []string
	for o := range s.tables {
		t := s.tables[o]
		t.slab.each(func(x ref) bool {
			if !s.shows(rtnl.Object(o), t.slab.body(x)) {
				return true
			}
			var v event.View
			v.Reset(rtnl.Object(o), t.slab.body(x), s)
			want = append(want, fmt.Sprintf("%s %q", rtnl.Object(o), r.text(&v)))
			return true
		})
		for text, n := range r.objects[o] {
			for range n {
				got = append(got, fmt.Sprintf("%s %q", rtnl.Object(o), text))
			}
		}
	}
	return difference(want, got)
}
