package filter

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/choices"
	"telegraf-rtnetlink/luahooks/internal/address"
	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/internal/schema"
	"telegraf-rtnetlink/luahooks/model"
	"telegraf-rtnetlink/plugin/bitset"
)

// parser reads what a script gives for a filter of one class.
type parser struct {
	*schema.Index
	object   int
	forEvent bool // not of objects of the mirror
}

// Parse makes a filter for one class from a script's table. Keys in
// ignore are somebody else's. An unknown key or value is an error that names it
// and what there is.
func Parse(x *schema.Index, t *lua.LTable, object int, forEvent bool, ignore ...string) (Filter, error) {
	p := parser{x, object, forEvent}
	var f Filter
	err := lua51.EachPair(t, func(k, v lua.LValue) error {
		key, ok := k.(lua.LString)
		if !ok {
			return fmt.Errorf("filter: the key %s is no name; write {name = value}", k.String())
		}
		if slices.Contains(ignore, string(key)) {
			return nil
		}
		tests, err := p.test(string(key), v)
		f = append(f, tests...)
		return err
	})
	if err == nil {
		err = p.contradiction(f)
	}
	return f.sorted(), err
}

// contradiction refuses tests that exclude each other.
func (p parser) contradiction(f Filter) error {
	actions, families := ^uint64(0), (*Words)(nil)
	family, hasFamily := p.Fields[p.object]["family"]
	for i := range f {
		t := &f[i]
		switch {
		case t.kind == testAction:
			actions = t.mask
		case hasFamily && t.field == family && t.kind == testIs:
			families = &Words{only: []string{t.text}}
		case hasFamily && t.field == family && t.kind == testText:
			families = t.match
		}
	}
	for i := range f {
		t := &f[i]
		switch t.kind {
		case testAction:
			if created := slices.Index(p.Actions, "new"); created >= 0 && p.Objects[p.object].Stateless && t.mask>>uint(created)&1 == 0 {
				return fmt.Errorf(`filter: action: a %s leaves no state, and is always "new"`, p.Objects[p.object].Name)
			}
		case testIs:
			for _, o := range f {
				if o.kind == testWithin && o.field == t.field && !slices.ContainsFunc(o.nets, func(net netip.Prefix) bool { return address.Within(net, t.text) }) {
					return fmt.Errorf("filter: within: %s = %q is in none of its prefixes", p.Objects[p.object].Fields[t.field].Name, t.text)
				}
			}
		case testChanged:
			if change := slices.Index(p.Actions, "change"); change >= 0 && actions>>uint(change)&1 == 0 {
				return errors.New(`filter: changed never holds without action "change": what is new or deleted has no changes`)
			}
		case testWithin:
			if families != nil && !slices.ContainsFunc(t.nets, func(net netip.Prefix) bool { return families.Has(familyOf(net)) }) {
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

func (p parser) test(key string, v lua.LValue) ([]test, error) {
	if p.forEvent {
		switch key {
		case "action":
			return maskTest(testAction, key, v, p.Actions)
		case "origin":
			return maskTest(testOrigin, key, v, p.Origins)
		case "changed":
			return p.changedTest(v)
		case "netns":
			w, err := ParseWords(key, v)
			return []test{{kind: testNetns, match: w}}, err
		}
	}
	if key == "within" {
		return p.withinTests(v)
	}
	i, ok := p.Fields[p.object][key]
	if !ok {
		return p.missingField(key)
	}
	tests, err := p.fieldTests(i, v)
	for j := range tests {
		tests[j].field = i
	}
	return tests, err
}

// EventKeys are the keys of hooks' filters that are not fields.
var EventKeys = []string{"action", "origin", "netns", "changed", "within"}

// missingField is an error unless another class has the field: then this one
// never matches, as is meant for nl.on("*", {mtu = 1500}, …).
func (p parser) missingField(key string) ([]test, error) {
	keys := []string{"within"}
	if p.forEvent {
		keys = slices.Clone(EventKeys)
	}
	return []test{{kind: testNever}}, &UnknownKey{
		Key: key, object: p.Objects[p.object].Name, choices: append(keys, p.FieldNames([]int{p.object})...),
	}
}

// UnknownKey is the error of a filter key that a class does not have.
type UnknownKey struct {
	Key, object string
	choices     []string
}

func (e *UnknownKey) Error() string {
	return fmt.Sprintf("filter: %s has no %q; %s", e.object, e.Key, choices.There(e.Key, e.choices))
}

// maskTest makes a test of a closed list with few members.
func maskTest(kind testKind, key string, v lua.LValue, among []string) ([]test, error) {
	w, err := wordList{key: key, choices: among}.parse(v)
	if err != nil {
		return nil, err
	}
	t := test{kind: kind}
	for i, c := range among {
		if w.Has(c) {
			t.mask |= 1 << i
		}
	}
	if t.mask == 0 {
		return nil, fmt.Errorf("filter: %s: nothing is left to match", key)
	}
	return []test{t}, nil
}

// changedTest makes the tests of changed = "mtu", {"mtu", "up"} or "!mtu".
func (p parser) changedTest(v lua.LValue) ([]test, error) {
	w, err := wordList{key: "changed", choices: p.FieldNames([]int{p.object})}.parse(v)
	if err != nil {
		return nil, err
	}
	var any, none bitset.Set
	for i, f := range p.Objects[p.object].Fields {
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
func (p parser) fieldTests(field int, v lua.LValue) ([]test, error) {
	f := &p.Objects[p.object].Fields[field]
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
	if family, ok := p.Fields[p.object]["family"]; ok {
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
func (p parser) withinTests(v lua.LValue) ([]test, error) {
	if t := lua51.TableOf(v); t != nil && t.Len() == 0 {
		return p.withinFields(t)
	}
	if p.Prefix[p.object] < 0 {
		return nil, fmt.Errorf(`filter: within: a %s has no prefix; write within = {field = "10.0.0.0/8"}`, p.Objects[p.object].Name)
	}
	t, err := p.withinTest(v, p.Prefix[p.object])
	return []test{t}, err
}

func (p parser) withinFields(t *lua.LTable) ([]test, error) {
	var tests []test
	err := lua51.EachPair(t, func(k, v lua.LValue) error {
		i, ok := p.Fields[p.object][k.String()]
		if !ok {
			return fmt.Errorf("filter: within: %s has no field %q; %s",
				p.Objects[p.object].Name, k.String(), choices.There(k.String(), p.FieldNames([]int{p.object})))
		}
		one, err := p.withinTest(v, i)
		tests = append(tests, one)
		return err
	})
	if err == nil && tests == nil {
		err = fmt.Errorf("filter: within: the list is empty, so that nothing could match")
	}
	return tests, err
}

func (p parser) withinTest(v lua.LValue, field int) (test, error) {
	items, err := list("within", v)
	if err != nil {
		return test{}, err
	}
	if f := &p.Objects[p.object].Fields[field]; f.Kind != model.String || f.Choices != nil {
		return test{}, fmt.Errorf("filter: within: %s is no address or prefix", f.Name)
	}
	t := test{kind: testWithin, field: field, nets: make([]netip.Prefix, 0, len(items))}
	for _, item := range items {
		net, err := address.Parse(item.String())
		if err != nil {
			return test{}, fmt.Errorf("filter: within: %w", err)
		}
		t.nets = append(t.nets, net)
	}
	return t, nil
}
