package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"telegraf-rtnetlink/luahooks/choices"
	"telegraf-rtnetlink/luahooks/model"
	"telegraf-rtnetlink/plugin"
	"telegraf-rtnetlink/plugin/history"
)

// condition is a -where.
type condition struct {
	field, value string
	spelled      map[string]model.Spelling // by class: how it writes the value
	lists        map[string]bool           // by class: whether the field is a list
	never        error                     // what the field can be here, where value is none of it
}

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
		if w.field == "key" {
			text = fmt.Sprintf("%016x", o.Key)
		}
		if text != "" {
			q.met[w.field] = true
		}
		if !w.holds(o, text) {
			return false
		}
		q.met[w.field+"="+w.value] = true
	}
	return true
}

// eventFields describe a change, not the object: log alone can ask for them.
var eventFields = []string{"action", "origin", "changed", "portid", "process"}

// eventField reports whether a field describes a change.
func eventField(name string) bool {
	return slices.Contains(eventFields, name) || name == "seq" || name == "time" || strings.HasPrefix(name, "previous_")
}

// notOfState says why a condition cannot be met by what a command shows, empty
// if it can.
func notOfState(command string, w condition) string {
	switch {
	case !eventField(w.field) || command == "log" && slices.Contains(eventFields, w.field):
		return ""
	case !slices.Contains(eventFields, w.field):
		return fmt.Sprintf("-where %s=%s: %s describes a metric, not the object", w.field, w.value, w.field)
	case command == "show":
		return fmt.Sprintf("-where %s=%s: %s describes a change, not what is now; log -where %s=%s finds such changes in a recorded stream", w.field, w.value, w.field, w.field, w.value)
	}
	return fmt.Sprintf("-where %s=%s: %s describes a change, not the state; use log -where %s=%s", w.field, w.value, w.field, w.field, w.value)
}

// keepsEvent reports whether a change is asked for.
func (q *query) keepsEvent(e *history.Event) bool {
	if !q.class(e.Class) || !q.wanted(e.Scope) {
		return false
	}
	is := map[string]string{"action": e.Action, "origin": e.Origin, "portid": strconv.FormatInt(e.PortID, 10), "process": e.Process}
	for _, w := range q.ofEvent {
		if w.field == "changed" && slices.Contains(strings.Split(e.Changed, ","), w.value) {
			continue
		}
		if is[w.field] != w.value {
			return false
		}
	}
	return e.Before != nil && q.keeps(e.Before) || e.After != nil && q.keeps(e.After)
}

// fieldNames lists what -where can ask for in any stream.
func fieldNames() []string {
	names := []string{"host", "netns", "key"}
	for _, o := range plugin.Schema().Objects {
		for _, f := range o.Fields {
			names = append(names, f.Name)
		}
	}
	return names
}

// misspelled names the first field of -where that no class has and that no
// object had, or the first value that no object had and that a field can hardly have: an empty answer could not be told from that of a value that does
// not occur. It returns statusOK where there is none.
func (q *query) misspelled() int {
	names := fieldNames()
	for _, w := range q.conditions {
		if why := w.unmet(); why != "" && !q.met[w.field+"="+w.value] {
			return q.usage("-where %s=%s: nothing has this value: %s", w.field, w.value, why)
		}
		if q.met[w.field] || slices.Contains(names, w.field) {
			continue
		}
		near := ""
		if list := choices.Nearest(w.field, names); len(list) > 0 {
			near = "; nearest: " + strings.Join(list, ", ")
		}
		return q.usage("-where %s=%s: no object has a tag or field %q%s", w.field, w.value, w.field, near)
	}
	return statusOK
}

// classNames lists the classes that there are.
func classNames() (names []string) {
	for _, o := range plugin.Schema().Objects {
		names = append(names, o.Name)
	}
	return names
}

// stateless reports whether the events of a class leave no state.
func stateless(class string) bool {
	return slices.ContainsFunc(plugin.Schema().Objects, func(o model.Object) bool { return o.Name == class && o.Stateless })
}
