package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/scripts/bench/load"
)

// bench is one run.
type bench struct {
	options
	dir      string // of the programs
	exe      string // this program
	subjects []subject
	ours     *subject // nil: left out
	table    table
	conn     *load.Conn
	buffer   int64 // receive buffer that the input got, as the kernel counts
}

func newBench(o options, dir string) (*bench, error) {
	conn, err := load.Dial()
	if err != nil {
		return nil, err
	}
	b := &bench{options: o, dir: dir, conn: conn}
	if b.binary == "" {
		b.binary = filepath.Join(dir, productName)
	}
	return b, b.cast()
}

// family is a group of experiments that -rows can ask for. Those over the table
// of IPv4 routes share it.
type family struct {
	name string
	do   func(b *bench) error
	over func(b *bench, dev *load.Device, routes load.Routes) error // nil: makes its own table
}

func table4(do func(b *bench, routes load.Routes) error) func(*bench, *load.Device, load.Routes) error {
	return func(b *bench, _ *load.Device, routes load.Routes) error { return do(b, routes) }
}

// experiments are all, in their order: the last takes the table away.
var experiments = []family{
	{name: "ipv6", do: (*bench).measure6},
	{name: "growth", do: (*bench).growing},
	{name: "links", do: (*bench).links},
	{name: "namespaces", do: (*bench).namespaces},
	{name: "sizes", do: (*bench).sizes},
	{name: "outputs", do: outputs},
	{name: "start", over: table4((*bench).coldStart)},
	{name: "memory", over: table4((*bench).memory)},
	{name: "churn", over: table4((*bench).churnAll)},
	{name: "scripts", over: table4((*bench).churnWithScripts)},
	{name: "latency", over: table4((*bench).latencies)},
	{name: "idle", over: table4((*bench).idleness)},
	{name: "linkdown", over: func(b *bench, dev *load.Device, _ load.Routes) error { return b.linkDown(dev) }},
}

// families returns the names of the experiments.
func families() (names []string) {
	for _, e := range experiments {
		names = append(names, e.name)
	}
	return names
}

// measure does the experiments, one family after the other.
func (b *bench) measure() error {
	var dev *load.Device
	var routes load.Routes
	for _, e := range experiments {
		if b.rows != "" && !slices.Contains(strings.Split(b.rows, ","), e.name) {
			continue
		}
		var err error
		switch {
		case e.do != nil:
			err = e.do(b)
		case dev == nil:
			if dev, routes, err = b.load(false, b.routes4); err != nil {
				return err
			}
			fallthrough
		default:
			err = e.over(b, dev, routes)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
	}
	return nil
}

func (b *bench) measure6() error {
	dev, routes, err := b.load(true, b.routes6)
	if err != nil {
		return err
	}
	if err := b.coldStart(routes); err != nil {
		return err
	}
	return dev.Delete()
}

// excuse notes that a subject could not do an experiment. Without the bare loop
// or the input itself there is no result.
func (b *bench) excuse(row string, s *subject, err error) error {
	if s.name == bareName || s.name == oursName {
		return fmt.Errorf("%s: %s: %w", row, s.name, err)
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	b.table.set(row, s.name, text)
	return nil
}

// load makes a device and n routes through it.
func (b *bench) load(v6 bool, n int) (*load.Device, load.Routes, error) {
	dev, err := load.NewDevice("bench0")
	if err != nil {
		return nil, load.Routes{}, err
	}
	routes := load.Routes{V6: v6, Dev: dev.Index}
	start := time.Now()
	if err := b.conn.Each(n, routes.Add); err != nil {
		return nil, routes, err
	}
	progress("loaded %s %s routes in %s", number(n), familyName(v6), time.Since(start).Round(time.Millisecond))
	time.Sleep(time.Second) // until the kernel has given the device its link-local address
	return dev, routes, nil
}

func familyName(v6 bool) string {
	if v6 {
		return "IPv6"
	}
	return "IPv4"
}

// describe says what was measured where.
func (b *bench) describe() string {
	var u unix.Utsname
	_ = unix.Uname(&u)
	return fmt.Sprintf(legend+"Linux %s, %s/%s, %d processors, %s; receive buffer %d MiB as the kernel counts\n\n",
		unix.ByteSliceToString(u.Release[:]), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), b.buffer>>20)
}

// legend explains the columns.
const legend = `"bare recvmsg" looks at message types only and keeps nothing. "ip" is iproute2's
"route show" and "monitor route". Three libraries for Go follow; mdlayher does
not decode. Reading all routes starts a process, ends when it has them, and is
the best of several. In parentheses: the ratio to the bare loop, of latency that
of p50.

`

// progress tells the user what goes on.
func progress(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...)
}
