package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// noticeRow is what there is to know of what leaves no state: which links it
// names. Nothing of it is held, so nothing happens to it.
var noticeRow = class{
	key: noticeKey, perKey: one, object: anyObject, canonical: asItComes,
	announced:  func(*State, rtnl.Message) {},
	deleted:    func(*State, rtnl.Message) {},
	counted:    uncounted,
	volatile:   noAttribute,
	fixed:      sameHeader(rtnl.Notice.HeaderLen()),
	payload:    sameBytes,
	covered:    ofFamily,
	mirrored:   kept(rtnl.Notice),
	overtaken:  neverOvertaken,
	swept:      droppedFrom(rtnl.Notice),
	links:      linksAt(true, rtnl.Notice, noAttribute),
	naming:     foundByNone,
	linkTurned: regardless,
	linkEnds:   staysWhenLinkEnds,
	extras:     extras{alone: func(s *State, m rtnl.Message, now int64) error { return noticeClass{s}.tell(m, now) }},
}

// noticeClass is what the mirror does with what leaves no state.
type noticeClass struct{ *State }

// noticeKey is all that a notice says: its number tells it from others that say
// the same.
func noticeKey(dst []byte, x *rtnl.Index) []byte { return append(dst, x.Body...) }

// tell reports a message that leaves no state. Each is an object of its
// own, which nobody meets again.
func (s noticeClass) tell(m rtnl.Message, now int64) error {
	body, err := rtnl.NoticeBody(m.Type, m.Body, s.part[:0])
	if err != nil {
		return err
	}
	s.part = body
	s.msg.Hold(rtnl.Notice, body)
	if familyOf(body) != unix.AF_INET6 || !s.keep(rtnl.Notice, body) {
		s.counts.Ignored++
		return nil
	}
	s.counts.Messages++
	s.now, s.pid, s.origin = now, m.PID, event.Notify
	s.notices++
	s.emit(rtnl.Notice, event.New, s.notices, body)
	return nil
}
