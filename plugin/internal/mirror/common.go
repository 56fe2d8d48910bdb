package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

func asItComes(_ *State, x *rtnl.Index) []byte { return x.Body }

func anyObject([]byte) bool { return true }

func sameBytes(_ uint8, _ uint16, a, b []byte) bool { return string(a) == string(b) }

// sameHeader compares fixed structures of n bytes.
func sameHeader(n int) func(a, b []byte) bool {
	return func(a, b []byte) bool { return string(a[:n]) == string(b[:n]) }
}

// sameButFlags compares fixed structures that end with flags, but for those that
// follow from others (R31).
func sameButFlags(flags rtnl.Part, bits uint32) func(a, b []byte) bool {
	before := sameHeader(flags.Offset())
	return func(a, b []byte) bool { return before(a, b) && (flags.Uint32(a)^flags.Uint32(b))&^bits == 0 }
}

// ofFamily reports whether a question about a family covers an object.
func ofFamily(q rtnl.Query, body []byte) bool {
	return q.Family == unix.AF_UNSPEC || familyOf(body) == q.Family
}

// onOwnLink is ofFamily and on the link that is asked for, which is where linkIndex has it.
func onOwnLink(q rtnl.Query, body []byte) bool {
	return ofFamily(q, body) && (q.Ifindex == 0 || linkIndex(body) == q.Ifindex)
}

// kept reports whether an object of a class is to be held.
func kept(o rtnl.Object) func(*State, []byte) bool {
	return func(s *State, record []byte) bool { return s.keep(o, record) }
}

// droppedFrom removes an object of a class.
func droppedFrom(o rtnl.Object) func(*State, objtable.List, ref) {
	return func(s *State, l objtable.List, r ref) { s.drop(o, &l, r) }
}

// removedByKey applies a deletion of what a class has one object of for each key.
func removedByKey(o rtnl.Object) func(*State, rtnl.Message) {
	return func(s *State, m rtnl.Message) { s.remove(o, m.Body) }
}

// onOneLink names the counter of the objects on a link.
func onOneLink(kind uint8) func(index uint32) []tallyKey {
	return func(index uint32) []tallyKey { return []tallyKey{{kind: kind, id: index}} }
}

// linksAt returns the links that an object's own index is, where it has one, and
// those in some attributes.
func linksAt(own bool, o rtnl.Object, in attrSet) func(dst []uint32, body []byte) []uint32 {
	return func(dst []uint32, body []byte) []uint32 {
		if own {
			dst = append(dst, linkIndex(body))
		}
		for typ, p := range rtnl.AttrsOf(o, body).All() {
			if in.has(typ) {
				dst = append(dst, rtnl.Uint32(p))
			}
		}
		return dst
	}
}

func neverOvertaken(*State, *silent, []byte) bool { return false }

func uncounted(keys []tallyKey, _ *objects, _ *rtnl.Index) []tallyKey { return keys }

func noLinks(dst []uint32, _ []byte) []uint32 { return dst }

func foundByNone(uint32) []tallyKey { return nil }

func regardless(*State, linkTurn) {}

func staysWhenLinkEnds(*State, uint32) {}
