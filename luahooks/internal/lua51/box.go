package lua51

import (
	"hash/maphash"
	"math"

	lua "github.com/yuin/gopher-lua"
)

const (
	smallInts   = 4096 // integers below are boxed beforehand
	boxSlots    = 4096 // of each cache, a power of two
	maxBoxedLen = 64   // longer strings are not kept
)

// Box turns Go values into Lua values. A Lua value is an interface, so each
// conversion would allocate; words, names and numbers come back all the time,
// so that two caches of fixed size save most of it.
type Box struct {
	seed    maphash.Seed
	small   [smallInts]lua.LValue
	strings [boxSlots]lua.LValue // LString or nil, by hash
	numbers [boxSlots]lua.LValue // LNumber or nil, by low bits
}

// NewBox returns empty caches.
func NewBox() *Box {
	b := &Box{seed: maphash.MakeSeed()}
	for i := range b.small {
		b.small[i] = lua.LNumber(i)
	}
	return b
}

// Values that need no memory of their own.
var (
	True  lua.LValue = lua.LTrue
	False lua.LValue = lua.LFalse
	Empty lua.LValue = lua.LString("")
)

// BoxBool converts a boolean.
func BoxBool(v bool) lua.LValue {
	if v {
		return True
	}
	return False
}

// String converts a string, which the cache keeps if it is short.
func (b *Box) String(s string) lua.LValue {
	if len(s) == 0 {
		return Empty
	}
	if len(s) > maxBoxedLen {
		return lua.LString(s)
	}
	slot := &b.strings[maphash.String(b.seed, s)%boxSlots]
	if v, ok := (*slot).(lua.LString); ok && string(v) == s {
		return *slot
	}
	*slot = lua.LString(s)
	return *slot
}

// Int converts an integer. Lua's numbers are float64, exact up to 2^53.
func (b *Box) Int(n int64) lua.LValue {
	if n >= 0 && n < smallInts {
		return b.small[n]
	}
	return b.number(float64(n))
}

// Float converts a number that may well be a small integer.
func (b *Box) Float(f float64) lua.LValue {
	if n := int64(f); float64(n) == f && (n != 0 || !math.Signbit(f)) {
		return b.Int(n)
	}
	return b.number(f)
}

func (b *Box) number(f float64) lua.LValue {
	bits := math.Float64bits(f)
	slot := &b.numbers[(bits^bits>>29^bits>>40)%boxSlots]
	if v, ok := (*slot).(lua.LNumber); ok && float64(v) == f {
		return *slot
	}
	*slot = lua.LNumber(f)
	return *slot
}
