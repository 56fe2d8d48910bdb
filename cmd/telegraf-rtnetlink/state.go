package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"

	"telegraf-rtnetlink/plugin/history"
	"telegraf-rtnetlink/plugin/history/format"
)

// stateCommand is "state".
func stateCommand(args []string, std stdio) int {
	var q query
	fs := flag.NewFlagSet("state", flag.ContinueOnError)
	at := fs.String("at", "", "the `TIME` to show (default: the end of the stream)")
	q.flags(fs, "ip, json or table")
	if status, done := q.parse(fs, args, "state [-at TIME] [-object CLASS] [-where FIELD=VALUE] [-format ip|json|table] [-partial] SOURCE…", std); done {
		return status
	}
	when, err := q.time("at", *at, history.Newest)
	if err != nil {
		return q.usage("%v", err)
	}
	p := history.NewReplay(when)
	scopes, err := q.read(p)
	if err != nil {
		return q.fail(err)
	}
	return q.showState(p, scopes)
}

// showState prints the states of scopes, unless they are refused.
func (q *query) showState(p *history.Replay, scopes []*history.Scope) int {
	classes := q.classes(p)
	exact := true
	for _, c := range scopes {
		exact = q.judge(c, 0, classes) && exact
	}
	status, refused := q.verdict(exact)
	if refused {
		return status
	}
	out := bufio.NewWriterSize(q.std.out, 1<<16)
	var err error
	switch q.format {
	case "json":
		err = q.stateJSON(out, scopes, classes)
	case "table":
		err = q.stateTable(out, scopes, classes)
	default:
		q.stateIP(out, scopes, classes)
	}
	if wrong := q.misspelled(); wrong != statusOK {
		return wrong
	}
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return q.fail(err)
	}
	return status
}

// classes returns the classes that are asked for, in order.
func (q *query) classes(p *history.Replay) (out []string) {
	for _, class := range p.Classes() {
		if q.class(class) {
			out = append(out, class)
		}
	}
	for _, class := range q.objects {
		if !slices.Contains(out, class) {
			out = append(out, class)
		}
	}
	return out
}

// each calls f with the objects of a class that are asked for, in order.
func (q *query) each(c *history.Scope, class string, f func(*history.Object)) {
	for _, key := range format.Sorted(c, class, q.keeps) {
		f(c.Get(class, key))
	}
}

// stateIP prints as iproute2 does; headings say which host, namespace and class
// follow, where there are several.
func (q *query) stateIP(w io.Writer, scopes []*history.Scope, classes []string) {
	for _, c := range scopes {
		if len(scopes) > 1 {
			fmt.Fprintf(w, "# %s\n", printable(strings.TrimSuffix(label(c), ": ")))
		}
		for _, class := range classes {
			first := true
			q.each(c, class, func(o *history.Object) {
				if first && len(classes) > 1 {
					fmt.Fprintf(w, "# %s\n", class)
				}
				first = false
				fmt.Fprintln(w, clean(format.IP(o)))
			})
		}
	}
}

// clean makes control characters visible, but for those of the format itself.
func clean(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return unprintable(r) && r != '\n' && r != '\t' }) < 0 {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		head := len(l) - len(strings.TrimLeft(l, "\t"))
		lines[i] = l[:head] + strings.ReplaceAll(printable(l[head:]), `\t`, "\t")
	}
	return strings.Join(lines, "\n")
}

// stateJSON prints an array with an element a scope.
func (q *query) stateJSON(w io.Writer, scopes []*history.Scope, classes []string) error {
	fmt.Fprint(w, "[")
	for i, c := range scopes {
		if i > 0 {
			fmt.Fprint(w, ",")
		}
		head, err := json.Marshal(verdictOf(c, 0))
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s", head[:len(head)-1])
		for _, class := range classes {
			fmt.Fprintf(w, ",\n%q:[", class)
			first := true
			q.each(c, class, func(o *history.Object) {
				if !first {
					fmt.Fprint(w, ",")
				}
				first = false
				fmt.Fprint(w, "\n")
				err = writeObject(w, o)
			})
			fmt.Fprint(w, "]")
			if err != nil {
				return err
			}
		}
		fmt.Fprint(w, "}")
	}
	fmt.Fprintln(w, "]")
	return nil
}

