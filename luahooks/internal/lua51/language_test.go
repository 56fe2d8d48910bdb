package lua51

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLanguage runs the programs of testdata/language, one behaviour each:
// they are separated by lines that begin with "----".
func TestLanguage(t *testing.T) {
	files, err := filepath.Glob("testdata/language/*.lua")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		var names, programs []string
		for part := range strings.SplitSeq(string(raw), "---- ") {
			if name, body, ok := strings.Cut(part, "\n"); ok && name != "" {
				names, programs = append(names, name), append(programs, body)
			}
		}
		for i, want := range reference(t, programs) {
			t.Run(filepath.Base(file)+"/"+names[i], func(t *testing.T) {
				require.Equal(t, want, outcome(programs[i]), programs[i])
			})
		}
	}
}

func TestByteOrderMarkIsSkipped(t *testing.T) {
	require.Equal(t, "1\n", outcome("\uFEFFprint(1)"))
	require.Equal(t, "2\n", outcome("\uFEFF#!/usr/bin/lua\nprint(2)"))
	require.Contains(t, outcome("print(3)\uFEFF"), `invalid token near`)
}

// TestFunctionsWithTooManyVariablesAreNamed: gopher-lua gives no line for the main
// function, and speaks of registers.
func TestFunctionsWithTooManyVariablesAreNamed(t *testing.T) {
	var locals, arguments strings.Builder
	for i := range 250 {
		fmt.Fprintf(&locals, "local v%d = %d\n", i, i)
		fmt.Fprintf(&arguments, "%d, ", i)
	}
	const want = "too many local variables, or arguments of a call, in one function: at most 200 in all; put them into a table"
	for source, line := range map[string]int{
		locals.String(): 1,
		"\nlocal function f()\n" + locals.String() + "end": 2,
		"print(" + arguments.String() + "1)":               1,
	} {
		err := compileError(source)
		require.EqualError(t, err, fmt.Sprintf("p:%d: %s", line, want))
	}
}

// compileError returns what is wrong with a source, found by either pass.
func compileError(source string) error {
	tree, err := Parse("p", source)
	if err == nil {
		_, err = Compile("p", tree)
	}
	return err
}

func TestSyntaxErrorsHelpThoseWhoKnowOtherLanguages(t *testing.T) {
	for source, want := range map[string]string{
		"if a = 1 then end":         `p:1: syntax error near "="; comparing is == in Lua`,
		"x = 1\nwhile x = 1 do end": `p:2: syntax error near "="; comparing is == in Lua`,
		"repeat until x = 1":        `p:1: syntax error near "="; comparing is == in Lua`,
		"x = = 1":                   `p:1: syntax error near "="`,
		"x = 1\ny = \"open\nz = 2":  `p:2: unterminated string near "open"`,
		"print(ev.local)":           `p:1: syntax error near "local"; local is a word of Lua: write ev["local"]`,
	} {
		err := compileError(source)
		require.EqualError(t, err, want, source)
	}
}
