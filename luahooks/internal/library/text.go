package library

import (
	"fmt"
	"math"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// functions makes a read-only table of functions.
func (l *Library) functions(fns map[string]lua.LGFunction) lua.LValue {
	t := l.st.L.CreateTable(0, len(fns))
	for name, fn := range fns {
		t.RawSetString(name, l.st.L.NewFunction(fn))
	}
	return l.st.Freeze(t)
}

// timeLib is nl.time.
func (l *Library) timeLib() lua.LValue {
	return l.functions(map[string]lua.LGFunction{"format": timeFormat})
}

// timeVerbs are the conversions of strftime(3) that nl.time.format knows, in
// the form of package time.
var timeVerbs = map[string]string{
	"Y": "2006", "m": "01", "d": "02", "H": "15", "M": "04", "S": "05", "y": "06", "j": "002", "e": "_2",
	"a": "Mon", "A": "Monday", "b": "Jan", "B": "January", "Z": "MST", "z": "-0700", "p": "PM", "I": "03",
	"F": "2006-01-02", "T": "15:04:05", "L": ".000",
}

// maxTimeFormat bounds a format, in bytes.
const maxTimeFormat = 256

// timeFormat is nl.time.format(seconds [, format [, zone]]): RFC 3339 in UTC
// without a format.
func timeFormat(L *lua.LState) int {
	seconds := float64(L.CheckNumber(1))
	if math.IsNaN(seconds) || math.Abs(seconds) > 1e11 {
		L.ArgError(1, "seconds since the epoch expected, 1e11 at most, got "+L.Get(1).String())
	}
	whole := math.Floor(seconds)
	t := time.Unix(int64(whole), int64((seconds-whole)*1e9))
	switch zone := L.OptString(3, "UTC"); zone {
	case "UTC":
		t = t.UTC()
	case "local":
		t = t.Local()
	default:
		L.ArgError(3, fmt.Sprintf(`%q is no zone; there are: "UTC", "local"`, zone))
	}
	format := L.OptString(2, "")
	if len(format) > maxTimeFormat {
		L.ArgError(2, fmt.Sprintf("longer than %d bytes", maxTimeFormat))
	}
	if format == "" {
		L.Push(lua.LString(t.Format(time.RFC3339)))
		return 1
	}
	var out strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			out.WriteByte(format[i])
			continue
		}
		if i++; i < len(format) && format[i] == '%' {
			out.WriteByte('%')
			continue
		}
		if i < len(format) && format[i] == 's' {
			fmt.Fprintf(&out, "%d", int64(whole))
			continue
		}
		verb := format[i:min(i+1, len(format))]
		layout := timeVerbs[verb]
		if layout == "" {
			L.ArgError(2, fmt.Sprintf("there is no %q; ", "%"+verb)+"it knows %Y %m %d %H %M %S %y %j %e %a %A %b %B %Z %z %p %I %F %T %L (.milliseconds) %s %%")
		}
		out.WriteString(t.Format(layout))
	}
	L.Push(lua.LString(out.String()))
	return 1
}

// strLib is nl.str.
func (l *Library) strLib() lua.LValue {
	return l.functions(map[string]lua.LGFunction{"split": l.strSplit, "trim": strTrim})
}

// MaxPieces bounds what nl.str.split returns.
const MaxPieces = 10_000

// strSplit is nl.str.split(text, separator [, pieces]): a list of texts; the
// last of so many pieces is the rest.
func (l *Library) strSplit(L *lua.LState) int {
	text, sep, most := L.CheckString(1), L.CheckString(2), L.OptInt(3, MaxPieces)
	switch {
	case sep == "":
		L.ArgError(2, "a separator of 1 byte or more expected")
	case most < 1 || most > MaxPieces:
		L.ArgError(3, fmt.Sprintf("1 to %d pieces expected", MaxPieces))
	}
	pieces := strings.SplitN(text, sep, most)
	if L.GetTop() < 3 && len(pieces) == MaxPieces && strings.Contains(pieces[MaxPieces-1], sep) {
		L.RaiseError("nl.str.split: over %d pieces", MaxPieces)
	}
	t := L.CreateTable(len(pieces), 0)
	for _, piece := range pieces {
		t.Append(lua.LString(strings.Clone(piece)))
	}
	L.Push(t)
	return 1
}

// strTrim is nl.str.trim(text): without white space at both ends.
func strTrim(L *lua.LState) int {
	L.Push(lua.LString(strings.Clone(strings.Trim(L.CheckString(1), " \t\n\v\f\r"))))
	return 1
}

// bitLib is nl.bit: on integers of 32 bits without sign.
func (l *Library) bitLib() lua.LValue {
	fold := func(op func(a, b uint32) uint32) lua.LGFunction {
		return func(L *lua.LState) int {
			n := bits32(L, 1)
			for i := 2; i <= L.GetTop(); i++ {
				n = op(n, bits32(L, i))
			}
			L.Push(lua.LNumber(n))
			return 1
		}
	}
	shift := func(op func(n uint32, by uint) uint32) lua.LGFunction {
		return func(L *lua.LState) int {
			by := L.CheckInt(2)
			if by < 0 || by > 31 {
				L.ArgError(2, "0 to 31 expected")
			}
			L.Push(lua.LNumber(op(bits32(L, 1), uint(by))))
			return 1
		}
	}
	return l.functions(map[string]lua.LGFunction{
		"band":   fold(func(a, b uint32) uint32 { return a & b }),
		"bor":    fold(func(a, b uint32) uint32 { return a | b }),
		"bxor":   fold(func(a, b uint32) uint32 { return a ^ b }),
		"bnot":   func(L *lua.LState) int { L.Push(lua.LNumber(^bits32(L, 1))); return 1 },
		"lshift": shift(func(n uint32, by uint) uint32 { return n << by }),
		"rshift": shift(func(n uint32, by uint) uint32 { return n >> by }),
	})
}

// bits32 returns argument n. A negative number stands for its two's complement.
func bits32(L *lua.LState, n int) uint32 {
	f := float64(L.CheckNumber(n))
	if f != math.Trunc(f) || f < math.MinInt32 || f > math.MaxUint32 {
		L.ArgError(n, "an integer of 32 bits expected, got "+L.Get(n).String())
	}
	return uint32(int64(f))
}
