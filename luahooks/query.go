package luahooks

import (
	"fmt"
	"net/netip"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/choices"
	"telegraf-rtnetlink/luahooks/internal/address"
	"telegraf-rtnetlink/luahooks/internal/arg"
	"telegraf-rtnetlink/luahooks/internal/filter"
	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/model"
)

// defaultRows bounds what an iterator over the mirror returns unless the script
// gives a limit.
const defaultRows = 10_000

// checkRows is how many rows a scan visits between looks at the time limit.
const checkRows = 64

// mirrorLib is what a script can ask the mirror.
type mirrorLib struct {
	in      *instance
	rowMeta *lua.LTable
}

// mirror returns that of a network namespace, for the call of a script; by
// default, that of the event being run.
func (lib *mirrorLib) mirror(L *lua.LState, call, netns string) model.Store {
	lib.in.loaded(L, call)
	if netns == "" && lib.in.rt.cur.Ev != nil {
		netns = lib.in.rt.cur.Ev.Netns()
	}
	s := lib.in.rt.host.Store(netns)
	if s == nil {
		L.RaiseError("there is no mirror of network namespace %q", netns)
	}
	lib.in.script.stats.Lookups++
	return s
}

// found returns a row as a result, or nil.
func (lib *mirrorLib) found(L *lua.LState, object int, r model.Row) int {
	if r == nil {
		lib.in.script.stats.LookupsNone++
		L.Push(lua.LNil)
	} else {
		L.Push(lib.snap(object, r))
	}
	return 1
}

// apiLink is nl.link(name or index [, netns]).
func (lib *mirrorLib) apiLink(L *lua.LState) int {
	object := lib.in.rt.schema.Link
	if object < 0 {
		L.RaiseError("nl.link: links are not mirrored")
	}
	switch v := L.CheckAny(1).(type) {
	case lua.LNumber:
		return lib.found(L, object, lib.mirror(L, "nl.link", L.OptString(2, "")).LinkByIndex(int(lua51.ToInt(float64(v)))))
	case lua.LString:
		return lib.found(L, object, lib.mirror(L, "nl.link", L.OptString(2, "")).LinkByName(string(v)))
	}
	L.ArgError(1, "name or index expected, got "+lua51.TypeOf(L.Get(1)))
	return 0
}

// apiLookup is nl.lookup(address [, table [, netns]]): the route with the longest
// prefix.
func (lib *mirrorLib) apiLookup(L *lua.LState) int {
	object, ok := lib.in.rt.schema.ByName["route"]
	if !ok {
		L.RaiseError("nl.lookup: routes are not mirrored")
	}
	table := "main"
	switch v := L.Get(2).(type) {
	case lua.LString:
		table = string(v)
	case lua.LNumber:
		table = v.String()
	case *lua.LNilType:
	default:
		L.ArgError(2, "name or number of a routing table expected, got "+lua51.TypeOf(v))
	}
	addr, err := address.ParseAddr(L.CheckString(1))
	if err != nil {
		L.Push(lua.LNil)
		L.Push(lua.LString(err.Error()))
		return 2
	}
	return lib.found(L, object, lib.mirror(L, "nl.lookup", L.OptString(3, "")).Lookup(addr, table))
}

// apiRoute is nl.route(table, dst [, netns]): the route to exactly that
// destination, with the lowest metric.
func (lib *mirrorLib) apiRoute(L *lua.LState) int {
	object, ok := lib.in.rt.schema.ByName["route"]
	if !ok {
		L.RaiseError("nl.route: routes are not mirrored")
	}
	table, text := L.CheckString(1), L.CheckString(2)
	mirror := lib.mirror(L, "nl.route", L.OptString(3, ""))
	if text == "default" {
		if r := mirror.Route(netip.MustParsePrefix("0.0.0.0/0"), table); r != nil {
			return lib.found(L, object, r)
		}
		return lib.found(L, object, mirror.Route(netip.MustParsePrefix("::/0"), table))
	}
	dst, err := address.Parse(text)
	if err != nil {
		L.Push(lua.LNil)
		L.Push(lua.LString(err.Error()))
		return 2
	}
	return lib.found(L, object, mirror.Route(dst, table))
}

