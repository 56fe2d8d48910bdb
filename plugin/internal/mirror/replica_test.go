package mirror

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// replica is what a consumer of the events holds who knows nothing but their
// fields: it adds what is new, removes the equal object of a deletion, and
// puts the new object of a change in the place of the one with the previous
// values. Names follow the renaming of their link.
type replica struct {
	t       *testing.T
	objects [rtnl.NumObjects]map[string]int
	errors  []string
}

func newReplica(t *testing.T) *replica {
	r := &replica{t: t}
	for o := range r.objects {
		r.objects[o] = map[string]int{}
	}
	return r
}

func (r *replica) apply(e *event.Event) {
	switch e.Action {
	case event.New:
		if e.Object == rtnl.Link {
			// Others may have named it by its index before it was known.
			r.rename(fmt.Sprintf("if%d", linkIndex(e.New.Body())), nameOf(&e.New))
		}
		r.objects[e.Object][viewText(&e.New)]++
	case event.Delete:
		r.remove(e, viewText(&e.Old))
		if e.Object == rtnl.Link {
			// What still points at it, the other end of a veth in another
			// namespace, has no more than its index to go by.
			r.rename(nameOf(&e.Old), fmt.Sprintf("if%d", linkIndex(e.Old.Body())))
		}
	case event.Change:
		if e.Object == rtnl.Link {
			r.rename(nameOf(&e.Old), nameOf(&e.New))
		}
		r.remove(e, previousText(e))
		r.objects[e.Object][viewText(&e.New)]++
	}
}

func (r *replica) remove(e *event.Event, object string) {
	n := r.objects[e.Object][object]
	if n == 0 {
		r.errors = append(r.errors, fmt.Sprintf("nothing to remove for: %s", describe(e)))
		return
	}
	if r.objects[e.Object][object] = n - 1; n == 1 {
		delete(r.objects[e.Object], object)
	}
}

// rename gives objects that name a link its new name.
func (r *replica) rename(before, now string) {
	if before == now {
		return
	}
	refs := []string{" dev " + before + " ", " dev " + now + " ", "dev " + before + " ", "dev " + now + " "}
	for _, f := range []string{"master", "link"} {
		refs = append(refs, "\n"+f+"="+before+"\n", "\n"+f+"="+now+"\n")
	}
	own := []string{"\ninterface=" + before + "\n", "\ninterface=" + now + "\n"}
	for o := range r.objects {
		change := strings.NewReplacer(append(refs, own...)...)
		if rtnl.Object(o) == rtnl.Link {
			change = strings.NewReplacer(refs...) // its own name comes with the event
		}
		renamed := map[string]int{}
		for text, n := range r.objects[o] {
			renamed[change.Replace(text)] += n
		}
		r.objects[o] = renamed
	}
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

// viewText spells an object's fields, each between newlines.
func viewText(v *event.View) string {
	return fieldsText(v.Object, func(i int) event.Value { return v.Value(i) })
}

// previousText spells the object before a change: the new values, and the
// previous ones of what changed.
func previousText(e *event.Event) string {
	return fieldsText(e.Object, func(i int) event.Value {
		if e.Changed>>i&1 != 0 {
			return e.Old.Value(i)
		}
		return e.New.Value(i)
	})
}

func fieldsText(o rtnl.Object, value func(int) event.Value) string {
	var b strings.Builder
	b.WriteByte('\n')
	for i, f := range event.Fields(o) {
		v := value(i)
		if f.Volatile || f.NoChange || v.Kind == event.None {
			continue
		}
		text := v.Str
		if v.Kind != event.String {
			text = fmt.Sprint(v.Num)
		}
		text = withoutDerived(f.Name, text)
		if text != "" {
			fmt.Fprintf(&b, "%s=%s\n\n", f.Name, text)
		}
	}
	return b.String()
}

// derivedFlags are words that follow from the state of another object.
var derivedFlags = map[string]bool{"dead": true, "linkdown": true, "M-DOWN": true}

// withoutDerived leaves out the flags that follow from the state of links.
func withoutDerived(field, text string) string {
	switch field {
	case "flags":
		words := slices.DeleteFunc(strings.Split(text, ","), func(w string) bool { return derivedFlags[w] })
		return strings.Join(words, ",")
	case "nexthops":
		return strings.NewReplacer(" dead", "", " linkdown", "").Replace(text)
	}
	return text
}

// describe spells an event for a log.
func describe(e *event.Event) string {
	return fmt.Sprintf("%s %s %s %s", e.Origin, e.Action, e.Object, strings.Join(strings.Fields(viewText(&e.New)), " "))
}

// difference compares the replica with the mirror.
func (r *replica) difference(s *State) string {
	var want, got []string
	for o := range s.tables {
		t := s.tables[o]
		t.slab.each(func(x ref) bool {
			var v event.View
			v.Reset(rtnl.Object(o), t.slab.body(x), s)
			want = append(want, fmt.Sprintf("%s %q", rtnl.Object(o), viewText(&v)))
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
