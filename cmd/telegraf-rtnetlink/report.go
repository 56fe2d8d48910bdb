package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"

	"telegraf-rtnetlink/plugin/history"
	"telegraf-rtnetlink/plugin/history/page"
)

// reportCommand is "report".
func reportCommand(args []string, std stdio) int {
	var q query
	fs := flag.NewFlagSet("report", flag.ContinueOnError)
	file := fs.String("o", "", "`FILE`.html to write; must be given")
	from := fs.String("from", "", "the `TIME` at which the page begins (default: when the stream is exact for the first time)")
	to := fs.String("to", "", "the `TIME` at which it ends (default: the end of the stream)")
	q.flags(fs, "")
	if status, done := q.parse(fs, args, "report -o FILE.html [-from TIME] [-to TIME] [-object CLASS] [-where FIELD=VALUE] [-partial] SOURCE…", std); done {
		return status
	}
	if *file == "" {
		return q.usage("-o is missing; it names the page to write")
	}
	if *from == "" {
		first, status := q.firstExact()
		if status != statusOK {
			return status
		}
		*from = fmt.Sprint(first)
	}
	times, status := q.times(*from, *to)
	if status != statusOK {
		return status
	}
	return q.report(*file, times)
}

// firstExact is the time from which on all that is asked for is exact.
func (q *query) firstExact() (at int64, status int) {
	if slices.Contains(q.sources, "-") {
		return 0, q.usage("standard input can be read once only: -from has to be given")
	}
	scopes, err := q.read(history.NewReplay(history.Newest))
	if err != nil {
		return 0, q.fail(err)
	}
	for _, c := range scopes {
		for _, p := range c.Periods {
			if p.Status == history.Exact {
				at = max(at, p.From)
				break
			}
		}
	}
	if at == 0 {
		return 0, q.usage("the stream is at no time exact; -from and -partial show what there is")
	}
	return at, statusOK
}

// report writes the page.
func (q *query) report(file string, times []int64) int {
	p := history.NewReplay(times...)
	pg := page.Page{Keep: q.keeps, From: times[0]}
	p.OnTime = func(i int, s *history.Scope) {
		if i == 0 && q.wanted(s) {
			pg.Base(s, q.classes(p))
		}
	}
	p.OnEvent = func(e *history.Event) {
		if q.wanted(e.Scope) && q.class(e.Class) {
			pg.Event(e)
		}
	}
	p.OnSync = func(s *history.Scope, at int64, text string) {
		if q.wanted(s) {
			pg.Mark(s, at, text)
		}
	}
	scopes, err := q.read(p)
	if err != nil {
		return q.fail(err)
	}
	if wrong := q.misspelled(); wrong != statusOK {
		return wrong
	}
	classes, exact := q.classes(p), true
	for _, c := range scopes {
		for i := range c.Verdicts {
			exact = q.judge(c, i, classes) && exact
			if v := &c.Verdicts[i]; v.Status != history.Exact {
				pg.Warnings = append(pg.Warnings, label(c)+"not exact at "+history.Stamp(v.At)+": "+v.Reason)
			}
		}
		pg.To = max(pg.To, c.Verdicts[1].At)
	}
	status, refused := q.verdict(exact)
	if refused {
		return status
	}
	pg.Title = fmt.Sprintf("Network from %s to %s", history.Stamp(pg.From), history.Stamp(pg.To))
	var out bytes.Buffer
	if err := pg.Write(&out, classes); err != nil {
		return q.fail(err)
	}
	if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
		return q.fail(err)
	}
	return status
}
