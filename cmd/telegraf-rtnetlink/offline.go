package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/agent"
	"github.com/influxdata/telegraf/config"

	"telegraf-rtnetlink/plugin"
)

// arguments parses flags that may stand before and behind the other arguments,
// of which there must be at least and at most so many. done is set when status
// is the command's result already.
func arguments(fs *flag.FlagSet, args []string, least, most int, use string, std stdio) (rest []string, status int, done bool) {
	fs.SetOutput(io.Discard)
	fail := newLogger(std.err, telegraf.Error)
	for {
		switch err := fs.Parse(args); {
		case errors.Is(err, flag.ErrHelp):
			return nil, std.print(func(w io.Writer) {
				fmt.Fprintf(w, "usage: telegraf-rtnetlink %s\n\n", use)
				fs.SetOutput(w)
				fs.PrintDefaults()
			}), true
		case err != nil:
			fail.Errorf("%s: %v; -h lists the flags", fs.Name(), err)
			return nil, statusUsage, true
		}
		if fs.NArg() == 0 {
			break
		}
		rest, args = append(rest, fs.Arg(0)), fs.Args()[1:]
	}
	if len(rest) < least || len(rest) > most {
		fail.Errorf("%s: %s; usage: telegraf-rtnetlink %s", fs.Name(), misfit(rest, most), use)
		return nil, statusUsage, true
	}
	return rest, statusOK, false
}

// misfit says what is wrong with the number of arguments, of which there may be
// most.
func misfit(rest []string, most int) string {
	if len(rest) > most {
		return fmt.Sprintf("unexpected argument %q", rest[most])
	}
	return "an argument is missing"
}

// initialized loads a configuration and checks it.
func initialized(path string, log telegraf.Logger) (*plugin.RTNetlink, error) {
	input, doc, err := loadConfig(path, 0)
	if err != nil {
		return nil, err
	}
	input.Log = log
	return input, doc.initialize(input)
}

// recordOptions are the flags of "record".
type recordOptions struct {
	to       string // FILE, or DIR with ring
	config   string
	force    bool
	duration time.Duration // 0: until a signal
	ring     config.Size   // 0: none
}

// recordCommand is "record".
func recordCommand(args []string, std stdio) int {
	var o recordOptions
	var ring string
	fs := flag.NewFlagSet("record", flag.ContinueOnError)
	fs.StringVar(&o.config, "config", "", "`file` with [[inputs.rtnetlink]]: its namespaces, classes and filters")
	fs.BoolVar(&o.force, "force", false, "overwrite whatever FILE is")
	fs.DurationVar(&o.duration, "duration", 0, "end after this `time` (default: at SIGINT, SIGTERM or SIGHUP)")
	fs.StringVar(&ring, "ring", "", "keep the last hours in files of directory DIR, of this `size` together, such as 1GiB")
	rest, status, done := arguments(fs, args, 1, 1, "record FILE.pcapng [flags], or -ring SIZE DIR", std)
	if done {
		return status
	}
	o.to = rest[0]
	log := newLogger(std.err, telegraf.Info)
	switch err := o.ring.UnmarshalText([]byte(ring)); {
	case o.duration < 0, o.duration == 0 && given(fs, "duration"):
		log.Errorf("record: -duration: %s, want more than 0s", o.duration)
		return statusUsage
	case err != nil || ring != "" && o.ring < minRing:
		log.Errorf("record: -ring: %q, want a size such as 1GiB, and 1MiB or more", ring)
		return statusUsage
	case ring != "" && o.force:
		log.Errorf("record: -force is for a file; -ring overwrites none")
		return statusUsage
	}
	if err := record(o, log); err != nil {
		log.Errorf("%v", err)
		return statusError
	}
	return statusOK
}

// given reports whether a flag was on the command line.
func given(fs *flag.FlagSet, name string) (is bool) {
	fs.Visit(func(f *flag.Flag) { is = is || f.Name == name })
	return is
}

// minRing is less than what any machine needs.
const minRing = 1 << 20

// record writes a recording until a signal, or for a duration if that is not 0.
func record(o recordOptions, log telegraf.Logger) error {
	input, err := initialized(o.config, log)
	if err != nil {
		return err
	}
	ctx, restore := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP) // the terminal is gone
	defer restore()
	if o.duration > 0 {
		var stop func()
		ctx, stop = context.WithTimeout(ctx, o.duration)
		defer stop()
	}
	if o.ring > 0 {
		log.Infof("Recording to the directory %s until SIGINT (Ctrl-C)%s", o.to, orAfter(o.duration))
		err = input.RecordRing(ctx, o.to, o.ring, version())
	} else if file, failed := plugin.CreateRecording(o.to, o.force); failed != nil {
		return failed
	} else {
		log.Infof("Recording to %s until SIGINT (Ctrl-C)%s", o.to, orAfter(o.duration))
		err = errors.Join(input.Record(ctx, file, version()), file.Close())
	}
	if err != nil {
		return fmt.Errorf("%s: %w", o.to, err)
	}
	return nil
}

// orAfter names a duration in a message, if there is one.
func orAfter(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return " or for " + d.String()
}

// replayCommand is "replay".
func replayCommand(args []string, std stdio) int {
	fs := flag.NewFlagSet("replay", flag.ContinueOnError)
	path := fs.String("config", "", "`file` with [[inputs.rtnetlink]]: its classes, filters and scripts; commands of scripts are not run")
	after := fs.Duration("after", defaultAfter, "for how `long` timers of scripts go on behind the last record")
	rest, status, done := arguments(fs, args, 1, 1, "replay FILE.pcapng|DIR [flags]", std)
	if done {
		return status
	}
	log := newLogger(std.err, telegraf.Info)
	input, err := initialized(*path, log)
	if err == nil {
		err = replay(input, rest[0], std.out, log, plugin.ReplayOptions{After: *after})
	}
	if err != nil {
		log.Errorf("%v", err)
		return statusError
	}
	return statusOK
}

// defaultAfter is long enough for hold times of some seconds.
const defaultAfter = 10 * time.Second

// replay writes the metrics of a recording, or of a directory of them, to out.
func replay(input *plugin.RTNetlink, path string, out io.Writer, log telegraf.Logger, opts plugin.ReplayOptions) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	w := newWriter(out, log, func() {})
	most := input.MaxUndelivered // with more, Replay would wait for one to be written
	if opts.Verdict != nil {
		most = 1
	}
	acc := agent.NewAccumulator(direct{maker{log}, w, most}, nil)
	acc.SetPrecision(time.Nanosecond)
	if info.IsDir() {
		err = input.ReplayRing(path, acc, opts)
	} else if err = input.Replay(file, acc, opts); err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	w.flush()
	if err != nil {
		return err
	}
	return w.err
}

// direct is a maker that writes each metric before the accumulator's call
// returns, so that other output can stand at its place between metrics.
type direct struct {
	maker
	w    *writer
	most int // metrics that may wait to be written
}

func (d direct) MakeMetric(m telegraf.Metric) telegraf.Metric {
	d.w.add(m)
	if len(d.w.waiting) >= d.most || len(d.w.buf) >= flushSize {
		d.w.flush()
	}
	return nil // nothing is left to be done with it
}

// joinWords quotes the words of a command where they need it.
func joinWords(argv []string) string {
	out := make([]string, len(argv))
	for i, a := range argv {
		out[i] = a
		if a == "" || strings.ContainsAny(a, " \t\n\"'\\") {
			out[i] = fmt.Sprintf("%q", a)
		}
	}
	return strings.Join(out, " ")
}
