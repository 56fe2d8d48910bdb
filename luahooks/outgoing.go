package luahooks

import (
	"fmt"
	"math"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/internal/arg"
	"telegraf-rtnetlink/luahooks/internal/emit"
	"telegraf-rtnetlink/luahooks/internal/event"
	"telegraf-rtnetlink/luahooks/model"
)

// edit is one change that hooks have made to the metric of the current event.
type edit struct {
	by    *instance
	key   string
	tag   bool
	text  string // of a tag, empty: removed
	value any    // of a field, nil: removed
}

// maxEdits bounds the changes that a script makes to one event's metric.
const maxEdits = 256

// ownTags and ownFields are those of events that scripts cannot change: what a
// reader of the stream relies on.
var (
	ownTags   = []string{"action", "origin", "netns"}
	ownFields = []string{"seq", "key"}
)

func (lib *eventLib) noteEdit(L *lua.LState, e edit) {
	edits := &lib.in.rt.edits
	if len(*edits) >= maxEdits && edits.by(lib.in) >= maxEdits {
		L.RaiseError("over %d changes of one event's metric", maxEdits)
	}
	e.by = lib.in
	*edits = append(*edits, e)
}

// edits is all of them, in order.
type edits []edit

// reset forgets them.
func (all *edits) reset() {
	clear(*all)
	*all = (*all)[:0]
}

// by counts those of a script.
func (all edits) by(in *instance) (n int) {
	for i := range all {
		if all[i].by == in {
			n++
		}
	}
	return n
}

// last returns the last change of a tag or field, nil if there is none.
func (all edits) last(key string, tag bool) *edit {
	for _, v := range slices.Backward(all) {
		if v.key == key && v.tag == tag {
			return &v
		}
	}
	return nil
}

// evTag is ev:tag(key, value): value nil removes the tag.
func (lib *eventLib) evTag(L *lua.LState) int {
	c := lib.ev(L)
	key := arg.Name(L, 2)
	value := arg.Tag(L, 3)
	if slices.Contains(ownTags, key) {
		L.ArgError(2, fmt.Sprintf("the tag %s is what readers of the stream rely on, and cannot be changed", key))
	}
	if value != "" {
		value = lib.in.script.metrics.Fold(lib.in.rt.schema.Objects[c.Object].Name, key, value)
	}
	lib.noteEdit(L, edit{key: key, tag: true, text: value})
	c.Out.SetTag(key, value)
	return 0
}

// evField is ev:field(key, value): value nil removes the field. A field that
// the event has keeps its type, another one the type that is written behind its
// name or else that of its first value.
func (lib *eventLib) evField(L *lua.LState) int {
	c := lib.ev(L)
	key, declared, err := emit.SplitKind(arg.Name(L, 2))
	if err != nil {
		L.ArgError(2, err.Error())
	}
	if slices.Contains(ownFields, key) {
		L.ArgError(2, fmt.Sprintf("the field %s is what readers of the stream rely on, and cannot be changed", key))
	}
	object := lib.in.rt.schema.Objects[c.Object].Name
	value, err := lib.outValue(c.Object, key, declared, L.Get(3), func() *emit.Kind { return lib.in.metrics.Kind(L, object, key, declared) })
	if err != nil {
		L.ArgError(3, err.Error())
	}
	lib.noteEdit(L, edit{key: key, value: value})
	c.Out.SetField(key, value)
	return 0
}

// outValue converts a value of ev:field. other is the type of a field that
// events do not have of their own.
func (lib *eventLib) outValue(object int, key string, declared emit.Kind, v lua.LValue, other func() *emit.Kind) (any, error) {
	if v == lua.LNil {
		return nil, nil
	}
	own := lib.in.rt.schema.KindOf(object, key)
	if own == model.None {
		value, err := other().Convert(v)
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", key, err)
		}
		return value, nil
	}
	if want := [...]emit.Kind{model.String: emit.String, model.Int: emit.Int, model.Bool: emit.Bool}[own]; declared != emit.Any && declared != want {
		return nil, fmt.Errorf("the field %s is %s", key, want)
	}
	value, ok := ofKind(own, v)
	if !ok {
		return nil, fmt.Errorf("the field %s is %s expected, got %s", key, wantOf(own), arg.Shown(v))
	}
	return value, nil
}

// ofKind returns a value in the type that an event's own field has in all other
// metrics; false where that would be another value.
func ofKind(kind model.Kind, v lua.LValue) (any, bool) {
	switch v := v.(type) {
	case lua.LNumber:
		f := float64(v)
		return int64(f), kind == model.Int && f == math.Trunc(f) && math.Abs(f) < 1<<63
	case lua.LString:
		return strings.Clone(arg.Clean(string(v))), kind == model.String && len(v) <= emit.MaxFieldLen
	case lua.LBool:
		return bool(v), kind == model.Bool
	}
	return nil, false
}

// wantOf names a kind in a message about a field.
func wantOf(k model.Kind) string {
	return [...]string{model.String: "a string, a string", model.Int: "an integer, a whole number", model.Bool: "a boolean, a boolean"}[k]
}

// evGetTag is ev:get_tag(key): the tag of the outgoing metric, with what hooks
// have changed so far.
func (lib *eventLib) evGetTag(L *lua.LState) int {
	c := lib.ev(L)
	key := arg.Name(L, 2)
	if e := lib.in.rt.edits.last(key, true); e != nil {
		pushTag(L, e.text)
		return 1
	}
	x := lib.in.rt.schema
	switch key {
	case "action":
		pushTag(L, x.Actions[c.Action])
	case "origin":
		pushTag(L, x.Origins[c.Ev.Origin()])
	case "netns":
		pushTag(L, c.Ev.Netns())
	default:
		i, ok := x.Fields[c.Object][key]
		if !ok || !x.Objects[c.Object].Fields[i].Tag {
			L.Push(lua.LNil)
			break
		}
		pushTag(L, string(event.AppendValue(nil, &c.Field(i).Value)))
	}
	return 1
}

// evGetField is ev:get_field(key): like get_tag, for a field.
func (lib *eventLib) evGetField(L *lua.LState) int {
	c := lib.ev(L)
	key := arg.Name(L, 2)
	if e := lib.in.rt.edits.last(key, false); e != nil {
		L.Push(lib.in.ToLua(e.value, false))
		return 1
	}
	x := lib.in.rt.schema
	i, ok := x.Fields[c.Object][key]
	switch {
	case key == "key":
		L.Push(lib.in.rt.box.String(c.Ev.Key()))
	case key == "changed" && !c.Ev.Changed().Empty():
		L.Push(lua.LString(c.ChangedNames()))
	case ok && !x.Objects[c.Object].Fields[i].Tag:
		L.Push(c.Field(i).Lua(lib.in.rt.box))
	default:
		L.Push(lua.LNil)
	}
	return 1
}
