package library

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"telegraf-rtnetlink/luahooks/internal/lua51"

	lua "github.com/yuin/gopher-lua"
)

// MaxJSONDepth bounds how deeply a value of nl.json is nested.
const MaxJSONDepth = 100

// jsonLib is nl.json: encode, decode and null, which stands for null in both
// directions.
func (l *Library) jsonLib() *lua.LTable {
	meta := l.st.L.NewTable()
	meta.RawSetString("__tostring", l.st.L.NewFunction(func(L *lua.LState) int {
		L.Push(lua.LString("null"))
		return 1
	}))
	l.null = &lua.LUserData{Metatable: meta}
	t := l.st.L.NewTable()
	t.RawSetString("encode", l.st.L.NewFunction(l.jsonEncode))
	t.RawSetString("decode", l.st.L.NewFunction(l.jsonDecode))
	t.RawSetString("null", l.null)
	return t
}

// jsonEncode is nl.json.encode(value): a text, or nil and why not.
func (l *Library) jsonEncode(L *lua.LState) int {
	w := &jsonWriter{lib: l}
	if err := w.value(L.CheckAny(1), 0); err != nil {
		L.Push(lua.LNil)
		L.Push(lua.LString(err.Error()))
		return 2
	}
	l.st.Charge(len(w.out))
	L.Push(lua.LString(w.out))
	return 1
}

// jsonWriter writes Lua values; tables with only 1 to n as keys are arrays,
// the empty one too.
type jsonWriter struct {
	lib *Library
	out []byte
}

func (w *jsonWriter) value(v lua.LValue, depth int) error {
	if depth > MaxJSONDepth {
		return fmt.Errorf("nested deeper than %d", MaxJSONDepth)
	}
	w.lib.guard.Check()
	if len(w.out) > lua51.MaxString {
		return fmt.Errorf("longer than %d bytes", lua51.MaxString)
	}
	switch v := v.(type) {
	case *lua.LNilType:
		w.out = append(w.out, "null"...)
		return nil
	case lua.LBool:
		w.out = append(w.out, v.String()...)
		return nil
	case lua.LString:
		return w.text(string(v))
	case lua.LNumber:
		return w.number(float64(v))
	case *lua.LUserData:
		if v == w.lib.null {
			w.out = append(w.out, "null"...)
			return nil
		}
		if ok, err := w.host(v.Value, depth); ok {
			return err
		}
	}
	if t := lua51.TableOf(v); t != nil {
		return w.table(t, depth)
	}
	return fmt.Errorf("a %s has no form in JSON", lua51.TypeOf(v))
}

func (w *jsonWriter) text(s string) error {
	quoted, err := json.Marshal(s)
	w.out = append(w.out, quoted...)
	return err
}

func (w *jsonWriter) number(f float64) error {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return errors.New("infinity and NaN have no form in JSON")
	}
	text, err := json.Marshal(f)
	w.out = append(w.out, text...)
	return err
}

func (w *jsonWriter) table(t *lua.LTable, depth int) error {
	n := t.Len()
	isArray := true
	_ = lua51.EachPair(t, func(k, _ lua.LValue) error {
		w.lib.guard.Check()
		i, ok := k.(lua.LNumber)
		isArray = isArray && ok && i >= 1 && int(i) <= n && float64(i) == math.Trunc(float64(i))
		return nil
	})
	if isArray {
		return w.array(t, n, depth)
	}
	return w.object(depth, func(member func(key string, v lua.LValue) error) error {
		return lua51.EachPair(t, func(k, v lua.LValue) error {
			if !lua.LVCanConvToString(k) {
				return fmt.Errorf("a %s cannot be a key in JSON", lua51.TypeOf(k))
			}
			return member(lua.LVAsString(k), v)
		})
	})
}

func (w *jsonWriter) array(t *lua.LTable, n, depth int) error {
	w.out = append(w.out, '[')
	for i := 1; i <= n; i++ {
		if i > 1 {
			w.out = append(w.out, ',')
		}
		if err := w.value(t.RawGetInt(i), depth+1); err != nil {
			return err
		}
	}
	w.out = append(w.out, ']')
	return nil
}

// host writes an object of the host's, and reports whether v is one.
func (w *jsonWriter) host(v any, depth int) (ok bool, err error) {
	before := len(w.out)
	err = w.object(depth, func(member func(key string, v lua.LValue) error) error {
		var err error
		ok, err = w.lib.members(v, member)
		return err
	})
	if !ok {
		w.out = w.out[:before]
	}
	return ok, err
}

func (w *jsonWriter) object(depth int, members func(func(string, lua.LValue) error) error) error {
	w.out = append(w.out, '{')
	first := true
	err := members(func(key string, v lua.LValue) error {
		if !first {
			w.out = append(w.out, ',')
		}
		first = false
		if err := w.text(key); err != nil {
			return err
		}
		w.out = append(w.out, ':')
		return w.value(v, depth+1)
	})
	w.out = append(w.out, '}')
	return err
}

// MaxJSONValues bounds the values in a text: each may be a table.
const MaxJSONValues = 100_000

// jsonDecode is nl.json.decode(text): a value, or nil and why not.
func (l *Library) jsonDecode(L *lua.LState) int {
	r := &jsonReader{lib: l}
	v, err := r.decode(L.CheckString(1))
	if err != nil {
		L.Push(lua.LNil)
		L.Push(lua.LString(err.Error()))
		return 2
	}
	L.Push(v)
	return 1
}

// jsonReader makes Lua values of a text's tokens, as they come.
type jsonReader struct {
	lib    *Library
	tokens *json.Decoder
	values int
}

func (r *jsonReader) decode(text string) (lua.LValue, error) {
	if len(text) > lua51.MaxString {
		return nil, fmt.Errorf("longer than %d bytes", lua51.MaxString)
	}
	r.tokens = json.NewDecoder(strings.NewReader(text))
	v, err := r.value(0)
	if err == nil {
		_, err = r.tokens.Token()
		if err == nil {
			err = errors.New("something follows the value")
		} else if errors.Is(err, io.EOF) {
			return v, nil
		}
	}
	if errors.Is(err, io.EOF) {
		err = errors.New("unexpected end of JSON input")
	}
	return nil, err
}

func (r *jsonReader) value(depth int) (lua.LValue, error) {
	token, err := r.tokens.Token()
	if err != nil {
		return nil, err
	}
	if r.values++; r.values > MaxJSONValues {
		return nil, fmt.Errorf("over %d values", MaxJSONValues)
	}
	if r.values%checkEvery == 0 {
		r.lib.guard.Check()
	}
	delim, ok := token.(json.Delim)
	switch {
	case !ok && token == nil:
		return r.lib.null, nil
	case !ok:
		return r.lib.st.ToLua(token, false), nil
	case depth >= MaxJSONDepth:
		return nil, fmt.Errorf("nested deeper than %d", MaxJSONDepth)
	case delim == '[':
		return r.array(depth)
	}
	return r.object(depth)
}

func (r *jsonReader) array(depth int) (lua.LValue, error) {
	t := r.lib.st.L.CreateTable(0, 0)
	for i := 1; r.tokens.More(); i++ {
		v, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		t.RawSetInt(i, v)
	}
	_, err := r.tokens.Token()
	return t, err
}

func (r *jsonReader) object(depth int) (lua.LValue, error) {
	t := r.lib.st.L.CreateTable(0, 0)
	for r.tokens.More() {
		key, err := r.tokens.Token()
		if err != nil {
			return nil, err
		}
		v, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		t.RawSetString(key.(string), v)
	}
	_, err := r.tokens.Token()
	return t, err
}
