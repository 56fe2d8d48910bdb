package plugin

import (
	"fmt"
	"slices"
	"time"

	"github.com/influxdata/telegraf"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/mirror"
	"telegraf-rtnetlink/plugin/internal/namespace"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// reading is one metric of Gather.
type reading struct {
	name    string
	counter bool
	tags    map[string]string
	fields  map[string]any
}

// gauges is what an owner tells at Telegraf's interval. gather is called by
// Telegraf's goroutine; what belongs to the owner's it reads there.
type gauges struct {
	owner      *owner
	set        *settings
	sender     *sender
	instance   string // the tag of all that is sent, empty for none
	began      time.Time
	statistics published
	vanished   vanishing
}

// gather sends the gauges and counters. They are collected on the owner
// goroutine, and sent and completed from the kernel on the caller's.
func (g *gauges) gather(acc telegraf.Accumulator) error {
	var list []reading
	var places []place
	err := g.awaitEnumeration()
	if err == nil {
		err = g.owner.call(func() { list, places = g.collect(), g.places() })
	}
	if err != nil {
		return fmt.Errorf("gauges and counters left out: %w", err)
	}
	asked, failed := askKernel(places, g.set)
	list = append(list, asked...)
	var incomplete []string
	if failed != nil {
		incomplete = append(incomplete, "rtnetlink_neighbors")
	}
	list = g.vanished.with(g.hooked(list), incomplete...)
	g.statistics.publish(list)
	for _, r := range list {
		if g.instance != "" {
			r.tags["instance"] = g.instance
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
func (g *gauges) hooked(list []reading) (kept []reading) {
	wanted := false
	if err := g.owner.call(func() { wanted = g.owner.scripts.gathers() }); err != nil || !wanted {
		return list
	}
	for part := range slices.Chunk(list, readingsAtOnce) {
		left := part
		if err := g.owner.call(func() { left = g.owner.scripts.gather(part) }); err != nil {
			left = part // busy: they are sent as they are
		}
		kept = append(kept, left...)
	}
	return kept
}

// firstWait is how long after the start Gather still waits for the first
// enumeration. With --test and --once, Telegraf asks at once.
const firstWait = 2 * time.Second

// awaitEnumeration waits until every namespace was enumerated once. Its errors
// are those of call.
func (g *gauges) awaitEnumeration() error {
	for time.Since(g.began) < firstWait {
		pending := false
		if err := g.owner.call(func() { pending = g.enumerating() }); err != nil || !pending {
			return err
		}
		select {
		case <-g.owner.quit:
			return nil
		case <-time.After(10 * time.Millisecond):
		}
	}
	return nil
}

// enumerating reports whether a namespace was not enumerated yet.
func (g *gauges) enumerating() bool {
	for _, n := range g.owner.spaces.All() {
		if !n.Enumerated() {
			return true
		}
	}
	return false
}

// collect reads everything that the owner knows.
func (g *gauges) collect() (list []reading) {
	o := g.owner
	scripts := o.scripts.stats()
	totals := hookTotals(scripts)
	for _, n := range o.spaces.All() {
		r := readings{n: n, set: g.set, chooser: o.stream.chooser}
		if n.State().Tracks(rtnl.Link) && g.set.Objects.Has(rtnl.Link) {
			r.interfaces()
		}
		if n.State().Tracks(rtnl.Route) {
			r.routes()
		}
		list = append(append(list, r.list...), g.internal(n, totals))
	}
	list = append(list, g.totals()...)
	list = append(list, scriptReadings(scripts)...)
	o.scripts.flush()
	o.scripts.reload(false)
	return list
}

// readings collects what the mirror of a namespace tells.
type readings struct {
	n       *namespace.Namespace
	set     *settings
	chooser *chooser
	list    []reading
}

// tagged adds the namespace to tags.
func tagged(n *namespace.Namespace, tags map[string]string) map[string]string {
	if n.Name != "" {
		tags["netns"] = n.Name
	}
	return tags
}

// interfaces collects rtnetlink_interface.
func (r *readings) interfaces() {
	var v event.View
	r.n.State().Each(rtnl.Link, func(body []byte) bool {
		v.Reset(rtnl.Link, body, r.n.State())
		if r.chooser.wants(linkValue(&v, "interface").Str) {
			r.link(&v)
		}
		return true
	})
}

// link collects rtnetlink_interface of a link.
func (r *readings) link(v *event.View) {
	index := rtnl.LinkMsg(v.Body()).Index()
	fields := make(map[string]any)
	for _, name := range []string{"operstate_code", "carrier_changes", "mtu", "up", "carrier"} {
		setNumber(fields, name, linkValue(v, name))
	}
	setBond(fields, v)
	if r.n.State().Tracks(rtnl.Address) {
		fields["address_count"] = int64(r.n.State().AddressesOn(index))
	}
	if t, ok := r.n.LastChange(index); ok {
		fields["last_change"] = t
	}
	names := []string{"interface", "kind"}
	if r.set.interfaceInfo {
		names = append(names, "ifalias", "master")
	}
	tags := tagged(r.n, make(map[string]string))
	for _, name := range names {
		if text := linkValue(v, name).Str; text != "" {
			tags[name] = text
		}
	}
	r.list = append(r.list, reading{name: "rtnetlink_interface", tags: tags, fields: fields})
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

// routes collects rtnetlink_routes and rtnetlink_default_route. It looks at the
// default routes alone; the others have been counted when they came.
func (r *readings) routes() {
	state := r.n.State()
	byGroup := make(map[mirror.RouteGroup]int64)
	defaults := defaultRoutes{n: r.n, chooser: r.chooser, seen: make(map[[4]string]bool)}
	state.EachDefaultRoute(func(body []byte) bool {
		byGroup[mirror.RouteGroupOf(body)]++
		defaults.add(body)
		return true
	})
	var v event.View
	state.EachRouteGroup(func(g mirror.RouteGroup, routes int) {
		v.Reset(rtnl.Route, g.Route(), state)
		tags := tagged(r.n, make(map[string]string))
		for _, name := range []string{"family", "table", "protocol", "type"} {
			tags[name] = v.Value(fieldIndex(rtnl.Route, name)).Str
		}
		r.list = append(r.list, reading{
			name: "rtnetlink_routes", tags: tags,
			fields: map[string]any{"entries": int64(routes), "default_routes": byGroup[g]},
		})
	})
	r.list = append(r.list, defaults.list...)
}

// totals returns rtnetlink_events.
func (g *gauges) totals() (list []reading) {
	for object := range rtnl.Object(rtnl.NumObjects) {
		if !g.set.Objects.Has(object) {
			continue
		}
		for action := range event.Action(event.NumActions) {
			if object.Stateless() && action != event.New {
				continue
			}
			list = append(list, reading{
				name: "rtnetlink_events", counter: true,
				tags:   map[string]string{"object": object.String(), "action": action.String()},
				fields: map[string]any{"total": g.owner.stream.events[object][action]},
			})
		}
	}
	return list
}
