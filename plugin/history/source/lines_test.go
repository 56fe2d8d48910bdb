package source

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/history"
)

// TestLinesOfAnyLength: where reads end is not seen in the rows, also where a
// text has line breaks.
func TestLinesOfAnyLength(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var b strings.Builder
	var want []string
	for i := range 3000 {
		text := strings.Repeat("x", rng.IntN(900)) + strings.Repeat("\n", rng.IntN(3)) + strings.Repeat("y", rng.IntN(200))
		want = append(want, fmt.Sprint(i, text))
		fmt.Fprintf(&b, "rtnetlink_link,action=new ifalias=\"%s\",seq=%di %d\n", text, i, i)
	}
	for name, r := range map[string]io.Reader{
		"at once":        strings.NewReader(b.String()),
		"byte by byte":   iotest.OneByteReader(strings.NewReader(b.String())),
		"the end early":  iotest.DataErrReader(strings.NewReader(b.String())),
		"half of a read": iotest.HalfReader(strings.NewReader(b.String())),
	} {
		var have []string
		var notes Notes
		require.NoError(t, readLines(name, r, &notes, func(r *history.Row) error {
			have = append(have, fmt.Sprint(r.Time, string(r.Fields[0].Str)))
			return nil
		}))
		require.Empty(t, notes.Lines(), name)
		require.Equal(t, want, have, name)
	}
}
