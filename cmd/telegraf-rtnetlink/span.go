package main

import (
	"flag"

	"telegraf-rtnetlink/plugin/history"
)

// span is the command line of a command that prints what lies between two times.
type span struct {
	command  string
	options  string // as its usage shows them
	from, to string // what -from and -to mean
	earliest string // the value of -from where it is not given; empty: it must be
	formats  string // the choices of -format
}

// between reads the command line of s. With done there is nothing more to do than
// to exit with the status.
func (q *query) between(args []string, std stdio, s span) (times []int64, status int, done bool) {
	fs := flag.NewFlagSet(s.command, flag.ContinueOnError)
	from, to := fs.String("from", "", s.from), fs.String("to", "", s.to)
	q.flags(fs, s.formats)
	if status, done := q.parse(fs, args, s.command+" "+s.options+" SOURCE…", std); done {
		return nil, status, true
	}
	if *from == "" {
		*from = s.earliest
	}
	if times, status = q.times(*from, *to); status != statusOK {
		return nil, status, true
	}
	if q.format == "table" {
		return nil, q.usage("-format \"table\" (choices: ip, json)"), true
	}
	return times, statusOK, false
}

// times reads -from and -to.
func (q *query) times(from, to string) (times []int64, status int) {
	if from == "" {
		return nil, q.usage("-from is missing; TIME is %s", timeForms)
	}
	begin, err := q.time("from", from, 0)
	if err != nil {
		return nil, q.usage("%v", err)
	}
	end, err := q.time("to", to, history.Newest)
	if err != nil {
		return nil, q.usage("%v", err)
	}
	if end < begin {
		return nil, q.usage("-to %s is before -from %s", history.Stamp(end), history.Stamp(begin))
	}
	return []int64{begin, end}, statusOK
}
