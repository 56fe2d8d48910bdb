package luahooks

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"

	"telegraf-rtnetlink/luahooks/internal/schema"
	"telegraf-rtnetlink/luahooks/model"
)

// stubsAPI is the part of the stubs that no schema changes.
//
//go:embed stubs.lua
var stubsAPI string

// WriteStubs writes type definitions of the module for the Lua language server
// (https://luals.github.io): the API, and a class for each object with its
// fields as the schema names and documents them.
func WriteStubs(w io.Writer, s *model.Schema) error {
	out := bufio.NewWriter(w)
	head, tail, _ := strings.Cut(stubsAPI, "--@schema\n")
	_, _ = out.WriteString(head)
	fmt.Fprintf(out, "---@alias Action %s\n", alias(s.Actions))
	fmt.Fprintf(out, "---@alias Origin %s\n", alias(s.Origins))
	fmt.Fprintf(out, "---@alias Object %s\n", alias(objectNames(s)))
	for i := range s.Objects {
		writeClass(out, &s.Objects[i])
	}
	writeAnyEvent(out, s)
	before, after, _ := strings.Cut(tail, "--@overloads\n")
	_, _ = out.WriteString(before)
	writeOverloads(out, s)
	_, _ = out.WriteString(after)
	for i := range s.Objects {
		if !s.Objects[i].Stateless {
			writeFunctions(out, &s.Objects[i])
		}
	}
	_, _ = out.WriteString("\nreturn nl\n")
	return out.Flush()
}

func objectNames(s *model.Schema) []string { return (&schema.Index{Schema: s}).ObjectNames() }

// alias is a union of words.
func alias(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = fmt.Sprintf("%q", w)
	}
	return strings.Join(quoted, "|")
}

// title is the class name of an object: Link, Neighbor.
func title(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

// writeClass writes the classes of an object as it is in the mirror, of its
// events and of their parts, and of the filters.
func writeClass(out io.Writer, o *model.Object) {
	name := title(o.Name)
	what := "A copy of one " + o.Name + " of the mirror."
	if o.Stateless {
		what = "What a " + o.Name + " says."
	}
	fmt.Fprintf(out, "\n---%s\n---@class %s\n---@field object %q\n", what, name, o.Name)
	for i := range o.Fields {
		f := &o.Fields[i]
		line := fmt.Sprintf("---@field %s %s? %s", fieldKey(f.Name), luaTypeOf(f), describeField(f))
		fmt.Fprintln(out, strings.TrimSpace(line))
	}
	fmt.Fprintf(out, "---@field fields fun(self): fun(): string, any\n")

	fmt.Fprintf(out, "\n---@class %sEvent: %s, Event\n---@field old %s the values before; all nil for a new %s\n", name, name, name, o.Name)
	fmt.Fprintf(out, "---@field changed %sChanged\n", name)
	fmt.Fprintf(out, "\n---@class %sChanged\n", name)
	for i := range o.Fields {
		fmt.Fprintf(out, "---@field %s boolean\n", fieldKey(o.Fields[i].Name))
	}
	fmt.Fprintf(out, "\n---@class %sFilter\n", name)
	for i := range o.Fields {
		fmt.Fprintf(out, "---@field %s %s|nil\n", fieldKey(o.Fields[i].Name), filterType(&o.Fields[i]))
	}
	if o.Prefix != "" {
		fmt.Fprintf(out, "---@field within? string|string[]|table<string, string|string[]> prefixes that hold `%s`, or another field\n", o.Prefix)
	} else {
		fmt.Fprintf(out, "---@field within? table<string, string|string[]> prefixes that hold a field\n")
	}
	fmt.Fprintf(out, "\n---@class %sEventFilter: %sFilter, EventFilter\n", name, name)
	if !o.Stateless {
		fmt.Fprintf(out, "\n---@class %sQuery: %sFilter\n---@field limit? integer\n---@field netns? string\n", name, name)
	}
}

// writeAnyEvent writes the class of the events of hooks on "*".
func writeAnyEvent(out io.Writer, s *model.Schema) {
	fmt.Fprintf(out, "\n---An event of any object; fields that the object does not have are nil.\n---@class AnyEvent: Event\n")
	seen := map[string]bool{}
	for i := range s.Objects {
		for j := range s.Objects[i].Fields {
			if f := &s.Objects[i].Fields[j]; !seen[f.Name] {
				seen[f.Name] = true
				fmt.Fprintf(out, "---@field %s %s?\n", fieldKey(f.Name), kindType(f.Kind))
			}
		}
	}
	fmt.Fprintf(out, "---@field old table<string, any>\n---@field changed table<string, boolean>\n")
}

// writeOverloads writes the forms of nl.on, which give a hook's parameter its type.
func writeOverloads(out io.Writer, s *model.Schema) {
	for _, name := range objectNames(s) {
		class := title(name)
		fmt.Fprintf(out, "---@overload fun(object: %q, filter: %sEventFilter, fn: fun(ev: %sEvent): boolean?): Handle\n", name, class, class)
		fmt.Fprintf(out, "---@overload fun(object: %q, fn: fun(ev: %sEvent): boolean?): Handle\n", name, class)
	}
	fmt.Fprintf(out, "---@overload fun(object: \"*\", filter: EventFilter, fn: fun(ev: AnyEvent): boolean?): Handle\n")
	fmt.Fprintf(out, "---@overload fun(object: \"*\", fn: fun(ev: AnyEvent): boolean?): Handle\n")
	fmt.Fprintf(out, "---@overload fun(object: %s, fn: fun(info: Moment)): Handle\n", alias(momentNames()))
	fmt.Fprintf(out, "---@overload fun(object: %q, filter: table<string, string|string[]|boolean>, fn: fun(m: Reading): boolean?): Handle\n", gatherName)
	fmt.Fprintf(out, "---@overload fun(object: %q, fn: fun(m: Reading): boolean?): Handle\n", gatherName)
}

// writeFunctions writes the iterator over a class in the mirror.
func writeFunctions(out io.Writer, o *model.Object) {
	name := title(o.Name)
	fmt.Fprintf(out, "\n---Iterates over copies of the %s in the mirror that match.\n", plural(o.Name))
	fmt.Fprintf(out, "---@param filter? %sQuery\n---@return fun(): %s\n", name, name)
	fmt.Fprintf(out, "function nl.%s(filter) end\n", plural(o.Name))
}

// luaWords are the field names that have to be written as ["local"].
var luaWords = []string{"and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in",
	"local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while"}

func fieldKey(name string) string {
	if slices.Contains(luaWords, name) {
		return fmt.Sprintf("[%q]", name)
	}
	return name
}

func kindType(k model.Kind) string {
	return [...]string{model.None: "nil", model.String: "string", model.Int: "integer", model.Bool: "boolean"}[k]
}

func luaTypeOf(f *model.Field) string {
	if f.Kind == model.String && len(f.Choices) > 0 && !f.List {
		return "(string|" + alias(f.Choices) + ")"
	}
	return kindType(f.Kind)
}

// filterType is what a filter takes for a field.
func filterType(f *model.Field) string {
	switch f.Kind {
	case model.Int:
		return "integer|string|(integer|string)[]|boolean"
	case model.Bool:
		return "boolean"
	}
	return "string|string[]|boolean"
}

// describeField is a field's comment: what it is, its unit, and whether it is
// a tag of the metric.
func describeField(f *model.Field) string {
	text := f.Doc
	if f.Unit != "" {
		text += " (" + f.Unit + ")"
	}
	if f.Tag {
		text += " [tag]"
	}
	return strings.TrimSpace(text)
}
