package lua51

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	lua "github.com/yuin/gopher-lua"
)

func TestBoxedValues(t *testing.T) {
	b := NewBox()
	for _, n := range []int64{0, 1, -1, smallInts - 1, smallInts, 1 << 40, -1 << 40, 1<<53 - 1} {
		require.Equal(t, lua.LNumber(n), b.Int(n))
		require.Equal(t, lua.LNumber(n), b.Int(n))
	}
	for _, f := range []float64{0, 1.5, -2.25, math.Pi, math.Inf(1), 1e300} {
		require.Equal(t, lua.LNumber(f), b.Float(f))
	}
	require.True(t, math.IsNaN(float64(b.Float(math.NaN()).(lua.LNumber))))
	require.True(t, math.Signbit(float64(b.number(math.Copysign(0, -1)).(lua.LNumber))))
	for i := range 20000 {
		s := fmt.Sprint("string ", i)
		require.Equal(t, lua.LString(s), b.String(s))
	}
	long := strings.Repeat("x", 1000)
	require.Equal(t, lua.LString(long), b.String(long))
}

// FuzzPattern compares the matcher with gopher-lua's on what both accept.
func FuzzPattern(f *testing.F) {
	for _, s := range []string{"hello", "a.b", "%w+", "(a)(b)", "[a-z]*", "^%s*(.-)%s*$", "%b()", "%f[%w]%w+", "x-y?", "[^%d]"} {
		f.Add("hello (a.b) 123", s)
	}
	f.Fuzz(func(t *testing.T, subject, pattern string) {
		if len(subject) > 100 || len(pattern) > 30 {
			return
		}
		m := matcher{guard: endless{}}
		m.reset(subject, pattern)
		for s := 0; s <= len(subject); s++ {
			end, err := m.at(s, 0)
			if err != nil {
				return
			}
			if end > len(subject) || end >= 0 && end < s {
				t.Fatalf("match from %d to %d", s, end)
			}
		}
	})
}
