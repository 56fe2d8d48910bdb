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
	unknown map[uint32]string // suggested or made up, of links never announced
}

// linkState is the part of a link that other objects depend on.
type linkState struct {
	name     string
	altnames []string
	flags    uint32             // IFF_*
	master   uint32             // index, 0 for none
	table    uint32             // of a VRF, 0 for other links
	flood    map[string][3]byte // state and flags by floodKey, of a tunnel's addresses
}

const maxUnknown = 4096 // names made up; behind that they are made up anew each time

func newLinks() links {
	return links{byIndex: map[uint32]*linkState{}, byName: map[string]uint32{}, unknown: map[uint32]string{}}
}

// enter adds (d = 1) or removes (d = -1) the link in body.
func (k *links) enter(body []byte, d int32) {
	index := rtnl.Uint32(body[4:])
	if d < 0 {
		k.leave(index)
		return
	}
	a := rtnl.AttrsOf(rtnl.Link, body)
	l := &linkState{
		name: k.spell(index, a.Get(unix.IFLA_IFNAME)), flags: rtnl.Uint32(body[8:]),
		master: rtnl.Uint32(a.Get(unix.IFLA_MASTER)), table: vrfTable(body),
	}
	k.byIndex[index] = l
	k.byName[l.name] = index
	for names := rtnl.Attrs(a.Get(unix.IFLA_PROP_LIST)); ; {
		typ, p, rest, ok := names.Next()
		if !ok {
			return
		}
		if typ == unix.IFLA_ALT_IFNAME {
			l.altnames = append(l.altnames, event.Text(p))
			k.byName[event.Text(p)] = index
		}
		names = rest
	}
}

// namesake returns another link than the one in body that has its name, 0 for
// none: it has been renamed or deleted, which the mirror has not heard of yet.
func (k *links) namesake(body []byte) uint32 {
	name, _, _ := bytes.Cut(linkAttr(body, unix.IFLA_IFNAME), []byte{0})
	index := k.byName[string(name)]
	if l := k.byIndex[index]; l == nil || l.name != string(name) || index == linkIndex(body) {
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
	for _, n := range append(l.altnames, l.name) {
		if k.byName[n] == index {
			delete(k.byName, n)
		}
	}
}

func (k *links) spell(index uint32, name []byte) string {
	if s := event.Text(name); s != "" {
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

// LinkName implements event.Env.
func (s *State) LinkName(index uint32) string {
	if l := s.links.byIndex[index]; l != nil {
		return l.name
	}
	n, ok := s.links.unknown[index]
	if !ok {
		n = s.links.spell(index, nil)
		if len(s.links.unknown) < maxUnknown {
			s.links.unknown[index] = n
		}
	}
	return n
}

// Suggest makes name that of link index until links have been enumerated:
// events refer to links before.
func (s *State) Suggest(index uint32, name string) { s.links.unknown[index] = name }

// enumerated forgets the suggestions, of which some are no longer true, after a
// dump of all links.
func (k *links) enumerated(q rtnl.Query) {
	if q.Object == rtnl.Link && !q.One {
		clear(k.unknown)
	}
}

// LinkState implements event.Env.
func (s *State) LinkState(index uint32) (up, carrier bool) {
	if s.links.byIndex[index] == nil {
		return true, true // nothing is known against it
	}
	f := s.links.flags(index)
	return f&unix.IFF_UP != 0, f&unix.IFF_LOWER_UP != 0
}
