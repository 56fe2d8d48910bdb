// Command bench measures telegraf-rtnetlink side by side with other ways to
// read routes, in one run on one machine, and prints a table in Markdown.
//
//	go run ./scripts/bench           # 1,000,000 IPv4 and 200,000 IPv6 routes: five minutes
//	go run ./scripts/bench -quick    # small tables: half a minute, numbers of no meaning
//
// It needs no privileges, only user namespaces: everything happens in a network
// namespace that it makes. Run by root, the programs get the receive buffer of
// 64 MiB that they ask for, otherwise what the sysctl net.core.rmem_max allows.
//
// Each number is measured from outside: a program is started, routes are loaded
// and changed in batches over netlink, and what the program prints is read and
// timed. The measure of all is a loop around recvmsg(2) that looks at nothing
// but the type of each message. `ip` takes part where it is installed; so do the
// libraries of scripts/bench/peers, a module of its own, where it can be built.
//
// How many events Telegraf's outputs take is measured with a Telegraf that has the
// input compiled in, and compared with what the same Telegraf makes of the same
// lines from a file:
//
//	scripts/build-telegraf.sh -o /tmp/telegraf
//	go run ./scripts/bench -telegraf /tmp/telegraf -rows outputs
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"telegraf-rtnetlink/scripts/bench/stage"
)

// options are the sizes of a run.
type options struct {
	routes4 int
	routes6 int
	churn   int // operations
	idle    int // routes, one at a time, for latency on an idle machine
	busy    int // routes at busyRate
	seconds int // how long idleness is watched
	pairs   []int
	binary  string
	only    string // columns
	rows    string // families of experiments
	library string // where libnetstack is installed
	// telegraf is a Telegraf with the input compiled in.
	telegraf string
}

// full and quick are the defaults of the flags.
var (
	full  = options{routes4: 1_000_000, routes6: 200_000, churn: 500_000, idle: 500, busy: 50_000, seconds: 10, pairs: []int{500, 1500}}
	quick = options{routes4: 20_000, routes6: 5_000, churn: 15_000, idle: 50, busy: 3_000, seconds: 1, pairs: []int{20}}
)

// busyRate is how many changes a second are "busy" for latency.
const busyRate = 10_000

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) > 0 && args[0] == "child" {
		return child(args[1:])
	}
	o, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	if stage.Inside() {
		return inNamespace(o)
	}
	status, err := outside(o)
	if err == nil && status != 0 {
		os.Exit(status) // it has said why
	}
	return err
}

// dirEnv tells the second run where the programs are.
const dirEnv = "RTNETLINK_BENCH_DIR"

// outside builds the programs, since in the namespace there is no network to
// get modules from, and runs the rest of the bench there.
func outside(o options) (status int, err error) {
	dir, err := os.MkdirTemp("", "rtnetlink-bench")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // a temporary directory
	if err := buildAll(dir, o); err != nil {
		return 0, err
	}
	if err := os.Setenv(dirEnv, dir); err != nil {
		return 0, err
	}
	if status, err = stage.Run(); err != nil {
		return 0, fmt.Errorf("no namespaces: %w (unprivileged_userns_clone, AppArmor or seccomp may forbid them)", err)
	}
	return status, nil
}

// inNamespace measures and prints the table.
func inNamespace(o options) error {
	b, err := newBench(o, os.Getenv(dirEnv))
	if err != nil {
		return err
	}
	defer b.conn.Close()
	if err := b.measure(); err != nil {
		return err
	}
	_, err = fmt.Print(b.describe(), b.table.String())
	return err
}

func parse(args []string) (options, error) {
	o := full
	small, err := o.parse(args)
	if err == nil && small {
		o = quick
		_, err = o.parse(args)
	}
	return o, err
}

// parse sets what args say, and reports whether -quick is among them.
func (o *options) parse(args []string) (small bool, err error) {
	fs := flag.NewFlagSet("bench", flag.ContinueOnError)
	fs.BoolVar(&small, "quick", false, "small tables, for a check that everything works; other flags win")
	fs.IntVar(&o.routes4, "routes", o.routes4, "IPv4 routes to load")
	fs.IntVar(&o.routes6, "routes6", o.routes6, "IPv6 routes to load")
	fs.IntVar(&o.churn, "churn", o.churn, "operations of churn")
	fs.Func("pairs", "numbers of veth pairs, comma-separated (default 500,1500; 5000 take the kernel minutes)", func(text string) (err error) {
		o.pairs, err = numbers(text)
		return err
	})
	fs.StringVar(&o.binary, "binary", "", "telegraf-rtnetlink to measure (default: built from this source)")
	fs.StringVar(&o.only, "only", "", "columns to measure beside the bare loop, comma-separated (default: all)")
	fs.StringVar(&o.rows, "rows", "", "what to measure, comma-separated: "+strings.Join(families(), ", ")+" (default: all)")
	fs.StringVar(&o.library, "netstack", "", "where libnetstack is installed, with include/netstack.h and lib: adds a column")
	fs.StringVar(&o.telegraf, "telegraf", "", "a Telegraf of scripts/build-telegraf.sh: adds the outputs, which need influxd also")
	if err := fs.Parse(args); err != nil {
		return small, err
	}
	if fs.NArg() > 0 {
		return small, fmt.Errorf("unexpected argument %q", fs.Arg(0))
	}
	for word := range strings.SplitSeq(o.rows, ",") {
		if word != "" && !slices.Contains(families(), word) {
			return small, fmt.Errorf("-rows: there is no %q; there are: %s", word, strings.Join(families(), ", "))
		}
	}
	return small, nil
}

// numbers reads "500,1500".
func numbers(text string) (list []int, err error) {
	for word := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is no number above 0", word)
		}
		list = append(list, n)
	}
	return list, nil
}

// Names of the programs in the temporary directory.
const (
	productName  = "telegraf-rtnetlink"
	peersName    = "peers"
	netstackName = "netstack"
)

// buildAll builds the programs into dir. The peers may fail: they are left out.
func buildAll(dir string, o options) error {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "telegraf-rtnetlink").Output()
	if err != nil {
		return fmt.Errorf("find the source; run bench inside it: %w", err)
	}
	root := strings.TrimSpace(string(out))
	progress("building")
	if o.binary == "" {
		if err := build(filepath.Join(root, "cmd/telegraf-rtnetlink"), filepath.Join(dir, productName)); err != nil {
			return err
		}
	}
	if err := build(filepath.Join(root, "scripts/bench/peers"), filepath.Join(dir, peersName)); err != nil {
		progress("without the peers: %v", err)
	}
	if err := copyScripts(filepath.Join(root, "scripts"), dir); err != nil {
		return err
	}
	if o.library == "" {
		return nil
	}
	return compile(o.library, filepath.Join(root, "scripts/bench/netstack/netstack.c"), filepath.Join(dir, netstackName))
}

// compile builds the C program in source against the library installed in prefix.
func compile(prefix, source, path string) error {
	lib := filepath.Join(prefix, "lib")
	out, err := exec.Command("cc", "-O2", "-o", path, source, "-I"+filepath.Join(prefix, "include"), "-L"+lib, "-Wl,-rpath,"+lib, "-lnetstack").CombinedOutput()
	if err != nil {
		return fmt.Errorf("-netstack: build %s: %w\n%s", source, err, out)
	}
	return nil
}

// build builds the package in dir as path.
func build(dir, path string) error {
	cmd := exec.Command("go", "build", "-o", path, ".")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", dir, err, out)
	}
	return nil
}