// answer is a verdict in JSON.
type answer struct {
	Host    string `json:"host,omitempty"`
	Netns   string `json:"netns,omitempty"`
	At      string `json:"at"`
	Exact   bool   `json:"exact"`
	Status  string `json:"status"`
	Reason  string `json:"reason,omitempty"`
	Since   string `json:"since,omitempty"`
	Until   string `json:"until,omitempty"`
	Before  string `json:"exact_before,omitempty"`
	After   string `json:"exact_after,omitempty"`
	Epoch   string `json:"epoch,omitempty"`
	Filters string `json:"filters,omitempty"`
}

func verdictOf(c *history.Scope, i int) answer {
	v := &c.Verdicts[i]
	a := answer{Host: c.Host, Netns: c.Netns, At: history.Stamp(v.At), Exact: v.Status == history.Exact,
		Status: v.Status.String(), Reason: v.Reason, Since: stampOrNone(v.Since), Until: stampOrNone(v.Until),
		Epoch: stampOrNone(v.Epoch), Filters: v.Config.Filters}
	if !a.Exact {
		a.Before, a.After = stampOrNone(v.Before), stampOrNone(v.After)
	}
	return a
}

func stampOrNone(ns int64) string {
	if ns == 0 {
		return ""
	}
	return history.Stamp(ns)
}

// writeObject writes an object in JSON, its fields in the order of the metric.
func writeObject(w io.Writer, o *history.Object) error {
	fmt.Fprintf(w, `{"key":"%016x","time":%q`, o.Key, history.Stamp(o.Time))
	for i := range o.Cells {
		c := &o.Cells[i]
		name, err := json.Marshal(string(c.Name))
		if err != nil {
			return err
		}
		value, err := json.Marshal(valueOf(c))
		if err != nil {
			return err
		}
		fmt.Fprintf(w, ",%s:%s", name, value)
	}
	_, err := io.WriteString(w, "}")
	return err
}

// valueOf is a cell's value as JSON has it.
func valueOf(c *history.Cell) any {
	switch c.Kind {
	case history.Int:
		return c.Num
	case history.Bool:
		return c.Num != 0
	case history.Float:
		return math.Float64frombits(uint64(c.Num))
	}
	return string(c.Str)
}

// stateTable prints a table a class, with a column for each field that an
// object has.
func (q *query) stateTable(w io.Writer, scopes []*history.Scope, classes []string) error {
	for _, class := range classes {
		var columns []string
		seen := map[string]bool{}
		for _, c := range scopes {
			q.each(c, class, func(o *history.Object) {
				for i := range o.Cells {
					if name := string(o.Cells[i].Name); !seen[name] {
						seen[name] = true
						columns = append(columns, name)
					}
				}
			})
		}
		if len(columns) == 0 {
			continue
		}
		tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		head := columns
		if len(scopes) > 1 {
			head = append([]string{"host", "netns"}, columns...)
		}
		fmt.Fprintf(tw, "%s\n", strings.ToUpper(strings.Join(head, "\t")))
		for _, c := range scopes {
			q.each(c, class, func(o *history.Object) {
				cells := make([]string, 0, len(head))
				if len(scopes) > 1 {
					cells = append(cells, orDash(c.Host), orDash(c.Netns))
				}
				for _, name := range columns {
					cells = append(cells, orDash(printable(o.Text(name))))
				}
				fmt.Fprintln(tw, strings.Join(cells, "\t"))
			})
		}
		if err := tw.Flush(); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	return nil
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
