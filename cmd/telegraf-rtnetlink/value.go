package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"telegraf-rtnetlink/luahooks/choices"
	"telegraf-rtnetlink/luahooks/model"
	"telegraf-rtnetlink/plugin"
	"telegraf-rtnetlink/plugin/history"
)

// The values of -where. One that a field can never have finds nothing, which
// would be read as "there was no such object"; so it is refused, and what is
// written otherwise than the stream writes it is understood.

// spell notes in w how the classes that have its field spell the value, and
// returns what the field can be where none of them can ever have it.
func (w *condition) spell(objects texts) (wrong error) {
	possible, known := false, false
	w.spelled, w.lists = map[string]model.Spelling{}, map[string]bool{}
	for _, o := range plugin.Schema().Objects {
		i := slices.IndexFunc(o.Fields, func(f model.Field) bool { return f.Name == w.field })
		if i < 0 || len(objects) > 0 && !slices.Contains(objects, o.Name) {
			continue
		}
		f := &o.Fields[i]
		if err := possibleValue(f, w.value); err != nil {
			wrong = err
			continue
		}
		possible, w.lists[o.Name] = true, f.List
		if f.Spell == nil {
			known = true
			continue
		}
		if s, err := f.Spell(w.value); err == nil {
			w.spelled[o.Name], known = s, true
		} else {
			w.never = err // here: the machine of the stream may have other names
		}
	}
	if known {
		w.never = nil
	}
	if possible {
		return nil
	}
	return wrong
}

// possibleValue says what a field can be where it can never be value.
func possibleValue(f *model.Field, value string) error {
	switch {
	case f.Kind == model.Bool && value != "true" && value != "false":
		return fmt.Errorf("it is true or false")
	case f.Kind == model.Int:
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return fmt.Errorf("it is an integer")
		}
		return f.CanBeIn(n, n)
	case f.Choices != nil && !choices.Has(value, f.Choices):
		return fmt.Errorf("it is one of: %s", choices.Join(f.Choices))
	}
	return nil
}

// holds reports whether the condition's field has its value where it is text. A
// list does where it has it among others.
func (w *condition) holds(o *history.Object, text string) bool {
	if text == w.value {
		return true
	}
	if w.lists[o.Class] && strings.Contains(text, ",") {
		return slices.ContainsFunc(strings.Split(text, ","), func(one string) bool { return w.holds(o, one) })
	}
	s, ok := w.spelled[o.Class]
	return ok && text == s.Text && (s.Family == "" || s.Family == o.Text("family"))
}

// impossible says why what describes a change can never be w.value, empty if it
// can.
func (w *condition) impossible() string {
	s := plugin.Schema()
	switch w.field {
	case "action":
		return oneOf(w.value, s.Actions)
	case "origin":
		return oneOf(w.value, s.Origins)
	case "portid":
		if _, err := strconv.ParseUint(w.value, 10, 32); err != nil {
			return "it is a number"
		}
	case "changed":
		names := fieldNames()
		if slices.Contains(names, w.value) {
			return ""
		}
		if list := choices.Nearest(w.value, names); len(list) > 0 {
			return "it names fields; nearest: " + strings.Join(list, ", ")
		}
		return "it names a field, as -where changed=operstate"
	}
	return ""
}

func oneOf(word string, choices []string) string {
	if slices.Contains(choices, word) {
		return ""
	}
	return "it is one of: " + strings.Join(choices, ", ")
}

// unmet says why a condition that no object met can hardly be what was meant,
// empty where it can.
func (w *condition) unmet() string {
	switch {
	case w.never != nil:
		return w.never.Error()
	case strings.ContainsAny(w.value, "*?") || strings.HasPrefix(w.value, "!") || strings.HasPrefix(w.value, "<") || strings.HasPrefix(w.value, ">"):
		return "-where compares whole values, and knows no patterns"
	}
	return ""
}
