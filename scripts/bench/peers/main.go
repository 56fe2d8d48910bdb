// Command peers reads routes and their events with the netlink libraries that
// a Go program would otherwise use, in the way their documentation shows. It is
// run by the bench program above, in whose module these libraries have no place.
//
//	peers mdlayher|jsimonetti|vishvananda dump 4|6
//	peers mdlayher|jsimonetti|vishvananda events
//
// dump prints "complete" when it has all routes, then "routes N heap BYTES", and
// keeps them until standard input ends. events prints "ready" when it is subscribed, and
// "events N error TEXT" for each line on standard input.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// library is a way to read routes.
type library interface {
	// dump returns all routes of a family, as the library represents them.
	dump(family uint8) (routes any, n int, err error)
	// subscribe reads events until it fails for good.
	subscribe(c *counts) error
}

var libraries = map[string]library{
	"mdlayher": mdlayher{}, "jsimonetti": jsimonetti{}, "vishvananda": vishvananda{},
}

// counts are what a reader of events has seen. The zero value is ready.
type counts struct {
	events  atomic.Int64
	ready   chan struct{}
	failure atomic.Pointer[error]
}

func (c *counts) fail(err error) { c.failure.Store(&err) }

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 2 || libraries[args[0]] == nil {
		return fmt.Errorf("unexpected arguments %q", args)
	}
	if args[1] == "events" {
		return events(libraries[args[0]])
	}
	family := uint8(unix.AF_INET)
	if args[len(args)-1] == "6" {
		family = unix.AF_INET6
	}
	return dump(libraries[args[0]], family)
}

// dump reads all routes once and keeps them.
func dump(l library, family uint8) error {
	before := heap()
	routes, n, err := l.dump(family)
	if err != nil {
		return err
	}
	fmt.Println("complete")
	fmt.Printf("routes %d heap %d\n", n, heap()-before)
	untilEnd(func() {})
	runtime.KeepAlive(routes)
	return nil
}

// events counts events until standard input ends.
func events(l library) error {
	c := &counts{ready: make(chan struct{})}
	go func() {
		if err := l.subscribe(c); err != nil {
			c.fail(err)
		}
	}()
	<-c.ready
	fmt.Println("ready")
	untilEnd(func() {
		text := "none"
		if err := c.failure.Load(); err != nil {
			text = (*err).Error()
		}
		fmt.Printf("events %d error %s\n", c.events.Load(), text)
	})
	return nil
}

// untilEnd calls fn for each line of standard input.
func untilEnd(fn func()) {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		fn()
	}
}

// heap returns the bytes in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
