package source

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"math"
	"math/big"
	"testing"

	"github.com/jackc/pgx/v5/pgtype"
	"github.com/klauspost/compress/zstd"
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
		if compressed(b) {
			t.Skip("FuzzCompressed has these")
		}
		replayed(t, b, func(exact bool) {
			if exact {
				require.Contains(t, string(b), "begin")
				require.Contains(t, string(b), "complete")
			}
		})
	})
}

// FuzzCompressed is slower: what unpacks starts goroutines.
func FuzzCompressed(f *testing.F) {
	for _, whole := range [][]byte{packed(f, churn(3)), zstandard(f, churn(3))} {
		f.Add(whole)
		f.Add(whole[:len(whole)/2])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if !compressed(b) {
			t.Skip("FuzzRead has these")
		}
		replayed(t, b, func(bool) {})
	})
}

// replayed reads bytes, wants of each verdict what belongs to one, and tells of
// each whether it is exact, where the reading came to its end.
func replayed(t *testing.T, b []byte, each func(exact bool)) {
	t.Helper()
	var notes Notes
	p := history.NewReplay(1_790_000_000_000_010_000, history.Newest)
	err := readAny("fuzz", bytes.NewReader(b), &notes, func(r *history.Row) error {
		p.Add(r)
		return nil
	})
	for _, c := range p.Finish() {
		require.Len(t, c.Verdicts, 2)
		for _, v := range c.Verdicts {
			exact := v.Status == history.Exact
			require.True(t, exact || v.Reason != "", v.Status)
			each(exact && err == nil)
		}
		for _, class := range p.Classes() {
			c.Objects(class, func(o *history.Object) { require.NotNil(t, c.Get(class, o.Key)) })
		}
		c.Differences(func(before, after *history.Object) { require.False(t, before == nil && after == nil) })
	}
}

func packed(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err := z.Write(b)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return out.Bytes()
}

func zstandard(t testing.TB, b []byte) []byte {
	t.Helper()
	z, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	return z.EncodeAll(b, nil)
}

// FuzzInfluxRows: whatever a server answers, reading ends without a panic.
func FuzzInfluxRows(f *testing.F) {
	f.Add([]byte(`{"results":[{"series":[{"name":"rtnetlink_route","columns":["time","action","key","seq","host"],"values":[[1,"new","00",1,"r1"],[2,null,true,1.5]],"partial":true}]}]}`))
	f.Add([]byte(`{"results":[{"series":[{"columns":["time"],"values":[[null],[],["x"]]}]}]}{"error":"x"}`))
	f.Add([]byte(`{"results":[{"series":[{"columns":[],"values":[[1]]}]}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		dec := json.NewDecoder(bytes.NewReader(b))
		dec.UseNumber()
		c := influxCursor{influxStream: &influxStream{body: io.NopCloser(nil), dec: dec}, name: "rtnetlink_route", tags: map[string]bool{"host": true}}
		p := history.NewReplay(history.Newest)
		var r history.Row
		for {
			more, err := c.next(&r)
			if !more || err != nil {
				break
			}
			p.Add(&r)
		}
		p.Finish()
	})
}

// FuzzPostgresRows: a row of any values, of columns of any names, is a row or an
// error.
func FuzzPostgresRows(f *testing.F) {
	f.Add("seq", "host", int64(1), int32(-9), "r1", 1.5, true)
	f.Add("", "moment", int64(-1<<63), int32(1<<30), "\x00", math.Inf(1), false)
	f.Add("time", "key", int64(1<<62), int32(-1<<30), "begin", math.NaN(), true)
	f.Fuzz(func(t *testing.T, a, b string, n int64, exp int32, text string, number float64, truth bool) {
		for _, class := range []string{"rtnetlink_sync", "rtnetlink_route"} {
			table := pgTable{name: class}
			values := []any{pgtype.Numeric{Int: big.NewInt(n), Exp: exp, Valid: true}}
			for i, name := range []string{a, b, a, b, a, b} {
				table.columns = append(table.columns, name)
				values = append(values, []any{text, n, exp, number, truth, nil}[i])
			}
			var r history.Row
			if err := table.fill(&r, values); err == nil {
				p := history.NewReplay(history.Newest)
				p.Add(&r)
				p.Finish()
			}
			require.Error(t, table.fill(&r, []any{nil, nil, nil, nil, nil, nil, nil}))
		}
	})
}

func compressed(b []byte) bool {
	return bytes.HasPrefix(b, gzipMagic) || bytes.HasPrefix(b, zstdMagic)
}
