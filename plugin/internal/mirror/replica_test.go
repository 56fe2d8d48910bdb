package mirror

import (
	"fmt"
	"strings"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
	"telegraf-rtnetlink/plugin/internal/strict"
)

// replica is what a consumer has who knows nothing but the events.
type replica struct{ *strict.Consumer }

func newReplica() *replica { return &replica{strict.New()} }

func (r *replica) apply(e *event.Event) { r.Take(strict.Event(e)) }

// difference returns what breaks a promise of the stream, at a time when nothing
// is left to come: the mirror and its consumer have the same objects with the
// same values, all of them, and every name is that of a link.
func (r *replica) difference(s *State) string {
	wrong := append(r.Errors, r.Stale()...)
	return strings.Join(append(wrong, mirrored(s).Differs(r.Consumer)...), "\n")
}

// mirrored is what s holds as a consumer has it.
func mirrored(s *State) *strict.Consumer {
	c := strict.New()
	var e event.Event
	for o := range s.tables {
		t := s.tables[o]
		t.Each(func(r ref) bool {
			if !s.shows(rtnl.Object(o), t.Body(r)) {
				return true
			}
			e.Object = rtnl.Object(o)
			e.Key = s.identity(e.Object, t.Body(r), t.Number(r))
			e.New.Reset(e.Object, t.Body(r), s.env(e.Object))
			c.Take(strict.Event(&e))
			return true
		})
	}
	return c
}

// valueText spells a value.
func valueText(v event.Value) string {
	if v.Kind == event.String {
		return v.Str
	}
	return fmt.Sprint(v.Num)
}

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

// linkName returns the tag interface of a link.
func linkName(v *event.View) string { return v.Value(event.Index(rtnl.Link, "interface")).Str }
