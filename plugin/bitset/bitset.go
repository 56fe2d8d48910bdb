// Package bitset is a set of small numbers of a fixed size: which fields of a
// class. Sets are values: assignment copies, == compares, the zero value is
// empty. Numbers outside [0, Size) panic, as an index does.
package bitset

import "math/bits"

// Size is how many numbers there are.
const Size = 64 * words

const words = 5

// Set is a set of numbers below Size.
type Set [words]uint64

// Of returns the set of some numbers.
func Of(numbers ...int) (s Set) {
	for _, n := range numbers {
		s.Add(n)
	}
	return s
}

// Add puts n into s.
func (s *Set) Add(n int) { s[uint(n)/64] |= 1 << (uint(n) % 64) }

// Has reports whether n is in s.
func (s *Set) Has(n int) bool { return s[uint(n)/64]>>(uint(n)%64)&1 != 0 }

// Empty reports whether nothing is in s.
func (s *Set) Empty() bool { return s[0]|s[1]|s[2]|s[3]|s[4] == 0 }

// Meets reports whether s and t have a number in common.
func (s *Set) Meets(t *Set) bool {
	return s[0]&t[0]|s[1]&t[1]|s[2]&t[2]|s[3]&t[3]|s[4]&t[4] != 0
}

// Merge puts all of t into s.
func (s *Set) Merge(t *Set) {
	s[0] |= t[0]
	s[1] |= t[1]
	s[2] |= t[2]
	s[3] |= t[3]
	s[4] |= t[4]
}

// And returns what is in both.
func (s *Set) And(t *Set) Set {
	return Set{s[0] & t[0], s[1] & t[1], s[2] & t[2], s[3] & t[3], s[4] & t[4]}
}

// Next returns the lowest number in s that is at least n, -1 if there is none:
//
//	for n := s.Next(0); n >= 0; n = s.Next(n + 1) {
func (s *Set) Next(n int) int {
	for w := uint(n) / 64; w < words; w++ {
		if left := s[w] >> (uint(n) % 64); left != 0 {
			return n + bits.TrailingZeros64(left)
		}
		n = int(w+1) * 64
	}
	return -1
}

// Below returns how many numbers in s are less than n.
func (s *Set) Below(n int) (count int) {
	w := uint(n) / 64
	for _, word := range s[:w] {
		count += bits.OnesCount64(word)
	}
	return count + bits.OnesCount64(s[w]&(1<<(uint(n)%64)-1))
}
