// Package library is what scripts have of the module that needs neither events
// nor the mirror: nl.re, nl.json, nl.ip, nl.time, nl.str and nl.bit.
package library

import (
	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/internal/address"
	"telegraf-rtnetlink/luahooks/internal/lua51"
)

// Library is these tables of one Lua state. It belongs to the state's goroutine.
type Library struct {
	st       *lua51.State
	guard    lua51.Guard
	prefixes *address.Cache
	members  Members
	null     *lua.LUserData // of nl.json
	setMeta  *lua.LTable    // of nl.ip.set
}

// Members calls member for what an object of the host's has, in order, for
// nl.json.encode. It returns false for what is no such object.
type Members func(v any, member func(name string, value lua.LValue) error) (ok bool, err error)

// Tables makes the tables, by their names in the module. All loops in them ask
// the guard.
func Tables(st *lua51.State, guard lua51.Guard, prefixes *address.Cache, members Members) map[string]lua.LValue {
	l := &Library{st: st, guard: guard, prefixes: prefixes, members: members}
	l.setMeta = st.MethodTable("a set", map[string]lua.LGFunction{"find": setFind})
	return map[string]lua.LValue{
		"ip": st.Freeze(l.ipLib()), "json": st.Freeze(l.jsonLib()), "re": st.Freeze(l.reLib()),
		"time": l.timeLib(), "str": l.strLib(), "bit": l.bitLib(),
	}
}

// checkEvery is how many rounds of a loop there are between two looks at the
// time limit.
const checkEvery = 64
