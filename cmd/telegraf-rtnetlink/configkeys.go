package main

import (
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/influxdata/telegraf/config"
	"github.com/influxdata/toml"
	"github.com/influxdata/toml/ast"
)

// checkFields refuses the keys of a table that a type has no option for, and
// takes them out. The tables of a list are checked against its element type.
func checkFields(t *ast.Table, typ reflect.Type) (wrong []*problem) {
	fields := optionTypes(typ)
	for _, key := range byLine(t) {
		field, ok := fields[key]
		if !ok {
			wrong = append(wrong, unknownKey(lineOf(t.Fields[key]), key, fields))
			delete(t.Fields, key)
			continue
		}
		element := elementOf(field)
		if element == nil {
			continue
		}
		tables, ok := t.Fields[key].([]*ast.Table)
		if !ok {
			wrong = append(wrong, problemf(lineOf(t.Fields[key]), "write [[inputs.rtnetlink.%s]] in double brackets", key))
			delete(t.Fields, key)
		}
		for _, table := range tables {
			wrong = append(wrong, checkFields(table, element)...)
		}
	}
	return wrong
}

// optionTypes returns the types of a struct's options by key; none for nil.
func optionTypes(typ reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	if typ == nil {
		return fields
	}
	for f := range typ.Fields() {
		if key := f.Tag.Get("toml"); key != "" && key != "-" {
			fields[key] = f.Type
		}
	}
	return fields
}

// telegrafKeys are options that Telegraf itself handles for every input.
var telegrafKeys = []string{
	"collection_jitter", "collection_offset", "fielddrop", "fieldexclude", "fieldinclude", "fieldpass",
	"interval", "log_level", "metricpass", "name_override", "name_prefix", "name_suffix", "namedrop", "namepass",
	"precision", "startup_error_behavior", "tagdrop", "tagexclude", "taginclude", "tagpass", "tags",
}

func unknownKey(line int, key string, fields map[string]reflect.Type) *problem {
	if key == "precision" {
		return problemf(line, "precision has no effect on events, which would share timestamps; remove it, and do not set it in [[inputs.execd]] either")
	}
	if slices.Contains(telegrafKeys, key) {
		return problemf(line, "%s is handled by Telegraf, set it in the [[inputs.execd]] table of telegraf.conf", key)
	}
	choices := make([]string, 0, len(fields))
	for k := range fields {
		choices = append(choices, k)
	}
	slices.Sort(choices)
	return problemf(line, "unknown key %q (choices: %s)", key, strings.Join(choices, ", "))
}

// badValue words the decoder's complaint about a value in terms of the file, and
// takes the option out of the table, if it finds it.
func badValue(t *ast.Table, typ reflect.Type, err error) (p *problem, removed bool) {
	var at *toml.LineError
	if !errors.As(err, &at) {
		return &problem{t.Line, err}, false
	}
	in, key, typ := findLine(t, typ, at.Line)
	if in == nil {
		return &problem{at.Line, at.Err}, false
	}
	value := "a table"
	if kv, ok := in.Fields[key].(*ast.KeyValue); ok {
		value = kv.Value.Source()
	}
	delete(in.Fields, key)
	return problemf(at.Line, "%s = %s, want %s", key, value, wanted(typ)), true
}

// findLine returns the option that starts at a line, with its table and type;
// nil if there is none.
func findLine(t *ast.Table, typ reflect.Type, line int) (*ast.Table, string, reflect.Type) {
	fields := optionTypes(typ)
	for key, node := range t.Fields {
		if tables, ok := node.([]*ast.Table); ok && elementOf(fields[key]) != nil {
			for _, table := range tables {
				if in, key, typ := findLine(table, fields[key].Elem(), line); in != nil {
					return in, key, typ
				}
			}
		} else if lineOf(node) == line {
			return t, key, fields[key]
		}
	}
	return nil, "", nil
}

// wanted says in words what an option of a type takes.
func wanted(typ reflect.Type) string {
	switch typ {
	case reflect.TypeFor[config.Size]():
		return `a size such as "64MiB"`
	case reflect.TypeFor[config.Duration]():
		return `a duration such as "50ms" or "10m"`
	case reflect.TypeFor[[]string]():
		return `a list of strings such as ["a", "b"]`
	}
	switch typ.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	case reflect.String:
		return "a string in quotes"
	case reflect.Slice:
		return "a table in double brackets"
	}
	return "a table"
}
