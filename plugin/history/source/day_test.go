package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	telegraf "github.com/influxdata/telegraf/plugins/parsers/influx"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/history"
)

// day is a stream of line protocol that is made while it is read: an epoch with
// routes, then lines in which they change, go and come.
type day struct {
	routes, lines int // of the table, of the stream

	rng  *rand.Rand
	line int
	at   int64
	gone []uint64 // a bit a route
	buf  bytes.Buffer
}

func newDay(routes, lines int) *day {
	return &day{routes: routes, lines: lines, rng: rand.New(rand.NewPCG(1, 2)), at: 1_790_000_000_000_000_000, gone: make([]uint64, routes/64+1)}
}

// Read makes as many lines as fit into b.
func (d *day) Read(b []byte) (int, error) {
	for d.buf.Len() < len(b) && d.line < d.lines {
		d.next()
	}
	return d.buf.Read(b)
}

// next makes a line.
func (d *day) next() {
	d.at += 1728_000 // 50 million fill a day
	switch n := d.line; {
	case n == 0:
		d.sync("begin", 1)
	case n <= d.routes:
		d.route("new", "dump", n-1, n, 0)
	case n == d.routes+1:
		d.sync("complete", n)
	default:
		i := d.rng.IntN(d.routes)
		word, bit := i/64, uint64(1)<<(i%64)
		action := "change"
		switch {
		case d.gone[word]&bit != 0:
			action = "new"
			d.gone[word] &^= bit
		case d.rng.IntN(4) == 0:
			action = "delete"
			d.gone[word] |= bit
		}
		d.route(action, "notify", i, n-1, d.rng.IntN(250))
	}
	d.line++
}

func (d *day) sync(moment string, next int) {
	fmt.Fprintf(&d.buf, "rtnetlink_sync,host=r1,moment=%s epoch=1790000000000000000i,next_seq=%di,reason=\"start\" %d\n", moment, next, d.at)
}

// route makes an event, with which gateway of 250.
func (d *day) route(action, origin string, i, seq, via int) {
	more := ""
	if action == "change" {
		more = fmt.Sprintf(`,changed="gateway,metric",previous_gateway="10.0.0.%d",previous_metric=%di,portid=812i,process="bird"`, via+1, via+19)
	}
	fmt.Fprintf(&d.buf, `rtnetlink_route,action=%s,family=inet,host=r1,interface=eth0,origin=%s,protocol=bgp,table=main,type=unicast dst="%d.%d.%d.0/24",gateway="10.0.0.%d",metric=%di,scope="global",nexthop_count=1i,ifindex=2i,key="%016x"%s,seq=%di %d`+"\n",
		action, origin, 1+i>>16, i>>8&255, i&255, via, via+20, uint64(i)*0x9e3779b97f4a7c15, more, seq, d.at)
}

// living is how many routes are there.
func (d *day) living() (n int) {
	n = d.routes
	for _, w := range d.gone {
		for ; w != 0; w &= w - 1 {
			n--
		}
	}
	return n
}

// size is a number from the environment, or what suits a test.
func size(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, name)
	return n
}

// TestADayStreamsThrough: what a stream needs in memory is its state, however
// long it is. For 50 million lines over a million routes:
//
//	RTNETLINK_ROUTES=1000000 RTNETLINK_LINES=50000000 go test -v -timeout 2h -run ADay ./plugin/history/source
func TestADayStreamsThrough(t *testing.T) {
	routes, lines := size(t, "RTNETLINK_ROUTES", 4_000), size(t, "RTNETLINK_LINES", 80_000)
	d := newDay(routes, lines)
	before := heap()
	p := history.NewReplay(history.Newest)
	var notes Notes
	var full, peak float64
	rows, began := 0, time.Now()
	each := func() float64 { return (float64(heap()) - float64(before)) / float64(routes) }
	require.NoError(t, readLines("stream", d, &notes, func(r *history.Row) error {
		p.Add(r)
		if rows++; rows == routes+2 {
			full = each()
		} else if rows > routes && rows%(lines/8) == 0 {
			peak = max(peak, each())
		}
		return nil
	}))
	took := time.Since(began)
	peak = max(peak, each())
	scopes := p.Finish()
	require.Equal(t, history.Exact, scopes[0].Verdicts[0].Status, scopes[0].Verdicts[0].Reason)
	require.Equal(t, d.living(), scopes[0].Len("route"))
	require.Empty(t, notes.Lines())
	t.Logf("%d lines over %d routes: %s, %.1f µs a line with making it; %.0f bytes a route when all had come, at most %.0f afterwards",
		lines, routes, took.Round(time.Millisecond), float64(took.Microseconds())/float64(lines), full, peak)
	require.Less(t, full, 300.0)
	require.Less(t, peak, 300.0)
	require.Less(t, peak, 2*full, "what is superseded is kept")
}

// TestStateIsBuiltAsFastAsTheFileIsRead prints the ratio that the documentation
// states, over a file that both read in turn. It is printed, not judged: the
// machine has other work. For a million routes:
//
//	RTNETLINK_ROUTES=1000000 RTNETLINK_LINES=2000000 go test -v -timeout 1h -run AsFast ./plugin/history/source
func TestStateIsBuiltAsFastAsTheFileIsRead(t *testing.T) {
	routes, lines := size(t, "RTNETLINK_ROUTES", 5_000), size(t, "RTNETLINK_LINES", 15_000)
	path := t.TempDir() + "/day.lp"
	f, err := os.Create(path)
	require.NoError(t, err)
	_, err = io.Copy(f, newDay(routes, lines))
	require.NoError(t, err)
	require.NoError(t, f.Close())
	var ours, theirs time.Duration
	for range 3 {
		runtime.GC()
		theirs += elapsed(t, path, func(r io.Reader) { require.Equal(t, lines, parsed(t, r)) })
		runtime.GC()
		ours += elapsed(t, path, func(r io.Reader) { require.EqualValues(t, lines-2, replay(t, r).Counts.Events) })
	}
	t.Logf("%d routes, %d lines: Telegraf's parser alone %s, the state %s: ratio %.2f", routes, lines,
		(theirs / 3).Round(time.Millisecond), (ours / 3).Round(time.Millisecond), float64(ours)/float64(theirs))
}

func elapsed(t *testing.T, path string, f func(io.Reader)) time.Duration {
	t.Helper()
	in, err := os.Open(path)
	require.NoError(t, err)
	defer in.Close()
	began := time.Now()
	f(in)
	return time.Since(began)
}

// parsed is how many lines Telegraf's own parser finds.
func parsed(t *testing.T, r io.Reader) (lines int) {
	t.Helper()
	parser := telegraf.NewStreamParser(r)
	for {
		m, err := parser.Next()
		if errors.Is(err, telegraf.EOF) {
			return lines
		}
		require.NoError(t, err)
		require.NotNil(t, m)
		lines++
	}
}
