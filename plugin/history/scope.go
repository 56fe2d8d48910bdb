package history

import (
	"cmp"
	"math"
	"slices"
)

// Tag is a tag of the configuration that tells senders apart.
type Tag struct{ Name, Value string }

// Scope is a namespace of a host, as one plugin sees it.
type Scope struct {
	Host  string
	Netns string
	Tags  []Tag // further tags that tell senders apart
	// Verdicts has one for each time that was asked for.
	Verdicts []Verdict
	// Periods are the times up to the end of the stream, in order.
	Periods []Period

	replay *Replay
	sender *sender
	lane   *lane
	tables []map[uint64]ref // by class
	slab   slab
	rows   int64 // in the present lane
	top    int64 // seq of the newest of them

	now    Period // To is not known yet
	epoch  int64  // of the state
	born   int64  // epoch of the newest begin
	first  int64  // next_seq of it
	config Config
	broken bool    // what is missing stays missing in this epoch
	begins []int64 // times of the newest begins, ascending
	sure   int64   // time of the newest rtnetlink_sync that fitted what came before
	newest int64   // time of the newest event of this scope
	high   int64   // the latest time of the lanes before
	again  []span

	journal map[objectID][]byte // what was there at Times[0], of what changed since
	base    *base               // the state at Times[0], where an epoch began since
}

// objectID names an object of a scope.
type objectID struct {
	class int
	key   uint64
}

// base is a state that is kept while another is built.
type base struct {
	tables []map[uint64]ref
	slab   slab
}

// set ends the present period right before from and begins another.
func (s *Scope) set(status Status, reason string, from int64) {
	if s.now.Status == status && s.now.Reason == reason {
		return
	}
	s.now.To = from - 1
	if s.now.To >= s.now.From {
		s.Periods = append(s.Periods, s.now)
	}
	s.now = Period{From: from, Status: status, Reason: reason}
}

// periodAt returns what is known at a time: the newest that began before.
func (s *Scope) periodAt(at int64) Period {
	if s.now.From <= at {
		return s.now
	}
	for _, p := range slices.Backward(s.Periods) {
		if p.From <= at {
			return p
		}
	}
	return Period{Status: Unrecorded, Reason: "the record begins after that time"}
}

// table returns the objects of a class.
func (s *Scope) table(class int) map[uint64]ref {
	for len(s.tables) <= class {
		s.tables = append(s.tables, nil)
	}
	if s.tables[class] == nil {
		s.tables[class] = map[uint64]ref{}
	}
	return s.tables[class]
}

// record returns the record of an object, nil if it is not there.
func (s *Scope) record(class int, key uint64) []byte {
	if class >= len(s.tables) {
		return nil
	}
	r, ok := s.tables[class][key]
	if !ok {
		return nil
	}
	return recordAt(s.slab.at(r))
}

// note keeps what an object was before it changes, once.
func (s *Scope) note(id objectID, before []byte) {
	if s.journal == nil {
		return
	}
	if _, ok := s.journal[id]; !ok {
		s.journal[id] = slices.Clone(before)
	}
}

// put stores an object, before being its record so far.
func (s *Scope) put(id objectID, before, rec []byte) {
	s.note(id, before)
	t := s.table(id.class)
	if before == nil {
		t[id.key] = s.slab.put(rec)
		return
	}
	t[id.key] = s.slab.replace(t[id.key], len(before), rec)
}

// drop removes an object.
func (s *Scope) drop(id objectID, before []byte) {
	if before == nil {
		return
	}
	s.note(id, before)
	t := s.table(id.class)
	s.slab.release(t[id.key], len(before))
	delete(t, id.key)
}

// void forgets all objects: an epoch begins.
func (s *Scope) void() {
	if s.journal != nil && s.base == nil {
		s.rewind()
		s.base = &base{s.tables, s.slab}
		s.journal = nil
	}
	s.tables, s.slab = nil, slab{}
}

// rewind makes the tables what they were at Times[0].
func (s *Scope) rewind() {
	journal := s.journal
	s.journal = nil
	for id, rec := range journal {
		now := s.record(id.class, id.key)
		if rec == nil {
			s.drop(id, now)
		} else {
			s.put(id, now, rec)
		}
	}
}

// exactNear sets the exact times next to v.At.
func (s *Scope) exactNear(v *Verdict) {
	later := int64(math.MaxInt64) // where one of the periods behind begins: they count
	for _, p := range slices.Backward(s.Periods) {
		to := min(p.To, later-1)
		later = min(later, p.From)
		if p.Status == Exact {
			s.once(p.From, to, v.near)
		}
	}
}

// once calls f with the pieces of a time in which none came twice.
func (s *Scope) once(from, to int64, f func(from, to int64)) {
	spans := slices.SortedFunc(slices.Values(s.again), func(a, b span) int { return cmp.Compare(a.from, b.from) })
	for _, x := range spans {
		if x.from > to {
			break
		}
		if x.from > from {
			f(from, x.from-1)
		}
		from = max(from, x.to+1)
	}
	if from <= to {
		f(from, to)
	}
}

// Len returns how many objects of a class there are in the last state that was
// asked for.
func (s *Scope) Len(class string) int {
	id, ok := s.replay.classIDs[class]
	if !ok || id >= len(s.tables) {
		return 0
	}
	return len(s.tables[id])
}

// Objects calls yield for each object of a class in the last state that was
// asked for, in no order. The object is used again for the next call.
func (s *Scope) Objects(class string, yield func(*Object)) {
	id, ok := s.replay.classIDs[class]
	if !ok || id >= len(s.tables) {
		return
	}
	o := Object{Class: class, Scope: s}
	for k, r := range s.tables[id] {
		o.Key = k
		s.replay.dict.object(recordAt(s.slab.at(r)), &o)
		yield(&o)
	}
}

// Get returns an object of the last state that was asked for, nil if it is not
// there. It stays valid.
func (s *Scope) Get(class string, key uint64) *Object {
	id, ok := s.replay.classIDs[class]
	if !ok {
		return nil
	}
	return s.decode(id, key, s.record(id, key))
}

// decode returns the object of a record, nil for none.
func (s *Scope) decode(class int, key uint64, rec []byte) *Object {
	if rec == nil {
		return nil
	}
	o := &Object{Class: s.replay.classes[class], Key: key, Scope: s}
	s.replay.dict.object(rec, o)
	return o
}
