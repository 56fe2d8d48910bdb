package luahooks

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

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
		if !n.possible(f.Most) {
			return test{}, fmt.Errorf("filter: %s is never %q: it is a number from 0 to %d", key, item.String(), f.Most)
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

// possible reports whether all that is asked for can be of a field that is a number
// from 0 to most; 0 stands for no bounds.
func (n *numbers) possible(most int64) bool {
	outside := func(low, high int64) bool { return high < 0 || low > most }
	return most == 0 || !slices.ContainsFunc(n.only, func(x int64) bool { return outside(x, x) }) &&
		!slices.ContainsFunc(n.ranges, func(s span) bool { return outside(s.low, s.high) })
}

// isWhole reports whether f is an integer that a number of Lua holds exactly.
func isWhole(f float64) bool { return f == math.Trunc(f) && math.Abs(f) <= 1<<53 }

func (n *numbers) add(v lua.LValue) error {
	text := v.String()
	if f, ok := v.(lua.LNumber); ok && isWhole(float64(f)) {
		n.only = append(n.only, int64(f))
		return nil
	}
	if v.Type() != lua.LTNumber && v.Type() != lua.LTString {
		return fmt.Errorf("want a number or a string, got a %s", luaType(v))
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
