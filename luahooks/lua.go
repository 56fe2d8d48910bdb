package luahooks

import (
	"telegraf-rtnetlink/luahooks/internal/lua51"
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

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isAlpha(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
