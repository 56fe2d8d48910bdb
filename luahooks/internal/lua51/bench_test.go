package lua51

import (
	"testing"

	"github.com/stretchr/testify/require"
	lua "github.com/yuin/gopher-lua"
)

// BenchmarkOperations is what a turn of a loop costs with what the corrector
// and the library put in place of gopher-lua's own, and with that.
func BenchmarkOperations(b *testing.B) {
	for name, body := range map[string]string{
		"nothing":       ``,
		"concat":        `local s = name .. i`,
		"concat four":   `local s = name .. "/" .. name .. "!"`,
		"length":        `local n = #list`,
		"mod":           `local n = i % 7`,
		"pcall":         `pcall(nothing)`,
		"pcall error":   `pcall(error, "x")`,
		"swap":          `local a, b = i, n a, b = b, a`,
		"format":        `local s = string.format("%s %d", name, i)`,
		"ipairs of ten": `for _, v in ipairs(list) do end`,
	} {
		source := `local name, list, n = "eth0", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 5 local function nothing() end
return function(count) for i = 1, count do ` + body + ` end end`
		b.Run(name+"/lua51", func(b *testing.B) {
			st := New(Options{Guard: endless{}, Box: box, Print: func(*lua.LState, string) {}})
			tree, err := Parse("b", source)
			require.NoError(b, err)
			c, err := Compile("b", tree)
			require.NoError(b, err)
			st.L.Push(st.Load(c))
			require.NoError(b, st.Call(0, 1))
			st.L.Push(lua.LNumber(b.N))
			b.ReportAllocs()
			b.ResetTimer()
			require.NoError(b, st.Call(1, 0))
		})
		b.Run(name+"/gopher-lua", func(b *testing.B) {
			L := lua.NewState()
			defer L.Close()
			L.SetContext(endless{})
			require.NoError(b, L.DoString(source))
			L.Push(lua.LNumber(b.N))
			b.ReportAllocs()
			b.ResetTimer()
			require.NoError(b, L.PCall(1, 0, nil))
		})
	}
}
