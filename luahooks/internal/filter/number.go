package filter

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/model"
)

// numberTest makes the test of an integer field: 5, "!5", ">5", "<=5", "5..9".
func numberTest(f *model.Field, v lua.LValue) (test, error) {
	key := f.Name
	items, err := list(key, v)
	if err != nil {
		return test{}, err
	}
	n := &numbers{}
	for _, item := range items {
		if err := n.add(item); err != nil {
			return test{}, fmt.Errorf("filter: %s: %w", key, err)
		}
		if err := n.canBe(f); err != nil {
			return test{}, fmt.Errorf("filter: %s is never %q: %w", key, item.String(), err)
		}
	}
	if len(items) == 1 && len(n.only) == 1 {
		return test{kind: testEqual, want: n.only[0]}, nil
	}
	if len(n.only) > 0 && len(n.ranges) == 0 && !slices.ContainsFunc(n.only, n.has) {
		return test{}, fmt.Errorf("filter: %s: nothing is left to match", key)
	}
	return test{kind: testNumber, numbers: n}, nil
}

// canBe says what f can be where something that is asked for is none of it.
func (n *numbers) canBe(f *model.Field) error {
	for _, x := range n.only {
		if err := f.CanBeIn(x, x); err != nil {
			return err
		}
	}
	for _, s := range n.ranges {
		if err := f.CanBeIn(s.low, s.high); err != nil {
			return err
		}
	}
	return nil
}

// IsWhole reports whether f is an integer that a number of Lua holds exactly.
func IsWhole(f float64) bool { return f == math.Trunc(f) && math.Abs(f) <= 1<<53 }

func (n *numbers) add(v lua.LValue) error {
	text := v.String()
	if f, ok := v.(lua.LNumber); ok && IsWhole(float64(f)) {
		n.only = append(n.only, int64(f))
		return nil
	}
	if v.Type() != lua.LTNumber && v.Type() != lua.LTString {
		return fmt.Errorf("want a number or a string, got a %s", lua51.TypeOf(v))
	}
	if low, high, ok := strings.Cut(text, ".."); ok {
		l, err1 := parseInt(low)
		h, err2 := parseInt(high)
		if err1 == nil && err2 == nil && l > h {
			return fmt.Errorf("%q is empty: the lower end comes first", text)
		}
		n.ranges = append(n.ranges, span{l, h})
		return cmpError(text, err1, err2)
	}
	digits := strings.TrimLeft(text, "!<>=")
	x, err := parseInt(digits)
	switch text[:len(text)-len(digits)] {
	case "", "=":
		n.only = append(n.only, x)
	case "!":
		n.not = append(n.not, x)
	case "<":
		n.ranges = append(n.ranges, span{math.MinInt64, x - 1})
	case "<=":
		n.ranges = append(n.ranges, span{math.MinInt64, x})
	case ">":
		n.ranges = append(n.ranges, span{x + 1, math.MaxInt64})
	case ">=":
		n.ranges = append(n.ranges, span{x, math.MaxInt64})
	default:
		return cmpError(text, strconv.ErrSyntax, nil)
	}
	return cmpError(text, err, nil)
}

func parseInt(s string) (int64, error) { return strconv.ParseInt(strings.TrimSpace(s), 0, 64) }

func cmpError(text string, errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return fmt.Errorf(`%q is no whole number; write 5, "!5", "<5", ">=5" or "5..9"`, text)
		}
	}
	return nil
}

// numbers matches integers: any of only and ranges (or anything, if both are
// empty), and none of not.
type numbers struct {
	only, not []int64
	ranges    []span
}

// span is the integers from low to high, both included.
type span struct{ low, high int64 }

func (n *numbers) has(x int64) bool {
	if len(n.only)+len(n.ranges) > 0 && !slices.Contains(n.only, x) && !n.inRange(x) {
		return false
	}
	return !slices.Contains(n.not, x)
}

func (n *numbers) inRange(x int64) bool {
	return slices.ContainsFunc(n.ranges, func(s span) bool { return s.low <= x && x <= s.high })
}
