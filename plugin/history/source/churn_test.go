package source

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"testing"

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
