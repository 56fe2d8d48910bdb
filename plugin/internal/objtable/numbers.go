package objtable

import "math/bits"

// numbers tells the objects of one list apart, from the time that they come
// until they go: each has the smallest number that is free when it comes. Where
// a list never has a second object, which is nearly all of them, that is 0 and
// takes no memory. The zero value is ready for use.
type numbers struct {
	of   map[Ref]uint32      // those that are not 0
	used map[uint64][]uint64 // by hash of a key: a bit for each number in use; lists where one is not 0
}

// get returns the number of entry r.
func (n *numbers) get(r Ref) uint32 {
	if len(n.of) == 0 {
		return 0
	}
	return n.of[r]
}

// take gives entry r of the list with a hash the smallest free number. alone
// says that the list has no other.
func (n *numbers) take(hash uint64, r Ref, alone bool) {
	if alone {
		return
	}
	if n.of == nil {
		n.of, n.used = map[Ref]uint32{}, map[uint64][]uint64{}
	}
	used, ok := n.used[hash]
	if !ok {
		used = []uint64{1} // the only other object has 0
	}
	word := 0
	for word < len(used) && used[word] == ^uint64(0) {
		word++
	}
	if word == len(used) {
		used = append(used, 0)
	}
	bit := bits.TrailingZeros64(^used[word])
	used[word] |= 1 << bit
	n.used[hash] = used
	if free := uint32(64*word + bit); free != 0 {
		n.of[r] = free
	}
}

// free gives back the number of entry r.
func (n *numbers) free(hash uint64, r Ref) {
	used, ok := n.used[hash]
	if !ok {
		return
	}
	number := n.get(r)
	delete(n.of, r)
	used[number/64] &^= 1 << (number % 64)
	for len(used) > 0 && used[len(used)-1] == 0 {
		used = used[:len(used)-1]
	}
	if n.used[hash] = used; len(used) == 0 || len(used) == 1 && used[0] == 1 {
		delete(n.used, hash)
	}
}

// moved is for an entry that has gone from one place to another.
func (n *numbers) moved(from, to Ref) {
	if number := n.get(from); number != 0 {
		delete(n.of, from)
		n.of[to] = number
	}
}
