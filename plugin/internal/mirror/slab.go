package mirror

import "encoding/binary"

// ref names an entry of a slab: its position in units of 4 bytes. 0 is none.
type ref uint32

// An entry is a header of 8 bytes and a body:
//
//	next  uint32  the following entry of its list, or of the free list
//	info  uint32  bits 0-23 size of the body in bytes, bits 24-31 flags
//
// Bodies are padded to 4 bytes.
const (
	entryHeader = 8
	sizeMask    = 1<<24 - 1
	maxBody     = 512 << 10

	chunkShift = 20 // bytes in a chunk: 1 MiB, so that a ref has 14 bits of chunk
	chunkUnits = 1 << (chunkShift - 2)
	chunkMin   = 4 << 10 // bytes in the only chunk of a small slab
)

// The flags of an entry.
const (
	flagLive   = 1 << 0
	flagSeen   = 1 << 1 // by the dump under way
	flagFilled = 1 << 2 // written by the dump under way
	flagMixed  = 1 << 3 // an IPv6 group whose members may differ in more than the nexthop
	flagBehind = 1 << 4 // an IPv6 route that stands between the members of a group
	flagTaken  = 1 << 5 // meant by a record of the dump under way, of a key that an event has touched
	flagMissed = 3 << 6 // how many dumps in a row lacked it
	missedOne  = 1 << 6
)

// slab keeps entries in large pointer-free chunks, so that the garbage
// collector has nothing to look at. Freed entries are reused by entries of the
// same size; an empty slab gives its chunks back. The last chunk grows until it
// is full: most tables are small, and there are six in each namespace.
type slab struct {
	chunks [][]byte
	top    int            // bytes used of the last chunk
	free   map[uint32]ref // first free entry by size of the body in units of 4 bytes
	live   int            // bytes in live entries, headers included
	dead   int            // bytes in free entries
}

func (s *slab) header(r ref) []byte {
	chunk := s.chunks[r/chunkUnits]
	at := int(r%chunkUnits) * 4
	return chunk[at : at+entryHeader : len(chunk)]
}

func (s *slab) next(r ref) ref          { return ref(binary.LittleEndian.Uint32(s.header(r))) }
func (s *slab) setNext(r, next ref)     { binary.LittleEndian.PutUint32(s.header(r), uint32(next)) }
func (s *slab) info(r ref) uint32       { return binary.LittleEndian.Uint32(s.header(r)[4:]) }
func (s *slab) setInfo(r ref, v uint32) { binary.LittleEndian.PutUint32(s.header(r)[4:], v) }
func (s *slab) flags(r ref) uint8       { return s.header(r)[7] }
func (s *slab) setFlags(r ref, f uint8) { s.header(r)[7] = f }

// body returns the bytes of entry r: good until it is freed, and to be written
// until the next alloc.
func (s *slab) body(r ref) []byte {
	chunk := s.chunks[r/chunkUnits]
	at := int(r%chunkUnits) * 4
	n := int(binary.LittleEndian.Uint32(chunk[at+4:]) & sizeMask)
	return chunk[at+entryHeader : at+entryHeader+n : at+entryHeader+n]
}

// alloc stores a copy of body and returns its entry, live and in no list.
func (s *slab) alloc(body []byte) ref {
	units := uint32(len(body)+3) / 4
	r := s.free[units]
	if r != 0 {
		s.take(units, r)
	} else {
		r = s.extend(int(units)*4 + entryHeader)
	}
	s.setNext(r, 0)
	s.setInfo(r, uint32(len(body))|flagLive<<24)
	copy(s.body(r), body)
	s.live += int(units)*4 + entryHeader
	return r
}

func (s *slab) take(units uint32, r ref) {
	if n := s.next(r); n != 0 {
		s.free[units] = n
	} else {
		delete(s.free, units)
	}
	s.dead -= int(units)*4 + entryHeader
}

// extend makes room for n bytes at the end.
func (s *slab) extend(n int) ref {
	switch {
	case len(s.chunks) == 0:
		s.chunks, s.top = [][]byte{nil}, 4 // ref 0 is none
	case s.top+n > 1<<chunkShift:
		s.chunks, s.top = append(s.chunks, nil), 0
	}
	s.grow(s.top + n)
	r := ref((len(s.chunks)-1)*chunkUnits + s.top/4)
	s.top += n
	return r
}

// grow gives the last chunk at least n bytes. Those behind the first chunk get
// their full size at once.
func (s *slab) grow(n int) {
	last := &s.chunks[len(s.chunks)-1]
	if n <= len(*last) {
		return
	}
	size := 1 << chunkShift
	for len(s.chunks) == 1 && max(n, chunkMin) <= size/2 {
		size /= 2
	}
	bigger := make([]byte, size)
	copy(bigger, *last)
	*last = bigger
}

// release frees entry r. Its body stays readable until the next alloc.
func (s *slab) release(r ref) {
	n := s.info(r) & sizeMask
	units := (n + 3) / 4
	s.setInfo(r, units*4)
	if s.free == nil {
		s.free = map[uint32]ref{}
	}
	s.setNext(r, s.free[units])
	s.free[units] = r
	s.live -= int(units)*4 + entryHeader
	s.dead += int(units)*4 + entryHeader
}

// each calls f for every live entry in the order of their places, until f
// returns false. f may release entries, and alloc only if a visit of the new
// entry does no harm.
func (s *slab) each(f func(ref) bool) {
	for c := 0; c < len(s.chunks); c++ { // f may empty the slab
		at := 0
		if c == 0 {
			at = 4
		}
		for c < len(s.chunks) && at+entryHeader <= s.end(c) {
			info := binary.LittleEndian.Uint32(s.chunks[c][at+4:])
			if info == 0 {
				break // the unused rest of a chunk
			}
			if info>>24&flagLive != 0 && !f(ref(c*chunkUnits+at/4)) {
				return
			}
			at += entryHeader + int(info&sizeMask+3)&^3
		}
	}
}

// end returns how far chunk c is in use.
func (s *slab) end(c int) int {
	if c == len(s.chunks)-1 {
		return s.top
	}
	return len(s.chunks[c])
}

// bytes returns the memory held.
func (s *slab) bytes() (n int) {
	for _, c := range s.chunks {
		n += len(c)
	}
	return n
}
