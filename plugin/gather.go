package plugin

import (
	"fmt"
	"slices"
	"time"

	"github.com/influxdata/telegraf"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/mirror"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// reading is one metric of Gather.
type reading struct {
	name    string
	counter bool
	tags    map[string]string
	fields  map[string]any
}

// gather sends the gauges and counters. They are collected on the owner
// goroutine, and sent and completed from the kernel on the caller's.
func (o *owner) gather(acc telegraf.Accumulator) error {
	var list []reading
	var places []place
	err := o.awaitEnumeration()
	if err == nil {
		err = o.call(func() { list, places = o.collect(), o.places() })
	}
	if err != nil {
		return fmt.Errorf("gauges and counters left out: %w", err)
	}
	asked, failed := askKernel(places, o.set)
	list = append(list, asked...)
	var incomplete []string
	if failed != nil {
		incomplete = append(incomplete, "rtnetlink_neighbors")
	}
	list = o.vanished.with(o.hooked(list), incomplete...)
	o.statistics.publish(list)
	for _, r := range list {
		if o.instance != "" {
			r.tags["instance"] = o.instance
		}
		if r.counter {
			acc.AddCounter(r.name, r.fields, r.tags)
		} else {
			acc.AddGauge(r.name, r.fields, r.tags)
		}
	}
	return failed
}

// readingsAtOnce is how many readings scripts see before events come in between.
const readingsAtOnce = 500

// hooked returns the readings that the scripts leave, with their tags.
func (o *owner) hooked(list []reading) (kept []reading) {
	wanted := false
	if err := o.call(func() { wanted = o.hooks.gathers() }); err != nil || !wanted {
		return list
	}
	for part := range slices.Chunk(list, readingsAtOnce) {
		left := part
		_ = o.call(func() { left = o.hooks.gather(part) }) // busy: they are sent as they are
		kept = append(kept, left...)
	}
	return kept
}

// firstWait is how long after the start Gather still waits for the first
// enumeration. With --test and --once, Telegraf asks at once.
const firstWait = 2 * time.Second

// awaitEnumeration waits until every namespace was enumerated once. Its errors
// are those of call.
func (o *owner) awaitEnumeration() error {
	for time.Since(o.began) < firstWait {
		pending := false
		if err := o.call(func() { pending = o.enumerating() }); err != nil || !pending {
			return err
		}
		select {
		case <-o.quit:
			return nil
		case <-time.After(10 * time.Millisecond):
		}
	}
	return nil
}

// enumerating reports whether a namespace was not enumerated yet.
func (o *owner) enumerating() bool {
	for _, s := range o.sources {
		if s.pass.ended.IsZero() {
			return true
		}
	}
	return false
}

// collect reads everything that the owner knows.
func (o *owner) collect() (list []reading) {
	scripts := o.hooks.stats()
	totals := hookTotals(scripts)
	for _, s := range o.ordered() {
		if s.state.Tracks(rtnl.Link) && o.set.objects.has(rtnl.Link) {
			list = append(list, o.interfaces(s)...)
		}
		if s.state.Tracks(rtnl.Route) {
			list = append(list, o.routes(s)...)
		}
		list = append(list, o.internal(s, totals))
	}
	list = append(list, o.totals()...)
	list = append(list, scriptReadings(scripts)...)
	o.hooks.flush()
	o.hooks.reload(false)
	return list
}

// tagged adds the namespace to tags.
func (s *source) tagged(tags map[string]string) map[string]string {
	if s.name != "" {
		tags["netns"] = s.name
	}
	return tags
}

// interfaces returns rtnetlink_interface.
func (o *owner) interfaces(s *source) (list []reading) {
	var v event.View
	s.state.Each(rtnl.Link, func(body []byte) bool {
		index := rtnl.Uint32(body[4:])
		v.Reset(rtnl.Link, body, s.state)
		fields := map[string]any{}
		for _, name := range []string{"operstate_code", "carrier_changes", "mtu"} {
			setNumber(fields, name, linkValue(&v, name))
		}
		setNumber(fields, "up", linkValue(&v, "up"))
		setNumber(fields, "carrier", linkValue(&v, "carrier"))
		setBond(fields, &v)
		if s.state.Tracks(rtnl.Address) {
			fields["address_count"] = int64(s.state.AddressesOn(index))
		}
		if t, ok := s.changed[index]; ok {
			fields["last_change"] = t
		}
		name := linkValue(&v, "interface").Str
		if !o.chooser.wants(name) {
			return true
		}
		tags := s.tagged(map[string]string{"interface": name})
		if kind := linkValue(&v, "kind").Str; kind != "" {
			tags["kind"] = kind
		}
		if o.set.interfaceInfo {
			for _, name := range []string{"ifalias", "master"} {
				if text := linkValue(&v, name).Str; text != "" {
					tags[name] = text
				}
			}
		}
		list = append(list, reading{name: "rtnetlink_interface", tags: tags, fields: fields})
		return true
	})
	return list
}

// setBond sets, of a bond's port, whether the bond can use it and does.
func setBond(fields map[string]any, v *event.View) {
	status := linkValue(v, "bond_mii_status").Str
	if status == "" {
		return
	}
	fields["bond_up"], fields["bond_active"] = int64(0), int64(0)
	if status == "up" {
		fields["bond_up"] = int64(1)
	}
	if linkValue(v, "bond_state").Str == "active" {
		fields["bond_active"] = int64(1)
	}
}

// setNumber sets a field to a number, a boolean as 0 or 1.
func setNumber(fields map[string]any, name string, v event.Value) {
	if v.Kind == event.Int || v.Kind == event.Bool {
		fields[name] = v.Num
	}
}

// linkValue decodes a field of a link by name.
func linkValue(v *event.View, name string) event.Value { return v.Value(fieldIndex(v.Object, name)) }

// fieldIndex returns the place of a field in its class's table; there must be one.
func fieldIndex(o rtnl.Object, name string) int {
	for i, f := range event.Fields(o) {
		if f.Name == name {
			return i
		}
	}
	panic(fmt.Sprintf("rtnetlink: no field %s of %s", name, o))
}

// routes returns rtnetlink_routes and rtnetlink_default_route. It looks at the
// default routes alone; the others have been counted when they came.
func (o *owner) routes(s *source) (list []reading) {
	byGroup := map[mirror.RouteGroup]int64{}
	defaults := defaultRoutes{s: s, chooser: o.chooser, seen: map[[4]string]bool{}}
	s.state.EachDefaultRoute(func(body []byte) bool {
		byGroup[mirror.RouteGroupOf(body)]++
		defaults.add(body)
		return true
	})
	var v event.View
	s.state.EachRouteGroup(func(g mirror.RouteGroup, routes int) {
		v.Reset(rtnl.Route, g.Route(), s.state)
		tags := s.tagged(map[string]string{})
		for _, name := range []string{"family", "table", "protocol", "type"} {
			tags[name] = v.Value(fieldIndex(rtnl.Route, name)).Str
		}
		list = append(list, reading{
			name: "rtnetlink_routes", tags: tags,
			fields: map[string]any{"entries": int64(routes), "default_routes": byGroup[g]},
		})
	})
	return append(list, defaults.list...)
}

// totals returns rtnetlink_events.
func (o *owner) totals() (list []reading) {
	for object := range rtnl.Object(rtnl.NumObjects) {
		if !o.set.objects.has(object) {
			continue
		}
		for action := range event.Action(event.NumActions) {
			list = append(list, reading{
				name: "rtnetlink_events", counter: true,
				tags:   map[string]string{"object": object.String(), "action": action.String()},
				fields: map[string]any{"total": o.events[object][action]},
			})
		}
	}
	return list
}

// noteChange remembers when a link changed, for rtnetlink_interface.
func (s *source) noteChange(e *event.Event) {
	index := rtnl.Uint32(e.New.Body()[4:])
	if e.Action == event.Delete {
		delete(s.changed, index)
	} else if e.Origin != event.Dump {
		s.changed[index] = e.Time
	}
}
