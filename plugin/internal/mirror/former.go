package mirror

// formerNames are the names of links that are gone, by index: what refers to one
// still shows its name. It keeps the last maxUnknown of them. The zero value is
// ready for use.
type formerNames struct {
	names map[uint32]string
	order []uint32 // a ring, the oldest at next where it is full
	next  int
}

// put notes the name of a link that goes.
func (f *formerNames) put(index uint32, name string) {
	if f.names == nil {
		f.names = map[uint32]string{}
	}
	if _, known := f.names[index]; !known {
		if len(f.order) < maxUnknown {
			f.order = append(f.order, index)
		} else {
			delete(f.names, f.order[f.next])
			f.order[f.next] = index
			f.next = (f.next + 1) % maxUnknown
		}
	}
	f.names[index] = name
}

func (f *formerNames) name(index uint32) (name string, ok bool) {
	name, ok = f.names[index]
	return name, ok
}

func (f *formerNames) has(index uint32) bool {
	_, ok := f.names[index]
	return ok
}

// take forgets a name, since another link has the index.
func (f *formerNames) take(index uint32) (name string, ok bool) {
	name, ok = f.names[index]
	delete(f.names, index) // its place in the ring is left to age
	return name, ok
}
