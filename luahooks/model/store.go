package model

import "net/netip"

// Row is one object of the mirror. It is valid until the call that delivered
// it returns; luahooks copies what a script keeps.
type Row interface {
	Field(i int) Value // index in the object's Fields
}

// Want is one equality that a row must fulfil to be of use.
type Want struct {
	Field int
	Value Value
}

// Store is the mirror of one network namespace, with all changes up to and
// including the event being run applied. It is only used on the hooks'
// goroutine, and does not change during a call into the Runtime.
type Store interface {
	// LinkByIndex returns the link with a kernel index, nil if there is none.
	LinkByIndex(index int) Row
	// LinkByName returns the link with a name or alternative name, nil if there is none.
	LinkByName(name string) Row
	// Len returns how many objects of a class there are.
	Len(object int) int
	// Each calls yield for objects of a class in any order until it returns
	// false, and with nil now and then where it leaves out many. Rows that do not fulfil all of want may be left out but need not
	// be: it is there to make a scan of many rows cheap.
	Each(object int, want []Want, yield func(Row) bool)
	// Route returns the route to exactly a prefix (with the lowest metric, if
	// there are several) in a routing table, nil if there is none.
	Route(dst netip.Prefix, table string) Row
	// Lookup returns the route with the longest prefix that holds addr (and
	// the lowest metric among equals) in a routing table as the field `table`
	// spells it, nil if there is none.
	Lookup(addr netip.Addr, table string) Row
}
