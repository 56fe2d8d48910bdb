package mirror

import (
	"math/bits"

	"github.com/cespare/xxhash/v2"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// identity returns Event.Key of the object in body: a hash of its class, of
// what the kernel knows it by (keys), and of its number among those that share
// that. It takes no seed, and the keys are written in one byte order, so that
// an object has the same after a restart.
func (s *State) identity(o rtnl.Object, body []byte, number uint32) uint64 {
	return s.identityIn(&list{}, o, body, number)
}

// identityIn is identity for an object of list l, where that is known.
func (s *State) identityIn(l *list, o rtnl.Object, body []byte, number uint32) uint64 {
	s.keyed = append(s.keyed[:0], byte(o))
	if key := l.key(); key != nil {
		s.keyed = append(s.keyed, key...)
	} else {
		s.keyed = keys[o](s.keyed, body)
	}
	if number != 0 {
		s.keyed = appendUint32(s.keyed, number)
	}
	return xxhash.Sum64(s.keyed)
}

// numbers tells the objects of one list apart, from the time that they come
// until they go: each has the smallest number that is free when it comes. Where
// a list never has a second object, which is nearly all of them, that is 0 and
// takes no memory. The zero value is ready for use.
type numbers struct {
	of   map[ref]uint32      // those that are not 0
	used map[uint64][]uint64 // by hash of a key: a bit for each number in use; lists where one is not 0
}

// get returns the number of entry r.
func (n *numbers) get(r ref) uint32 {
	if len(n.of) == 0 {
		return 0
	}
	return n.of[r]
}

// take gives entry r of the list with a hash the smallest free number. alone
// says that the list has no other.
func (n *numbers) take(hash uint64, r ref, alone bool) {
	if alone {
		return
	}
	if n.of == nil {
		n.of, n.used = map[ref]uint32{}, map[uint64][]uint64{}
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
func (n *numbers) free(hash uint64, r ref) {
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
func (n *numbers) moved(from, to ref) {
	if number := n.get(from); number != 0 {
		delete(n.of, from)
		n.of[to] = number
	}
}
