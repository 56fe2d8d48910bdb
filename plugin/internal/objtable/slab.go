package objtable

import "encoding/binary"

// Ref names an entry of a slab: its position in units of 4 bytes. 0 is none.
type Ref uint32

// An entry is a header of 8 bytes and a body:
//
//	next  uint32  the following entry of its list, or of the free list
//	info  uint32  bits 0-23 size of the body in bytes, bits 24-31 flags
//
// Bodies are padded to 4 bytes, and take 4 at least. The first 4 of a free entry
// are the one before it on the free list.
const (
	entryHeader = 8
	sizeMask    = 1<<24 - 1
	MaxBody     = 512 << 10

	chunkShift = 20 // bytes in a chunk: 1 MiB, so that a ref has 14 bits of chunk
	chunkUnits = 1 << (chunkShift - 2)
	chunkMin   = 4 << 10 // bytes in the only chunk of a small slab
)

// The flags of an entry that are the slab's; the others (Free) say nothing to it.
const (
	flagLive  = 1 << 0
	flagLoose = 1 << 1 // of a free entry: on no list

	// Free are the bits that are the user's.
	Free = 0xfe
)

// slab keeps entries in large pointer-free chunks, so that the garbage
// collector has nothing to look at. Freed entries are reused by entries of the
// same size; an empty slab gives its chunks back, and what sizes that are no
// longer in use leave behind is made chunks again (evacuation.go). The chunk
// under way grows until it is full where it is the only one: most tables are
// small, and there are six in each namespace.
type slab struct {
	chunks  [][]byte // nil: given back
	meta    []chunkMeta
	open    int   // the chunk under way
	top     int   // bytes used of it
	free    []Ref // first free entry by size of the body in units of 4 bytes
	live    int   // bytes in live entries, headers included
	dead    int   // bytes in free entries
	held    int   // bytes in chunks
	evac    evacuation
	visited int // entries that walks have looked at, ever
}

// chunkMeta is what is known of a chunk.
type chunkMeta struct {
	starts []uint16 // by page: where in it the first entry begins, in units, plus 1; 0 for none
	live   int      // bytes in live entries, headers included
	top    int      // bytes used, of a chunk that is full
}

// A page is what objects are looked for by what they have in common (places.go).
const (
	pageUnits  = 512 // 2 KiB
	chunkPages = chunkUnits / pageUnits
)

// Page is the number of a page.
type Page uint32

// Page returns the page that an entry begins on.
func (r Ref) Page() Page { return Page(r / pageUnits) }

// padded returns how many bytes a body of n bytes takes. A free entry keeps a
// reference there.
func padded(n uint32) uint32 { return max(4, (n+3)&^3) }

func (s *slab) header(r Ref) []byte {
	chunk := s.chunks[r/chunkUnits]
	at := int(r%chunkUnits) * 4
	return chunk[at : at+entryHeader : len(chunk)]
}

func (s *slab) next(r Ref) Ref          { return Ref(binary.LittleEndian.Uint32(s.header(r))) }
func (s *slab) setNext(r, next Ref)     { binary.LittleEndian.PutUint32(s.header(r), uint32(next)) }
func (s *slab) info(r Ref) uint32       { return binary.LittleEndian.Uint32(s.header(r)[4:]) }
func (s *slab) setInfo(r Ref, v uint32) { binary.LittleEndian.PutUint32(s.header(r)[4:], v) }
func (s *slab) flags(r Ref) uint8       { return s.header(r)[7] }
func (s *slab) setFlags(r Ref, f uint8) { s.header(r)[7] = f }

// body returns the bytes of entry r: good until it is freed, and to be written
// until the next alloc.
func (s *slab) body(r Ref) []byte {
	chunk := s.chunks[r/chunkUnits]
	at := int(r%chunkUnits) * 4
	n := int(binary.LittleEndian.Uint32(chunk[at+4:]) & sizeMask)
	return chunk[at+entryHeader : at+entryHeader+n : at+entryHeader+n]
}

// alloc stores a copy of body and returns its entry, live and in no list.
func (s *slab) alloc(body []byte) Ref {
	size := padded(uint32(len(body)))
	r := s.reuse(size / 4)
	if r == 0 {
		r = s.extend(int(size) + entryHeader)
	}
	at := int(r%chunkUnits) * 4
	entry := s.chunks[r/chunkUnits][at : at+entryHeader+len(body)]
	binary.LittleEndian.PutUint32(entry, 0)
	binary.LittleEndian.PutUint32(entry[4:], uint32(len(body))|flagLive<<24)
	copy(entry[entryHeader:], body)
	s.grew(r, int(size)+entryHeader)
	return r
}

// grew counts n more bytes in live entries of the chunk of r.
func (s *slab) grew(r Ref, n int) {
	s.live += n
	s.meta[r/chunkUnits].live += n
}

// reuse returns a free entry of a size, 0 if there is none.
func (s *slab) reuse(units uint32) Ref {
	if units >= uint32(len(s.free)) {
		return 0
	}
	for r := s.free[units]; r != 0; r = s.free[units] {
		s.takeFree(units, r)
		if s.evac.in(r) {
			s.setFlags(r, flagLoose)
			continue
		}
		s.dead -= int(units)*4 + entryHeader
		return r
	}
	return 0
}

