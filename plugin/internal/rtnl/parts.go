package rtnl

import "golang.org/x/sys/unix"

// Some messages tell of several objects of a class: of all multicast groups of a
// bridge, of a range of VLANs. Objects taken out of them are bodies as any
// others: the class's fixed structure, and attributes that are theirs alone.

// severals are the classes whose messages tell of any number of objects.
var severals = [NumObjects]func(body []byte, scratch []byte, f func(part []byte)) ([]byte, error){
	MDB: mdbParts, VLAN: vlanParts,
}

// Several reports whether a message of class o can tell of several objects, or
// of none: Parts takes them out.
func (o Object) Several() bool { return severals[o] != nil }

// Parts calls f with the body of each object in the body of a message. A part is
// in scratch memory, good during the call; what Parts returns is that memory, for
// the next call. It is for classes that are Several. An error wraps ErrMalformed, and comes before f is called at all.
func (o Object) Parts(body, scratch []byte, f func(part []byte)) ([]byte, error) {
	if family := Family.Uint8(body); family != unix.AF_BRIDGE && family != unix.AF_UNSPEC { // dumps leave it out
		return scratch, nil
	}
	scratch, err := severals[o](body, scratch, func([]byte) {})
	if err != nil {
		return scratch, err
	}
	return severals[o](body, scratch, f)
}
