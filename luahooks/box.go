package luahooks

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

// boxer turns Go values into Lua values. A Lua value is an interface, so each
// conversion would allocate; words, names and numbers come back all the time,
// so that two caches of fixed size save most of it.
type boxer struct {
	seed    maphash.Seed
	small   [smallInts]lua.LValue
	strings [boxSlots]lua.LValue // LString or nil, by hash
	numbers [boxSlots]lua.LValue // LNumber or nil, by low bits
}

func newBoxer() *boxer {
	b := &boxer{seed: maphash.MakeSeed()}
	for i := range b.small {
		b.small[i] = lua.LNumber(i)
	}
	return b
}

var (
	boxedTrue  lua.LValue = lua.LTrue
	boxedFalse lua.LValue = lua.LFalse
	emptyBox   lua.LValue = lua.LString("")
)

// value converts a field; None becomes nil. Lua's numbers are float64, exact
// for integers up to 2^53.
func (b *boxer) value(v Value) lua.LValue {
	switch v.Kind {
	case String:
		return b.string(v.Str)
	case Int:
		return b.int(v.Num)
	case Bool:
		return boxBool(v.Num != 0)
	}
	return lua.LNil
}

func boxBool(v bool) lua.LValue {
	if v {
		return boxedTrue
	}
	return boxedFalse
}

func (b *boxer) string(s string) lua.LValue {
	if len(s) == 0 {
		return emptyBox
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

func (b *boxer) int(n int64) lua.LValue {
	if n >= 0 && n < smallInts {
		return b.small[n]
	}
	return b.number(float64(n))
}

// float converts a number that may well be a small integer.
func (b *boxer) float(f float64) lua.LValue {
	if n := int64(f); float64(n) == f {
		return b.int(n)
	}
	return b.number(f)
}

func (b *boxer) number(f float64) lua.LValue {
	bits := math.Float64bits(f)
	slot := &b.numbers[(bits^bits>>29^bits>>40)%boxSlots]
	if v, ok := (*slot).(lua.LNumber); ok && float64(v) == f {
		return *slot
	}
	*slot = lua.LNumber(f)
	return *slot
}
