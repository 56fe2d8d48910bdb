package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"net/url"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"telegraf-rtnetlink/plugin/history"
	"telegraf-rtnetlink/plugin/history/source"
)

// statusPartial is the exit status of an answer that is not exact.
const statusPartial = 3

// texts is a flag that may be given several times.
type texts []string

func (w *texts) String() string     { return strings.Join(*w, ",") }
func (w *texts) Set(s string) error { *w = append(*w, s); return nil }

// query is what the commands that read the stream back have in common.
type query struct {
	name    string
	objects texts
	where   texts
	format  string
	partial bool
	sources []string

	conditions []condition
	ofEvent    []condition     // those of log that say something of the change, not of the object
	met        map[string]bool // fields of -where that some object had
	std        stdio
	notes      source.Notes
	now        time.Time
	live       bool // up to now, which is the end of the stream
}

// flags adds the flags that all have.
func (q *query) flags(fs *flag.FlagSet, formats string) {
	fs.Var(&q.objects, "object", "only objects of this `class`: link, address, route, neighbor, rule, nexthop, …; may be given several times")
	fs.Var(&q.where, "where", "only objects whose tag or field has this value, `FIELD=VALUE`, also host and netns; may be given several times, all must be true")
	if formats != "" {
		fs.StringVar(&q.format, "format", "ip", "`form` of the output: "+formats)
	}
	fs.BoolVar(&q.partial, "partial", false, "show what there is also where it is not exact; the exit status is then 3")
}

// usageOf is the text behind the name of a command that reads the stream.
const sourceHelp = `

SOURCE is a file of line protocol or of Telegraf's JSON (also .gz and .zst, and
patterns), "-" for standard input, influxdb://[user:password@]host:8086/database
(?tls=true, ca=FILE, rp=POLICY) or postgres://[user:password@]host/database.
TIME is ` + timeForms + `.
Exit status: 0 exact, 3 not exact (with -partial), 1 refused or failed, 2 usage.`

// parse reads the command line; done is true when status is the result already.
func (q *query) parse(fs *flag.FlagSet, args []string, use string, std stdio) (status int, done bool) {
	q.name, q.std, q.now = fs.Name(), std, time.Now()
	q.sources, status, done = arguments(fs, args, 0, math.MaxInt, use+sourceHelp, std)
	if done {
		return status, true
	}
	fs.Visit(func(f *flag.Flag) {
		// A variable of the shell that is not set would ask for another time.
		if slices.Contains([]string{"at", "from", "to"}, f.Name) && f.Value.String() == "" && status == statusOK {
			status = q.usage("-%s is empty; TIME is %s", f.Name, timeForms)
		}
	})
	if status != statusOK {
		return status, true
	}
	if len(q.sources) == 0 {
		return q.usage("no SOURCE; name a file, \"-\" for standard input, or a database; -h explains"), true
	}
	status = q.check()
	return status, status != statusOK
}

// check reads -where, -object and -format. It has said what is wrong where it
// does not return statusOK.
func (q *query) check() int {
	q.met = map[string]bool{}
	if status := q.chooseClasses(); status != statusOK {
		return status
	}
	for _, w := range q.where {
		field, value, ok := strings.Cut(w, "=")
		if !ok || field == "" {
			return q.usage("-where %q: want FIELD=VALUE, as -where dst=10.0.0.0/8", w)
		}
		c := condition{field: field, value: value}
		if why := notOfState(q.name, c); why != "" {
			return q.usage("%s", why)
		}
		if eventField(field) {
			if why := c.impossible(); why != "" {
				return q.usage("-where %s: %s is never %q; %s", w, field, value, why)
			}
			q.ofEvent = append(q.ofEvent, c)
			continue
		}
		if err := c.spell(q.objects); err != nil {
			return q.usage("-where %s: %s is never %q; %v", w, field, value, err)
		}
		q.conditions = append(q.conditions, c)
		q.met[field] = q.met[field] || field == "host" || field == "netns"
	}
	if q.format != "" && !slices.Contains([]string{"ip", "json", "table"}, q.format) {
		return q.usage("-format %q (choices: ip, json, table)", q.format)
	}
	return statusOK
}

// chooseClasses reads -object.
func (q *query) chooseClasses() int {
	names := classNames()
	var objects texts
	for _, o := range q.objects {
		words := strings.FieldsFunc(o, func(r rune) bool { return r == ',' || r == ' ' })
		if len(words) == 0 { // as of a variable of the shell that is not set
			return q.usage("-object is empty (choices: %s)", strings.Join(names, ", "))
		}
		objects = append(objects, words...)
	}
	q.objects = objects
	for _, o := range q.objects {
		if !slices.Contains(names, o) {
			return q.usage("-object %q (choices: %s)", o, strings.Join(names, ", "))
		}
		if stateless(o) && slices.Contains([]string{"show", "state", "diff"}, q.name) {
			return q.usage("-object %s: it passes without leaving state; log -object %s shows what came", o, o)
		}
	}
	return statusOK
}

