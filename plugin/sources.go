package plugin

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/mirror"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// addSource begins to follow a namespace.
func (o *owner) addSource(name, path string) { o.connect(o.newSource(name, path)) }

// newSource makes a source without a connection.
func (o *owner) newSource(name, path string) *source {
	s := &source{id: o.nextID, name: name, path: path, listed: map[rtnl.Query]bool{}, settled: map[rtnl.Query]bool{}, changed: map[uint32]int64{}}
	o.nextID++
	s.state = mirror.New(o.mirrorConfig(s))
	o.sources[s.id] = s
	return s
}

// mirrorConfig says what a mirror holds and reports.
func (o *owner) mirrorConfig(s *source) mirror.Config {
	cfg := mirror.Config{Netns: s.name, Keep: o.set.keep(), Show: o.set.show(), Emit: func(e *event.Event) { o.event(s, e) }}
	for c := range rtnl.Object(rtnl.NumObjects) {
		cfg.Report[c] = o.set.objects.has(c)
		cfg.Track[c] = o.set.objects.has(c) && !o.set.untracked.has(c)
		cfg.Initial[c] = o.set.initial.has(c)
	}
	return cfg
}

const (
	redialMin = 100 * time.Millisecond
	redialMax = 30 * time.Second
)

// connect subscribes and enumerates, or tries again later.
func (o *owner) connect(s *source) {
	now := time.Now()
	err := s.dial(o.set, o.queue)
	if errors.Is(err, errReplaced) {
		o.removeSource(s)
		o.addSource(s.name, s.path)
		return
	}
	if err != nil {
		// A name that is gone already will be noticed as such.
		if s.backoff == 0 && !errors.Is(err, os.ErrNotExist) {
			o.log.Errorf("Connecting failed, trying again: %s%v", s.where(), err)
		}
		s.backoff = min(max(2*s.backoff, redialMin), redialMax)
		s.redial = now.Add(s.backoff)
		return
	}
	if got := s.conn.ReceiveBuffer(); got < 2*o.set.receiveBuffer && !o.told {
		o.told = true
		o.log.Infof("The receive buffer has %d KiB instead of the %d KiB of receive_buffer; for more give CAP_NET_ADMIN, or set sysctl net.core.rmem_max=%d",
			got/2048, o.set.receiveBuffer/1024, o.set.receiveBuffer)
	}
	if s.epoch.began == 0 {
		o.beginEpoch(s, o.reason, o.wall())
	}
	kind := passStart
	if len(s.listed) > 0 {
		kind = passResync
	}
	s.startPass(kind, o.set.families, now)
}

// removeSource ends following a namespace.
func (o *owner) removeSource(s *source) {
	o.detach(s)
	now := time.Now().UnixNano()
	o.tapped(s, rtnl.Item{Kind: rtnl.Gone, Time: now})
	o.forgetSource(s, now)
}

// forgetSource reports everything in a namespace as gone at a time, and forgets it.
func (o *owner) forgetSource(s *source, at int64) {
	s.state.Clear(at)
	o.endEpoch(s, reasonVanished)
	delete(o.sources, s.id)
}

// detach closes the connection. Its goroutines may wait for space in the queue,
// so that is emptied meanwhile. What of s is still queued is dropped.
func (o *owner) detach(s *source) {
	conn := s.hangUp()
	if conn == nil {
		return
	}
	closed := make(chan struct{})
	go func() { defer close(closed); conn.Close() }()
	for {
		select {
		case <-closed:
			o.discardOf(s)
			return
		case <-o.queue.Ready():
			o.discardOf(s)
		case <-time.After(detachPoll):
			o.discardOf(s)
		}
	}
}

// detachPoll is how often space is made for goroutines that end.
const detachPoll = 10 * time.Millisecond

// discardOf takes what other sources have queued, and drops what s has.
func (o *owner) discardOf(s *source) {
	for {
		it, ok := o.queue.Get()
		if !ok {
			return
		}
		if it.Source != s.id {
			o.handle(it)
		}
		o.queue.Release(it)
	}
}

