package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"

	"telegraf-rtnetlink/plugin/history"
	"telegraf-rtnetlink/plugin/history/format"
)

// logCommand is "log".
func logCommand(args []string, std stdio) int {
	var q query
	times, status, done := q.between(args, std, span{
		command: "log", options: "[-from TIME] [-to TIME] [-object CLASS] [-where FIELD=VALUE] [-format ip|json]",
		from: "only changes behind this `TIME` (default: the beginning of the stream)", earliest: "0",
		to:      "only changes up to this `TIME` (default: the end of the stream)",
		formats: "ip (a line a change) or json (an object a line)",
	})
	if done {
		return status
	}
	l := changeLog{q: &q, w: bufio.NewWriter(std.out)}
	p := history.NewReplay(times...)
	p.OnEvent, p.OnSync = l.event, l.sync
	scopes, err := q.read(p)
	if err != nil {
		return q.fail(err)
	}
	if wrong := q.misspelled(); wrong != statusOK {
		return wrong
	}
	if err := l.w.Flush(); err != nil {
		return q.fail(err)
	}
	if l.lost {
		q.say("not everything is there: see the lines with ---")
		status = statusPartial
	}
	for _, c := range scopes {
		if q.silent(c) || q.outside(c, times[0]) {
			status = statusPartial
		}
	}
	return status
}

// outside says where nothing is known of the beginning of the time from one, which
// is not 0, to the last, or of all of it, and reports whether that is so.
func (q *query) outside(c *history.Scope, from int64) bool {
	first, last := &c.Verdicts[0], &c.Verdicts[len(c.Verdicts)-1]
	switch {
	case first.Status == history.Unrecorded && from > 0 && last.Status != history.Unrecorded:
		q.say("%s%s", label(c), first.Reason)
	case last.Status == history.Unrecorded, first.Status == history.Ended && last.Status == history.Ended && first.Reason == last.Reason:
		q.say("%s%s", label(c), last.Reason)
	case from > last.At:
		q.say("%snothing is recorded behind %s", label(c), history.Stamp(last.At))
	default:
		return false
	}
	return true
}

// changeLog prints changes as they come.
type changeLog struct {
	q    *query
	w    *bufio.Writer
	lost bool
}

// event prints a change.
func (l *changeLog) event(e *history.Event) {
	if !l.q.keepsEvent(e) {
		return
	}
	if l.q.format == "json" {
		_ = l.json(e) // the writer keeps the error for Flush
		return
	}
	some := e.After
	if some == nil {
		some = e.Before
	}
	text := strings.Join(strings.Fields(clean(described(some, e.Action))), " ")
	fmt.Fprintf(l.w, "%s %s%s %s %s%s%s\n", history.Stamp(e.Time), label(e.Scope), e.Class, e.Action, text, differing(e), who(e))
}

// described prints an object. Of a link that changed it is the first line alone:
// what differs follows, and the rest is as it was.
func described(o *history.Object, action string) string {
	text := format.IP(o)
	if o.Class == "link" && action == "change" {
		text, _, _ = strings.Cut(text, "\n")
	}
	return text
}

// differing lists the fields that changed: what they were and are.
func differing(e *history.Event) string {
	if e.Action != "change" || e.Before == nil || e.Changed == "" {
		return ""
	}
	var parts []string
	for name := range strings.SplitSeq(e.Changed, ",") {
		parts = append(parts, fmt.Sprintf("%s %s → %s", name, orDash(printable(e.Before.Text(name))), orDash(printable(e.After.Text(name)))))
	}
	return " [" + strings.Join(parts, ", ") + "]"
}

// who names who asked for a change.
func who(e *history.Event) string {
	switch {
	case e.Process != "":
		return fmt.Sprintf(" by %s (%d)", printable(e.Process), e.PortID)
	case e.PortID != 0:
		return fmt.Sprintf(" by port id %d", e.PortID)
	}
	return ""
}

// sync prints what the stream says about itself.
func (l *changeLog) sync(c *history.Scope, at int64, text string) {
	if !l.q.wanted(c) {
		return
	}
	word, _, _ := strings.Cut(text, " ")
	switch word {
	case "begin", "complete", "end", "doubt":
	default:
		l.lost = true
	}
	if l.q.format == "json" {
		fmt.Fprintf(l.w, `{"time":%q,"host":%s,"netns":%s,"sync":%s}`+"\n", history.Stamp(at), quoteJSON(c.Host), quoteJSON(c.Netns), quoteJSON(text))
		return
	}
	fmt.Fprintf(l.w, "%s %s--- %s\n", history.Stamp(at), label(c), text)
}

// json prints a change as an object.
func (l *changeLog) json(e *history.Event) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"time":%q,"host":%s,"netns":%s,"object":%q,"action":%q,"origin":%q,"key":"%016x","seq":%d`,
		history.Stamp(e.Time), quoteJSON(e.Scope.Host), quoteJSON(e.Scope.Netns), e.Class, e.Action, e.Origin, e.Key, e.Seq)
	if e.PortID != 0 {
		fmt.Fprintf(&b, `,"portid":%d`, e.PortID)
	}
	if e.Process != "" {
		fmt.Fprintf(&b, `,"process":%s`, quoteJSON(e.Process))
	}
	if e.Changed != "" {
		fmt.Fprintf(&b, `,"changed":%s`, quoteJSON(e.Changed))
	}
	for _, side := range []struct {
		name string
		o    *history.Object
	}{{"before", e.Before}, {"after", e.After}} {
		if side.o != nil {
			fmt.Fprintf(&b, ",%q:", side.name)
			if err := writeObject(&b, side.o); err != nil {
				return err
			}
		}
	}
	b.WriteString("}\n")
	_, err := io.Copy(l.w, &b)
	return err
}