// apiNeighbor is nl.neighbor(interface, dst [, netns]).
func (lib *mirrorLib) apiNeighbor(L *lua.LState) int {
	object, ok := lib.in.rt.schema.ByName["neighbor"]
	if !ok {
		L.RaiseError("nl.neighbor: neighbors are not mirrored")
	}
	dst, err := address.ParseAddr(L.CheckString(2))
	if err != nil {
		L.Push(lua.LNil)
		L.Push(lua.LString(err.Error()))
		return 2
	}
	fields := lib.in.rt.schema.Fields[object]
	q := query{call: "nl.neighbor", object: object, netns: L.OptString(3, ""), filter: append(
		filter.Is(fields["interface"], L.CheckString(1)), filter.Is(fields["dst"], dst.String())...)}
	q.want = q.filter.Wants()
	var found model.Row
	lib.scan(L, &q, func(r model.Row) bool { found = r; return false })
	return lib.found(L, object, found)
}

// query is what nl.routes{…} and nl.count ask for.
type query struct {
	call    string // of the script, for messages
	object  int
	filter  filter.Filter
	want    []model.Want
	limit   int
	limited bool // by the script
	netns   string
}

// query reads a filter with the options limit and netns.
func (lib *mirrorLib) query(L *lua.LState, call string, object, arg int) query {
	q := query{call: call, object: object, limit: defaultRows}
	if L.Get(arg) == lua.LNil {
		return q
	}
	t := lua51.ReadTable(L, arg)
	switch n := t.RawGetString("limit").(type) {
	case *lua.LNilType:
	case lua.LNumber:
		if !filter.IsWhole(float64(n)) || n < 0 {
			L.ArgError(arg, "limit: want a number of objects, got "+n.String())
		}
		q.limit, q.limited = int(min(n, 1e9)), true
	default:
		L.ArgError(arg, "limit: want a number of objects, got a "+lua51.TypeOf(n))
	}
	switch s := t.RawGetString("netns").(type) {
	case *lua.LNilType:
	case lua.LString:
		q.netns = string(s)
	default:
		L.ArgError(arg, "netns: want a namespace's name, got a "+lua51.TypeOf(s))
	}
	f, err := filter.Parse(lib.in.rt.schema, t, object, false, "limit", "netns")
	if err != nil {
		L.RaiseError("%s: %s", call, err.Error())
	}
	q.filter, q.want = f, f.Wants()
	return q
}

// scan calls yield for the rows that match.
func (lib *mirrorLib) scan(L *lua.LState, q *query, yield func(model.Row) bool) {
	visited := 0
	lib.mirror(L, q.call, q.netns).Each(q.object, q.want, func(r model.Row) bool {
		if visited++; visited%checkRows == 0 || r == nil {
			lib.in.rt.watch.Check()
		}
		return r == nil || !q.filter.MatchRow(r) || yield(r)
	})
}

// apiRows is nl.links{…} and its siblings: an iterator over copies of what
// matches at the time of the call.
func (lib *mirrorLib) apiRows(L *lua.LState, object int) int {
	q := lib.query(L, "nl."+plural(lib.in.rt.schema.Objects[object].Name), object, 1)
	var rows []*lua.LUserData
	more := false
	lib.scan(L, &q, func(r model.Row) bool {
		if len(rows) >= q.limit {
			more = true
			return false
		}
		rows = append(rows, lib.snap(object, r))
		return true
	})
	if more && !q.limited {
		lib.in.logFrom(L, LevelWarn, "the result is cut at 10000 objects; give a limit= or use nl.count")
	}
	left := &rowList{rows}
	L.Push(lua51.Holding(L, left, func(L *lua.LState) int {
		if len(left.rows) == 0 {
			return 0
		}
		L.Push(left.rows[0])
		left.rows = left.rows[1:]
		return 1
	}))
	return 1
}

// rowList is what an iterator over the mirror has left.
type rowList struct{ rows []*lua.LUserData }

// Held implements lua51.Holder.
func (l *rowList) Held() (n int) {
	for _, ud := range l.rows {
		n += 64
		if s, ok := ud.Value.(*snapshot); ok {
			n += s.Held()
		}
	}
	return n
}

// apiCount is nl.count(object, filter).
func (lib *mirrorLib) apiCount(L *lua.LState) int {
	name := L.CheckString(1)
	object, ok := lib.in.rt.schema.ByName[name]
	if !ok {
		L.ArgError(1, fmt.Sprintf("there is no %q; there are: %s", arg.Clip(name), choices.Join(lib.in.rt.schema.ObjectNames())))
	}
	q := lib.query(L, "nl.count", object, 2)
	n := 0
	if len(q.filter) == 0 {
		n = lib.mirror(L, q.call, q.netns).Len(object)
	} else {
		lib.scan(L, &q, func(model.Row) bool {
			n++
			return !q.limited || n < q.limit
		})
	}
	if q.limited {
		n = min(n, q.limit)
	}
	L.Push(lib.in.rt.box.Int(int64(n)))
	return 1
}
