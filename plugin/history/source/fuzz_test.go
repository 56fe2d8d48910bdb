package source

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/history"
)

// FuzzRead: whatever the bytes are, reading ends without a panic, each row is
// handed out with what belongs to a row, and a state that is called exact has a
// begin and a complete in the bytes.
func FuzzRead(f *testing.F) {
	f.Add(churn(3))
	f.Add(bytes.ReplaceAll(churn(2), []byte("seq=2i"), []byte("seq=7i")))
	f.Add([]byte(`{"name":"rtnetlink_sync","tags":{"moment":"begin"},"fields":{"next_seq":1},"timestamp":1}` + "\n"))
	f.Add([]byte("rtnetlink_route,action=new seq=1i,key=\"0\" 1"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var notes Notes
		p := history.NewReplay(1_790_000_000_000_010_000, history.Newest)
		err := readAny("fuzz", bytes.NewReader(b), &notes, func(r *history.Row) error {
			p.Add(r)
			return nil
		})
		for _, c := range p.Finish() {
			require.Len(t, c.Verdicts, 2)
			for _, v := range c.Verdicts {
				if v.Status != history.Exact {
					require.NotEmpty(t, v.Reason)
					continue
				}
				if err == nil && !compressed(b) {
					require.Contains(t, string(b), "begin")
					require.Contains(t, string(b), "complete")
				}
			}
			for _, class := range p.Classes() {
				c.Objects(class, func(o *history.Object) { require.NotNil(t, c.Get(class, o.Key)) })
			}
			c.Differences(func(before, after *history.Object) { require.False(t, before == nil && after == nil) })
		}
	})
}

func compressed(b []byte) bool {
	return bytes.HasPrefix(b, gzipMagic) || bytes.HasPrefix(b, zstdMagic)
}