// Free entries of one size are in a list, linked in both directions.

func (s *slab) prev(r Ref) Ref {
	at := int(r%chunkUnits)*4 + entryHeader
	return Ref(binary.LittleEndian.Uint32(s.chunks[r/chunkUnits][at:]))
}

func (s *slab) setPrev(r, prev Ref) {
	at := int(r%chunkUnits)*4 + entryHeader
	binary.LittleEndian.PutUint32(s.chunks[r/chunkUnits][at:], uint32(prev))
}

// takeFree takes entry r out of the list of its size.
func (s *slab) takeFree(units uint32, r Ref) {
	next, prev := s.next(r), s.prev(r)
	if next != 0 {
		s.setPrev(next, prev)
	}
	if prev != 0 {
		s.setNext(prev, next)
	} else {
		s.free[units] = next
	}
}

func (s *slab) putFree(units uint32, r Ref) {
	if missing := int(units) + 1 - len(s.free); missing > 0 {
		s.free = append(s.free, make([]Ref, missing)...)
	}
	next := s.free[units]
	if next != 0 {
		s.setPrev(next, r)
	}
	s.setNext(r, next)
	s.setPrev(r, 0)
	s.free[units] = r
}

// extend makes room for n bytes at the end.
func (s *slab) extend(n int) Ref {
	if len(s.chunks) == 0 {
		s.begin()
	} else if s.top+n > 1<<chunkShift {
		s.meta[s.open].top = s.top
		s.begin()
	}
	s.grow(s.top + n)
	r := Ref(s.open*chunkUnits + s.top/4)
	m := &s.meta[s.open]
	at := s.top / 4 / pageUnits
	for len(m.starts) <= at {
		m.starts = append(m.starts, 0)
	}
	if m.starts[at] == 0 {
		m.starts[at] = uint16(s.top/4%pageUnits) + 1
	}
	s.top += n
	return r
}

// begin opens another chunk, in the place of one that was given back if there is one.
func (s *slab) begin() {
	if s.open = s.evac.spare(); s.open < 0 {
		s.open = len(s.chunks)
		s.chunks, s.meta = append(s.chunks, nil), append(s.meta, chunkMeta{})
	}
	s.top = firstAt(s.open)
}

// firstAt returns where the first entry of a chunk begins: ref 0 is none.
func firstAt(chunk int) int {
	if chunk == 0 {
		return 4
	}
	return 0
}

// grow gives the chunk under way at least n bytes. Those behind the first chunk
// get their full size at once.
func (s *slab) grow(n int) {
	chunk := &s.chunks[s.open]
	if n <= len(*chunk) {
		return
	}
	size := 1 << chunkShift
	for len(s.chunks) == 1 && max(n, chunkMin) <= size/2 {
		size /= 2
	}
	bigger := make([]byte, size)
	copy(bigger, *chunk)
	s.held += size - len(*chunk)
	*chunk = bigger
}

// release frees entry r, and what it holds.
func (s *slab) release(r Ref) {
	size := padded(s.info(r) & sizeMask)
	s.setInfo(r, size)
	s.grew(r, -int(size)-entryHeader)
	s.dead += int(size) + entryHeader
	if s.evac.in(r) {
		s.setFlags(r, flagLoose)
		return
	}
	s.putFree(size/4, r)
}

// each calls f for every live entry in the order of their places, until f
// returns false. f may release entries, and alloc only if a visit of the new
// entry does no harm.
func (s *slab) each(f func(Ref) bool) {
	for c := 0; c < len(s.chunks); c++ { // f may empty the slab
		if !s.eachFrom(c, firstAt(c), 1<<chunkShift, f) {
			return
		}
	}
}

// eachOn is each for the entries that begin on a page.
func (s *slab) eachOn(p Page, f func(Ref) bool) bool {
	c, at := int(p/chunkPages), int(p%chunkPages)
	if c >= len(s.meta) || at >= len(s.meta[c].starts) || s.meta[c].starts[at] == 0 {
		return true
	}
	begin := at * pageUnits * 4
	return s.eachFrom(c, begin+int(s.meta[c].starts[at]-1)*4, begin+pageUnits*4, f)
}

// eachFrom is each for the entries of a chunk that begin between two places.
func (s *slab) eachFrom(c, at, before int, f func(Ref) bool) bool {
	for c < len(s.chunks) && at < before && at+entryHeader <= s.end(c) {
		info := binary.LittleEndian.Uint32(s.chunks[c][at+4:])
		if info == 0 {
			return true // the unused rest of a chunk
		}
		s.visited++
		if info>>24&flagLive != 0 && !f(Ref(c*chunkUnits+at/4)) {
			return false
		}
		at += entryHeader + int(padded(info&sizeMask))
	}
	return true
}

// end returns how far chunk c is in use.
func (s *slab) end(c int) int {
	if c == s.open {
		return s.top
	}
	return len(s.chunks[c])
}

// bytes returns the memory held.
func (s *slab) bytes() int { return s.held }
