package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// runMain runs the program with an empty standard input.
func runMain(args ...string) (status int, stdout, stderr string) {
	var out, err bytes.Buffer
	status = start(args, stdio{strings.NewReader(""), &out, &err})
	return status, out.String(), err.String()
}

func TestHelpExplainsTheFlags(t *testing.T) {
	status, stdout, stderr := runMain("-h")
	require.Equal(t, statusOK, status)
	require.Empty(t, stderr)
	for _, name := range []string{"-config", "-poll_interval", "-poll_interval_disabled", "-log_level", "-version"} {
		require.Contains(t, stdout, "\n  "+name)
	}
}

func TestVersionIsPrinted(t *testing.T) {
	status, stdout, stderr := runMain("-version")
	require.Equal(t, statusOK, status)
	require.Empty(t, stderr)
	require.Regexp(t, `^telegraf-rtnetlink \S+\n$`, stdout)
}

func TestABadCommandLineIsRefused(t *testing.T) {
	tests := map[string]string{
		"-no_such_flag":          "flag provided but not defined: -no_such_flag",
		"-poll_interval 5":       `invalid value "5" for flag -poll_interval: parse error`,
		"-poll_interval -1s":     "-poll_interval: -1s, want 0s (none) or more",
		"-log_level loud":        `-log_level: unknown value "loud" (choices: error, warn, info, debug, trace)`,
		"-poll_interval 1s more": `unexpected argument "more"`,
		"nonsense":               `unknown command "nonsense"`,
	}
	for args, want := range tests {
		t.Run(args, func(t *testing.T) {
			status, stdout, stderr := runMain(strings.Fields(args)...)
			require.Equal(t, statusUsage, status)
			require.Empty(t, stdout)
			require.Equal(t, 1, strings.Count(stderr, "\n"))
			require.True(t, strings.HasPrefix(stderr, "E! "), stderr)
			require.Contains(t, stderr, want)
		})
	}
}

func TestShimFlagsAreTaken(t *testing.T) {
	tests := map[string]time.Duration{
		"":                        10 * time.Second,
		"-poll_interval 10s":      10 * time.Second,
		"--poll_interval=0s":      0,
		"-poll_interval_disabled": 0,
		"-poll_interval_disabled -poll_interval 5s": 0,
	}
	for args, want := range tests {
		o, err := parseFlags(strings.Fields(args))
		require.NoError(t, err)
		require.Equal(t, want, o.poll, args)
	}
}
