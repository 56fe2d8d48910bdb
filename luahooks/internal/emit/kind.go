package emit

import (
	"fmt"
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/internal/arg"
	"telegraf-rtnetlink/luahooks/internal/lua51"
)

// Kind is the type of a field of a script's metrics. A field keeps its
// type for ever: databases refuse another one.
type Kind uint8

// The types of fields.
const (
	Any Kind = iota // not decided yet
	Float
	Int
	String
	Bool
)

var kindNames = map[string]Kind{"float": Float, "int": Int, "string": String, "bool": Bool}

func (k Kind) String() string {
	return [...]string{"a number, string or boolean", "a number", "an integer", "a string", "a boolean"}[k]
}

// suffix is the kind's word behind a field's name.
func (k Kind) suffix() string {
	for word, kind := range kindNames {
		if kind == k {
			return word
		}
	}
	return ""
}

// SplitKind takes "n:int" apart.
func SplitKind(field string) (string, Kind, error) {
	key, suffix, ok := strings.Cut(field, ":")
	if !ok {
		return field, Any, nil
	}
	kind, known := kindNames[suffix]
	if !known || key == "" {
		return "", 0, fmt.Errorf("%q: a field's type is one of int, float, string, bool, as in \"n:int\"", field)
	}
	return key, kind, nil
}

// MaxFieldLen bounds a text of a metric, in bytes.
const MaxFieldLen = 64 << 10

// Convert makes a value of the kind, and decides the kind by the first value.
func (k *Kind) Convert(v lua.LValue) (any, error) {
	switch v := v.(type) {
	case lua.LNumber:
		f := float64(v)
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, fmt.Errorf("%s is no value for a field", v.String())
		}
		switch *k {
		case Any, Float:
			*k = Float
			return f, nil
		case Int:
			return lua51.ToInt(f), nil
		case String:
			return v.String(), nil
		}
	case lua.LString:
		if len(v) > MaxFieldLen {
			return nil, fmt.Errorf("a text of %d bytes, at most %d fit", len(v), MaxFieldLen)
		}
		if *k == Any || *k == String {
			*k = String
			return strings.Clone(arg.Clean(string(v))), nil
		}
	case lua.LBool:
		if *k == Any || *k == Bool {
			*k = Bool
			return bool(v), nil
		}
	}
	if *k == Any {
		return nil, fmt.Errorf("want %s, got a %s", *k, lua51.TypeOf(v))
	}
	return nil, fmt.Errorf("it is %s since its first value, and databases refuse another type; got %s", *k, arg.Shown(v))
}
