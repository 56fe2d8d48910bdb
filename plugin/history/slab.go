package history

// ref is where a slab holds a record, in units of 16 bytes.
type ref uint32

const (
	unit     = 16
	pageSize = 256 << 10
	perPage  = pageSize / unit
	// maxRecord is the largest record. A metric is far below: an attribute of
	// the kernel has at most 64 KiB.
	maxRecord = 16 << 20
)

// slab holds records without a pointer to each. A record's place is free again
// when the record is. The zero slab is empty.
type slab struct {
	pages [][]byte
	used  int           // units of the last page
	free  map[int][]ref // by size in units
}

func units(size int) int { return (size + unit - 1) / unit }

// put stores b.
func (s *slab) put(b []byte) ref {
	n := units(len(b))
	r := s.place(n)
	copy(s.at(r), b)
	return r
}

// place finds room for n units.
func (s *slab) place(n int) ref {
	if list := s.free[n]; len(list) > 0 {
		s.free[n] = list[:len(list)-1]
		return list[len(list)-1]
	}
	if n > perPage { // pages of its own, behind each other
		first := len(s.pages)
		big := make([]byte, units(n*unit)*unit)
		for at := 0; at < n; at += perPage {
			s.pages = append(s.pages, big[at*unit:])
		}
		s.used = perPage
		return ref(first * perPage)
	}
	if len(s.pages) == 0 || s.used+n > perPage {
		s.pages = append(s.pages, make([]byte, pageSize))
		s.used = 0
	}
	r := ref((len(s.pages)-1)*perPage + s.used)
	s.used += n
	return r
}

// at returns the bytes from r on.
func (s *slab) at(r ref) []byte { return s.pages[r/perPage][r%perPage*unit:] }

// replace stores b instead of the record of size bytes at r.
func (s *slab) replace(r ref, size int, b []byte) ref {
	if units(size) == units(len(b)) {
		copy(s.at(r), b)
		return r
	}
	s.release(r, size)
	return s.put(b)
}

// release gives back the place of a record of size bytes.
func (s *slab) release(r ref, size int) {
	if s.free == nil {
		s.free = map[int][]ref{}
	}
	s.free[units(size)] = append(s.free[units(size)], r)
}
