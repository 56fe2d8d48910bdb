package lua51

import (
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

func (lib textLib) format(L *lua.LState) int {
	L.Push(lib.st.text(lib.st.Format(L, 1, "")))
	return 1
}

// Format formats like string.format: the format is argument at, its arguments
// follow. call begins the messages about the format.
func (st *State) Format(L *lua.LState, at int, call string) string {
	f := formatter{st: st, L: L, arg: at, call: call}
	format := CheckText(L, at)
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
	st   *State
	L    *lua.LState
	arg  int // the last argument used
	out  []byte
	call string
}

func (f *formatter) append(s string) {
	f.st.grow(f.L, len(f.out)+len(s))
	f.out = append(f.out, s...)
}

// spec is what stands between '%' and the conversion.
type spec struct {
	minus, plus, space, alt, zero bool
	width, precision              int // precision -1: none
}

// directive formats one argument; format begins behind the '%'. It returns
// what follows the directive.
func (f *formatter) directive(format string) string {
	if format != "" && format[0] == '%' {
		f.append("%")
		return format[1:]
	}
	if f.arg++; f.arg > f.L.GetTop() {
		ArgError(f.L, f.arg, "no value")
	}
	s, n := f.spec(format)
	if n == len(format) {
		f.L.RaiseError("%sinvalid option '%%' to 'format'", f.call)
	}
	switch verb := format[n]; verb {
	case 'c':
		text, _, _ := strings.Cut(s.pad(string([]byte{byte(f.int())})), "\x00") // C's strings end there
		f.append(text)
	case 'd', 'i':
		f.append(s.signed(f.int()))
	case 'u':
		f.append(s.unsigned(f.uint(), 10, ""))
	case 'o':
		f.append(s.unsigned(f.uint(), 8, "0"))
	case 'x':
		f.append(s.unsigned(f.uint(), 16, "0x"))
	case 'X':
		f.append(strings.ToUpper(s.unsigned(f.uint(), 16, "0x")))
	case 'e', 'f', 'g':
		f.append(s.float(CheckNumber(f.L, f.arg), verb))
	case 'E', 'G':
		f.append(strings.ToUpper(s.float(CheckNumber(f.L, f.arg), verb|0x20)))
	case 'q':
		f.append(quoteLua(CheckText(f.L, f.arg)))
	case 's':
		f.append(s.text(f.text()))
	default:
		f.L.RaiseError("%sinvalid option '%%%s' to 'format'", f.call, format[n:n+1])
	}
	return format[n+1:]
}

// spec parses flags, width and precision and returns their length.
func (f *formatter) spec(format string) (s spec, n int) {
	s.precision = -1
flags:
	for ; n < len(format); n++ {
		switch format[n] {
		case '-':
			s.minus = true
		case '+':
			s.plus = true
		case ' ':
			s.space = true
		case '#':
			s.alt = true
		case '0':
			s.zero = true
		default:
			break flags
		}
	}
	if n > 5 {
		f.L.RaiseError("%sinvalid format (repeated flags)", f.call)
	}
	s.width, n = f.digits(format, n)
	if n < len(format) && format[n] == '.' {
		s.precision, n = f.digits(format, n+1)
	}
	return s, n
}

func (f *formatter) digits(format string, from int) (value, n int) {
	for n = from; n < len(format) && isDigit(format[n]); n++ {
		if n == from+2 {
			f.L.RaiseError("%sinvalid format (width or precision too long)", f.call)
		}
		value = 10*value + int(format[n]-'0')
	}
	return value, n
}

func (f *formatter) int() int64 { return ToInt(CheckNumber(f.L, f.arg)) }

// uint converts as C does on amd64: negative numbers wrap around, and what is too
// large is 0.
func (f *formatter) uint() uint64 {
	const half = 1 << 63
	if x := CheckNumber(f.L, f.arg); x >= half {
		return uint64(ToInt(x-half)) ^ half
	}
	return uint64(f.int())
}

// text is more lenient than Lua 5.1: any value is converted by tostring, so
// that a nil field in a log line is no error.
func (f *formatter) text() string {
	s, _ := toText(f.st.ToString(f.L, f.L.Get(f.arg)))
	return s
}

func (s spec) text(v string) string {
	if s.precision >= 0 && s.precision < len(v) {
		v = v[:s.precision]
	}
	return s.pad(v)
}

func (s spec) pad(v string) string {
	if n := s.width - len(v); n > 0 {
		if s.minus {
			return v + strings.Repeat(" ", n)
		}
		return strings.Repeat(" ", n) + v
	}
	return v
}

// number puts together a sign or prefix and digits; zeros fill the width.
func (s spec) number(sign, digits string, zeros bool) string {
	if n := s.width - len(sign) - len(digits); n > 0 && zeros && s.zero && !s.minus {
		digits = strings.Repeat("0", n) + digits
	}
	return s.pad(sign + digits)
}

func (s spec) sign(negative bool) string {
	switch {
	case negative:
		return "-"
	case s.plus:
		return "+"
	case s.space:
		return " "
	}
	return ""
}

func (s spec) signed(v int64) string {
	digits := strings.TrimPrefix(strconv.FormatInt(v, 10), "-")
	return s.number(s.sign(v < 0), s.least(digits), s.precision < 0)
}

// least fills up to the precision, which for an integer is a number of digits.
func (s spec) least(digits string) string {
	if s.precision == 0 && digits == "0" {
		return ""
	}
	return strings.Repeat("0", max(0, s.precision-len(digits))) + digits
}

func (s spec) unsigned(v uint64, base int, prefix string) string {
	digits := s.least(strconv.FormatUint(v, base))
	if !s.alt || base == 10 || v == 0 && base == 16 {
		prefix = ""
	}
	if base == 8 && strings.HasPrefix(digits, "0") {
		prefix = ""
	}
	if base == 8 {
		return s.number("", prefix+digits, s.precision < 0)
	}
	return s.number(prefix, digits, s.precision < 0)
}

func (s spec) float(v float64, verb byte) string {
	precision := s.precision
	if precision < 0 {
		precision = 6
	}
	sign := s.sign(math.Signbit(v))
	v = math.Abs(v)
	if text, ok := notFinite(v); ok {
		return s.pad(sign + text)
	}
	var digits string
	switch {
	case verb == 'g':
		digits = formatG(v, precision, s.alt)
	case s.alt && precision == 0 && verb == 'e':
		digits = strings.Replace(strconv.FormatFloat(v, 'e', 0, 64), "e", ".e", 1)
	case s.alt && precision == 0:
		digits = strconv.FormatFloat(v, 'f', 0, 64) + "."
	default:
		digits = strconv.FormatFloat(v, verb, precision, 64)
	}
	return s.number(sign, digits, true)
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
