package luahooks

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"telegraf-rtnetlink/luahooks/internal/address"
	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/model"
	"telegraf-rtnetlink/plugin/bitset"

	lua "github.com/yuin/gopher-lua"
)

// parseFilter makes a filter for one class from a script's table. Keys in
// ignore are somebody else's. An unknown key or value is an error that names it
// and what there is.
func (x *index) parseFilter(t *lua.LTable, object int, forEvent bool, ignore ...string) (filter, error) {
	var f filter
	err := lua51.EachPair(t, func(k, v lua.LValue) error {
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
	if err == nil {
		err = x.contradiction(f, object)
	}
	return f.sorted(), err
}

// contradiction refuses tests that exclude each other.
func (x *index) contradiction(f filter, object int) error {
	actions, families := ^uint64(0), (*words)(nil)
	family, hasFamily := x.fields[object]["family"]
	for i := range f {
		t := &f[i]
		switch {
		case t.kind == testAction:
			actions = t.mask
		case hasFamily && t.field == family && t.kind == testIs:
			families = &words{only: []string{t.text}}
		case hasFamily && t.field == family && t.kind == testText:
			families = t.match
		}
	}
	for i := range f {
		t := &f[i]
		switch t.kind {
		case testAction:
			if created := slices.Index(x.Actions, "new"); created >= 0 && x.Objects[object].Stateless && t.mask>>uint(created)&1 == 0 {
				return fmt.Errorf(`filter: action: a %s leaves no state, and is always "new"`, x.Objects[object].Name)
			}
		case testIs:
			for _, o := range f {
				if o.kind == testWithin && o.field == t.field && !slices.ContainsFunc(o.nets, func(p netip.Prefix) bool { return address.Within(p, t.text) }) {
					return fmt.Errorf("filter: within: %s = %q is in none of its prefixes", x.Objects[object].Fields[t.field].Name, t.text)
				}
			}
		case testChanged:
			if change := slices.Index(x.Actions, "change"); change >= 0 && actions>>uint(change)&1 == 0 {
				return errors.New(`filter: changed never holds without action "change": what is new or deleted has no changes`)
			}
		case testWithin:
			if families != nil && !slices.ContainsFunc(t.nets, func(p netip.Prefix) bool { return families.has(familyOf(p)) }) {
				return fmt.Errorf("filter: within is of family %s only, which the key family excludes", familyOf(t.nets[0]))
			}
		}
	}
	return nil
}

func familyOf(p netip.Prefix) string {
	if p.Addr().Is4() {
		return "inet"
	}
	return "inet6"
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
			w, err := wordList{key: key}.parse(v)
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
	tests, err := x.fieldTests(object, i, v)
	for j := range tests {
		tests[j].field = i
	}
	return tests, err
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
	return fmt.Sprintf("filter: %s has no %q; %s", e.object, e.key, there(e.key, e.choices))
}

// maskTest makes a test of a closed list with few members.
func maskTest(kind testKind, key string, v lua.LValue, choices []string) ([]test, error) {
	w, err := wordList{key: key, choices: choices}.parse(v)
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
	w, err := wordList{key: "changed", choices: x.fieldNames([]int{object})}.parse(v)
	if err != nil {
		return nil, err
	}
	var any, none bitset.Set
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

// fieldTests makes the tests of a field. true and false mean "has a value" and
// "has none" unless the field is a boolean.
func (x *index) fieldTests(object, field int, v lua.LValue) ([]test, error) {
	f := &x.Objects[object].Fields[field]
	if b, ok := v.(lua.LBool); ok {
		return []test{boolTest(f, bool(b))}, nil
	}
	switch f.Kind {
	case model.Bool:
		return nil, fmt.Errorf("filter: %s: want true or false, got %q", f.Name, v.String())
	case model.Int:
		t, err := numberTest(f, v)
		return []test{t}, err
	}
	l := wordList{key: f.Name, choices: f.Choices, spell: f.Spell}
	w, err := l.parse(v)
	if err != nil {
		return nil, err
	}
	tests := []test{{kind: testText, match: w}}
	if text, ok := w.single(); ok {
		tests = []test{{kind: testIs, text: text}}
	}
	if f.List {
		tests = []test{{kind: testListed, match: w}}
	}
	if family, ok := x.fields[object]["family"]; ok {
		tests = append(tests, w.familyTests(family)...)
	}
	return tests, nil
}

func boolTest(f *model.Field, want bool) test {
	switch {
	case f.Kind == model.Bool && want:
		return test{kind: testTrue}
	case f.Kind == model.Bool:
		return test{kind: testFalse}
	case want:
		return test{kind: testPresent}
	}
	return test{kind: testAbsent}
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
	t, err := x.withinTest(v, object, x.prefix[object])
	return []test{t}, err
}

func (x *index) withinFields(t *lua.LTable, object int) ([]test, error) {
	var tests []test
	err := lua51.EachPair(t, func(k, v lua.LValue) error {
		i, ok := x.fields[object][k.String()]
		if !ok {
			return fmt.Errorf("filter: within: %s has no field %q; %s",
				x.Objects[object].Name, k.String(), there(k.String(), x.fieldNames([]int{object})))
		}
		one, err := x.withinTest(v, object, i)
		tests = append(tests, one)
		return err
	})
	if err == nil && tests == nil {
		err = fmt.Errorf("filter: within: the list is empty, so that nothing could match")
	}
	return tests, err
}

func (x *index) withinTest(v lua.LValue, object, field int) (test, error) {
	items, err := list("within", v)
	if err != nil {
		return test{}, err
	}
	if f := &x.Objects[object].Fields[field]; f.Kind != model.String || f.Choices != nil {
		return test{}, fmt.Errorf("filter: within: %s is no address or prefix", f.Name)
	}
	t := test{kind: testWithin, field: field, nets: make([]netip.Prefix, 0, len(items))}
	for _, item := range items {
		p, err := address.Parse(item.String())
		if err != nil {
			return test{}, fmt.Errorf("filter: within: %w", err)
		}
		t.nets = append(t.nets, p)
	}
	return t, nil
}
