package objtable

import "math/bits"

// index finds the first entry of a list by the hash of its key: open
// addressing with linear probing over one pointer-free slice. Slots are in the
// order of their hashes, so that the size need not be a power of two and the
// Table grows by half: at a million routes the whole index takes 11 bytes a
// route, where a map[uint64]uint32 takes 38 (BenchmarkStructure).
//
// The zero value is ready for use.
type index struct {
	slots []slot
	n     int
}

type slot struct {
	hash uint32
	Ref  Ref // 0: empty
}

const indexMin = 16

// home returns where a hash belongs.
func (x *index) home(hash uint32) int {
	hi, _ := bits.Mul64(uint64(hash)<<32, uint64(len(x.slots)))
	return int(hi)
}

// find returns the slot whose hash is hash and for whose ref match is true; -1
// if there is none.
func (x *index) find(hash uint32, match func(Ref) bool) int {
	if x.n == 0 {
		return -1
	}
	for i := x.home(hash); x.slots[i].Ref != 0; i = x.after(i) {
		if x.slots[i].hash == hash && match(x.slots[i].Ref) {
			return i
		}
	}
	return -1
}

func (x *index) after(i int) int {
	if i++; i == len(x.slots) {
		return 0
	}
	return i
}

// insert adds r, which must not be there, and returns its slot.
func (x *index) insert(hash uint32, r Ref) int {
	if (x.n+1)*5 > len(x.slots)*4 {
		x.resize(max(indexMin, len(x.slots)*3/2))
	}
	x.n++
	return x.place(slot{hash, r})
}

func (x *index) place(s slot) int {
	i := x.home(s.hash)
	for x.slots[i].Ref != 0 {
		i = x.after(i)
	}
	x.slots[i] = s
	return i
}

// remove empties slot i and closes the gap.
func (x *index) remove(i int) {
	for j := x.after(i); x.slots[j].Ref != 0; j = x.after(j) {
		if h := x.home(x.slots[j].hash); x.between(h, i, j) {
			x.slots[i] = x.slots[j]
			i = j
		}
	}
	x.slots[i] = slot{}
	x.n--
	if len(x.slots) > indexMin && x.n*8 < len(x.slots) {
		x.resize(max(indexMin, len(x.slots)/4))
	}
}

// between reports whether an entry at home h that stands at j may move to i.
func (x *index) between(h, i, j int) bool {
	if i <= j {
		return h <= i || h > j
	}
	return h <= i && h > j
}

func (x *index) resize(n int) {
	old := x.slots
	x.slots = make([]slot, n)
	for _, s := range old {
		if s.Ref != 0 {
			x.place(s)
		}
	}
}

// bytes returns the memory held.
func (x *index) bytes() int { return 8 * len(x.slots) }
