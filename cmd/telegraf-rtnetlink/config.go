package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/influxdata/toml"
	"github.com/influxdata/toml/ast"

	"telegraf-rtnetlink/plugin"
)

// loadConfig reads a file with one [[inputs.rtnetlink]] table and returns the
// input, not initialized; an empty path stands for the defaults, with a cap of
// events. An error is
// one line that names file, line, key and remedy.
func loadConfig(path string, rate int) (*plugin.RTNetlink, error) {
	input := plugin.New()
	input.MaxEventsPerSecond = rate
	if path == "" {
		return input, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")) // a byte order mark
	if err := decode(text, input); err != nil {
		return nil, fmt.Errorf("%s:%w", path, err)
	}
	return input, nil
}

// decode sets the options of input that text has. It uses Telegraf's own TOML
// decoder, so that a file means the same here and in telegraf.conf. The error
// starts with the line number.
func decode(text []byte, input *plugin.RTNetlink) error {
	file, err := toml.Parse(text)
	if err != nil {
		var at *toml.LineError
		if errors.As(err, &at) {
			return fmt.Errorf("%d: %w", at.Line, at.Err)
		}
		return fmt.Errorf("1: %w", err)
	}
	table, err := inputTable(file)
	if err != nil {
		return err
	}
	expandTable(table)
	if err := checkKeys(table, input); err != nil {
		return err
	}
	if err := toml.UnmarshalTable(table, input); err != nil {
		return badValue(table, input, err)
	}
	return nil
}

// inputTable finds the one [[inputs.rtnetlink]] table. Anything else in the
// file is a mistake: nothing would read it.
func inputTable(file *ast.Table) (*ast.Table, error) {
	if err := onlyKey(file, "inputs", "[[inputs.rtnetlink]]"); err != nil {
		return nil, err
	}
	inputs, ok := file.Fields["inputs"].(*ast.Table)
	if !ok {
		return nil, errors.New("1: no [[inputs.rtnetlink]] table")
	}
	if err := onlyKey(inputs, "rtnetlink", "[[inputs.rtnetlink]]"); err != nil {
		return nil, err
	}
	switch tables := inputs.Fields["rtnetlink"].(type) {
	case []*ast.Table:
		if len(tables) > 1 {
			return nil, fmt.Errorf("%d: second [[inputs.rtnetlink]] table, keep one and start the program once more for the other", tables[1].Line)
		}
		return tables[0], nil
	case *ast.Table:
		return nil, fmt.Errorf("%d: write [[inputs.rtnetlink]] in double brackets", tables.Line)
	}
	return nil, errors.New("1: no [[inputs.rtnetlink]] table")
}

// onlyKey refuses every key of a table but one.
func onlyKey(t *ast.Table, key, want string) error {
	for _, k := range byLine(t) {
		if k != key {
			return fmt.Errorf("%d: %s has no place here, this program reads %s only; the rest belongs into telegraf.conf",
				lineOf(t.Fields[k]), k, want)
		}
	}
	return nil
}

// byLine lists a table's keys in the order of the file.
func byLine(t *ast.Table) []string {
	keys := slices.Sorted(maps.Keys(t.Fields))
	slices.SortStableFunc(keys, func(a, b string) int { return lineOf(t.Fields[a]) - lineOf(t.Fields[b]) })
	return keys
}

func lineOf(node any) int {
	switch n := node.(type) {
	case *ast.KeyValue:
		return n.Line
	case *ast.Table:
		return n.Line
	case []*ast.Table:
		return n[0].Line
	}
	return 0
}

// expandTable replaces $NAME and ${NAME} in the strings of a table by the
// environment variable, if there is one of this name. All else stays: unlike
// Telegraf's shim, which deletes it, a "$1" in a path or pattern is kept.
func expandTable(t *ast.Table) {
	for _, node := range t.Fields {
		switch n := node.(type) {
		case *ast.KeyValue:
			expandValue(n.Value)
		case *ast.Table:
			expandTable(n)
		case []*ast.Table:
			for _, table := range n {
				expandTable(table)
			}
		}
	}
}

func expandValue(v ast.Value) {
	switch v := v.(type) {
	case *ast.String:
		v.Value = variable.ReplaceAllStringFunc(v.Value, func(ref string) string {
			value, ok := os.LookupEnv(strings.Trim(ref, "${}"))
			if !ok {
				return ref
			}
			return value
		})
	case *ast.Array:
		for _, element := range v.Value {
			expandValue(element)
		}
	}
}
