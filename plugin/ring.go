package plugin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/config"

	"telegraf-rtnetlink/plugin/internal/capture"
	"telegraf-rtnetlink/plugin/internal/namespace"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Files of a ring are named after the time at which they begin, so that their
// order is that of their names. The first of a run begins the stream anew, the
// others go on with the one before.
const (
	ringName  = "rtnetlink-%s-%s.pcapng"
	ringGlob  = "rtnetlink-*Z-*.pcapng"
	ringTime  = "20060102T150405.000000000Z"
	ringStart = "start"
	ringNext  = "next"
)

// RingFiles lists the recordings of RecordRing in a directory, the oldest first.
func RingFiles(dir string) ([]string, error) {
	if _, err := os.ReadDir(dir); err != nil {
		return nil, err
	}
	paths, err := filepath.Glob(filepath.Join(escapeGlob(dir), ringGlob)) // sorted
	return slices.DeleteFunc(paths, func(path string) bool { return !isRing(path) }), err
}

// isRing reports whether a file is one of a ring. One that was renamed is kept.
func isRing(path string) bool {
	return strings.HasSuffix(path, "-"+ringStart+".pcapng") || strings.HasSuffix(path, "-"+ringNext+".pcapng")
}

func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// ring is a recording in several files, of which the oldest are removed so that
// all together are never larger than the limit. Each begins with an enumeration,
// so that it can be replayed alone. It is the owner goroutine's.
type ring struct {
	rec   *recorder
	dir   string
	limit int64 // bytes
	meta  capture.Meta
	old   []ringFile // complete ones, the oldest first
	size  int64      // of old

	file  *os.File
	count int64 // bytes of file
	out   *capture.Writer
	began time.Time // of file
	first int64     // bytes of file when everything had been enumerated; 0: it has not
	known int64     // first of the file before; 0: there was none
}

// ringFile is a file that is not written to any more.
type ringFile struct {
	path string
	size int64
}

// RecordRing is Record into a directory, which it makes where there is none: the
// last hours, as many as fit into limit bytes, in files of which each can be
// replayed alone, and all with ReplayRing. What an earlier run has left there
// counts. It is an error when the limit is too small for two enumerations.
func (r *RTNetlink) RecordRing(ctx context.Context, dir string, limit config.Size, version string) error {
	if r.set == nil {
		return errors.New("rtnetlink: RecordRing before Init")
	}
	g := &ring{dir: dir, limit: int64(limit), meta: r.recordingMeta(version)}
	if err := g.open(); err != nil {
		return err
	}
	g.rec = r.newRecorder()
	err := g.rec.run(ctx, g.add)
	if closing := g.close(); err == nil { // what could not be written fails again
		err = closing
	}
	return err
}

// open counts what is there and begins the first file.
func (g *ring) open() error {
	if err := os.MkdirAll(g.dir, 0o700); err != nil {
		return err
	}
	paths, err := RingFiles(g.dir)
	if err != nil {
		return err
	}
	for _, path := range paths {
		info, err := os.Lstat(path)
		if err != nil {
			return err
		}
		g.old, g.size = append(g.old, ringFile{path, info.Size()}), g.size+info.Size()
	}
	return g.begin(ringStart)
}

// ringSlack is more than the bytes of a file's or an interface's description.
const ringSlack = 8 << 10

// begin makes the next file. Its name is behind all others, even if the clock was
// set back.
func (g *ring) begin(how string) error {
	now := time.Now().UTC()
	for {
		path := filepath.Join(g.dir, fmt.Sprintf(ringName, now.Format(ringTime), how))
		if n := len(g.old); n > 0 && path <= g.old[n-1].path {
			now = nameTime(g.old[n-1].path, now).Add(1)
			continue
		}
		if err := g.makeRoom(ringSlack); err != nil {
			return err
		}
		file, err := capture.Create(path, false)
		if err != nil {
			return err
		}
		g.file, g.began, g.count, g.first = file, now, 0, 0
		g.out, err = capture.NewWriter(g, g.meta)
		return err
	}
}

// nameTime returns the time in a file's name, otherwise the one given.
func nameTime(path string, otherwise time.Time) time.Time {
	words := strings.Split(filepath.Base(path), "-")
	if t, err := time.Parse(ringTime, words[1]); err == nil {
		return t
	}
	return otherwise
}

// Write implements io.Writer for the recording.
func (g *ring) Write(b []byte) (int, error) {
	n, err := g.file.Write(b)
	g.count += int64(n)
	return n, err
}

