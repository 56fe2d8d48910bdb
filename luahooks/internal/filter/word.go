package filter

import (
	"fmt"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/choices"
	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/model"
)

// list returns a filter's value as the list that it stands for.
func list(key string, v lua.LValue) ([]lua.LValue, error) {
	t := lua51.TableOf(v)
	if t == nil {
		return []lua.LValue{v}, nil
	}
	var out []lua.LValue
	for i := 1; i <= t.Len(); i++ {
		out = append(out, t.RawGetInt(i))
	}
	err := lua51.EachPair(t, func(k, _ lua.LValue) error {
		if _, ok := k.(lua.LNumber); !ok {
			return fmt.Errorf(`filter: %s: want a list such as {"a", "b"}, got the key %q`, key, k.String())
		}
		return nil
	})
	if err == nil && len(out) == 0 {
		err = fmt.Errorf("filter: %s: the list is empty, so that nothing could match", key)
	}
	return out, err
}

// wordList reads what a filter gives for a text.
type wordList struct {
	key     string
	choices []string                             // nil: not a closed list
	spell   func(string) (model.Spelling, error) // nil: any text
}

// ParseWords reads what a filter gives for any text.
func ParseWords(key string, v lua.LValue) (*Words, error) { return wordList{key: key}.parse(v) }

func (l wordList) parse(v lua.LValue) (*Words, error) {
	items, err := list(l.key, v)
	if err != nil {
		return nil, err
	}
	w := &Words{}
	for _, item := range items {
		var s string
		switch item := item.(type) {
		case lua.LString:
			s = string(item)
		case lua.LNumber:
			s = item.String()
		default:
			return nil, fmt.Errorf("filter: %s: want a string or a list of strings, got a %s", l.key, lua51.TypeOf(item))
		}
		if err := l.add(w, s); err != nil {
			return nil, err
		}
	}
	if len(w.only) > 0 && len(w.globs) == 0 && !slices.ContainsFunc(w.only, w.Has) {
		return nil, fmt.Errorf("filter: %s: nothing is left to match", l.key)
	}
	return w, nil
}

// add adds a word as the field spells it. What the field can never be is an error.
func (l wordList) add(w *Words, s string) error {
	word, negated := strings.CutPrefix(s, "!")
	switch {
	case word == "":
		return fmt.Errorf("filter: %s: an empty word; write %s = false for what has none", l.key, l.key)
	case l.choices != nil:
		if !l.possible(word) {
			return fmt.Errorf("filter: %s is never %q; %s", l.key, word, choices.OneOf(word, l.choices))
		}
	case l.spell != nil && !isGlob(word):
		spelled, err := l.spell(word)
		if err != nil {
			return fmt.Errorf("filter: %s is never %q: %w", l.key, word, err)
		}
		if spelled.Family != "" {
			w.families = append(w.families, familyWord{spelled, negated})
			if negated {
				return nil
			}
		}
		word = spelled.Text
	}
	w.add(word, negated)
	return nil
}

// possible reports whether a field with choices can be word.
func (l wordList) possible(word string) bool {
	return choices.Has(word, l.choices) ||
		isGlob(word) && slices.ContainsFunc(l.choices, func(c string) bool { return Glob(word, c) })
}

// familyWord is a word that means one of the things that its text stands for.
type familyWord struct {
	model.Spelling
	negated bool
}

// familyTests are the tests beside w for words such as "0.0.0.0/0": the field
// says "default", and so it does for "::/0".
func (w *Words) familyTests(field int) (tests []test) {
	for _, f := range w.families {
		both := slices.ContainsFunc(w.families, func(o familyWord) bool {
			return o.Text == f.Text && o.Family != f.Family && o.negated == f.negated
		})
		switch {
		case f.negated:
			tests = append(tests, test{kind: testNotFamily, family: field, text: f.Text, of: f.Family})
		case !both && !w.plain(f.Text):
			tests = append(tests, test{kind: testFamily, family: field, text: f.Text, of: f.Family})
		}
	}
	return tests
}

// plain reports whether text is wanted of any family.
func (w *Words) plain(text string) bool {
	wanted := 0
	for _, only := range w.only {
		if only == text {
			wanted++
		}
	}
	for _, f := range w.families {
		if f.Text == text && !f.negated {
			wanted--
		}
	}
	return wanted > 0 || anyGlob(w.globs, text)
}

// foreign reports whether a word looks like a pattern of another language, where only
// * and ? stand for something else.
func foreign(word string) bool {
	return strings.ContainsAny(word, "[]|^$%,") || strings.Contains(word, ".*") || strings.HasSuffix(word, "+")
}

// ForeignWords calls yield for the words of a script's filter that look like patterns
// and are none.
func ForeignWords(t *lua.LTable, yield func(key, word string)) {
	_ = lua51.EachPair(t, func(k, v lua.LValue) error {
		items, _ := list(k.String(), v)
		for _, item := range items {
			if word, ok := item.(lua.LString); ok && foreign(string(word)) {
				yield(k.String(), string(word))
			}
		}
		return nil
	})
}
