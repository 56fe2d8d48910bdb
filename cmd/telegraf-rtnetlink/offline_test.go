package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	recordings    = "../../testdata/recordings"
	badRecordings = "../../testdata/recordings-bad"
)

// linkDown is a recording of a few events behind an enumeration.
var linkDown = filepath.Join(recordings, "link-down-takes-IPv4-routes-along.pcapng")

// write makes a file that only its owner may write to, and returns its path.
func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// refusal is a command line and the one line of log that it gives.
type refusal struct {
	name   string
	args   []string
	status int
	want   string // part of the line
}

func requireRefused(t *testing.T, tests []refusal) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, stdout, stderr := runMain(tt.args...)
			require.Equal(t, tt.status, status, stderr)
			require.Empty(t, stdout)
			require.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
			require.True(t, strings.HasPrefix(stderr, "E! "), stderr)
			require.Contains(t, stderr, tt.want)
		})
	}
}

func TestRecordRefusesWhatItCannotDo(t *testing.T) {
	dir := t.TempDir()
	fresh := filepath.Join(dir, "fresh.pcapng")
	target := write(t, dir, "target", "not a recording")
	link := filepath.Join(dir, "link.pcapng")
	require.NoError(t, os.Symlink(target, link))
	hard := filepath.Join(dir, "hard.pcapng")
	require.NoError(t, os.Link(target, hard))
	bad := write(t, dir, "bad.conf", "[[inputs.rtnetlink]]\n  objekts = []\n")
	requireRefused(t, []refusal{
		{"no file", []string{"record"}, statusUsage, "record: an argument is missing; usage: telegraf-rtnetlink record FILE.pcapng [flags], or -ring SIZE DIR"},
		{"two files", []string{"record", fresh, fresh}, statusUsage, `record: unexpected argument "` + fresh + `"; usage: `},
		{"unknown flag", []string{"record", fresh, "-for", "1s"}, statusUsage, "record: flag provided but not defined: -for; -h lists the flags"},
		{"bad duration", []string{"record", fresh, "-duration", "5"}, statusUsage, `invalid value "5" for flag -duration`},
		{"negative duration", []string{"record", "-duration", "-1s", fresh}, statusUsage, "record: -duration: -1s, want more than 0s"},
		{"no configuration", []string{"record", fresh, "-config", dir + "/none.conf"}, statusError, "open " + dir + "/none.conf: no such file"},
		{"bad configuration", []string{"record", fresh, "-config", bad}, statusError, bad + `:2: unknown key "objekts"`},
		{"no directory", []string{"record", dir + "/none/x.pcapng"}, statusError, "open " + dir + "/none/x.pcapng: no such file or directory"},
		{"a directory", []string{"record", dir}, statusError, dir + " is a directory; name a file in it, or use -ring"},
		{"a symbolic link", []string{"record", link}, statusError, link + " is a symbolic link; remove it or use -force"},
		{"a file with two names", []string{"record", hard}, statusError, hard + " exists already; name another file, or use -force to overwrite it"},
		{"a device", []string{"record", "/dev/null"}, statusError, "/dev/null is not a plain file; use -force to write to it"},
		{"a plain file", []string{"record", target}, statusError, target + " exists already; name another file, or use -force to overwrite it"},
		{"no size", []string{"record", "-ring", "much", dir}, statusUsage, `record: -ring: "much", want a size such as 1GiB, and 1MiB or more`},
		{"a small ring", []string{"record", "-ring", "1KiB", dir}, statusUsage, `record: -ring: "1KiB", want a size`},
		{"a ring with force", []string{"record", "-ring", "1GiB", "-force", dir}, statusUsage, "record: -force is for a file"},
	})
	require.NoFileExists(t, fresh)
	text, err := os.ReadFile(target)
	require.NoError(t, err)
	require.Equal(t, "not a recording", string(text))
}

func TestAFullDiskEndsARecording(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip(err)
	}
	status, _, stderr := runMain("record", "/dev/full", "-force", "-duration", "1s")
	require.Equal(t, statusError, status)
	require.Contains(t, stderr, "E! ")
	require.Contains(t, stderr, "/dev/full: ")
	require.Contains(t, stderr, "no space left on device")
}

