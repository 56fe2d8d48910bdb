package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/influxdata/telegraf"
)

// command is a subcommand: telegraf-rtnetlink <name> [arguments].
type command struct {
	name    string
	summary string // one line, for -h
	// run returns the exit status. It writes results to std.out and messages to
	// std.err.
	run func(args []string, std stdio) int
}

// commands returns the subcommands, in the order in which -h lists them.
func commands() []command {
	return []command{
		{"check", "look for everything that is wrong with a configuration and its scripts", checkCommand},
		{"record", "write what the kernel says to a pcapng file", recordCommand},
		{"replay", "print the metrics of such a file", replayCommand},
		{"test", "run Lua scripts on such a file and compare what comes out", testCommand},
		{"show", "show the network as it is now, from the kernel", showCommand},
		{"state", "show the network at a time, out of files or a database", stateCommand},
		{"diff", "show what differs between two times", diffCommand},
		{"log", "print the changes, one a line", logCommand},
		{"report", "write a page that shows what happened", reportCommand},
		{"completion", "print what bash, zsh or fish completes", completionCommand},
	}
}

// dispatch runs subcommand name.
func dispatch(name string, args []string, std stdio) int {
	var known []string
	for _, c := range commands() {
		if c.name == name {
			return c.run(args, std)
		}
		known = append(known, c.name)
	}
	newLogger(std.err, telegraf.Error).Errorf("unknown command %q (choices: %s); -h explains", name, strings.Join(known, ", "))
	return statusUsage
}

// listCommands prints the subcommands for -h.
func listCommands(w io.Writer) {
	fmt.Fprint(w, "\nCommands, each with its own -h:\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-10s %s\n", c.name, c.summary)
	}
}
