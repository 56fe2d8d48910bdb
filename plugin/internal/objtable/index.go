package objtable

import "math/bits"

// index finds the first entry of a list by the hash of its key: open
// addressing with linear probing over one pointer-free slice. Slots are in the
// order of their hashes, so that the size need not be a power of two and the
// Table grows by half: at a million routes the whole index takes 11 bytes a
// route, where a map[uint64]uint32 takes 38 (BenchmarkStructure).
//
// A large one gets another size in pieces, a few slots with each change, since all
// at once would hold its user up: meanwhile entries are in two slices.
//
// The zero value is ready for use.
type index struct {
	slots slots
	n     int

	old    slots // what is moved into slots; nil: nothing
	cursor int   // in old, where to go on: behind an empty slot
	left   int   // slots of old that are to be looked at
}

type slots []slot

type slot struct {
	hash uint32
	Ref  Ref // 0: empty
}

const (
	indexMin  = 16
	atOnce    = 1 << 14 // slots; fewer are moved in one go
	moveSlots = 16      // looked at with each change: through before the size changes again
)

// home returns where a hash belongs.
func (s slots) home(hash uint32) int {
	hi, _ := bits.Mul64(uint64(hash)<<32, uint64(len(s)))
	return int(hi)
}

// find returns the slot whose hash is hash and for whose ref match is true; -1
// if there is none.
func (s slots) find(hash uint32, match func(Ref) bool) int {
	if len(s) == 0 {
		return -1
	}
	for i := s.home(hash); s[i].Ref != 0; i = s.after(i) {
		if s[i].hash == hash && match(s[i].Ref) {
			return i
		}
	}
	return -1
}

func (s slots) after(i int) int {
	if i++; i == len(s) {
		return 0
	}
	return i
}

func (s slots) place(e slot) int {
	i := s.home(e.hash)
	for s[i].Ref != 0 {
		i = s.after(i)
	}
	s[i] = e
	return i
}

// remove empties slot i and closes the gap.
func (s slots) remove(i int) {
	for j := s.after(i); s[j].Ref != 0; j = s.after(j) {
		if between(s.home(s[j].hash), i, j) {
			s[i] = s[j]
			i = j
		}
	}
	s[i] = slot{}
}

// between reports whether an entry at home h that stands at j may move to i.
func between(h, i, j int) bool {
	if i <= j {
		return h <= i || h > j
	}
	return h <= i && h > j
}

// A position is the number of a slot; in old it is the complement of that, less
// one, since -1 is none.

// find returns the position whose hash is hash and for whose ref match is true;
// -1 if there is none.
func (x *index) find(hash uint32, match func(Ref) bool) int {
	if i := x.slots.find(hash, match); i >= 0 || x.old == nil {
		return i
	}
	if i := x.old.find(hash, match); i >= 0 {
		return ^i - 1
	}
	return -1
}

// at returns the slot at a position: good until the next change.
func (x *index) at(pos int) *slot {
	if pos < 0 {
		return &x.old[^(pos + 1)]
	}
	return &x.slots[pos]
}

// insert adds r, which must not be there, and returns its position.
func (x *index) insert(hash uint32, r Ref) int {
	x.makeRoom()
	x.n++
	return x.slots.place(slot{hash, r})
}

// makeRoom makes sure that another entry finds an empty slot.
func (x *index) makeRoom() {
	x.move(moveSlots)
	if (x.n+1)*5 > len(x.slots)*4 {
		x.resize(max(indexMin, len(x.slots)*3/2))
	}
}

// vacancy returns where fill puts an entry with a hash that none has yet. Otherwise
// it returns -1, and one that has it where there is one alone and it is found.
func (x *index) vacancy(hash uint32) (at int, held Ref) {
	x.makeRoom()
	s := x.slots
	i := s.home(hash)
	for ; s[i].Ref != 0; i = s.after(i) {
		if s[i].hash == hash {
			return -1, s[i].Ref
		}
	}
	if x.old != nil && x.old.find(hash, func(Ref) bool { return true }) >= 0 {
		return -1, 0
	}
	return i, 0
}

// fill adds r where vacancy has found room.
func (x *index) fill(at int, hash uint32, r Ref) {
	x.n++
	x.slots[at] = slot{hash, r}
}

// remove takes away what is at a position.
func (x *index) remove(pos int) {
	if pos < 0 {
		x.old.remove(^(pos + 1))
	} else {
		x.slots.remove(pos)
	}
	x.n--
	x.move(moveSlots)
	if len(x.slots) > indexMin && x.n*8 < len(x.slots) {
		x.resize(max(indexMin, len(x.slots)/4))
	}
}

// resize begins to give the index n slots. It begins behind an empty one: a run of
// entries, which may go on from the end at the start, is moved as a whole, or find
// would miss its rest.
func (x *index) resize(n int) {
	x.move(x.left)
	x.old, x.slots, x.left, x.cursor = x.slots, make(slots, n), len(x.slots), 0
	for i := range x.old {
		if x.old[i].Ref == 0 {
			x.cursor = x.old.after(i)
			break
		}
	}
	if x.left <= atOnce {
		x.move(x.left)
	}
}

// move moves what is in the next n slots of old, and the run that goes on behind.
func (x *index) move(n int) {
	if x.left == 0 {
		return
	}
	old, to, i := x.old, x.slots, x.cursor
	for ; x.left > 0 && (n > 0 || old[i].Ref != 0); n-- {
		if old[i].Ref != 0 {
			to.place(old[i])
			old[i] = slot{}
		}
		i = old.after(i)
		x.left--
	}
	x.cursor = i
	if x.left == 0 {
		x.old = nil
	}
}

// bytes returns the memory held.
func (x *index) bytes() int { return 8 * (len(x.slots) + len(x.old)) }
