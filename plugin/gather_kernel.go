package plugin

import (
	"cmp"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/mirror"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// place is a namespace to be asked on Gather's goroutine about what the mirror
// does not hold: statistics, and the states of neighbors that the kernel does
// not announce.
type place struct {
	name      string
	file      *os.File // nil: the process's own namespace
	links     map[uint32]string
	hidden    map[uint32]bool // links that are not reported
	neighbors bool
}

// places returns the namespaces that can be asked, none if there is nothing to
// ask.
func (g *gauges) places() (list []place) {
	neighbors := g.set.Tracks(rtnl.Neighbor)
	if !neighbors && !g.set.linkStatistics {
		return nil
	}
	for _, n := range g.owner.spaces.All() {
		if !n.Connected() {
			continue
		}
		p := place{name: n.Name, links: make(map[uint32]string), hidden: make(map[uint32]bool), neighbors: neighbors}
		if n.Path() != "" {
			file, err := os.Open(n.Path())
			if err != nil {
				continue // just gone
			}
			p.file = file
		}
		p.learn(n.State(), g.owner.stream.chooser)
		list = append(list, p)
	}
	return list
}

// learn notes the links.
func (p *place) learn(state *mirror.State, chooser *chooser) {
	state.Each(rtnl.Link, func(body []byte) bool {
		index := rtnl.LinkMsg(body).Index()
		p.links[index] = state.LinkName(index)
		if !chooser.wants(p.links[index]) {
			p.hidden[index] = true
		}
		return true
	})
}

func (p *place) close() {
	if p.file != nil {
		_ = p.file.Close() // only read
	}
}

func (p *place) describe() string {
	if p.name == "" {
		return "this namespace"
	}
	return "namespace " + strconv.Quote(p.name)
}

func (p *place) fd() int {
	if p.file == nil {
		return 0
	}
	return int(p.file.Fd())
}

// askKernel returns rtnetlink_neighbors and rtnetlink_link_stats of all places,
// and the last error.
func askKernel(places []place, set *settings) (list []reading, failed error) {
	var limits map[uint8]uint32
	for _, p := range places {
		var err error
		if p.neighbors && len(limits) == 0 { // those of one namespace are those of all
			limits, err = rtnl.NeighborLimits(p.fd())
		}
		more, perr := p.ask(set, limits)
		if err = cmp.Or(perr, err); err != nil {
			failed = fmt.Errorf("%s: %w", p.describe(), err)
		}
		list = append(list, more...)
		p.close()
	}
	return list, failed
}

// ask returns rtnetlink_neighbors, with the limits of the tables by family, and
// rtnetlink_link_stats.
func (p *place) ask(set *settings, limits map[uint8]uint32) (list []reading, err error) {
	if p.neighbors {
		list, err = p.askNeighbors(set, limits)
	}
	if set.linkStatistics {
		stats, serr := p.statistics()
		list = append(list, stats...)
		if err == nil {
			err = serr
		}
	}
	return list, err
}

// neighborGroup is what rtnetlink_neighbors counts by.
type neighborGroup struct {
	index  uint32
	family uint8
}

// askNeighbors returns rtnetlink_neighbors.
func (p *place) askNeighbors(set *settings, limits map[uint8]uint32) (list []reading, err error) {
	groups, err := p.countNeighbors(set)
	for k, fields := range groups {
		if limit, ok := limits[k.family]; ok {
			fields["limit"] = int64(limit)
		}
		list = append(list, reading{name: "rtnetlink_neighbors", fields: fields, tags: p.tags(k.index, event.FamilyName(k.family))})
	}
	return list, err
}

// countNeighbors counts neighbors by link, family and state. With an error it
// returns what it has got.
func (p *place) countNeighbors(set *settings) (groups map[neighborGroup]map[string]any, err error) {
	groups = make(map[neighborGroup]map[string]any)
	stateField := fieldIndex(rtnl.Neighbor, "state")
	var v event.View
	for _, family := range []uint8{unix.AF_INET, unix.AF_INET6, unix.AF_BRIDGE} {
		if !set.Wants(family) {
			continue
		}
		err = cmp.Or(err, rtnl.List(p.fd(), rtnl.Query{Object: rtnl.Neighbor, Family: family}, func(body []byte) {
			k := neighborGroup{rtnl.NeighborMsg(body).Index(), rtnl.NeighborMsg(body).Family()}
			if p.hidden[k.index] {
				return
			}
			if groups[k] == nil {
				groups[k] = neighborFields()
			}
			v.Reset(rtnl.Neighbor, body, nil)
			add(groups[k], "entries")
			for _, state := range strings.Split(v.Value(stateField).Str, ",") {
				add(groups[k], state)
			}
		}))
	}
	return groups, err
}

// neighborStates are the fields of rtnetlink_neighbors (NUD_*,
// uapi/linux/neighbour.h); all are there, so that a count can fall to 0.
var neighborStates = []string{"incomplete", "reachable", "stale", "delay", "probe", "failed", "noarp", "permanent"}

func neighborFields() map[string]any {
	fields := map[string]any{"entries": int64(0)}
	for _, s := range neighborStates {
		fields[s] = int64(0)
	}
	return fields
}

func add(fields map[string]any, name string) {
	if n, ok := fields[name].(int64); ok {
		fields[name] = n + 1
	}
}

func (p *place) tags(index uint32, family string) map[string]string {
	name := p.links[index]
	if name == "" {
		name = "if" + strconv.FormatUint(uint64(index), 10)
	}
	tags := map[string]string{"interface": name}
	if family != "" {
		tags["family"] = family
	}
	if p.name != "" {
		tags["netns"] = p.name
	}
	return tags
}

// statFields are the members of struct rtnl_link_stats64 in their order
// (uapi/linux/if_link.h).
var statFields = []string{
	"rx_packets", "tx_packets", "rx_bytes", "tx_bytes", "rx_errors", "tx_errors",
	"rx_dropped", "tx_dropped", "multicast", "collisions", "rx_length_errors",
	"rx_over_errors", "rx_crc_errors", "rx_frame_errors", "rx_fifo_errors",
	"rx_missed_errors", "tx_aborted_errors", "tx_carrier_errors", "tx_fifo_errors",
	"tx_heartbeat_errors", "tx_window_errors", "rx_compressed", "tx_compressed",
	"rx_nohandler", "rx_otherhost_dropped",
}

// statistics returns rtnetlink_link_stats.
func (p *place) statistics() (list []reading, err error) {
	err = rtnl.List(p.fd(), rtnl.Query{Object: rtnl.Link}, func(body []byte) {
		fields := statistics(rtnl.AttrsOf(rtnl.Link, body))
		if index := rtnl.LinkMsg(body).Index(); len(fields) > 0 && !p.hidden[index] {
			list = append(list, reading{
				name: "rtnetlink_link_stats", counter: true, fields: fields,
				tags: p.tags(index, ""),
			})
		}
	})
	return list, err
}

// statistics decodes IFLA_STATS64, or the 32-bit counters of old kernels.
func statistics(a rtnl.Attrs) map[string]any {
	fields := make(map[string]any)
	wide, narrow := a.Get(unix.IFLA_STATS64), a.Get(unix.IFLA_STATS)
	for i, name := range statFields {
		switch {
		case len(wide) >= 8*(i+1):
			fields[name] = int64(rtnl.Uint64(wide[8*i:]))
		case wide == nil && len(narrow) >= 4*(i+1):
			fields[name] = int64(rtnl.Uint32(narrow[4*i:]))
		}
	}
	return fields
}
