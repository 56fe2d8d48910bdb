package plugin

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/influxdata/telegraf/config"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/nstest/ops"
)

// soakTime is how long TestSoak goes on: RTNETLINK_SOAK, such as "10m".
func soakTime(t *testing.T) time.Duration {
	text := os.Getenv("RTNETLINK_SOAK")
	if text == "" {
		return 3 * time.Second
	}
	d, err := time.ParseDuration(text)
	require.NoError(t, err, "RTNETLINK_SOAK")
	return d
}

// soakSeed is RTNETLINK_SOAK_SEED, or 1 for a short run and any for a long one.
func soakSeed(t *testing.T) uint64 {
	text := os.Getenv("RTNETLINK_SOAK_SEED")
	if text == "" && os.Getenv("RTNETLINK_SOAK") == "" {
		return 1
	}
	if text == "" {
		return uint64(time.Now().UnixNano()) % 1e6
	}
	seed, err := strconv.ParseUint(text, 10, 64)
	require.NoError(t, err, "RTNETLINK_SOAK_SEED")
	return seed
}

// soak is the plugin in trouble: two namespaces with random operations, a
// third that comes and goes, a receive buffer that overflows, a consumer that
// stalls, a process that is stopped and a script that is rewritten.
type soak struct {
	*running
	rand            *rand.Rand
	spaces          []*nstest.NS
	random          []*ops.Generator
	extra           *nstest.NS
	named           bool
	script          string
	version         int
	before, outside usage // with the plugin running, and without it
}

// usage is what may leak.
type usage struct {
	heap                    uint64
	descriptors, goroutines int
}

// used returns what the process uses now.
func used(t *testing.T) usage {
	entries, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return usage{heap(), len(entries), runtime.NumGoroutine()}
}

// requireNoMore requires that u is about what it was before.
func (u usage) requireNoMore(t *testing.T, before usage) {
	t.Helper()
	require.LessOrEqual(t, u.descriptors, before.descriptors, "descriptors are left open")
	require.LessOrEqual(t, u.goroutines, before.goroutines, "goroutines are left")
	require.Less(t, u.heap, before.heap+16<<20, "bytes on the heap")
}

// TestSoak mixes everything that can go wrong, and compares at quiet moments.
// The seed is in the log of a failure; RTNETLINK_SOAK makes it long.
func TestSoak(t *testing.T) {
	end := time.Now().Add(soakTime(t))
	s := newSoak(t, soakSeed(t))
	rounds := 0
	for ; time.Now().Before(end); rounds++ {
		for range 1 + s.rand.IntN(8) {
			s.trouble()
		}
		s.quiet()
		s.see(func() { s.events = nil })
	}
	if s.named {
		s.toggle()
		s.wait("the end of the third namespace", func() bool { return s.of("comes-and-goes").Size("") == 0 })
	}
	s.quiet()
	s.see(func() { s.events, s.others = nil, nil })
	used(t).requireNoMore(t, s.before)
	s.end()
	used(t).requireNoMore(t, s.outside)
	t.Logf("%d rounds, %d events, origins %v", rounds, s.stream.Seq, s.count)
}

// quiet compares when nothing moves. What the kernel changes without a message,
// such as the peer of a tentative address, is left to an audit; with
// RTNETLINK_SOAK_STRICT=1 there is none, to find out what that is.
func (s *soak) quiet() {
	s.t.Helper()
	if os.Getenv("RTNETLINK_SOAK_STRICT") == "" {
		s.settled()
		s.call(func(o *owner) { o.spaces.Audit(time.Now()) })
	}
	s.requireEqual()
}

