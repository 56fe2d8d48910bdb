package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"telegraf-rtnetlink/scripts/bench/load"
)

// follower is a running subject that is told of events.
type follower struct {
	*process
	prints bool         // a line is an event
	lines  atomic.Int64 // events, if it prints them
	answer chan string  // to a prompt
	ready  *waiter
}

// follow starts a command that prints events, or counts them and answers
// prompts, and waits until it has subscribed.
func follow(cmd *exec.Cmd, prints bool, ready string) (*follower, error) {
	f := &follower{prints: prints, answer: make(chan string, 1), ready: signal(ready)}
	p, err := start(cmd, f.line, f.ready.line)
	if err != nil {
		return nil, err
	}
	f.process = p
	if ready == "" {
		time.Sleep(time.Second)
		return f, nil
	}
	if err := p.await(f.ready.c, ready, patience); err != nil {
		p.stop()
		return nil, err
	}
	return f, nil
}

// line looks at a line of standard output.
func (f *follower) line(b []byte) {
	switch {
	case !f.prints && bytes.HasPrefix(b, []byte("events ")), bytes.HasPrefix(b, []byte("rtnetlink_internal")):
		f.answer <- string(b)
	case f.prints && (bytes.HasPrefix(b, []byte("rtnetlink_route,")) || !bytes.HasPrefix(b, []byte("rtnetlink_"))):
		f.lines.Add(1)
	case !f.prints:
		f.ready.line(b)
	}
}

// ask prompts the process and returns its answer.
func (f *follower) ask() (string, error) { return f.say("") }

// say is ask with a word.
func (f *follower) say(word string) (string, error) {
	f.prompt(word)
	select {
	case a := <-f.answer:
		return a, nil
	case <-f.ended:
		return "", fmt.Errorf("%s ended:\n%s", f.cmd.Path, f.log.String())
	case <-time.After(patience):
		return "", fmt.Errorf("%s does not answer:\n%s", f.cmd.Path, f.log.String())
	}
}

// seen is what a follower says of itself.
type seen struct {
	events  int64
	last    time.Time // when the last one came; zero: it does not say
	problem string
}

// look returns what it has seen so far.
func (f *follower) look() (s seen, err error) {
	if f.prints {
		return seen{events: f.lines.Load()}, nil
	}
	a, err := f.ask()
	if err != nil {
		return s, err
	}
	if _, err := fmt.Sscanf(a, "events %d", &s.events); err != nil {
		return s, fmt.Errorf("%q: %w", a, err)
	}
	if _, text, ok := strings.Cut(a, " last "); ok {
		var ns int64
		if _, err := fmt.Sscan(text, &ns); err != nil {
			return s, fmt.Errorf("%q: %w", a, err)
		}
		s.last = time.Unix(0, ns)
	}
	if _, s.problem, _ = strings.Cut(a, "error "); s.problem == "none" {
		s.problem = ""
	}
	return s, nil
}

// quiet is how long no event must come for the end to be believed.
const quiet = 2 * time.Second

// settle waits until want events have come, or no more do, and returns how
// many came and when the last did.
func (f *follower) settle(want int64) (n int64, last time.Time, problem string, err error) {
	changed := time.Now()
	last = changed
	for {
		s, err := f.look()
		if err != nil {
			return n, last, problem, err
		}
		if s.events > n {
			changed = time.Now()
			n, last = s.events, changed
		}
		wait := 5 * time.Millisecond
		if !s.last.IsZero() {
			last, wait = s.last, 100*time.Millisecond // asking costs the other side, and when it was is known
		}
		if n >= want || time.Since(changed) > quiet {
			return n, last, s.problem, nil
		}
		time.Sleep(wait)
	}
}

// churnAll changes routes as fast as the kernel takes it, and counts what each
// subject sees of it.
func (b *bench) churnAll(routes load.Routes) error {
	for i := range b.subjects {
		s := &b.subjects[i]
		if !s.tells() {
			continue
		}
		if err := b.churnOne(s, routes); err != nil {
			if err := b.excuse(b.churnRow(), s, err); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bench) churnRow() string {
	return fmt.Sprintf("churn of %s changes flat out: events/s", number(b.operations()))
}

func (b *bench) churnOne(s *subject, routes load.Routes) error {
	f, err := s.follow()
	if err != nil {
		return err
	}
	defer f.stop()
	before, err := b.holds(s, f)
	if err != nil {
		return err
	}
	c, err := b.churnBefore(f, routes)
	if err != nil {
		return err
	}
	b.table.value(b.churnRow(), s.name, number(int64(c.rate)), c.rate)
	b.table.set("of these seen", s.name, share(c.events, int64(b.operations()), c.problem))
	b.table.set("changes/s that the kernel made meanwhile", s.name, number(int64(float64(b.operations())/c.made.Seconds())))
	if s.name == oursName {
		return b.truth(f, before)
	}
	return nil
}

// churned is what a follower saw of a churn.
type churned struct {
	seen
	rate float64       // events/s
	made time.Duration // until the kernel had made all changes
}

// churnBefore changes routes while f looks on.
func (b *bench) churnBefore(f *follower, routes load.Routes) (c churned, err error) {
	routes.First = load.Most / 2 // beside those that are loaded
	began := time.Now()
	if err := b.conn.Each(b.operations(), routes.Churn); err != nil {
		return c, err
	}
	c.made = time.Since(began)
	c.events, c.last, c.problem, err = f.settle(int64(b.operations()))
	c.rate = float64(c.events) / c.last.Sub(began).Seconds()
	return c, err
}

// operations is b.churn rounded up to what leaves no routes behind.
func (b *bench) operations() int {
	return (b.churn + load.ChurnRun - 1) / load.ChurnRun * load.ChurnRun
}

// follow starts the subject in the way that is fastest for it.
func (s *subject) follow() (*follower, error) {
	if s.events != nil {
		return follow(s.events(), false, s.ready)
	}
	return follow(s.lines(), true, s.ready)
}

func share(n, of int64, problem string) string {
	text := fmt.Sprintf("%.1f %%", 100*float64(n)/float64(of))
	if n == of {
		text = "all"
	}
	if problem != "" {
		text += ", " + problem
	}
	return text
}

// holds returns how many routes the mirror of the input has.
func (b *bench) holds(s *subject, f *follower) (int64, error) {
	if s.name != oursName {
		return 0, nil
	}
	line, err := f.ask()
	return field(line, "routes"), err
}

// truth notes what the input says of itself after the churn, which has left as
// many routes as there were before.
func (b *bench) truth(f *follower, before int64) error {
	line, err := f.ask()
	if err != nil {
		return err
	}
	b.buffer = field(line, "receive_buffer")
	b.table.set("overruns", oursName, number(field(line, "overruns")))
	b.table.set("routes mirrored before / after it", oursName, number(before)+" / "+number(field(line, "routes")))
	b.table.set("longest queue, MB", oursName, fmt.Sprintf("%.1f", float64(field(line, "queue_peak"))/1e6))
	b.table.set("peak memory after it, MB", oursName, fmt.Sprintf("%.0f", f.peak()/1e6))
	return nil
}

// field returns an integer of a line of line protocol.
func field(line, name string) int64 {
	for _, sep := range []string{" ", ","} {
		if _, rest, ok := strings.Cut(line, sep+name+"="); ok {
			digits, _, _ := strings.Cut(rest, "i")
			n, _ := strconv.ParseInt(digits, 10, 64)
			return n
		}
	}
	return -1
}
