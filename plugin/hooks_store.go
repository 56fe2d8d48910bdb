package plugin

import (
	"net/netip"

	"telegraf-rtnetlink/luahooks"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/mirror"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Store implements luahooks.Host.
func (o *owner) Store(name string) luahooks.Store {
	var first *source
	for _, s := range o.sources {
		if s.name == name {
			return store{s.state}
		}
		if first == nil || s.id < first.id {
			first = s
		}
	}
	if name == "" && first != nil {
		return store{first.state}
	}
	return nil
}

// store makes a mirror what scripts query.
type store struct{ state *mirror.State }

// row is one object of a store.
type row struct{ view event.View }

// Field implements luahooks.Row.
func (r *row) Field(i int) luahooks.Value { return value(r.view.Value(i)) }

func (s store) row(o rtnl.Object, body []byte) luahooks.Row {
	if body == nil {
		return nil
	}
	r := &row{}
	r.view.Reset(o, body, s.state)
	return r
}

// LinkByIndex implements luahooks.Store.
func (s store) LinkByIndex(index int) luahooks.Row {
	return s.row(rtnl.Link, s.state.LinkByIndex(uint32(index)))
}

// LinkByName implements luahooks.Store.
func (s store) LinkByName(name string) luahooks.Row {
	return s.row(rtnl.Link, s.state.LinkByName(name))
}

// Len implements luahooks.Store.
func (s store) Len(object int) int { return s.state.Len(rtnl.Object(object)) }

// Each implements luahooks.Store.
func (s store) Each(object int, want []luahooks.Want, yield func(luahooks.Row) bool) {
	r, leftOut := &row{}, 0
	s.state.Each(rtnl.Object(object), func(body []byte) bool {
		r.view.Reset(rtnl.Object(object), body, s.state)
		for _, w := range want {
			if value(r.view.Value(w.Field)) != w.Value {
				leftOut++
				return leftOut%256 != 0 || yield(nil)
			}
		}
		return yield(r)
	})
}

// Route implements luahooks.Store.
func (s store) Route(dst netip.Prefix, table string) luahooks.Row {
	return s.route(table, func(id uint32) []byte { return s.state.Route(dst, id) })
}

// route returns the first that find knows in the tables of a name.
func (s store) route(table string, find func(id uint32) []byte) luahooks.Row {
	for _, id := range event.TableIDs(table) {
		if body := find(id); body != nil {
			return s.row(rtnl.Route, body)
		}
	}
	return nil
}

// Namespaces implements luahooks.Host.
func (o *owner) Namespaces() (names []string) {
	for _, s := range o.ordered() {
		names = append(names, s.name)
	}
	return names
}

// Lookup implements luahooks.Store.
func (s store) Lookup(addr netip.Addr, table string) luahooks.Row {
	return s.route(table, func(id uint32) []byte { return s.state.Lookup(addr, id) })
}
