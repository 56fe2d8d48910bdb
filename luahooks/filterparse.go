package luahooks

import (
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// parseFilter makes a filter for one class from a script's table. Keys in
// ignore are somebody else's. An unknown key or value is an error that names it
// and what there is.
func (x *index) parseFilter(t *lua.LTable, object int, forEvent bool, ignore ...string) (filter, error) {
	var f filter
	err := eachPair(t, func(k, v lua.LValue) error {
		key, ok := k.(lua.LString)
		if !ok {
			return fmt.Errorf("filter: the key %s is no name; write {name = value}", k.String())
		}
		if slices.Contains(ignore, string(key)) {
			return nil
		}
		tests, err := x.parseTest(string(key), v, object, forEvent)
		f = append(f, tests...)
		return err
	})
	return f.sorted(), err
}

// eachPair calls fn for the pairs of a table in the order in which they were
// set, until it returns an error.
func eachPair(t *lua.LTable, fn func(k, v lua.LValue) error) error {
	for k, v := t.Next(lua.LNil); k != lua.LNil; k, v = t.Next(k) {
		if err := fn(k, v); err != nil {
			return err
		}
	}
	return nil
}

func (x *index) parseTest(key string, v lua.LValue, object int, forEvent bool) ([]test, error) {
	if forEvent {
		switch key {
		case "action":
			return maskTest(testAction, key, v, x.Actions)
		case "origin":
			return maskTest(testOrigin, key, v, x.Origins)
		case "changed":
			return x.changedTest(v, object)
		case "netns":
			w, err := parseWords(key, v, nil)
			return []test{{kind: testNetns, match: w}}, err
		}
	}
	if key == "within" {
		return x.withinTests(v, object)
	}
	i, ok := x.fields[object][key]
	if !ok {
		return x.missingField(key, object, forEvent)
	}
	t, err := fieldTest(&x.Objects[object].Fields[i], v)
	t.field = i
	return []test{t}, err
}

// eventKeys are the keys of hooks' filters that are not fields.
var eventKeys = []string{"action", "origin", "netns", "changed", "within"}

// missingField is an error unless another class has the field: then this one
// never matches, as is meant for nl.on("*", {mtu = 1500}, …).
func (x *index) missingField(key string, object int, forEvent bool) ([]test, error) {
	choices := []string{"within"}
	if forEvent {
		choices = slices.Clone(eventKeys)
	}
	return []test{{kind: testNever}}, &unknownKey{
		key: key, object: x.Objects[object].Name, choices: append(choices, x.fieldNames([]int{object})...),
	}
}

// unknownKey is the error of a filter key that a class does not have.
type unknownKey struct {
	key, object string
	choices     []string
}

func (e *unknownKey) Error() string {
	return fmt.Sprintf("filter: %s has no %q; there are: %s", e.object, e.key, join(e.choices))
}

// list returns a filter's value as the list that it stands for.
func list(key string, v lua.LValue) ([]lua.LValue, error) {
	t := tableOf(v)
	if t == nil {
		return []lua.LValue{v}, nil
	}
	var out []lua.LValue
	for i := 1; i <= t.Len(); i++ {
		out = append(out, t.RawGetInt(i))
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("filter: %s: the list is empty, so that nothing could match", key)
	}
	return out, nil
}

// parseWords reads words, checked against choices if there are any.
func parseWords(key string, v lua.LValue, choices []string) (*words, error) {
	items, err := list(key, v)
	if err != nil {
		return nil, err
	}
	w := &words{}
	for _, item := range items {
		var s string
		switch item := item.(type) {
		case lua.LString:
			s = string(item)
		case lua.LNumber:
			s = item.String()
		default:
			return nil, fmt.Errorf("filter: %s: want a string or a list of strings, got a %s", key, luaType(item))
		}
		if err := checkWord(key, s, choices); err != nil {
			return nil, err
		}
		w.add(s)
	}
	return w, nil
}

// checkWord refuses what the field can never be. A number is what the kernel
// has for a value without a name.
func checkWord(key, s string, choices []string) error {
	word := strings.TrimPrefix(s, "!")
	if word == "" {
		return fmt.Errorf("filter: %s: an empty word", key)
	}
	if choices == nil || slices.Contains(choices, word) {
		return nil
	}
	if _, err := strconv.ParseUint(word, 0, 32); err == nil {
		return nil
	}
	if isGlob(word) && slices.ContainsFunc(choices, func(c string) bool { return glob(word, c) }) {
		return nil
	}
	return fmt.Errorf("filter: %s is never %q; it is one of: %s", key, word, join(choices))
}

// maskTest makes a test of a closed list with few members.
func maskTest(kind testKind, key string, v lua.LValue, choices []string) ([]test, error) {
	w, err := parseWords(key, v, choices)
	if err != nil {
		return nil, err
	}
	t := test{kind: kind}
	for i, c := range choices {
		if w.has(c) {
			t.mask |= 1 << i
		}
	}
	if t.mask == 0 {
		return nil, fmt.Errorf("filter: %s: nothing is left to match", key)
	}
	return []test{t}, nil
}

// changedTest makes the tests of changed = "mtu", {"mtu", "up"} or "!mtu".
func (x *index) changedTest(v lua.LValue, object int) ([]test, error) {
	w, err := parseWords("changed", v, x.fieldNames([]int{object}))
	if err != nil {
		return nil, err
	}
	var any, none FieldSet
	for i, f := range x.Objects[object].Fields {
		if slices.Contains(w.only, f.Name) || anyGlob(w.globs, f.Name) {
			any.Add(i)
		}
		if slices.Contains(w.not, f.Name) || anyGlob(w.notGlobs, f.Name) {
			none.Add(i)
		}
	}
	var tests []test
	if !any.Empty() {
		tests = append(tests, test{kind: testChanged, fields: any})
	}
	if !none.Empty() {
		tests = append(tests, test{kind: testUnchanged, fields: none})
	}
	return tests, nil
}

// fieldTest makes the test of a field. true and false mean "has a value" and
// "has none" unless the field is a boolean.
func fieldTest(f *Field, v lua.LValue) (test, error) {
	if b, ok := v.(lua.LBool); ok {
		return boolTest(f, bool(b)), nil
	}
	switch f.Kind {
	case Bool:
		return test{}, fmt.Errorf("filter: %s: want true or false, got %q", f.Name, v.String())
	case Int:
		return numberTest(f.Name, v)
	}
	w, err := parseWords(f.Name, v, f.Choices)
	if err != nil {
		return test{}, err
	}
	if f.List {
		return test{kind: testListed, match: w}, nil
	}
	if text, ok := w.single(); ok {
		return test{kind: testIs, text: text}, nil
	}
	return test{kind: testText, match: w}, nil
}

func boolTest(f *Field, want bool) test {
	switch {
	case f.Kind == Bool && want:
		return test{kind: testTrue}
	case f.Kind == Bool:
		return test{kind: testFalse}
	case want:
		return test{kind: testPresent}
	}
	return test{kind: testAbsent}
}

// numberTest makes the test of an integer field: 5, "!5", ">5", "<=5", "5..9".
func numberTest(key string, v lua.LValue) (test, error) {
	items, err := list(key, v)
	if err != nil {
		return test{}, err
	}
	if n, ok := items[0].(lua.LNumber); ok && len(items) == 1 && float64(n) == math.Trunc(float64(n)) {
		return test{kind: testEqual, want: int64(n)}, nil
	}
	n := &numbers{}
	for _, item := range items {
		if err := n.add(item); err != nil {
			return test{}, fmt.Errorf("filter: %s: %w", key, err)
		}
	}
	return test{kind: testNumber, numbers: n}, nil
}

func (n *numbers) add(v lua.LValue) error {
	text := v.String()
	if v.Type() != lua.LTNumber && v.Type() != lua.LTString {
		return fmt.Errorf("want a number or a string, got a %s", luaType(v))
	}
	if low, high, ok := strings.Cut(text, ".."); ok {
		l, err1 := parseInt(low)
		h, err2 := parseInt(high)
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
			return fmt.Errorf(`%q is no number; write 5, "!5", "<5", ">=5" or "5..9"`, text)
		}
	}
	return nil
}

