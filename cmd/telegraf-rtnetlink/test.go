package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/pmezard/go-difflib/difflib"

	"telegraf-rtnetlink/luahooks"
	"telegraf-rtnetlink/plugin"
)

// testOptions are the flags of "test".
type testOptions struct {
	scripts []string
	replay  string
	expect  string
	config  string
	update  bool
	after   time.Duration
	times   bool
}

// testCommand is "test": it runs scripts on a recording, with the recording's
// clock and the limits that they will have, and prints what became of each
// event. Without a recording it only loads them.
func testCommand(args []string, std stdio) int {
	var o testOptions
	fs := flag.NewFlagSet("test", flag.ContinueOnError)
	fs.StringVar(&o.replay, "replay", "", "recording to run the scripts on, `FILE.pcapng`; without it they are loaded and checked")
	fs.StringVar(&o.expect, "expect", "", "`file` with the expected output; a difference is printed, and the exit status is 1")
	fs.StringVar(&o.config, "config", "", "`file` with [[inputs.rtnetlink]]; its [[inputs.rtnetlink.lua]] that names a script of that file name, or a pattern that fits it, gives its options")
	fs.BoolVar(&o.update, "update", false, "write the output to the file of -expect instead of comparing")
	fs.DurationVar(&o.after, "after", defaultAfter, "for how `long` timers go on behind the last record")
	fs.BoolVar(&o.times, "times", false, "print the time that each hook took, to standard error")
	scripts, status, done := arguments(fs, args, 1, 1000, "test SCRIPT... [-replay FILE.pcapng] [-expect FILE] [flags]", std)
	if done {
		return status
	}
	o.scripts = scripts
	log := newLogger(std.err, telegraf.Info)
	switch {
	case o.replay == "" && o.expect != "":
		log.Errorf("test: -expect needs -replay; record a file with telegraf-rtnetlink record FILE.pcapng")
		return statusUsage
	case o.update && o.expect == "":
		log.Errorf("test: -update is of no use without -expect, which names the file to write")
		return statusUsage
	}
	if err := test(o, std, log); err != nil {
		log.Errorf("%v", err)
		return statusError
	}
	return statusOK
}

// test runs the scripts. It returns an error for a script that failed and for
// output that was not expected.
func test(o testOptions, std stdio, log telegraf.Logger) error {
	input, _, err := loadConfig(o.config, 0)
	if err != nil {
		return err
	}
	for _, s := range o.scripts {
		if found, err := filepath.Glob(s); err == nil && len(found) == 0 && strings.ContainsAny(s, "*?[") {
			return fmt.Errorf("%q: no script fits", s)
		}
	}
	input.Lua = scriptConfigs(input.Lua, o.scripts)
	input.Log, input.Strict = log, true
	if err := input.Init(); err != nil {
		return err
	}
	if o.replay == "" {
		return errors.Join(input.Check()...) // once more, for the advice on them
	}
	var out report
	var stats []luahooks.ScriptStats
	err = replay(input, o.replay, &out, log, plugin.ReplayOptions{
		NoSync: true,
		After:  o.after, TimeHooks: true,
		Exec:    func(argv []string) { out.note("exec: " + joinWords(argv)) },
		Verdict: out.verdict,
		Stats:   func(s []luahooks.ScriptStats) { stats = s },
	})
	if err == nil {
		err = out.deliver(o, std.out)
	}
	if o.times {
		printTimes(std.err, stats)
	}
	if err == nil {
		err = failures(stats)
	}
	return err
}

// scriptConfigs returns the options of each script: those of the table that fits
// best, otherwise the defaults.
func scriptConfigs(configured []plugin.LuaConfig, scripts []string) (out []plugin.LuaConfig) {
	for _, s := range scripts {
		var c plugin.LuaConfig
		best := 0
		for _, have := range configured {
			if n := fits(have.Script, s); n > best {
				c, best = have, n
			}
		}
		c.Script = s
		out = append(out, c)
	}
	return out
}

// fits reports how well a table's script option fits a script, 0 for not at all.
// Directories may differ: the script under test need not be where it will run.
func fits(option, script string) int {
	if option == script {
		return 3
	}
	base := filepath.Base(script)
	if filepath.Base(option) == base {
		return 2
	}
	if ok, _ := filepath.Match(filepath.Base(option), base); ok {
		return 1
	}
	return 0
}

// failures reports hooks that raised errors or had to be stopped.
func failures(stats []luahooks.ScriptStats) error {
	for _, s := range stats {
		if s.Errors+s.Kills > 0 {
			return fmt.Errorf("%s: %d errors, %d calls stopped at the time limit", s.Script, s.Errors, s.Kills)
		}
	}
	return nil
}

// report is the output of a test: metrics, and comments at their place.
type report struct{ bytes.Buffer }

// note adds a comment.
func (r *report) note(text string) { fmt.Fprintf(r, "# %s\n", text) }

func (r *report) verdict(event string, kept bool) {
	if !kept {
		r.note("drop: " + event)
	}
}

// deliver prints the report, compares it or stores it.
func (r *report) deliver(o testOptions, out io.Writer) error {
	switch {
	case o.expect == "":
		_, err := out.Write(r.Bytes())
		return err
	case o.update:
		return os.WriteFile(o.expect, r.Bytes(), 0o644)
	}
	want, err := os.ReadFile(o.expect)
	if err != nil {
		return err
	}
	if bytes.Equal(want, r.Bytes()) {
		return nil
	}
	diff := difflib.UnifiedDiff{
		A: difflib.SplitLines(string(want)), B: difflib.SplitLines(r.String()),
		FromFile: o.expect, ToFile: "output", Context: 2,
	}
	if err := difflib.WriteUnifiedDiff(out, diff); err != nil {
		return err
	}
	return fmt.Errorf("the output is not that of %s; -update stores it there", o.expect)
}

// printTimes prints what each hook did, and how long it took.
func printTimes(w io.Writer, stats []luahooks.ScriptStats) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "hook\tobject\tcalls\tfiltered\tdropped\terrors\tmean\tmax")
	for _, s := range stats {
		for _, h := range s.Hooks {
			mean := time.Duration(0)
			if h.Sampled > 0 {
				mean = h.Time / time.Duration(h.Sampled)
			}
			fmt.Fprintf(tw, "%s:%d\t%s\t%d\t%d\t%d\t%d\t%s\t%s\n", s.Script, h.Line, h.Object, h.Calls, h.Filtered, h.Dropped, h.Errors, mean, h.MaxTime)
		}
	}
	_ = tw.Flush() // to standard error: there is nowhere to report a failure to
}
