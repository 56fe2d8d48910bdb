package main

import (
	"flag"
	"fmt"
	"io"

	"github.com/influxdata/telegraf"
)

// checkCommand is "check": it looks at a configuration and the scripts that it
// names, and prints everything that is wrong. It starts nothing.
func checkCommand(args []string, std stdio) int {
	fs := flag.NewFlagSet("check", flag.ContinueOnError)
	config := fs.String("config", "", "`file` with [[inputs.rtnetlink]] (default: the defaults of every option)")
	_, status, done := arguments(fs, args, 0, 0, "check [-config FILE]", std)
	if done {
		return status
	}
	log := newLogger(std.err, telegraf.Info)
	wrong := check(*config, log)
	for _, err := range wrong {
		log.Errorf("%v", err)
	}
	if len(wrong) > 0 {
		return statusError
	}
	return std.print(func(w io.Writer) { fmt.Fprintln(w, nameOf(*config)+": nothing is wrong") })
}

// check returns everything that is wrong with a configuration: first with the
// file, by line, then with its options, then with the scripts.
func check(path string, log telegraf.Logger) []error {
	input, doc, wrong := readConfig(path, 0)
	if input == nil {
		return wrong
	}
	input.Log, input.NoState = log, true
	for _, err := range input.Check() {
		if !doc.told(err) {
			wrong = append(wrong, doc.place(err))
		}
	}
	return wrong
}

// nameOf names a configuration in a message.
func nameOf(path string) string {
	if path == "" {
		return "the defaults"
	}
	return path
}
