package plugin

import (
	"net/netip"
	"time"

	"github.com/influxdata/telegraf"

	"telegraf-rtnetlink/luahooks"
	"telegraf-rtnetlink/luahooks/model"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/metric"
	"telegraf-rtnetlink/plugin/internal/mirror"
	"telegraf-rtnetlink/plugin/internal/namespace"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// host is what the scripts see of the plugin beside events.
type host struct {
	log    telegraf.Logger
	env    environment
	build  *metric.Builder
	spaces *namespace.Set
}

var _ luahooks.Host = (*host)(nil)

// Emit implements luahooks.Host.
func (h *host) Emit(m *model.Metric) {
	if out := h.build.Script(m); out != nil {
		h.env.send(out)
	}
}

// Log implements luahooks.Host.
func (h *host) Log(level luahooks.Level, text string) {
	switch level {
	case luahooks.LevelError:
		h.log.Error(text)
	case luahooks.LevelWarn:
		h.log.Warn(text)
	case luahooks.LevelInfo:
		h.log.Info(text)
	default:
		h.log.Debug(text)
	}
}

// Now implements luahooks.Host.
func (h *host) Now() time.Time { return h.env.now() }

// Store implements luahooks.Host.
func (h *host) Store(name string) model.Store {
	if n := h.spaces.Named(name); n != nil {
		return store{n.State()}
	}
	return nil
}

// Namespaces implements luahooks.Host.
func (h *host) Namespaces() (names []string) {
	for _, n := range h.spaces.All() {
		names = append(names, n.Name)
	}
	return names
}

// store makes a mirror what scripts query.
type store struct{ state *mirror.State }

// row is one object of a store.
type row struct{ view event.View }

// Field implements luahooks.Row.
func (r *row) Field(i int) model.Value { return value(r.view.Value(i)) }

func (s store) row(o rtnl.Object, body []byte) model.Row {
	if body == nil {
		return nil
	}
	r := &row{}
	r.view.Reset(o, body, s.state)
	return r
}

// LinkByIndex implements luahooks.Store.
func (s store) LinkByIndex(index int) model.Row {
	return s.row(rtnl.Link, s.state.LinkByIndex(uint32(index)))
}

// LinkByName implements luahooks.Store.
func (s store) LinkByName(name string) model.Row {
	return s.row(rtnl.Link, s.state.LinkByName(name))
}

// Len implements luahooks.Store.
func (s store) Len(object int) int { return s.state.Len(rtnl.Object(object)) }

// Each implements luahooks.Store.
func (s store) Each(object int, want []model.Want, yield func(model.Row) bool) {
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
func (s store) Route(dst netip.Prefix, table string) model.Row {
	return s.first(table, func(id uint32) []byte { return s.state.Route(dst, id) })
}

// first returns the first route that find knows in the tables of a name.
func (s store) first(table string, find func(id uint32) []byte) model.Row {
	for _, id := range event.TableIDs(table) {
		if body := find(id); body != nil {
			return s.row(rtnl.Route, body)
		}
	}
	return nil
}

// Lookup implements luahooks.Store.
func (s store) Lookup(addr netip.Addr, table string) model.Row {
	return s.first(table, func(id uint32) []byte { return s.state.Lookup(addr, id) })
}
