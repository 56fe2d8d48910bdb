package main

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/influxdata/telegraf/config"
	"github.com/influxdata/toml"
	"github.com/influxdata/toml/ast"
)

// variable matches a reference to an environment variable, and one behind a
// second dollar sign, which is meant as it stands.
var variable = regexp.MustCompile(`\$?\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})`)

// lookUp returns what a match of variable stands for. A name is returned where
// there is no variable of that name.
func lookUp(ref string) (value, missing string) {
	if strings.HasPrefix(ref, "$$") {
		return ref[1:], ""
	}
	name := strings.Trim(ref, "${}")
	value, ok := os.LookupEnv(name)
	if !ok {
		return ref, name
	}
	return value, ""
}

func unset(line int, name string) *problem {
	return problemf(line, "environment variable %s is not set; set it, or write $$%s for these characters themselves", name, name)
}

// tomlText matches what may have a dollar sign of its own in TOML: strings, those
// of several lines first, and comments.
var tomlText = regexp.MustCompile(`(?s)""".*?"""|\x27\x27\x27.*?\x27\x27\x27|"(?:\\.|[^"\\\n])*"|\x27[^\x27\n]*\x27|#[^\n]*`)

// expandText replaces the variables outside of strings, as Telegraf does: for
// numbers, booleans and lists. A value that TOML does not know stands for a
// string. Lines keep their numbers. What is wrong is for a text that does not
// parse; otherwise expandTable finds it once more.
func expandText(text []byte) (out []byte, wrong []*problem) {
	done := 0
	for _, at := range append(tomlText.FindAllIndex(text, -1), []int{len(text), len(text)}) {
		line := bytes.Count(text[:done], []byte("\n")) + 1
		bare, missing := expandBare(text[done:at[0]], line)
		out = append(append(out, bare...), text[at[0]:at[1]]...)
		wrong = append(wrong, missing...)
		done = at[1]
	}
	return out, wrong
}

// expandBare replaces the variables in a part of the file that begins in a line.
func expandBare(text []byte, line int) (out []byte, wrong []*problem) {
	done := 0
	for _, at := range variable.FindAllIndex(text, -1) {
		value, missing := lookUp(string(text[at[0]:at[1]]))
		value = variable.ReplaceAllStringFunc(value, func(ref string) string { return "$" + ref }) // replaced once
		if missing != "" {
			wrong = append(wrong, unset(line+bytes.Count(text[:at[0]], []byte("\n")), missing))
			value = quote("${" + missing + "}") // expandTable finds it, and knows which option it is
		} else if _, err := toml.Parse([]byte("x = " + value)); err != nil || strings.ContainsAny(value, "\r\n") {
			value = quote(value)
		}
		out = append(append(out, text[done:at[0]]...), value...)
		done = at[1]
	}
	return append(out, text[done:]...), wrong
}

// quote returns a TOML string. JSON has the same escapes.
func quote(s string) string {
	b, _ := json.Marshal(s) // cannot fail: a string
	return string(b)
}

// expandTable replaces the variables in the strings of a table. All else stays:
// a "$1" in a path or pattern is kept. What is wrong is taken out of the table.
func expandTable(t *ast.Table, typ reflect.Type) (wrong []*problem) {
	fields := optionTypes(typ)
	for _, key := range byLine(t) {
		switch n := t.Fields[key].(type) {
		case *ast.KeyValue:
			missing := expandValue(n, fields[key])
			if len(missing) > 0 {
				delete(t.Fields, key)
			}
			wrong = append(wrong, missing...)
		case *ast.Table:
			wrong = append(wrong, expandTable(n, nil)...)
		case []*ast.Table:
			for _, table := range n {
				wrong = append(wrong, expandTable(table, elementOf(fields[key]))...)
			}
		}
	}
	return wrong
}

// elementOf returns the type of a list's tables, nil if it is no such list.
func elementOf(typ reflect.Type) reflect.Type {
	if typ == nil || typ.Kind() != reflect.Slice || typ.Elem().Kind() != reflect.Struct {
		return nil
	}
	return typ.Elem()
}

// expandValue replaces the variables in the value of an option of a type, nil if
// it is not known. In quotes, too, they may stand for a number or true and false.
func expandValue(kv *ast.KeyValue, typ reflect.Type) (wrong []*problem) {
	s, ok := kv.Value.(*ast.String)
	if !ok {
		return expandStrings(kv.Value, kv.Line)
	}
	before := s.Value
	if wrong = expandStrings(s, kv.Line); len(wrong) > 0 || s.Value == before || typ == nil {
		return wrong
	}
	_, noBool := strconv.ParseBool(s.Value)
	_, noInt := strconv.ParseInt(s.Value, 10, 64)
	size, duration := reflect.TypeFor[config.Size](), reflect.TypeFor[config.Duration]()
	switch {
	case typ == size || typ == duration: // they read strings
	case typ.Kind() == reflect.Bool && noBool == nil:
		kv.Value = &ast.Boolean{Position: s.Position, Value: s.Value, Data: []rune(s.Value)}
	case typ.Kind() == reflect.Int && noInt == nil:
		kv.Value = &ast.Integer{Position: s.Position, Value: s.Value, Data: []rune(s.Value)}
	}
	return nil
}

// expandStrings replaces the variables in a string or the strings of a list.
func expandStrings(v ast.Value, line int) (wrong []*problem) {
	switch v := v.(type) {
	case *ast.String:
		before := v.Value
		v.Value = variable.ReplaceAllStringFunc(v.Value, func(ref string) string {
			value, missing := lookUp(ref)
			if missing != "" {
				wrong = append(wrong, unset(line, missing))
			}
			return value
		})
		if v.Value != before {
			v.Data = []rune(quote(v.Value))
		}
	case *ast.Array:
		for _, element := range v.Value {
			wrong = append(wrong, expandStrings(element, line)...)
		}
	}
	return wrong
}