func newSoak(t *testing.T, seed uint64) *soak {
	s := &soak{rand: rand.New(rand.NewPCG(seed, 7)), script: filepath.Join(t.TempDir(), "soak.lua")}
	t.Logf("seed %d", seed)
	for i := range 2 {
		ns := nstest.New(t)
		s.random = append(s.random, ops.New(t, ns, seed+uint64(i), ops.Profiles[0]))
		ns.Name(fmt.Sprintf("soak%d", i))
		s.spaces = append(s.spaces, ns)
	}
	s.extra = nstest.New(t)
	s.rewrite(t)
	s.outside = used(t)
	s.running = begin(t, nil, followAll, func(r *RTNetlink) {
		r.ReceiveBuffer, r.QueueLimit = minReceiveBuffer, config.Size(minQueueLimit)
		r.Lua = []LuaConfig{{Script: s.script}}
		r.SnapshotInterval = config.Duration(time.Second)
	})
	s.see(func() { s.forget = true })
	s.excuse = s.hides
	s.requireEqual()
	s.before = used(t)
	return s
}

// hides reports whether a difference is a route that the kernel has, but hides,
// or a neighbor that it looks for again.
func (s *soak) hides(netns, diff string) bool {
	for i, ns := range s.spaces {
		if netns != fmt.Sprintf("soak%d", i) {
			continue
		}
		return excused(s.t, ns, diff)
	}
	return false
}

// trouble does one thing at random.
func (s *soak) trouble() {
	i := s.rand.IntN(len(s.spaces))
	switch s.rand.IntN(11) {
	case 0:
		s.churn(i)
	case 1: // a consumer that stalls while things happen
		s.hold.Lock()
		s.churn(i)
		s.random[i].Steps(20)
		time.Sleep(time.Duration(s.rand.IntN(100)) * time.Millisecond)
		s.hold.Unlock()
	case 2:
		s.toggle()
	case 3:
		s.rewrite(s.t)
		s.input.Reload()
	case 4:
		s.gather()
	case 5: // a link that flaps
		for range 5 {
			_ = s.spaces[i].Try("link set dev v0 down", "link set dev v0 up") // there may be none
		}
	case 6:
		goneOn := s.stop(time.Duration(50+s.rand.IntN(300)) * time.Millisecond)
		s.churn(i)
		require.NoError(s.t, goneOn())
	default:
		s.random[i].Steps(10 + s.rand.IntN(60))
	}
}

// stop stops this process with SIGSTOP soon, lets it go on after d, and returns
// what waits for the end of that.
func (s *soak) stop(d time.Duration) (goneOn func() error) {
	script := fmt.Sprintf("sleep 0.01; kill -STOP %d; sleep %.3f; kill -CONT %d", os.Getpid(), d.Seconds(), os.Getpid())
	cmd := exec.Command("sh", "-c", script)
	require.NoError(s.t, cmd.Start())
	return cmd.Wait
}

// churn adds, replaces and deletes thousands of routes faster than a small
// receive buffer holds.
func (s *soak) churn(i int) {
	ns := s.spaces[i]
	_ = ns.Try("link set dev lo up")
	for _, verb := range []string{"replace", "replace", "del"} {
		var batch []nstest.Request
		for n := range 2000 {
			r, err := ns.Compile(fmt.Sprintf("route %s 172.%d.%d.0/24 dev lo metric 77", verb, 16+n>>8, n&255))
			if err != nil {
				s.t.Fatal(err)
			}
			batch = append(batch, r)
		}
		_, _ = ns.Batch(batch) // refusals are part of it
	}
}

// toggle gives the third namespace its name, or takes it away.
func (s *soak) toggle() {
	if s.named = !s.named; s.named {
		s.extra.Name("comes-and-goes")
	} else {
		s.extra.Unname("comes-and-goes")
	}
}

// rewrite changes the script; every third version is broken, and not taken.
func (s *soak) rewrite(t require.TestingT) {
	s.version++
	text := fmt.Sprintf(`local nl = require "rtnetlink"
local seen = nl.state("seen", {max = 100})
local size = nl.metric("soak", {"object"}, {"n:int", "version:int"})
nl.on("link", function(ev) seen:incr(ev.interface) end)
nl.on("route", {dst = "default"}, function(ev) size("route", nl.count("route", {}), %d) end)
`, s.version)
	if s.version%3 == 0 {
		text += "this is no Lua"
	}
	require.NoError(t, os.WriteFile(s.script, []byte(text), 0o600))
}