// add writes an item, to a new file if it is time for one.
func (g *ring) add(n *namespace.Namespace, it rtnl.Item) error {
	if isDump(it.Kind) && n.Outdated(it.Query) {
		return nil // of a question that nobody waits for; its begin may be in the file before
	}
	if g.first == 0 && g.rec.spaces.Enumerated() {
		g.first, g.known = g.count, g.count
	}
	need := itemBound(n, it)
	if g.due(need) && (!g.rec.ending() || g.count+need > g.limit-ringSlack) {
		if err := g.next(); err != nil {
			return err
		}
		if isDump(it.Kind) {
			return nil // it is asked again
		}
	}
	if err := g.makeRoom(need); err != nil {
		return err
	}
	if err := g.out.WriteItem(n.Name, it, g.rec.namer(n)); err != nil {
		return err
	}
	return g.out.Flush() // the file is good whenever the program ends
}

func isDump(k rtnl.Kind) bool {
	return k == rtnl.DumpBegin || k == rtnl.DumpData || k == rtnl.DumpEnd
}

// packetBound is more than what a file has beside a datagram: its block, header
// and comment, in bytes.
const packetBound = 256

// itemBound is no less than what an item takes, in bytes.
func itemBound(n *namespace.Namespace, it rtnl.Item) int64 {
	if it.Kind == rtnl.Events {
		return int64(len(it.Data)) + int64(len(it.Marks)+1)*packetBound + int64(len(n.Name))
	}
	return int64(len(it.Data)) + ringSlack + int64(len(n.Name))
}

// due reports whether the next file is to begin before so many bytes more: at an
// eighth of the limit, but no sooner than at twice an enumeration, and no later
// than at half of the limit. A file whose enumeration is not complete goes on
// while there is room.
func (g *ring) due(need int64) bool {
	if g.first == 0 {
		return g.known != 0 && g.count+need > g.limit-ringSlack
	}
	return g.count+need > min(max(g.limit/8, 2*g.first), g.limit/2)
}

// next goes on to the next file, and has everything enumerated into it.
func (g *ring) next() error {
	if 2*(g.known+ringSlack) > g.limit {
		return g.tooSmall(g.known)
	}
	if err := g.end(); err != nil {
		return err
	}
	if err := g.begin(ringNext); err != nil {
		return err
	}
	g.rec.spaces.Enumerate()
	return nil
}

// end closes the file.
func (g *ring) end() error {
	err := errors.Join(g.out.Flush(), g.file.Close())
	g.old, g.size = append(g.old, ringFile{g.file.Name(), g.count}), g.size+g.count
	g.count = 0
	return err
}

// close is end for the last file.
func (g *ring) close() error {
	if g.file == nil {
		return nil
	}
	return g.end()
}

// makeRoom removes the oldest files, as many as so many bytes more need.
func (g *ring) makeRoom(need int64) error {
	for g.size+g.count+need > g.limit {
		if len(g.old) == 0 {
			return g.tooSmall(g.count)
		}
		oldest := g.old[0]
		if err := os.Remove(oldest.path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		g.old, g.size = g.old[1:], g.size-oldest.size
	}
	return nil
}

// tooSmall is the error for a limit that two enumerations do not fit into.
func (g *ring) tooSmall(enumeration int64) error {
	return fmt.Errorf("a limit of %d KiB is too small for two enumerations, of which one takes %d KiB or more; give it at least %d KiB",
		g.limit>>10, enumeration>>10, (4*(enumeration+ringSlack))>>10)
}

// ReplayRing is Replay of the files of RecordRing in a directory, in their order,
// as one stream, which begins anew where the program did. A file that is damaged
// costs its rest; the error names it.
func (r *RTNetlink) ReplayRing(dir string, acc telegraf.Accumulator, opts ReplayOptions) error {
	if r.set == nil {
		return errors.New("rtnetlink: ReplayRing before Init")
	}
	paths, err := RingFiles(dir)
	if err == nil && len(paths) == 0 {
		err = fmt.Errorf("%s has no recordings %s", dir, ringGlob)
	}
	if err != nil {
		return err
	}
	p := newPlayer(r, acc, opts)
	defer p.o.scripts.close()
	var failed []error
	for _, path := range paths {
		p.goOn(strings.HasSuffix(path, "-"+ringStart+".pcapng"))
		if err := p.playFile(path); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", path, err))
		}
	}
	p.end()
	if len(failed) > 0 {
		return failed[0]
	}
	return nil
}

func (p *player) playFile(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	return p.play(file)
}

// goOn prepares for the next file, which has everything enumerated: anew, or as
// an audit of what is known.
func (p *player) goOn(anew bool) {
	if anew {
		p.o.spaces.Reset()
		clear(p.ids)
		return
	}
	p.o.spaces.ReplayAgain()
}
