package lua51

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// maxWidth bounds a format's width and precision, as in Lua 5.1.
const maxWidth = 99

func strFormat(L *lua.LState) int {
	L.Push(lua.LString(Format(L, 1)))
	return 1
}

// Format formats like string.format: the format is argument at, its
// arguments follow.
func Format(L *lua.LState, at int) string {
	f := formatter{L: L, arg: at}
	format := L.CheckString(at)
	for {
		i := strings.IndexByte(format, '%')
		if i < 0 {
			break
		}
		f.append(format[:i])
		format = f.directive(format[i+1:])
	}
	f.append(format)
	return string(f.out)
}

type formatter struct {
	L   *lua.LState
	arg int // the last argument used
	out []byte
}

func (f *formatter) append(s string) {
	if len(f.out)+len(s) > MaxString {
		f.L.RaiseError("string.format: result over %d bytes", MaxString)
	}
	f.out = append(f.out, s...)
}

// directive formats one argument; format begins behind the '%'. It returns
// what follows the directive.
func (f *formatter) directive(format string) string {
	if format != "" && format[0] == '%' {
		f.append("%")
		return format[1:]
	}
	n := f.specLen(format)
	spec, verb := format[:n], format[n]
	f.arg++
	switch verb {
	case 'd', 'i':
		f.append(fmt.Sprintf("%"+spec+"d", ToInt(f.number())))
	case 'u':
		f.append(fmt.Sprintf("%"+spec+"d", uint64(ToInt(f.number()))))
	case 'c':
		f.append(string([]byte{byte(ToInt(f.number()))}))
	case 'o', 'x', 'X':
		f.append(fmt.Sprintf("%"+spec+string(verb), uint64(ToInt(f.number()))))
	case 'e', 'E', 'f', 'g', 'G':
		f.append(cFloat(fmt.Sprintf("%"+spec+string(verb), f.number())))
	case 'q':
		f.append(quoteLua(f.string()))
	case 's':
		f.append(fmt.Sprintf("%"+spec+"s", f.string()))
	default:
		f.L.RaiseError("invalid option '%%%c' to 'format'", verb)
	}
	return format[n+1:]
}

// specLen returns the length of flags, width and precision.
func (f *formatter) specLen(format string) int {
	n := 0
	for n < len(format) && strings.IndexByte("-+ #0", format[n]) >= 0 && n < 5 {
		n++
	}
	n = f.digits(format, n)
	if n < len(format) && format[n] == '.' {
		n = f.digits(format, n+1)
	}
	if n >= len(format) {
		f.L.RaiseError("%s", "invalid format (ends with '%')")
	}
	return n
}

func (f *formatter) digits(format string, from int) int {
	n := from
	for n < len(format) && isDigit(format[n]) {
		n++
	}
	if width, _ := strconv.Atoi(format[from:n]); width > maxWidth || n-from > 2 {
		f.L.RaiseError("invalid format (width or precision over %d)", maxWidth)
	}
	return n
}

func (f *formatter) number() float64 {
	v := f.L.Get(f.arg)
	switch n := v.(type) {
	case lua.LNumber:
		return float64(n)
	case lua.LString:
		if x, err := strconv.ParseFloat(strings.TrimSpace(string(n)), 64); err == nil {
			return x
		}
	}
	f.L.ArgError(f.arg, "number expected, got "+TypeOf(v))
	return 0
}

// string is more lenient than Lua 5.1: any value is converted by tostring, so
// that a nil field in a log line is no error.
func (f *formatter) string() string {
	if f.arg > f.L.GetTop() {
		f.L.ArgError(f.arg, "no value")
	}
	return f.L.ToStringMeta(f.L.Get(f.arg)).String()
}

// ToInt converts as C does where that is defined; Go's conversion of other
// values depends on the processor.
func ToInt(f float64) int64 {
	switch {
	case f >= math.MaxInt64:
		return math.MaxInt64
	case f <= math.MinInt64 || f != f:
		return math.MinInt64
	}
	return int64(f)
}

// cFloat spells infinities and NaN as C does.
func cFloat(s string) string {
	return strings.NewReplacer("+Inf", "inf", "-Inf", "-inf", "NaN", "nan").Replace(s)
}

// quoteLua quotes as %q of Lua 5.1: the result reads back as the same string.
func quoteLua(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; c {
		case '"', '\\', '\n':
			b.WriteByte('\\')
			b.WriteByte(c)
		case '\r':
			b.WriteString(`\r`)
		case 0:
			b.WriteString(`\000`)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
