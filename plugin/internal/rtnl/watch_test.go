package rtnl

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// allGroups is every group of every class.
func allGroups() []uint32 { return Groups(func(Object, uint8) bool { return true }) }

// watched owns the queue of a connection, as the plugin does.
type watched struct {
	t     *testing.T
	queue *Queue
	conn  *Conn
	seen  map[uint16][]Message // by type
	items []Item               // all but events
	rows  map[Query][]Message  // of replies
}

// watch connects to ns. Everything ends with the test.
func watch(t *testing.T, ns *nstest.NS, cfg Config) *watched {
	t.Helper()
	w := &watched{t: t, queue: NewQueue(64 << 20), seen: map[uint16][]Message{}, rows: map[Query][]Message{}}
	cfg.NetNS = ns.FD()
	var err error
	w.conn, err = Dial(cfg, 5, w.queue)
	require.NoError(t, err)
	t.Cleanup(func() {
		w.queue.Close()
		w.conn.Close()
	})
	return w
}

// until takes items until done says so of one.
func (w *watched) until(done func(Item) bool) {
	w.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; {
		it, ok := w.queue.Get()
		if !ok {
			select {
			case <-w.queue.Ready():
			case <-time.After(time.Until(deadline)):
				w.t.Fatal("the item does not come")
			}
			continue
		}
		require.Equal(w.t, 5, it.Source)
		w.take(it)
		if done(it) {
			return
		}
	}
}

func (w *watched) take(it Item) {
	w.t.Helper()
	defer w.queue.Release(it)
	data := append([]byte(nil), it.Data...) // what is kept outlives the item
	switch it.Kind {
	case Events:
		at := 0
		for _, m := range it.Marks {
			for _, m := range w.messages(data[at:m.End]) {
				w.seen[m.Type] = append(w.seen[m.Type], m)
			}
			at = m.End
		}
	case DumpData:
		w.rows[it.Query] = append(w.rows[it.Query], w.messages(data)...)
	default:
		w.items = append(w.items, it)
	}
}

func (w *watched) messages(b []byte) (out []Message) {
	w.t.Helper()
	for len(b) > 0 {
		m, rest, err := Next(b)
		require.NoError(w.t, err)
		out = append(out, m)
		b = rest
	}
	return out
}

// ask asks and waits for the answer.
func (w *watched) ask(q Query) (rows []Message, end Item) {
	w.t.Helper()
	require.True(w.t, w.conn.Ask(q))
	w.until(func(it Item) bool { end = it; return it.Kind == DumpEnd && it.Query == q })
	return w.rows[q], end
}

// settle returns when all events that the kernel has sent are seen.
func (w *watched) settle() {
	w.t.Helper()
	w.ask(Query{Object: Link, Ifindex: 1, One: true, Round: 1 << 31})
}

// count returns how many items of a kind came.
func (w *watched) count(k Kind) (n int) {
	for _, it := range w.items {
		if it.Kind == k {
			n++
		}
	}
	return n
}
