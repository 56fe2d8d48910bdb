package source

import (
	"bytes"
	"cmp"

	"telegraf-rtnetlink/plugin/history"
)

// cursor yields the rows of one table in the order of time.
type cursor interface {
	// next fills r; false at the end.
	next(r *history.Row) (bool, error)
	close()
}

// merge hands out the rows of several cursors in the order of time. Rows of one
// time, as a database with microseconds has them, come in the order of seq, a
// begin before them.
func merge(cursors []cursor, add func(*history.Row) error) error {
	rows := make([]history.Row, len(cursors))
	open := make([]bool, len(cursors))
	advance := func(i int) (err error) {
		open[i], err = cursors[i].next(&rows[i])
		return err
	}
	for i := range cursors {
		if err := advance(i); err != nil {
			return err
		}
	}
	for {
		first := -1
		for i := range rows {
			if open[i] && (first < 0 || before(&rows[i], &rows[first])) {
				first = i
			}
		}
		if first < 0 {
			return nil
		}
		if err := add(&rows[first]); err != nil {
			return err
		}
		if err := advance(first); err != nil {
			return err
		}
	}
}

func before(a, b *history.Row) bool {
	return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(place(a), place(b))) < 0
}

// place orders rows of one time.
func place(r *history.Row) int64 {
	if bytes.Equal(r.Measurement, []byte("rtnetlink_sync")) {
		return -1
	}
	for i := range r.Fields {
		if f := &r.Fields[i]; string(f.Name) == "seq" {
			return f.Num
		}
	}
	return 0
}

// start finds from which time on rows are needed for the state at a time: the
// oldest of the epochs that the hosts and namespaces were in.
type start struct {
	at     int64
	begun  map[string]int64 // time of the newest begin, by host and namespace
	needed map[string]int64 // of the epoch that was complete
}

func newStart(at int64) *start {
	return &start{at: at, begun: map[string]int64{}, needed: map[string]int64{}}
}

// add takes a row of rtnetlink_sync; they come in the order of time.
func (s *start) add(r *history.Row) {
	if r.Time > s.at {
		return
	}
	var id, moment []byte
	for i := range r.Tags {
		if t := &r.Tags[i]; string(t.Name) == "moment" {
			moment = t.Str
		} else {
			id = append(append(append(id, t.Name...), '='), t.Str...)
		}
	}
	switch string(moment) {
	case "begin":
		s.begun[string(id)] = r.Time
		if _, ok := s.needed[string(id)]; !ok {
			s.needed[string(id)] = r.Time
		}
	case "complete":
		if at, ok := s.begun[string(id)]; ok {
			s.needed[string(id)] = at
		}
	}
}

// from is the time from which on rows are needed, the beginning of all where no
// epoch is known.
func (s *start) from() int64 {
	first := s.at
	if len(s.needed) == 0 {
		return 0
	}
	for _, at := range s.needed {
		first = min(first, at)
	}
	return first
}
