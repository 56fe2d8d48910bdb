// Command telegraf-rtnetlink runs the rtnetlink input plugin as a program of
// its own: it prints every change of the machine's network as influx line
// protocol, alone or under Telegraf's inputs.execd, whose conventions for
// flags, signals, standard input and log lines it keeps.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/influxdata/telegraf"

	"telegraf-rtnetlink/plugin"
)

func main() { os.Exit(start(os.Args[1:], stdio{os.Stdin, os.Stdout, os.Stderr})) }

// stdio is where the program reads and writes.
type stdio struct {
	in       io.Reader
	out, err io.Writer
}

// print writes a text and returns the exit status: a disk may be full.
func (std stdio) print(write func(io.Writer)) int {
	var text bytes.Buffer
	write(&text)
	if _, err := std.out.Write(text.Bytes()); err != nil {
		newLogger(std.err, telegraf.Error).Errorf("%v", err)
		return statusError
	}
	return statusOK
}

// Exit statuses.
const (
	statusOK    = 0
	statusError = 1 // what was to be done failed
	statusUsage = 2 // the command line makes no sense
)

// start runs the command line args and returns the exit status.
func start(args []string, std stdio) int {
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		return dispatch(args[0], args[1:], std)
	}
	o, err := parseFlags(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return std.print(usage)
	case err != nil:
		newLogger(std.err, telegraf.Error).Errorf("%v; -h lists the flags", err)
		return statusUsage
	case o.version:
		return std.print(func(w io.Writer) { fmt.Fprintln(w, "telegraf-rtnetlink", version()) })
	}
	return runInput(o, std)
}

// options are the flags of the input itself.
type options struct {
	config  string
	poll    time.Duration // 0: only when a line arrives on standard input
	level   telegraf.LogLevel
	version bool
}

func parseFlags(args []string) (options, error) {
	var o options
	var pollOff bool
	var level string
	fs := flagSet(&o, &pollOff, &level)
	if err := fs.Parse(args); err != nil {
		return o, err
	}
	if fs.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", fs.Arg(0))
	}
	if o.poll < 0 {
		return o, fmt.Errorf("-poll_interval: %s, want 0s (none) or more", o.poll)
	}
	if pollOff {
		o.poll = 0
	}
	if o.level = telegraf.LogLevelFromString(level); o.level == telegraf.None {
		return o, fmt.Errorf("-log_level: unknown value %q (choices: error, warn, info, debug, trace)", level)
	}
	return o, nil
}

func flagSet(o *options, pollOff *bool, level *string) *flag.FlagSet {
	fs := flag.NewFlagSet("telegraf-rtnetlink", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&o.config, "config", "", "`file` with [[inputs.rtnetlink]] (default: the defaults of every option)")
	fs.DurationVar(&o.poll, "poll_interval", 10*time.Second, "how often to send gauges and counters, 0s for never")
	fs.BoolVar(pollOff, "poll_interval_disabled", false, "send gauges and counters only when a line arrives on standard input")
	fs.StringVar(level, "log_level", "info", "least severe `level` to log: error, warn, info, debug or trace")
	fs.BoolVar(&o.version, "version", false, "print the version and exit")
	return fs
}

func usage(w io.Writer) {
	fmt.Fprint(w, `Prints every change of the machine's network as influx line protocol.

usage: telegraf-rtnetlink [flags]

`)
	var o options
	fs := flagSet(&o, new(bool), new(string))
	fs.SetOutput(w)
	fs.PrintDefaults()
	fmt.Fprint(w, `
Each line on standard input sends the gauges and counters once. The end of
standard input (unless it is /dev/null), SIGINT and SIGTERM end the program when
every pending metric is written; a second signal ends it at once. SIGHUP loads
the Lua scripts again.
`)
	listCommands(w)
}

// heapGrowth is by how many percent the heap may grow between two collections, where
// GOGC does not say. Nearly all of it is the mirror, in which the collector has nothing
// to look at: it may come more often than by default, for half of the memory on top.
const heapGrowth = 50

// runInput runs the plugin until it is told to stop.
func runInput(o options, std stdio) int {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
	logger := newLogger(std.err, o.level)
	log.SetFlags(0)
	log.SetOutput(logger) // Telegraf's own packages log through it
	input, doc, err := loadConfig(o.config, defaultRate(std.out))
	if err != nil {
		logger.Errorf("%v", err)
		return statusError
	}
	input.Log, input.NoState = logger, true
	if err := doc.initialize(input); err != nil {
		logger.Errorf("%v", err)
		return statusError
	}
	r := runner{input: input, log: logger, stdin: std.in, stdout: std.out, poll: o.poll}
	if err := r.runUntilSignal(); err != nil {
		logger.Errorf("%v", err)
		return statusError
	}
	return statusOK
}

// defaultRate is the cap of events where the configuration names none. Behind a
// pipe or a socket there is somebody, such as Telegraf, who drops what comes too
// fast; a file or a terminal loses nothing.
func defaultRate(out io.Writer) int {
	f, ok := out.(*os.File)
	if !ok {
		return 0
	}
	info, err := f.Stat()
	if err == nil && info.Mode()&(os.ModeNamedPipe|os.ModeSocket) != 0 {
		return plugin.ExternalRate
	}
	return 0
}

// release is the version that a release build sets by -ldflags "-X main.release=…".
var release string

// version returns the release, or what the Go tool recorded about the build.
func version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	return info.Main.Version
}

var _ reloader = (*plugin.RTNetlink)(nil)
