package mirror

import (
	"bytes"
	"strconv"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// links is what the mirror has to know of every link at once: names by index
// and back, and the state that routes depend on.
type links struct {
	byIndex map[uint32]*linkState
	byName  map[string]uint32
	unknown map[uint32]string // made up, of links never announced
	// nameless are links that are referred to and that the kernel does not know.
	nameless map[uint32]bool
	spare    int // how many there may be before it is looked which of them are left
	gone     formerNames
	listed   bool   // all links have been asked for
	last     uint32 // the link that sure found last, 0 for none
}

// linkState is the part of a link that other objects depend on.
type linkState struct {
	name     string
	altnames []string
	flags    uint32             // IFF_*
	master   uint32             // index, 0 for none
	table    uint32             // of a VRF, 0 for other links
	flood    map[string][3]byte // state and flags by floodKey, of a tunnel's addresses
	told     bool               // an event has told of it by this name, or is about to
}

const maxUnknown = 4096 // names made up; behind that they are made up anew each time

func newLinks() links {
	return links{byIndex: map[uint32]*linkState{}, byName: map[string]uint32{}, unknown: map[uint32]string{}, nameless: map[uint32]bool{}, spare: maxUnknown}
}

// enter adds (d = 1) or removes (d = -1) the link in body. A first dump enters its
// links before they are told of, and may repeat one under another name.
func (k *links) enter(body []byte, d int32) {
	index := linkIndex(body)
	if k.leave(index); d < 0 {
		return
	}
	a := rtnl.AttrsOf(rtnl.Link, body)
	l := &linkState{
		name: k.spell(index, a.Get(unix.IFLA_IFNAME)), flags: rtnl.LinkMsg(body).Flags(),
		master: rtnl.Uint32(a.Get(unix.IFLA_MASTER)), table: vrfTable(body), told: true,
	}
	k.byIndex[index] = l
	k.byName[l.name] = index
	for typ, p := range rtnl.Attrs(a.Get(unix.IFLA_PROP_LIST)).All() {
		if typ == unix.IFLA_ALT_IFNAME {
			l.altnames = append(l.altnames, event.Name(p))
			k.byName[event.Name(p)] = index
		}
	}
}

// namesake returns another link than the one in body that has its name, 0 for
// none: it has been renamed or deleted, which the mirror has not heard of yet.
func (k *links) namesake(body []byte) uint32 {
	raw, _, _ := bytes.Cut(linkAttr(body, unix.IFLA_IFNAME), []byte{0})
	if l := k.byIndex[linkIndex(body)]; l != nil && l.name == string(raw) && k.byName[string(raw)] == linkIndex(body) {
		return 0 // as nearly always, and without a copy of the name
	}
	name := event.Name(linkAttr(body, unix.IFLA_IFNAME))
	index := k.byName[name]
	if l := k.byIndex[index]; l == nil || l.name != name || index == linkIndex(body) {
		return 0
	}
	return index
}

// claim makes the name of a link lead to it where it leads nowhere: another may
// have had it for a while, as far as the messages told that came through.
func (k *links) claim(index uint32) {
	if l := k.byIndex[index]; l != nil && k.byName[l.name] == 0 {
		k.byName[l.name] = index
	}
}

// leave forgets a link; a name that another link has taken over stays that one's.
func (k *links) leave(index uint32) {
	l := k.byIndex[index]
	if l == nil {
		return
	}
	delete(k.byIndex, index)
	if k.last == index {
		k.last = 0
	}
	for _, n := range append(l.altnames, l.name) {
		if k.byName[n] == index {
			delete(k.byName, n)
		}
	}
}

func (k *links) spell(index uint32, name []byte) string {
	if s := event.Name(name); s != "" {
		return s
	}
	return "if" + strconv.FormatUint(uint64(index), 10)
}

// flags returns a link's IFF_* bits, 0 for an unknown one.
func (k *links) flags(index uint32) uint32 {
	if l := k.byIndex[index]; l != nil {
		return l.flags
	}
	return 0
}

// madeUp returns the name of a link that the kernel never named.
func (k *links) madeUp(index uint32) string {
	n, ok := k.unknown[index]
	if !ok {
		n = k.spell(index, nil)
		if len(k.unknown) < maxUnknown {
			k.unknown[index] = n
		}
	}
	return n
}

// sure reports whether it is certain what link index is called: it is known, or
// the kernel knows none.
func (k *links) sure(index uint32) bool {
	switch {
	case index == 0 || index == k.last:
		return true
	case k.byIndex[index] != nil:
		k.last = index
		return true
	}
	return k.nameless[index]
}

// enumerated notes that all links have been asked for.
func (k *links) enumerated(q rtnl.Query) {
	k.listed = k.listed || q.Object == rtnl.Link && !q.One
}

// vrfTable returns the table of a VRF, 0 for any other link.
func vrfTable(link []byte) uint32 {
	info := rtnl.Attrs(linkAttr(link, unix.IFLA_LINKINFO))
	if rtnl.String(info.Get(unix.IFLA_INFO_KIND)) != "vrf" {
		return 0
	}
	return rtnl.Uint32(rtnl.Attrs(info.Get(unix.IFLA_INFO_DATA)).Get(unix.IFLA_VRF_TABLE))
}

// domain returns the index of the VRF that a link is, or is a port of; 0 for
// none (l3mdev_master_dev_rcu(), include/net/l3mdev.h).
func (k *links) domain(index uint32) uint32 {
	l := k.byIndex[index]
	switch {
	case l == nil:
		return 0
	case l.table != 0:
		return index
	}
	if m := k.byIndex[l.master]; m != nil && m.table != 0 {
		return l.master
	}
	return 0
}

// tables returns the tables that the routes of a link's addresses are in: those
// to networks and those to the addresses themselves.
func (k *links) tables(index uint32) (network, local uint32) {
	if d := k.domain(index); d != 0 {
		return k.byIndex[d].table, k.byIndex[d].table
	}
	return unix.RT_TABLE_MAIN, unix.RT_TABLE_LOCAL
}

// formerNames are the names of links that are gone, by index: what refers to one
// still shows its name. It keeps the last maxUnknown of them. The zero value is
// ready for use.
type formerNames struct {
	names map[uint32]string
	order []uint32 // a ring, the oldest at next where it is full
	next  int
}

// put notes the name of a link that goes.
func (f *formerNames) put(index uint32, name string) {
	if f.names == nil {
		f.names = map[uint32]string{}
	}
	if _, known := f.names[index]; !known {
		if len(f.order) < maxUnknown {
			f.order = append(f.order, index)
		} else {
			delete(f.names, f.order[f.next])
			f.order[f.next] = index
			f.next = (f.next + 1) % maxUnknown
		}
	}
	f.names[index] = name
}

func (f *formerNames) name(index uint32) (name string, ok bool) {
	name, ok = f.names[index]
	return name, ok
}

func (f *formerNames) has(index uint32) bool {
	_, ok := f.names[index]
	return ok
}

// take forgets a name, since another link has the index.
func (f *formerNames) take(index uint32) (name string, ok bool) {
	name, ok = f.names[index]
	delete(f.names, index) // its place in the ring is left to age
	return name, ok
}

// namesEnv is an Env that notes which links it is asked for.
type namesEnv []uint32

// LinkName implements event.Env.
func (e *namesEnv) LinkName(index uint32) string {
	*e = append(*e, index)
	return ""
}

// namesOf is namesIn by way of a view.
func namesOf(v *event.View, body []byte) namesEnv {
	var seen namesEnv
	v.Reset(rtnl.Link, body, &seen)
	for i := range event.Fields(rtnl.Link) {
		v.Value(i)
	}
	return seen
}

// naming is scratch memory: the links that a link names.
type naming struct {
	view event.View
	list namesEnv
}

// formerEnv is an Env from before link index had its name.
type formerEnv struct {
	event.Env
	index uint32
	name  string
}

// LinkName implements event.Env.
func (e *formerEnv) LinkName(index uint32) string {
	if index == e.index {
		return e.name
	}
	return e.Env.LinkName(index)
}