// time reads the flag called name; empty is otherwise. Where that is the end of
// the stream, now is too: what is being written has not come in yet.
func (q *query) time(name, text string, otherwise int64) (int64, error) {
	if text == "" {
		return otherwise, nil
	}
	if strings.TrimSpace(text) == "now" && otherwise == history.Newest {
		q.live = true
		return otherwise, nil
	}
	at, err := parseTime(text, q.now)
	if err != nil {
		return 0, fmt.Errorf("-%s: %w", name, err)
	}
	return at, nil
}

// say prints a message.
func (q *query) say(format string, args ...any) {
	fmt.Fprintf(q.std.err, "%s: %s\n", q.name, printable(fmt.Sprintf(format, args...)))
}

func (q *query) usage(format string, args ...any) int {
	q.say(format, args...)
	return statusUsage
}

func (q *query) fail(err error) int {
	q.say("%v", err)
	return statusError
}

// class reports whether a class is asked for.
func (q *query) class(name string) bool {
	return len(q.objects) == 0 || slices.Contains(q.objects, name)
}

// read replays the sources up to the last of p's times.
func (q *query) read(p *history.Replay) ([]*history.Scope, error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	o := source.Options{From: p.Times[0], To: p.Times[len(p.Times)-1], Stdin: q.std.in, Notes: &q.notes}
	for _, w := range q.conditions {
		if w.field == "host" {
			o.Host = w.value
		}
	}
	progress := newProgress(q.std.err)
	o.Progress = progress.tell
	sorted := !slices.ContainsFunc(q.sources, func(s string) bool { return !source.Database(s) }) && len(q.sources) == 1
	rows := 0
	err := source.Read(ctx, q.sources, o, func(r *history.Row) error {
		p.Add(r)
		if rows++; rows%4096 == 0 {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if sorted && p.Done() {
				return source.ErrDone
			}
		}
		return nil
	})
	progress.end()
	if errors.Is(err, context.Canceled) {
		err = errors.New("interrupted")
	}
	if err != nil {
		return nil, err
	}
	for _, line := range q.notes.Lines() {
		q.say("%s", line)
	}
	return q.chosen(p)
}

// chosen returns what -where leaves of what was read.
func (q *query) chosen(p *history.Replay) ([]*history.Scope, error) {
	all := p.Finish()
	scopes := slices.DeleteFunc(slices.Clone(all), func(c *history.Scope) bool { return !q.wanted(c) })
	if len(scopes) == 0 {
		return nil, q.nothing(p, all)
	}
	return scopes, nil
}

// nothing says why there is no answer, of what was read.
func (q *query) nothing(p *history.Replay, all []*history.Scope) error {
	switch c := &p.Counts; {
	case c.Events > 0:
		return fmt.Errorf("no host and namespace fits the conditions of -where; there are: %s", labels(all))
	case c.Gauges > 0:
		return fmt.Errorf("%s: gauges of the plugin, but no event metrics: an output's filter removes them", q.from())
	case c.Foreign > 0:
		return fmt.Errorf("%s: %d metrics, none of them of this plugin (rtnetlink_link, …)", q.from(), c.Foreign)
	}
	return fmt.Errorf("%s: no metrics", q.from())
}

// from names the sources, without what only the database has to know.
func (q *query) from() string {
	if len(q.sources) == 0 {
		return "the kernel"
	}
	var names texts
	for _, s := range q.sources {
		if u, err := url.Parse(s); err == nil && source.Database(s) {
			s = u.Redacted()
		}
		if s == "-" {
			s = "standard input"
		}
		names = append(names, s)
	}
	return names.String()
}

// judge says what is not exact about scope c at its i-th time, and reports
// whether all is.
func (q *query) judge(c *history.Scope, i int, classes []string) bool {
	v := &c.Verdicts[i]
	exact := true
	switch {
	case v.Status != history.Exact:
		exact = false
		q.say("%snot exact at %s: %s; %s", label(c), history.Stamp(v.At), v.Reason, v.Nearby())
	case i == len(c.Verdicts)-1:
		exact = !q.silent(c)
	}
	for _, class := range classes {
		why := v.Class(class)
		if why == "" {
			continue
		}
		if slices.Contains(v.Config.Objects, class) || len(q.objects) > 0 {
			exact = false
		}
		q.say("%s%s", label(c), why)
	}
	if v.Config.Filters != "" {
		q.say("%snot in the stream: %s", label(c), v.Config.Filters)
	}
	return exact
}

// silent says what is known of c where now was asked for, and reports whether its
// plugin has stopped, or nothing came up to the time that was asked for.
func (q *query) silent(c *history.Scope) bool {
	v := &c.Verdicts[len(c.Verdicts)-1]
	ends := c.Periods[len(c.Periods)-1]
	switch {
	case v.Status == history.Silent:
		q.say("%s%s", label(c), v.Reason)
		return true
	case q.live && ends.Status == history.Ended:
		q.say("%snot exact now: %s; exact up to %s", label(c), ends.Reason, history.Stamp(v.At))
		return true
	case q.live:
		q.say("%sknown up to %s, when the newest metric came", label(c), history.Stamp(v.At))
	}
	return false
}

// verdict is the exit status of an answer; refused means that it is not shown.
func (q *query) verdict(exact bool) (status int, refused bool) {
	switch {
	case exact:
		return statusOK, false
	case q.partial:
		return statusPartial, false
	}
	q.say("refused; -partial shows what there is all the same")
	return statusError, true
}
