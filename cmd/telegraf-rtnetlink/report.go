package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"

	"telegraf-rtnetlink/plugin/history"
	"telegraf-rtnetlink/plugin/history/page"
	"telegraf-rtnetlink/plugin/history/source"
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
	if q.isSource(*file) {
		return q.usage("-o %s is a SOURCE; the page would take its place", *file)
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
	if err := writePage(file, out.Bytes()); err != nil {
		return q.fail(err)
	}
	return status
}

// isSource reports whether a path, by whatever name, is that of a file to read.
func (q *query) isSource(path string) bool {
	to, err := os.Stat(path)
	if err != nil {
		return false
	}
	files, err := source.Files(q.sources)
	return err == nil && slices.ContainsFunc(files, func(name string) bool {
		from, err := os.Stat(name)
		return err == nil && os.SameFile(from, to)
	})
}

// writePage writes a page beside path and puts it in its place when it is whole: a
// disk that is full leaves the page of before. What is no file, such as a pipe, or
// stands in a directory that takes no other, is written to as it is.
func writePage(path string, page []byte) error {
	info, err := os.Lstat(path)
	if err == nil && !info.Mode().IsRegular() {
		return os.WriteFile(path, page, 0o644)
	}
	mode := os.FileMode(0o644)
	if err == nil {
		mode = info.Mode().Perm()
	}
	beside := path + ".new"
	file, err := os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return os.WriteFile(path, page, mode)
	}
	_, err = file.Write(page)
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(beside, path)
	}
	if err != nil {
		_ = os.Remove(beside) // it is part of a page
	}
	return err
}