// startAudits enumerates every namespace again, to find what no rule foresaw.
func (o *owner) startAudits(now time.Time) {
	for _, s := range o.sources {
		if s.conn != nil && s.pass.left == nil {
			s.startPass(passAudit, o.set.families, now)
		}
	}
}

func (o *owner) nextAudit(now time.Time) time.Time {
	if o.set.audit == 0 {
		return time.Time{}
	}
	return now.Add(o.set.audit)
}

// follow brings the sources in line with the namespaces that there are.
func (o *owner) follow() {
	if !o.watching {
		o.watching = true
		o.watch = newWatcher(o.set.netnsDirs(), "Namespaces made or removed from now on will only be noticed at an audit", o.log)
	}
	found := o.set.namespaces()
	for _, s := range o.sources {
		if have, ok := found[s.name]; !ok || s.inode != 0 && have.inode != s.inode {
			o.removeSource(s)
		} else {
			delete(found, s.name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		o.addSource(name, found[name].path)
	}
}

// openSources makes the namespaces that the configuration names.
func (o *owner) openSources() {
	if !o.set.severalNetns() {
		o.addSource("", "")
		return
	}
	o.follow()
	for _, n := range o.set.netns {
		if _, ok := mounted(n.path); !ok && n.path != "" {
			o.log.Warnf("No namespace at %s yet, waiting for one", n.path)
		}
	}
}

// namespace is a network namespace that can be opened.
type namespace struct {
	path  string
	inode uint64
}

// namespaces returns those that are configured and there, by their tag.
func (s *settings) namespaces() map[string]namespace {
	found := map[string]namespace{}
	for _, n := range s.named() {
		if n.path == "" {
			found[n.name] = namespace{} // the own one
		} else if inode, ok := mounted(n.path); ok {
			found[n.name] = namespace{n.path, inode}
		}
	}
	return found
}

// named lists the configured namespaces, all of NetnsDir for "*".
func (s *settings) named() []netns {
	if !s.allNetns {
		return s.netns
	}
	list := slices.Clone(s.netns)
	entries, _ := os.ReadDir(NetnsDir) // no directory: no names
	for _, e := range entries {
		list = append(list, netns{e.Name(), filepath.Join(NetnsDir, e.Name())})
	}
	return list
}

// netnsDirs lists the directories whose names are followed.
func (s *settings) netnsDirs() []string {
	dirs := map[string]bool{}
	for _, n := range s.netns {
		if n.path != "" {
			dirs[filepath.Dir(n.path)] = true
		}
	}
	if s.allNetns {
		dirs[NetnsDir] = true
	}
	return slices.Sorted(maps.Keys(dirs))
}

// mounted returns the inode of the namespace at path. ip-netns(8) makes a plain
// file first and mounts the namespace over it later.
func mounted(path string) (inode uint64, ok bool) {
	var fs unix.Statfs_t
	var st unix.Stat_t
	if unix.Statfs(path, &fs) != nil || fs.Type != unix.NSFS_MAGIC || unix.Stat(path, &st) != nil {
		return 0, false
	}
	return st.Ino, true
}

// kernelRelease returns what uname -r prints.
func kernelRelease() string {
	text, _ := os.ReadFile("/proc/sys/kernel/osrelease") // for information only
	return strings.TrimSpace(string(text))
}

// where names the namespace in front of other text, if there are several.
func (s *source) where() string {
	if s.name == "" {
		return ""
	}
	return fmt.Sprintf("namespace %q: ", s.name)
}

// describe names the namespace and its size, for logs.
func (s *source) describe() string {
	var words []string
	for _, o := range rtnl.Listed {
		words = append(words, fmt.Sprintf("%d %s", s.state.Len(o), o.Plural()))
	}
	return s.where() + strings.Join(words, ", ")
}
