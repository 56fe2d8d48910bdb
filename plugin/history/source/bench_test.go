package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"

	telegraf "github.com/influxdata/telegraf/plugins/parsers/influx"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/history"
)

// churn is a stream of n routes that come, and change twice.
func churn(n int) []byte {
	var b bytes.Buffer
	at := int64(1_790_000_000_000_000_000)
	sync := func(moment string, next int) {
		at++
		fmt.Fprintf(&b, "rtnetlink_sync,host=r1,moment=%s epoch=1790000000000000000i,next_seq=%di,reason=\"start\" %d\n", moment, next, at)
	}
	sync("begin", 1)
	seq := 0
	for round := range 3 {
		action, more := "new,family=inet,host=r1,interface=eth0,origin=dump", ""
		if round > 0 {
			action = "change,family=inet,host=r1,interface=eth0,origin=notify"
			more = fmt.Sprintf(`,changed="gateway,metric",previous_gateway="10.0.0.%d",previous_metric=%di,portid=812i,process="bird"`, round, round+19)
		}
		for i := range n {
			seq++
			at += 1000
			fmt.Fprintf(&b, `rtnetlink_route,action=%s,protocol=bgp,table=main,type=unicast dst="%d.%d.%d.0/24",gateway="10.0.0.%d",metric=%di,scope="global",nexthop_count=1i,ifindex=2i,key="%016x"%s,seq=%di %d`+"\n",
				action, 1+i>>16, i>>8&255, i&255, round+1, round+20, uint64(i)*0x9e3779b97f4a7c15, more, seq, at)
		}
		if round == 0 {
			sync("complete", seq+1)
		}
	}
	return b.Bytes()
}

// TestStateIsBuiltAsFastAsTheFileIsRead prints the ratios that the README
// states. They are printed, not judged: the machine has other work. What is
// judged is the memory, which does not depend on that.
func TestStateIsBuiltAsFastAsTheFileIsRead(t *testing.T) {
	routes := 20_000
	if testing.Short() {
		routes = 5_000
	}
	file := churn(routes)
	var ours, theirs time.Duration
	for range 3 {
		began := time.Now()
		parser := telegraf.NewStreamParser(bytes.NewReader(file))
		lines := 0
		for {
			m, err := parser.Next()
			if errors.Is(err, telegraf.EOF) {
				break
			}
			require.NoError(t, err)
			require.NotNil(t, m)
			lines++
		}
		theirs += time.Since(began)
		require.Equal(t, 3*routes+2, lines)

		began = time.Now()
		p := replay(t, bytes.NewReader(file))
		ours += time.Since(began)
		require.EqualValues(t, 3*routes, p.Counts.Events)
	}
	t.Logf("%d lines: Telegraf's parser alone %s, the state %s: ratio %.2f", 3*routes+2, theirs/3, ours/3, float64(ours)/float64(theirs))
}

// TestMemoryOfAState bounds the bytes that a route takes.
func TestMemoryOfAState(t *testing.T) {
	const routes = 50_000
	file := churn(routes)
	before := heap()
	p := replay(t, bytes.NewReader(file))
	each := (float64(heap()) - float64(before)) / routes
	runtime.KeepAlive(file)
	scopes := p.Finish()
	require.Equal(t, routes, scopes[0].Len("route"))
	require.Equal(t, history.Exact, scopes[0].Verdicts[0].Status, scopes[0].Verdicts[0].Reason)
	t.Logf("%.0f bytes a route", each)
	require.Less(t, each, 200.0)
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func replay(t testing.TB, r io.Reader) *history.Replay {
	p := history.NewReplay(history.Newest)
	var notes Notes
	require.NoError(t, readLines("file", r, &notes, func(r *history.Row) error { p.Add(r); return nil }))
	require.Empty(t, notes.Lines())
	return p
}
