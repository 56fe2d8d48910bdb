package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"telegraf-rtnetlink/plugin/history"
	"telegraf-rtnetlink/plugin/history/format"
)

// diffCommand is "diff".
func diffCommand(args []string, std stdio) int {
	var q query
	times, status, done := q.between(args, std, span{
		command: "diff", options: "-from TIME [-to TIME] [-object CLASS] [-where FIELD=VALUE] [-format ip|json] [-partial]",
		from: "the earlier `TIME`; must be given", to: "the later `TIME` (default: the end of the stream)",
		formats: "ip (lines that begin with - and +) or json",
	})
	if done {
		return status
	}
	p := history.NewReplay(times...)
	scopes, err := q.read(p)
	if err != nil {
		return q.fail(err)
	}
	classes := q.classes(p)
	exact := true
	for _, c := range scopes {
		exact = q.judge(c, 0, classes) && q.judge(c, 1, classes) && exact
	}
	status, refused := q.verdict(exact)
	if refused {
		return status
	}
	out := bufio.NewWriter(std.out)
	for _, c := range scopes {
		if err := q.printDiff(out, c, len(scopes) > 1); err != nil {
			return q.fail(err)
		}
	}
	if wrong := q.misspelled(); wrong != statusOK {
		return wrong
	}
	if err := out.Flush(); err != nil {
		return q.fail(err)
	}
	return status
}

// difference is an object that is not the same at two times.
type difference struct {
	before, after *history.Object // nil: it was not there
	order         string
}

// differences returns what is asked for, in the order of a state. An object
// that has another key at the second time, but shows the same, is none.
func (q *query) differences(c *history.Scope) (list []difference) {
	gone := map[string]int{} // lines of what is gone, and where
	c.Differences(func(before, after *history.Object) {
		some := after
		if some == nil {
			some = before
		}
		if !q.class(some.Class) || (before == nil || !q.keeps(before)) && (after == nil || !q.keeps(after)) {
			return
		}
		list = append(list, difference{before, after, some.Class + "\x00" + format.Order(some)})
		if after == nil {
			gone[some.Class+" "+format.IP(before)] = len(list)
		}
	})
	for i := range list {
		if d := &list[i]; d.before == nil && d.after != nil {
			if at := gone[d.after.Class+" "+format.IP(d.after)]; at > 0 && list[at-1].before != nil {
				list[at-1].before, d.after = nil, nil
			}
		}
	}
	list = slices.DeleteFunc(list, func(d difference) bool { return d.before == nil && d.after == nil })
	slices.SortFunc(list, func(a, b difference) int { return strings.Compare(a.order, b.order) })
	return list
}

// printDiff prints what differs in a scope.
func (q *query) printDiff(w io.Writer, c *history.Scope, heading bool) error {
	list := q.differences(c)
	if q.format == "json" {
		return diffJSON(w, c, list)
	}
	if heading && len(list) > 0 {
		fmt.Fprintf(w, "# %s\n", printable(strings.TrimSuffix(label(c), ": ")))
	}
	for _, d := range list {
		if d.before != nil {
			fmt.Fprintf(w, "- %s\n", marked("- ", d.before))
		}
		if d.after != nil {
			fmt.Fprintf(w, "+ %s\n", marked("+ ", d.after))
		}
	}
	return nil
}

// marked prints an object with its class, the mark before each further line.
func marked(mark string, o *history.Object) string {
	return o.Class + " " + strings.ReplaceAll(clean(format.IP(o)), "\n", "\n"+mark)
}

// diffJSON prints a line of JSON an object that differs.
func diffJSON(w io.Writer, c *history.Scope, list []difference) error {
	for _, d := range list {
		some := d.after
		if some == nil {
			some = d.before
		}
		fmt.Fprintf(w, `{"host":%s,"netns":%s,"object":%q`, quoteJSON(c.Host), quoteJSON(c.Netns), some.Class)
		for _, side := range []struct {
			name string
			o    *history.Object
		}{{"before", d.before}, {"after", d.after}} {
			if side.o == nil {
				continue
			}
			fmt.Fprintf(w, ",%q:", side.name)
			if err := writeObject(w, side.o); err != nil {
				return err
			}
		}
		fmt.Fprintln(w, "}")
	}
	return nil
}

func quoteJSON(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(b)
}
