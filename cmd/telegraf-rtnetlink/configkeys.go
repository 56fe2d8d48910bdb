package main

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/influxdata/telegraf/config"
	"github.com/influxdata/toml"
	"github.com/influxdata/toml/ast"
)

// variable matches a reference to an environment variable.
var variable = regexp.MustCompile(`\$([A-Za-z_][A-Za-z0-9_]*)|\$\{[A-Za-z_][A-Za-z0-9_]*\}`)

// checkKeys refuses keys that no option of target, a pointer to a struct, has.
// The tables of a list are checked against its element type.
func checkKeys(t *ast.Table, target any) error {
	return checkFields(t, reflect.TypeOf(target).Elem())
}

func checkFields(t *ast.Table, typ reflect.Type) error {
	fields := optionTypes(typ)
	for _, key := range byLine(t) {
		field, ok := fields[key]
		if !ok {
			return unknownKey(lineOf(t.Fields[key]), key, fields)
		}
		if field.Kind() != reflect.Slice || field.Elem().Kind() != reflect.Struct {
			continue
		}
		if err := checkTables(t.Fields[key], key, field.Elem()); err != nil {
			return err
		}
	}
	return nil
}

func checkTables(node any, key string, typ reflect.Type) error {
	tables, ok := node.([]*ast.Table)
	if !ok {
		return fmt.Errorf("%d: write [[inputs.rtnetlink.%s]] in double brackets", lineOf(node), key)
	}
	for _, table := range tables {
		if err := checkFields(table, typ); err != nil {
			return err
		}
	}
	return nil
}

// optionTypes returns the types of a struct's options by key.
func optionTypes(typ reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
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

func unknownKey(line int, key string, fields map[string]reflect.Type) error {
	if slices.Contains(telegrafKeys, key) {
		return fmt.Errorf("%d: %s is handled by Telegraf, set it in the [[inputs.execd]] table of telegraf.conf", line, key)
	}
	choices := make([]string, 0, len(fields))
	for k := range fields {
		choices = append(choices, k)
	}
	slices.Sort(choices)
	return fmt.Errorf("%d: unknown key %q (choices: %s)", line, key, strings.Join(choices, ", "))
}

// badValue words the decoder's complaint about a value in terms of the file.
func badValue(t *ast.Table, target any, err error) error {
	var at *toml.LineError
	if !errors.As(err, &at) {
		return fmt.Errorf("%d: %w", t.Line, err)
	}
	key, kv, typ := findLine(t, reflect.TypeOf(target).Elem(), at.Line)
	if kv == nil {
		return fmt.Errorf("%d: %w", at.Line, at.Err)
	}
	return fmt.Errorf("%d: %s = %s, want %s", at.Line, key, kv.Value.Source(), wanted(typ))
}

// findLine returns the option that starts at a line, and its type; nil if there
// is none.
func findLine(t *ast.Table, typ reflect.Type, line int) (string, *ast.KeyValue, reflect.Type) {
	fields := optionTypes(typ)
	for key, node := range t.Fields {
		switch n := node.(type) {
		case *ast.KeyValue:
			if n.Line == line {
				return key, n, fields[key]
			}
		case []*ast.Table:
			for _, table := range n {
				if key, kv, typ := findLine(table, fields[key].Elem(), line); kv != nil {
					return key, kv, typ
				}
			}
		}
	}
	return "", nil, nil
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
