package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/scripts/bench/load"
)

// rooms is in how many namespaces routes change at once.
const rooms = 16

// room is a network namespace with a link that routes can go through.
type room struct {
	path   string // of the namespace's file, for other processes of the same user
	file   *os.File
	conn   *load.Conn
	routes load.Routes
}

// newRoom makes a namespace on a thread of its own, which ends with it.
func newRoom() (r room, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // for good: the thread ends with the goroutine
		r, err = enterRoom()
	}()
	<-done
	return r, err
}

// enterRoom makes a namespace for the calling thread.
func enterRoom() (r room, err error) {
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		return r, fmt.Errorf("make a network namespace: %w", err)
	}
	if r.file, err = os.Open("/proc/thread-self/ns/net"); err != nil {
		return r, err
	}
	r.path = fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), r.file.Fd())
	dev, err := load.NewDevice("bench0")
	if err != nil {
		return r, err
	}
	r.routes.Dev = dev.Index
	r.conn, err = load.Dial()
	return r, err
}

// namespaces changes routes in many namespaces at once, in all as many as churn
// does in one.
func (b *bench) namespaces() error {
	var all []room
	var paths []string
	for range rooms {
		r, err := newRoom()
		if err != nil {
			return err
		}
		defer r.file.Close()
		defer r.conn.Close()
		all, paths = append(all, r), append(paths, r.path)
	}
	for i := range b.subjects {
		s := &b.subjects[i]
		f, err := b.followAll(s, paths)
		if err != nil {
			return err
		}
		if f == nil {
			continue
		}
		err = b.churnIn(all, s, f)
		f.stop()
		if err != nil {
			return err
		}
	}
	return nil
}

// followAll starts a subject that can watch several namespaces; nil: it cannot.
func (b *bench) followAll(s *subject, paths []string) (*follower, error) {
	switch s.name {
	case bareName:
		return follow(b.child(append([]string{"events"}, paths...)...), false, s.ready)
	case oursName:
		config, err := b.configure("namespaces.conf", "  netns = "+quoted(paths)+"\n")
		if err != nil {
			return nil, err
		}
		ours := b.product(config)
		return ours.follow()
	}
	return nil, nil //nolint:nilnil // neither is an error
}

// churnIn changes routes everywhere at once and counts what the subject sees.
func (b *bench) churnIn(all []room, s *subject, f *follower) error {
	time.Sleep(time.Second) // all are enumerated, not only the first
	each := (b.operations()/len(all) + load.ChurnRun - 1) / load.ChurnRun * load.ChurnRun
	began := time.Now()
	var group errgroup.Group
	for _, r := range all {
		group.Go(func() error { return r.conn.Each(each, r.routes.Churn) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	want := int64(each * len(all))
	n, last, problem, err := f.settle(want)
	if err != nil {
		return err
	}
	rate := float64(n) / last.Sub(began).Seconds()
	row := fmt.Sprintf("churn of %s changes in %d namespaces: events/s, of these seen", number(want), len(all))
	b.table.value(row, s.name, number(int64(rate))+", "+share(n, want, problem), rate)
	return nil
}

// openAll opens a socket in each namespace, or one in the own if there is none.
func openAll(paths []string) (fds []int, err error) {
	if len(paths) == 0 {
		fd, err := open(routeGroups...)
		return []int{fd}, err
	}
	runtime.LockOSThread() // for good: the thread is elsewhere afterwards
	for _, path := range paths {
		ns, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		if err := unix.Setns(int(ns.Fd()), unix.CLONE_NEWNET); err != nil {
			return nil, fmt.Errorf("enter %s: %w", path, err)
		}
		_ = ns.Close() // it was only read
		fd, err := open(routeGroups...)
		if err != nil {
			return nil, err
		}
		fds = append(fds, fd)
	}
	return fds, nil
}

// quoted is a list in TOML.
func quoted(words []string) string { return `["` + strings.Join(words, `", "`) + `"]` }
