package mirror

import (
	"bytes"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// What a link's driver says of it, speed and duplex, no message of the kernel has:
// it is asked, and its answer is an attribute of the link from then on, in each
// state that follows, as long as the link is up and has a carrier (R66).

// Drivers returns the links whose drivers are to be asked, and forgets them.
func (s *State) Drivers() []rtnl.DriverQuestion {
	d := s.drivers
	s.drivers = nil
	return d
}

// driven reports whether a link is up and has a carrier, and more than the stack
// behind it.
func driven(body []byte) bool {
	return rtnl.LinkMsg(body).Flags()&(unix.IFF_LOWER_UP|unix.IFF_LOOPBACK) == unix.IFF_LOWER_UP
}

// askDriver asks for what a link's driver says.
func (s linkClass) askDriver(body []byte, anew bool) {
	if s.cfg.Report[rtnl.Link] && driven(body) {
		s.drivers = append(s.drivers, rtnl.DriverQuestion{
			Index: linkIndex(body), Changes: rtnl.Uint32(linkAttr(body, unix.IFLA_CARRIER_CHANGES)),
			Anew: anew, First: anew && s.origin == event.Dump,
		})
	}
}

// askDriverOf is askDriver by the link's index, 0 for none.
func (s linkClass) askDriverOf(index uint32) {
	if body := s.LinkByIndex(index); body != nil {
		s.askDriver(body, false)
	}
}

// askDrivers asks where a driver may say something else by now (R66): the carrier of
// its link has come, seen or not (R6), or everything is being looked at; and a bond, team
// or bridge has another port, or one whose carrier has turned, or whose part in the bond
// is another: a bond counts the ports that send (bond_ethtool_get_link_ksettings(),
// drivers/net/bonding/bond_main.c).
func (s linkClass) askDrivers(t linkTurn, missed int64) {
	turned := (t.before()^t.now())&unix.IFF_LOWER_UP != 0
	if turned || missed > 0 || s.lookingAtAll() || !bytes.Equal(bondSettings(t.was), bondSettings(t.is)) {
		s.askDriver(t.is, false)
	}
	was, is := rtnl.Uint32(linkAttr(t.was, unix.IFLA_MASTER)), rtnl.Uint32(linkAttr(t.is, unix.IFLA_MASTER))
	if was != is {
		s.askDriverOf(was)
	}
	if was != is || turned || !bytes.Equal(portSettings(t.was), portSettings(t.is)) {
		s.askDriverOf(is)
	}
}

// lookingAtAll reports whether a dump of all links is being taken over.
func (s linkClass) lookingAtAll() bool { return s.dump != nil && !s.dump.query.One && !s.told() }

// driverSaid applies an answer (R66), unless the link's carrier has turned since:
// then its driver is asked again.
func (s linkClass) driverSaid(body []byte) {
	l := s.tables[rtnl.Link].Find(body)
	said := linkAttr(body, rtnl.LinkDriver)
	if l.Head == 0 || said == nil {
		s.counts.Ignored++
		return
	}
	link := l.Body(l.Head)
	have := linkAttr(link, rtnl.LinkDriver)
	changes := linkAttr(link, unix.IFLA_CARRIER_CHANGES)
	if !driven(link) || bytes.Equal(have, said) || rtnl.Uint32(changes) != rtnl.Uint32(linkAttr(body, unix.IFLA_CARRIER_CHANGES)) {
		s.counts.Refreshed++
		return
	}
	upper, index := rtnl.Uint32(linkAttr(link, unix.IFLA_MASTER)), linkIndex(body)
	if s.origin = event.Implied; rtnl.LinkChange.Uint(body) != 0 {
		s.origin = event.Dump // it was so from the beginning
	}
	if link = withDriver(link, said); s.unheard[index] {
		s.hear(&l, link)
	} else {
		s.update(rtnl.Link, &l, l.Head, link)
	}
	s.askDriverOf(upper)
	s.visit(rtnl.Link, func(_ ref, body []byte) bool {
		if rtnl.Uint32(linkAttr(body, unix.IFLA_LINK)) == index && linkAttr(body, unix.IFLA_LINK_NETNSID) == nil {
			s.askDriver(body, false)
		}
		return true
	}, tallyKey{kind: tallyUpper, id: index})
}

// keepQuiet remembers a link that is there from the beginning and of which no event
// tells, where none is wanted of such links.
func (s linkClass) keepQuiet(body []byte) {
	if !s.untold(rtnl.Link) || !driven(body) {
		return
	}
	if s.unheard == nil {
		s.unheard = map[uint32]bool{}
	}
	s.unheard[linkIndex(body)] = true
}

// hear gives a link of which no event has told what its driver says, with no event
// either.
func (s linkClass) hear(l *objtable.List, link []byte) {
	delete(s.unheard, linkIndex(link))
	s.enter(rtnl.Link, l.Head, l.Body(l.Head), -1)
	s.freed |= 1 << rtnl.Link
	s.enter(rtnl.Link, l.Replace(l.Head, link), link, 1)
}

// withDriver returns a link with what its driver says.
func withDriver(link, said []byte) []byte {
	out := make([]byte, 0, len(link)+len(said)+8)
	if linkAttr(link, rtnl.LinkDriver) == nil {
		return rtnl.AppendAttr(append(out, link...), rtnl.LinkDriver, said)
	}
	out = append(out, link[:rtnl.Link.HeaderLen()]...)
	return replaceAttr(out, rtnl.LinkMsg(link).Attrs(), rtnl.LinkDriver, func([]byte) []byte { return said })
}

// keepDriver returns a new state of a link with what its driver has said of it (R66).
func keepDriver(_ *State, old, body []byte) []byte {
	said := linkAttr(old, rtnl.LinkDriver)
	if said == nil || !driven(body) || linkAttr(body, rtnl.LinkDriver) != nil {
		return body
	}
	return withDriver(body, said)
}
