package luahooks

import (
	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/model"
)

// Of the language, under the names by which the API's files call it.
var (
	boxedTrue  = lua51.True
	boxedFalse = lua51.False
	boxBool    = lua51.BoxBool
	luaType    = lua51.TypeOf
	tableOf    = lua51.TableOf
	readTable  = lua51.ReadTable
	toInt      = lua51.ToInt
)

const maxString = lua51.MaxString

// boxValue converts a field; None becomes nil.
func boxValue(b *lua51.Box, v model.Value) lua.LValue {
	switch v.Kind {
	case model.String:
		return b.String(v.Str)
	case model.Int:
		return b.Int(v.Num)
	case model.Bool:
		return boxBool(v.Num != 0)
	}
	return lua.LNil
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isAlpha(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