// TestRecordingIsReplayed records this machine, without touching anything.
func TestRecordingIsReplayed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "own.pcapng")
	for _, args := range [][]string{
		{"record", path, "-duration", "300ms"}, {"record", "-force", "-duration=300ms", path}, // the second empties the first's
	} {
		status, stdout, stderr := runMain(args...)
		require.Equal(t, statusOK, status, stderr)
		require.Empty(t, stdout)
		require.Contains(t, stderr, "Recording to "+path+" until SIGINT (Ctrl-C) or for 300ms")
		require.NotContains(t, stderr, "E! ")
	}
	status, stdout, stderr := runMain("replay", path)
	require.Equal(t, statusOK, status, stderr)
	require.Contains(t, stdout, "rtnetlink_link,action=new,interface=lo,origin=dump ")
}

// TestARingIsReplayed records this machine twice into one directory.
func TestARingIsReplayed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "ring")
	for run := 1; run <= 2; run++ {
		status, stdout, stderr := runMain("record", "-ring", "64MiB", dir, "-duration", "300ms")
		require.Equal(t, statusOK, status, stderr)
		require.Empty(t, stdout)
		require.NotContains(t, stderr, "E! ")
		files, err := filepath.Glob(dir + "/rtnetlink-*-start.pcapng")
		require.NoError(t, err)
		require.Len(t, files, run)
	}
	status, stdout, stderr := runMain("replay", dir)
	require.Equal(t, statusOK, status, stderr)
	require.Equal(t, 2, strings.Count(stdout, "rtnetlink_sync,moment=begin "))
	require.Equal(t, 2, strings.Count(stdout, "rtnetlink_sync,moment=complete "))
}

// syncBuffer is a bytes.Buffer for two goroutines.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestASignalEndsARecording(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(sig.String(), func(t *testing.T) { endsARecording(t, sig) })
	}
}

// endsARecording has a signal end a recording, which can be read before, as far as
// it goes: what kills the program may give no signal.
func endsARecording(t *testing.T, sig syscall.Signal) {
	path := filepath.Join(t.TempDir(), "own.pcapng")
	var stderr syncBuffer
	ended := make(chan int)
	go func() {
		ended <- start([]string{"record", path}, stdio{strings.NewReader(""), &bytes.Buffer{}, &stderr})
	}()
	// Once it says so it has asked for the signal.
	require.Eventually(t, func() bool { return strings.Contains(stderr.String(), "Recording to ") }, 10*time.Second, time.Millisecond)
	require.Eventually(t, func() bool {
		status, out, _ := runMain("replay", path)
		return status == statusOK && strings.Contains(out, "moment=complete")
	}, time.Minute, 10*time.Millisecond)
	require.NoError(t, syscall.Kill(os.Getpid(), sig))
	select {
	case status := <-ended:
		require.Equal(t, statusOK, status, stderr.String())
	case <-time.After(time.Minute):
		t.Fatal("the recording goes on")
	}
	status, _, message := runMain("replay", path)
	require.Equal(t, statusOK, status, message)
}

func TestReplayRefusesWhatItCannotDo(t *testing.T) {
	dir := t.TempDir()
	requireRefused(t, []refusal{
		{"no file", []string{"replay"}, statusUsage, "replay: an argument is missing; usage: telegraf-rtnetlink replay FILE.pcapng|DIR [flags]"},
		{"two files", []string{"replay", linkDown, linkDown}, statusUsage, `replay: unexpected argument "` + linkDown + `"; usage: `},
		{"unknown flag", []string{"replay", linkDown, "-x"}, statusUsage, "replay: flag provided but not defined: -x"},
		{"missing file", []string{"replay", dir + "/none.pcapng"}, statusError, "open " + dir + "/none.pcapng: no such file or directory"},
		{"a directory", []string{"replay", dir}, statusError, dir + " has no recordings rtnetlink-"},
		{"no configuration", []string{"replay", linkDown, "-config", dir + "/none.conf"}, statusError, "none.conf: no such file"},
	})
}

// TestBadRecordingsAreRefused runs the program with each bad file: what comes
// before the damage is printed, and the damage is named.
func TestBadRecordingsAreRefused(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(badRecordings, "*.pcapng"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			want, err := os.ReadFile(strings.TrimSuffix(file, ".pcapng") + ".err")
			require.NoError(t, err)
			status, _, stderr := runMain("replay", file)
			require.Equal(t, statusError, status)
			require.Equal(t, "E! [inputs.rtnetlink] "+file+": "+string(want), stderr)
		})
	}
	_, stdout, _ := runMain("replay", filepath.Join(badRecordings, "cut-in-packet.pcapng"))
	require.Contains(t, stdout, "rtnetlink_link,action=new,interface=eth0,origin=dump ")
}

