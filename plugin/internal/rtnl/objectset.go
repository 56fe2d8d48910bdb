package rtnl

import "strings"

// ObjectSet is a set of classes. It is a value; the zero value is empty.
type ObjectSet uint32

// Of returns the set of some classes.
func Of(objects ...Object) (s ObjectSet) {
	for _, o := range objects {
		s |= 1 << o
	}
	return s
}

// Has reports whether o is in s.
func (s ObjectSet) Has(o Object) bool { return s&(1<<o) != 0 }

// String lists the names of the classes, in the order of Listed, comma-joined.
func (s ObjectSet) String() string {
	var names []string
	for _, o := range Listed {
		if s.Has(o) {
			names = append(names, o.String())
		}
	}
	return strings.Join(names, ",")
}

// Stateful returns the classes that have a state.
func Stateful() (set ObjectSet) {
	for _, o := range Listed {
		if !o.Stateless() {
			set |= Of(o)
		}
	}
	return set
}
