package library

import (
	"fmt"
	"net/netip"
	"strings"

	"telegraf-rtnetlink/luahooks/internal/address"
	"telegraf-rtnetlink/luahooks/internal/lua51"

	"github.com/gaissmai/bart"
	lua "github.com/yuin/gopher-lua"
)

// ipLib is nl.ip. For what is no address its functions return nil and why not.
func (l *Library) ipLib() *lua.LTable {
	t := l.st.L.NewTable()
	for name, fn := range map[string]lua.LGFunction{
		"parse": ipParse, "family": ipFamily, "kind": ipKind, "network": ipNetwork,
		"within": l.ipWithin, "set": l.ipSet,
	} {
		t.RawSetString(name, l.st.L.NewFunction(fn))
	}
	return t
}

// argument reads argument 1, with or without a prefix length.
func argument(L *lua.LState) (netip.Prefix, bool) {
	p, err := address.ParseWhole(L.CheckString(1))
	if err != nil {
		L.Push(lua.LNil)
		L.Push(lua.LString(err.Error()))
	}
	return p, err == nil
}

// ipParse is nl.ip.parse(text): the canonical address, its prefix length.
func ipParse(L *lua.LState) int {
	p, ok := argument(L)
	if ok {
		L.Push(lua.LString(p.Addr().String()))
		L.Push(lua.LNumber(p.Bits()))
	}
	return 2
}

// ipFamily is nl.ip.family(text): "inet" or "inet6", as events spell it.
func ipFamily(L *lua.LState) int {
	p, ok := argument(L)
	if !ok {
		return 2
	}
	if p.Addr().Is4() {
		L.Push(lua.LString("inet"))
	} else {
		L.Push(lua.LString("inet6"))
	}
	return 1
}

// ipKind is nl.ip.kind(text): what the address is for.
func ipKind(L *lua.LState) int {
	p, ok := argument(L)
	if !ok {
		return 2
	}
	L.Push(lua.LString(kindOf(p.Addr().Unmap())))
	return 1
}

func kindOf(a netip.Addr) string {
	switch {
	case a.IsUnspecified():
		return "unspecified"
	case a.IsLoopback():
		return "loopback"
	case a.IsMulticast():
		return "multicast"
	case a.IsLinkLocalUnicast():
		return "link-local"
	case a.IsPrivate():
		return "private"
	}
	return "global"
}

// ipNetwork is nl.ip.network("10.1.2.3/8" [, bits]): "10.0.0.0/8".
func ipNetwork(L *lua.LState) int {
	p, ok := argument(L)
	if !ok {
		return 2
	}
	n := L.OptInt(2, p.Bits())
	masked, err := p.Addr().Prefix(n)
	if err != nil {
		L.Push(lua.LNil)
		L.Push(lua.LString(fmt.Sprintf("a prefix of %s has 0 to %d bits, not %d", p.Addr(), p.Addr().BitLen(), n)))
		return 2
	}
	L.Push(lua.LString(masked.String()))
	return 1
}

// ipWithin is nl.ip.within(address or prefix, prefix).
func (l *Library) ipWithin(L *lua.LState) int {
	p, err := l.prefixes.Prefix(L.CheckString(2))
	if err != nil {
		L.ArgError(2, err.Error())
	}
	L.Push(lua51.BoxBool(address.Within(p, L.CheckString(1))))
	return 1
}

// ipSet is nl.ip.set{prefixes…}; set:find(address) returns the longest prefix
// in it that holds the address, or nil.
func (l *Library) ipSet(L *lua.LState) int {
	set, err := l.newPrefixSet(lua51.ReadTable(L, 1))
	if err != nil {
		L.ArgError(1, err.Error())
	}
	L.Push(&lua.LUserData{Value: set, Metatable: l.setMeta})
	return 1
}

func setFind(L *lua.LState) int {
	ud, _ := L.Get(1).(*lua.LUserData)
	if ud == nil {
		ud = &lua.LUserData{}
	}
	set, ok := ud.Value.(*prefixSet)
	if !ok {
		L.ArgError(1, "set expected (call it as set:find(address))")
	}
	p, err := address.ParseWhole(L.CheckString(2))
	if err != nil {
		L.Push(lua.LNil)
		return 1
	}
	if found, ok := set.LookupPrefix(p); ok {
		L.Push(lua.LString(found))
	} else {
		L.Push(lua.LNil)
	}
	return 1
}

// prefixSet finds the longest of its prefixes that holds an address. The values
// are the prefixes as the script wrote them.
type prefixSet struct{ bart.Table[string] }

// Held implements lua51.Holder: about what a prefix takes.
func (s *prefixSet) Held() int { return 256 * s.Size() }

func (l *Library) newPrefixSet(t *lua.LTable) (*prefixSet, error) {
	s := &prefixSet{}
	for i := 1; i <= t.Len(); i++ {
		if i%checkEvery == 0 {
			l.guard.Check()
		}
		text, ok := t.RawGetInt(i).(lua.LString)
		if !ok {
			return nil, fmt.Errorf("element %d: a prefix expected, got a %s", i, lua51.TypeOf(t.RawGetInt(i)))
		}
		p, err := address.Parse(string(text))
		if err != nil {
			return nil, fmt.Errorf("element %d: %w", i, err)
		}
		if len(text) > address.MaxText {
			return nil, fmt.Errorf("element %d: longer than %d bytes", i, address.MaxText)
		}
		s.Insert(p, strings.Clone(string(text)))
	}
	return s, nil
}
