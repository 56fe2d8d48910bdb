package mirror

import (
	"bytes"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// same reports whether two bodies of class o describe an object in one state (R11, R39).
func same(o rtnl.Object, a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	c := &rows[o]
	if !c.fixed(a, b) {
		return false
	}
	x, y := rtnl.AttrsOf(o, a), rtnl.AttrsOf(o, b)
	equal, sure := c.sameInOrder(familyOf(a), x, y)
	return equal || !sure && c.sameInAnyOrder(familyOf(a), x, y)
}

// sameInOrder compares attributes pairwise, as the kernel writes them. It is not
// sure where they have another order; an attribute that both have, with another
// value, makes them differ in any order.
func (c *class) sameInOrder(family uint8, x, y rtnl.Attrs) (equal, sure bool) {
	for {
		tx, px, rx, okx := c.steady(x)
		ty, py, ry, oky := c.steady(y)
		switch {
		case !okx || !oky:
			return okx == oky, true
		case tx != ty:
			return false, false
		case !c.payload(family, tx, px, py):
			return false, true
		}
		x, y = rx, ry
	}
}

// sameInAnyOrder compares them one by one; the mirror's own bodies of IPv6
// groups have another order than the kernel's.
func (c *class) sameInAnyOrder(family uint8, x, y rtnl.Attrs) bool {
	n := 0
	for {
		typ, p, rest, ok := c.steady(x)
		if !ok {
			break
		}
		other := y.Get(typ)
		if other == nil || !c.payload(family, typ, p, other) {
			return false
		}
		n, x = n+1, rest
	}
	for {
		_, _, rest, ok := c.steady(y)
		if !ok {
			return n == 0
		}
		n, y = n-1, rest
	}
}

// steady returns the next attribute that is not volatile.
func (c *class) steady(a rtnl.Attrs) (uint16, []byte, rtnl.Attrs, bool) {
	for {
		typ, p, rest, ok := a.Next()
		if !ok || !c.volatile.has(typ) {
			return typ, p, rest, ok
		}
		a = rest
	}
}
