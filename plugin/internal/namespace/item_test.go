package namespace

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// quietly is an environment and a handler that remember what went wrong.
type quietly struct {
	lost, defects int
	moments       []string
}

func (*quietly) Errorf(string, ...any)           {}
func (*quietly) Warnf(string, ...any)            {}
func (*quietly) Infof(string, ...any)            {}
func (*quietly) Debugf(string, ...any)           {}
func (*quietly) Wall(latest int64) int64         { return latest }
func (*quietly) Read(*Namespace, rtnl.Item)      {}
func (*quietly) Event(*Namespace, *event.Event)  {}
func (*quietly) Batch(f func())                  { f() }
func (*quietly) Stamp(wall int64) int64          { return wall }
func (*quietly) Milestone(*Namespace, Milestone) {}
func (q *quietly) Lost()                         { q.lost++ }
func (q *quietly) Defect(string, any)            { q.defects++ }

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
	n := s.Replay("", 0, 1000)
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
	n := s.Replay("a", 0, 1000)
	require.False(t, n.Replay(rtnl.Item{Source: n.ID(), Kind: rtnl.Gone, Time: 2000}))
	require.False(t, n.Replay(rtnl.Item{Source: n.ID(), Kind: rtnl.Overrun}))
	require.Equal(t, []string{"begin start", "end vanished"}, q.moments)
	require.Empty(t, s.All())
}
