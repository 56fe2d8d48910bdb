package plugin

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// growing is a file in memory that one goroutine writes and another looks at.
type growing struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (g *growing) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.b.Write(p)
}

func (g *growing) bytes() []byte {
	g.mu.Lock()
	defer g.mu.Unlock()
	return bytes.Clone(g.b.Bytes())
}

// TestARecordingOfThisKernelIsReplayed: what the recorder has taken from the
// kernel, however slowly, comes out of the replay.
func TestARecordingOfThisKernelIsReplayed(t *testing.T) {
	ns := nstest.New(t)
	input, _ := prepare(t, ns)
	ctx, stop := context.WithCancel(t.Context())
	var file growing
	ended := make(chan error, 1)
	go func() { ended <- input.Record(ctx, &file, "test") }()
	var want string
	for n := range 250 { // until one is in the file, as an event or as a record
		want = fmt.Sprintf("30.0.0.%d", n)
		ns.Run("route add blackhole " + want + "/32")
		seen := append(binary.NativeEndian.AppendUint16(binary.NativeEndian.AppendUint16(nil, 8), unix.RTA_DST), 30, 0, 0, byte(n))
		time.Sleep(20 * time.Millisecond)
		if bytes.Contains(file.bytes(), seen) {
			break
		}
	}
	stop()
	require.NoError(t, <-ended)
	out, _ := blackholes(t, func(r *RTNetlink, acc telegraf.Accumulator) error {
		return r.Replay(bytes.NewReader(file.bytes()), acc, ReplayOptions{})
	})
	require.Contains(t, out, want)
}