func TestReplaysAreEqual(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(recordings, "*.pcapng"))
	require.NoError(t, err)
	for _, file := range files[:min(len(files), 20)] {
		_, first, _ := runMain("replay", file)
		_, second, _ := runMain("replay", file)
		require.NotEmpty(t, first, file)
		require.Equal(t, first, second, file)
	}
}

func TestReplayTakesAConfiguration(t *testing.T) {
	dir := t.TempDir()
	ran := filepath.Join(dir, "ran")
	script := write(t, dir, "x.lua", `
		local nl = require "rtnetlink"
		nl.on("route", {origin = "dump"}, nl.DROP)
		nl.on("route", {action = "delete"}, function(ev) ev:tag("seen", "yes") nl.exec{"/bin/touch", config.ran} end)
		nl.on("start", function() nl.after(5, function() nl.emit("late", nil, {n = 1}) end) end)
	`)
	config := write(t, dir, "x.conf", fmt.Sprintf(`
[[inputs.rtnetlink]]
  objects = ["route"]
  max_undelivered_messages = 1
  [[inputs.rtnetlink.lua]]
    script = %q
    allow_exec = ["/bin/touch"]
    [inputs.rtnetlink.lua.constants]
      ran = %q
`, script, ran))
	status, stdout, stderr := runMain("replay", "-config", config, linkDown)
	require.Equal(t, statusOK, status, stderr)
	require.NotContains(t, stdout, "rtnetlink_link")
	require.NotContains(t, stdout, "origin=dump")
	require.Contains(t, stdout, `rtnetlink_route,action=delete,family=inet,interface=v0,origin=implied,protocol=boot,seen=yes,table=main,type=unicast dst="20.0.0.0/24"`)
	require.Contains(t, stdout, "\nlate n=1 ")
	require.NoFileExists(t, ran, "a replay runs no commands")

	_, stdout, _ = runMain("replay", linkDown, "-config", config, "-after", "1s")
	require.NotContains(t, stdout, "late")
}

func TestReplayReportsUntrackedClassesAsTheKernelDid(t *testing.T) {
	config := write(t, t.TempDir(), "x.conf", "[[inputs.rtnetlink]]\n  untracked = [\"route\"]\n")
	status, stdout, stderr := runMain("replay", filepath.Join(recordings, "link-down-takes-IPv6-routes-along.pcapng"), "-config", config)
	require.Equal(t, statusOK, status, stderr)
	require.Contains(t, stdout, "rtnetlink_route,action=delete,family=inet6,interface=v0,origin=notify,")
	require.NotContains(t, stdout, "rtnetlink_route,action=new", "an enumeration is of use to a mirror only")
	require.NotRegexp(t, "rtnetlink_route,.*origin=implied", stdout)
}

// brokenPipe is a standard output that nobody reads.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestReplayEndsWhenNobodyReads(t *testing.T) {
	var stderr bytes.Buffer
	status := start([]string{"replay", linkDown}, stdio{strings.NewReader(""), brokenPipe{}, &stderr})
	require.Equal(t, statusError, status)
	require.Equal(t, "E! [inputs.rtnetlink] cannot write metrics: broken pipe\n", stderr.String())
}

func TestHelpOfEachCommand(t *testing.T) {
	for _, c := range commands() {
		status, stdout, stderr := runMain(c.name, "-h")
		require.Equal(t, statusOK, status)
		require.Empty(t, stderr)
		require.Contains(t, stdout, "usage: telegraf-rtnetlink "+c.name+" ")
		if c.name != "completion" {
			require.Regexp(t, `\n  -(config file|where FIELD=VALUE)\n`, stdout)
		}
	}
}

// full is a disk that is full.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// TestWhatCannotBePrintedIsAnError: a completion that was cut off must not pass for
// one.
func TestWhatCannotBePrintedIsAnError(t *testing.T) {
	for _, args := range [][]string{{"-h"}, {"-version"}, {"state", "-h"}, {"completion", "bash"}, {"completion", "zsh"}, {"completion", "fish"}, {"check"}} {
		var stderr bytes.Buffer
		require.Equal(t, statusError, start(args, stdio{strings.NewReader(""), full{}, &stderr}), "%q", args)
		require.Equal(t, "E! [inputs.rtnetlink] no space left on device\n", stderr.String())
	}
}