// withinTests makes the tests of within = "10.0.0.0/8", a list of these, or
// {gateway = "10.0.0.0/8"} for other fields than the object's prefix.
func (x *index) withinTests(v lua.LValue, object int) ([]test, error) {
	if t := tableOf(v); t != nil && t.Len() == 0 {
		return x.withinFields(t, object)
	}
	if x.prefix[object] < 0 {
		return nil, fmt.Errorf(`filter: within: a %s has no prefix; write within = {field = "10.0.0.0/8"}`, x.Objects[object].Name)
	}
	t, err := withinTest(v, x.prefix[object])
	return []test{t}, err
}

func (x *index) withinFields(t *lua.LTable, object int) ([]test, error) {
	var tests []test
	err := eachPair(t, func(k, v lua.LValue) error {
		i, ok := x.fields[object][k.String()]
		if !ok {
			return fmt.Errorf("filter: within: %s has no field %q; there are: %s",
				x.Objects[object].Name, k.String(), join(x.fieldNames([]int{object})))
		}
		one, err := withinTest(v, i)
		tests = append(tests, one)
		return err
	})
	if err == nil && tests == nil {
		err = fmt.Errorf("filter: within: the list is empty, so that nothing could match")
	}
	return tests, err
}

func withinTest(v lua.LValue, field int) (test, error) {
	items, err := list("within", v)
	if err != nil {
		return test{}, err
	}
	t := test{kind: testWithin, field: field, nets: make([]netip.Prefix, 0, len(items))}
	for _, item := range items {
		p, err := parsePrefix(item.String())
		if err != nil {
			return test{}, fmt.Errorf("filter: within: %w", err)
		}
		t.nets = append(t.nets, p)
	}
	return t, nil
}
