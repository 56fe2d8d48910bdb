package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// portSaid applies RTM_NEWLINK of family AF_BRIDGE (R1, R10): a bridge tells of
// its port, whose state and settings change with no other message. They are
// the link's IFLA_INFO_SLAVE_DATA from now on, as the kernel will have it in
// its next message about the link. What a driver with a bridge of its own says
// of a link, or a bridge of itself, is no port's.
func (s linkClass) portSaid(body []byte) {
	settings := linkAttr(body, unix.IFLA_PROTINFO)
	l := s.tables[rtnl.Link].Find(body)
	if settings == nil || l.Head == 0 || !portOf(l.Body(l.Head), body) {
		s.counts.Ignored++
		return
	}
	s.dump.touch(&l)
	s.update(rtnl.Link, &l, l.Head, withPort(l.Body(l.Head), settings))
}

// portOf reports whether the link is a port of the bridge that said body.
func portOf(link, body []byte) bool {
	return string(rtnl.LinkMsg(link).Info().PortKind) == "bridge" &&
		rtnl.Uint32(linkAttr(link, unix.IFLA_MASTER)) == rtnl.Uint32(linkAttr(body, unix.IFLA_MASTER))
}

// withPort returns a link with other settings as a bridge's port.
func withPort(link, settings []byte) []byte {
	out := append(make([]byte, 0, len(link)+len(settings)), link[:rtnl.Link.HeaderLen()]...)
	return replaceAttr(out, rtnl.LinkMsg(link).Attrs(), unix.IFLA_LINKINFO, func(info []byte) []byte {
		return replaceAttr(nil, info, unix.IFLA_INFO_SLAVE_DATA, func([]byte) []byte { return settings })
	})
}
