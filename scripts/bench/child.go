package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// child is what this program does when it runs as one of the subjects, with the
// same words as scripts/bench/peers: "dump 4|6", "events", here also with paths of
// network namespaces, and "lines", which prints the prefix of each new route,
// "everything", which counts events about links and addresses as well, and
// "plugin N [SCRIPT]", which runs the input in this process over a table of N
// routes or more.
func child(args []string) error {
	switch {
	case len(args) >= 1 && args[0] == "events":
		return bareEvents(args[1:])
	case len(args) == 1 && args[0] == "everything":
		return bareEverything()
	case len(args) == 1 && args[0] == "lines":
		return bareLines()
	case len(args) == 2 && args[0] == "dump":
		return bareDump(args[1] == "6")
	case len(args) >= 2 && args[0] == "plugin":
		n, err := strconv.Atoi(args[1])
		if err != nil {
			return err
		}
		return inside(n, strings.Join(args[2:], ""))
	}
	return fmt.Errorf("unexpected arguments %q", args)
}

// say prints a line for the parent.
func say(format string, args ...any) { fmt.Printf(format+"\n", args...) }

// untilEnd calls fn for each line of standard input.
func untilEnd(fn func()) {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		fn()
	}
}
