// Package arg reads the arguments that several calls of the module take: names, tags'
// values and times. What is wrong with one is raised as an error of the script's line.
package arg

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/internal/lua51"
)

// Name returns argument n, the name of a tag, field or measurement.
func Name(L *lua.LState, n int) string {
	name := L.CheckString(n)
	if err := NameError(name); err != nil {
		L.ArgError(n, err.Error())
	}
	return name
}

// MaxName bounds names of metrics, tags, fields and maps, in bytes.
const MaxName = 256

// NameError says what is wrong with the name of a metric, tag, field or map.
func NameError(name string) error {
	if name == "" || len(name) > MaxName {
		return fmt.Errorf("a name of 1 to %d bytes expected", MaxName)
	}
	if !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return fmt.Errorf("%q is no name: databases take UTF-8 without control characters", Clip(name))
	}
	return nil
}

// Clean makes a text fit for a metric. Databases take UTF-8 without NUL only,
// and some refuse all that comes with another text.
func Clean(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// Tag returns argument n as a tag's value, empty for nil.
func Tag(L *lua.LState, n int) string {
	switch v := L.Get(n).(type) {
	case lua.LString:
		return string(v)
	case lua.LNumber, lua.LBool:
		return v.String()
	case *lua.LNilType:
		return ""
	}
	L.ArgError(n, "string, number, boolean or nil expected, got "+lua51.TypeOf(L.Get(n)))
	return ""
}

// Describe names a value in a message: its type, or the number itself where
// that is what is wrong.
func Describe(v lua.LValue) string {
	if n, ok := v.(lua.LNumber); ok {
		return n.String()
	}
	return lua51.TypeOf(v)
}

// maxShown bounds a value in a message, in bytes.
const maxShown = 40

// Clip is a text of a script's in a message.
func Clip(s string) string {
	if len(s) <= maxShown {
		return s
	}
	return strings.ToValidUTF8(s[:maxShown], "") + "…"
}

// Shown is a value in a message: its type and, where that says something, the
// value itself.
func Shown(v lua.LValue) string {
	switch v := v.(type) {
	case lua.LString:
		return fmt.Sprintf("the string %q", Clip(string(v)))
	case lua.LNumber, lua.LBool:
		return "the " + lua51.TypeOf(v) + " " + v.String()
	}
	return "a " + lua51.TypeOf(v)
}

// Seconds reads a positive number of seconds.
func Seconds(v lua.LValue) (time.Duration, error) {
	n, ok := v.(lua.LNumber)
	if !ok || !(n > 0) || n > MaxSeconds {
		return 0, fmt.Errorf("want a positive number of seconds, 100 years at most, got %s", Describe(v))
	}
	return max(1, time.Duration(float64(n)*float64(time.Second))), nil
}

// MaxSeconds keeps durations far from overflow: 100 years.
const MaxSeconds = 100 * 365 * 86400
