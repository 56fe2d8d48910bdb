package lua51

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
	lua "github.com/yuin/gopher-lua"
)

// patient is a Guard that never ends a call.
type patient struct{ context.Context }

func (patient) Check() {}
func (patient) Full()  {}

func measureState(t *testing.T) *State {
	t.Helper()
	st := New(Options{Guard: patient{context.Background()}, Box: NewBox(), Print: func(*lua.LState, string) {}})
	t.Cleanup(st.L.Close)
	return st
}

// TestTheSumIsNearWhatTheProcessTakes builds what scripts keep and compares
// with the heap's growth.
func TestTheSumIsNearWhatTheProcessTakes(t *testing.T) {
	for name, source := range map[string]string{
		"array":         `held = {} for i = 1, 60000 do held[i] = i + 0.5 end`,
		"large numbers": `held = {} for i = 1, 200000 do held[i + 1e6] = i + 0.5 end`,
		"texts as keys": `held = {} for i = 1, 200000 do held["key " .. i] = i + 0.5 end`,
		"deleted keys":  `held = {} for i = 1, 200000 do held["key " .. i] = 1 held["key " .. i] = nil end`,
		"small tables":  `held = {} for i = 1, 50000 do held[i] = {a = "x" .. i, b = i + 0.5} end`,
		"long texts":    `held = {} for i = 1, 200 do held[i] = string.rep(i, 30000) end`,
		"closures":      `held = {} for i = 1, 50000 do held[i] = function() return i end end`,
	} {
		t.Run(name, func(t *testing.T) {
			st := measureState(t)
			tree, err := Parse("x.lua", source)
			require.NoError(t, err)
			c, err := Compile("x.lua", tree)
			require.NoError(t, err)
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			st.L.Push(st.Load(c))
			require.NoError(t, st.Call(0, 0))
			runtime.GC()
			runtime.ReadMemStats(&after)
			took := int64(after.HeapAlloc) - int64(before.HeapAlloc)
			m := st.Measure(false)
			require.False(t, m.Step(10), "there is more than that")
			require.True(t, m.Step(10_000_000))
			require.InEpsilon(t, took, m.Bytes(), 0.4, "%s: %d measured, %d taken", name, m.Bytes(), took)
			require.Equal(t, "held", m.Largest())
		})
	}
}

func TestWhatIsReachedTwiceCountsOnce(t *testing.T) {
	st := measureState(t)
	long := lua.LString(fmt.Sprintf("%01000d", 1))
	shared := st.L.CreateTable(1, 0)
	shared.RawSetInt(1, long)
	a, b := st.L.CreateTable(2, 0), st.L.CreateTable(1, 0)
	a.RawSetInt(1, shared)
	a.RawSetInt(2, a)
	b.RawSetInt(1, shared)
	once := st.Measure(false, Root{"a", a})
	require.True(t, once.Step(1000))
	twice := st.Measure(false, Root{"a", a}, Root{"b", b})
	require.True(t, twice.Step(1000))
	require.Less(t, twice.Bytes()-once.Bytes(), int64(300))
}

type holder int

func (h holder) Held() int { return int(h) }

func TestValuesOfTheHostSayWhatTheyHold(t *testing.T) {
	st := measureState(t)
	iterator := st.L.NewClosure(func(*lua.LState) int { return 0 }, &lua.LUserData{Value: holder(1 << 20)})
	m := st.Measure(false, Root{"iterator", iterator})
	require.True(t, m.Step(1000))
	require.Greater(t, m.Bytes(), int64(1<<20))
}
