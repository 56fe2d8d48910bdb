package lua51

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

const spaces = " \t\n\v\f\r"

// namedNaN is how C also spells NaN.
var namedNaN = regexp.MustCompile(`^nan\([0-9a-z_]*\)$`)

// ParseNumber converts a text as Lua 5.1 does, by way of C's strtod: decimal
// or hexadecimal, with an exponent, "inf" and "nan", and with blanks around it.
func ParseNumber(s string) (float64, bool) {
	if i := strings.IndexByte(s, 0); i >= 0 {
		s = s[:i] // C's strings end there
	}
	s = strings.Trim(s, spaces)
	digits := strings.TrimLeft(s, "+-")
	if len(s)-len(digits) > 1 || digits == "" {
		return 0, false
	}
	lower := strings.ToLower(digits)
	if lower[0] == 'i' || lower[0] == 'n' {
		lower = namedNaN.ReplaceAllString(lower, "nan")
		if lower != "inf" && lower != "infinity" && lower != "nan" {
			return 0, false
		}
		s = s[:len(s)-len(digits)] + lower
	} else if strings.ContainsAny(lower, "_") || !isDigit(lower[0]) && lower[0] != '.' {
		return 0, false
	} else if strings.HasPrefix(lower, "0x") && !strings.Contains(lower, "p") {
		s += "p0" // Go wants an exponent
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(v, 0) && v != 0 {
		return 0, false
	}
	return v, err == nil || isRange(err)
}

func isRange(err error) bool { return strings.HasSuffix(err.Error(), strconv.ErrRange.Error()) }

// FormatNumber is tostring of a number: C's "%.14g".
func FormatNumber(f float64) string {
	if f == math.Trunc(f) && math.Abs(f) < 1e14 && (f != 0 || !math.Signbit(f)) {
		return strconv.FormatInt(int64(f), 10)
	}
	return formatG(f, 14, false)
}

// formatG is C's %g: no zeros at the end unless keep is set.
func formatG(f float64, precision int, keep bool) string {
	if s, ok := notFinite(f); ok {
		return s
	}
	precision = max(1, precision)
	exp := strconv.FormatFloat(f, 'e', precision-1, 64)
	mantissa, exponent, _ := strings.Cut(exp, "e")
	x, _ := strconv.Atoi(exponent)
	if x < -4 || x >= precision {
		if !keep {
			mantissa = trimZeros(mantissa)
		} else if precision == 1 {
			mantissa += "."
		}
		return mantissa + "e" + exponent
	}
	fixed := strconv.FormatFloat(f, 'f', precision-1-x, 64)
	switch {
	case !keep:
		fixed = trimZeros(fixed)
	case !strings.Contains(fixed, "."):
		fixed += "."
	}
	return fixed
}

func trimZeros(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// notFinite spells infinities and NaN as C does.
func notFinite(f float64) (string, bool) {
	switch {
	case math.IsInf(f, 1):
		return "inf", true
	case math.IsInf(f, -1):
		return "-inf", true
	case math.IsNaN(f) && math.Signbit(f):
		return "-nan", true
	case math.IsNaN(f):
		return "nan", true
	}
	return "", false
}

// ToNumber converts a number, or a string that is one.
func ToNumber(v lua.LValue) (float64, bool) {
	switch v := v.(type) {
	case lua.LNumber:
		return float64(v), true
	case lua.LString:
		return ParseNumber(string(v))
	}
	return 0, false
}

// toText converts a string, or a number as tostring does.
func toText(v lua.LValue) (string, bool) {
	switch v := v.(type) {
	case lua.LString:
		return string(v), true
	case lua.LNumber:
		return FormatNumber(float64(v)), true
	}
	return "", false
}

// ToInt converts as C does where that is defined, and otherwise as amd64 does:
// Go's conversion depends on the processor.
func ToInt(f float64) int64 {
	if f >= math.MaxInt64 || f <= math.MinInt64 || f != f {
		return math.MinInt64
	}
	return int64(f)
}
