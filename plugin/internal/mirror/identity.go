package mirror

import (
	"github.com/cespare/xxhash/v2"

	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// identity returns Event.Key of the object in body: a hash of its class, of
// what the kernel knows it by (keys), and of its number among those that share
// that. It takes no seed, and the keys are written in one byte order, so that
// an object has the same after a restart.
func (s *teller) identity(o rtnl.Object, body []byte, number uint32) uint64 {
	return s.identityIn(&objtable.List{}, o, body, number)
}

// identityIn is identity for an object of list l, where that is known.
func (s *teller) identityIn(l *objtable.List, o rtnl.Object, body []byte, number uint32) uint64 {
	s.keyed = append(s.keyed[:0], byte(o))
	if key := l.Key(); key != nil {
		s.keyed = append(s.keyed, key...)
	} else {
		s.keyed = s.key(o, s.keyed, body)
	}
	if number != 0 {
		s.keyed = appendUint32(s.keyed, number)
	}
	return xxhash.Sum64(s.keyed)
}
