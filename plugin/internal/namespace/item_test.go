package namespace

import (
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/eventtest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// quietly is an environment and a handler that remember what went wrong.
type quietly struct {
	lost, defects int
	events        int
	breaks        func() // called at each event; nil: nothing
	moments       []string
}

func (*quietly) Errorf(string, ...any)           {}
func (*quietly) Warnf(string, ...any)            {}
func (*quietly) Infof(string, ...any)            {}
func (*quietly) Debugf(string, ...any)           {}
func (*quietly) Wall(latest int64) int64         { return latest }
func (*quietly) Read(*Namespace, rtnl.Item)      {}
func (*quietly) Batch(f func())                  { f() }
func (*quietly) Stamp(wall int64) int64          { return wall }
func (*quietly) Milestone(*Namespace, Milestone) {}
func (q *quietly) Lost()                         { q.lost++ }
func (q *quietly) Defect(string, any)            { q.defects++ }

func (q *quietly) Event(*Namespace, *event.Event) {
	if q.breaks != nil {
		q.breaks()
	}
	q.events++
}

func (q *quietly) Sync(_ *Namespace, moment, reason string, _ int64) {
	q.moments = append(q.moments, moment+" "+reason)
}

// message is a header without anything behind it.
func message(typ uint16) []byte {
	b := binary.NativeEndian.AppendUint32(nil, 16)
	b = binary.NativeEndian.AppendUint16(b, typ)
	return append(b, make([]byte, 10)...)
}

// TestADefectCostsOneMessage: those behind it are applied, and everything is
// enumerated again.
func TestADefectCostsOneMessage(t *testing.T) {
	q := &quietly{}
	s := New(&Config{Objects: rtnl.Of(rtnl.Link), QueueLimit: 1 << 20}, q, q)
	n := s.Replay("", nil, 1000)
	for _, query := range n.fullQueries() {
		for _, kind := range []rtnl.Kind{rtnl.DumpBegin, rtnl.DumpEnd} {
			query.Round = n.round
			require.True(t, n.Replay(rtnl.Item{Source: n.ID(), Kind: kind, Query: query, Time: 2000}))
		}
	}
	require.Equal(t, []string{"begin start", "complete start"}, q.moments)
	seen := 0
	n.eachMessage(append(message(4711), message(4712)...), func(m rtnl.Message) error {
		seen++
		if m.Type == 4711 {
			panic("a defect")
		}
		return nil
	})
	require.Equal(t, 2, seen)
	require.Equal(t, 1, q.lost)
	require.Equal(t, 1, q.defects)
	require.True(t, n.Enumerating())
	require.Equal(t, []string{"begin start", "complete start", "doubt defect"}, q.moments)
}

// TestAnItemOfANamespaceThatIsGone is nobody's.
func TestAnItemOfANamespaceThatIsGone(t *testing.T) {
	q := &quietly{}
	s := New(&Config{Objects: rtnl.Of(rtnl.Link), QueueLimit: 1 << 20}, q, q)
	n := s.Replay("a", nil, 1000)
	require.False(t, n.Replay(rtnl.Item{Source: n.ID(), Kind: rtnl.Gone, Time: 2000}))
	require.False(t, n.Replay(rtnl.Item{Source: n.ID(), Kind: rtnl.Overrun}))
	require.Equal(t, []string{"begin start", "end vanished"}, q.moments)
	require.Empty(t, s.All())
}

// TestADefectAnywhereInTheMirrorLeavesAGap, and ends nothing: what it was about to
// tell is lost, and everything is enumerated again. A panic as an event is told
// stands for one in the mirror.
func TestADefectAnywhereInTheMirrorLeavesAGap(t *testing.T) {
	link := func(index byte) []byte {
		body := eventtest.LinkBody(fmt.Sprint("v", index), "", 1500)
		body[4] = index
		b := binary.NativeEndian.AppendUint32(nil, uint32(16+len(body)))
		b = binary.NativeEndian.AppendUint16(b, unix.RTM_NEWLINK)
		return append(append(b, make([]byte, 10)...), body...)
	}
	all := rtnl.Query{Object: rtnl.Link}
	part := func(n *Namespace, kind rtnl.Kind, data []byte) {
		q := all
		q.Round = n.round
		n.set.Handle(rtnl.Item{Source: n.ID(), Kind: kind, Query: q, Data: data, Time: 3000})
	}
	for name, c := range map[string]struct {
		does func(s *Set, n *Namespace)
		ends bool // there is nothing to enumerate
	}{
		"a message": {does: func(s *Set, n *Namespace) {
			s.Handle(rtnl.Item{Source: n.ID(), Kind: rtnl.Events, Data: link(9), Marks: []rtnl.Mark{{End: len(link(9)), Time: 3000}}})
		}},
		"the end of a dump": {does: func(_ *Set, n *Namespace) {
			part(n, rtnl.DumpBegin, nil)
			part(n, rtnl.DumpEnd, nil) // the links are gone
		}},
		"a snapshot":               {does: func(_ *Set, n *Namespace) { n.WantSnapshot(); n.List() }},
		"the end of the namespace": {does: func(s *Set, n *Namespace) { s.Remove(n) }, ends: true},
	} {
		t.Run(name, func(t *testing.T) {
			q := &quietly{}
			s := New(&Config{Objects: rtnl.Of(rtnl.Link), Initial: rtnl.Of(rtnl.Link), QueueLimit: 1 << 20, SnapshotSlice: 10}, q, q)
			n := s.Replay("", nil, 1000)
			part(n, rtnl.DumpBegin, nil)
			part(n, rtnl.DumpData, append(link(2), link(3)...))
			part(n, rtnl.DumpEnd, nil)
			require.Equal(t, 2, q.events)
			require.Equal(t, []string{"begin start", "complete start"}, q.moments)
			q.breaks = func() { q.breaks = nil; panic("a defect") }
			c.does(s, n)
			require.Nil(t, q.breaks, "something was to be told")
			require.Equal(t, 1, q.lost)
			require.Equal(t, 1, q.defects)
			if c.ends {
				require.Empty(t, s.All())
				require.Contains(t, q.moments, "end vanished")
				return
			}
			require.True(t, n.Enumerating())
			before := q.events
			part(n, rtnl.DumpBegin, nil)
			part(n, rtnl.DumpData, append(link(2), append(link(3), link(11)...)...))
			part(n, rtnl.DumpEnd, nil)
			require.Greater(t, q.events, before, "it goes on")
		})
	}
}
