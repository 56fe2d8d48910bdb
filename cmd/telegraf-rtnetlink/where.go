package main

import (
	"slices"
	"strconv"

	"telegraf-rtnetlink/luahooks"
	"telegraf-rtnetlink/plugin"
	"telegraf-rtnetlink/plugin/history"
)

// condition is a -where.
type condition struct{ field, value string }

// wanted reports whether a scope is asked for.
func (q *query) wanted(c *history.Scope) bool {
	for _, w := range q.conditions {
		switch w.field {
		case "host":
			if c.Host != w.value {
				return false
			}
		case "netns":
			if c.Netns != w.value {
				return false
			}
		default:
			for _, t := range c.Tags {
				if t.Name != w.field {
					continue
				}
				q.met[w.field] = true
				if t.Value != w.value {
					return false
				}
			}
		}
	}
	return true
}

// keeps reports whether an object is asked for.
func (q *query) keeps(o *history.Object) bool {
	for _, w := range q.conditions {
		if w.field == "host" || w.field == "netns" || slices.ContainsFunc(o.Scope.Tags, func(t history.Tag) bool { return t.Name == w.field }) {
			continue
		}
		text := o.Text(w.field)
		if text != "" {
			q.met[w.field] = true
		}
		if text != w.value {
			return false
		}
	}
	return true
}

// eventFields are what log can ask of a change.
var eventFields = []string{"action", "origin", "portid", "process"}

// keepsEvent reports whether a change is asked for.
func (q *query) keepsEvent(e *history.Event) bool {
	if !q.class(e.Class) || !q.wanted(e.Scope) {
		return false
	}
	is := map[string]string{"action": e.Action, "origin": e.Origin, "portid": strconv.FormatInt(e.PortID, 10), "process": e.Process}
	for _, w := range q.ofEvent {
		if is[w.field] != w.value {
			return false
		}
	}
	return e.Before != nil && q.keeps(e.Before) || e.After != nil && q.keeps(e.After)
}

// misspelled names each field of -where that no class has and that no object had:
// an empty answer could not be told from that of a value that does not occur.
func (q *query) misspelled() {
	for _, w := range q.conditions {
		if q.met[w.field] || slices.ContainsFunc(plugin.Schema().Objects, func(o luahooks.Object) bool {
			return slices.ContainsFunc(o.Fields, func(f luahooks.Field) bool { return f.Name == w.field })
		}) {
			continue
		}
		q.say("-where %s=%s: no object has a tag or field %q", w.field, w.value, w.field)
	}
}

// classNames lists the classes that there are.
func classNames() (names []string) {
	for _, o := range plugin.Schema().Objects {
		names = append(names, o.Name)
	}
	return names
}
