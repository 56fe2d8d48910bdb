package plugin

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"telegraf-rtnetlink/plugin/internal/capture"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/namespace"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Record writes everything that the input reads from the kernel to a pcapng
// file that Replay, and Wireshark, can read, until ctx is done. It comes after
// Init, instead of Start, and sends no metrics.
func (r *RTNetlink) Record(ctx context.Context, to io.Writer, version string) error {
	if r.set == nil {
		return errors.New("rtnetlink: Record before Init")
	}
	w, err := capture.NewWriter(to, r.recordingMeta(version))
	if err != nil {
		return err
	}
	rec := r.newRecorder()
	err = rec.run(ctx, func(n *namespace.Namespace, it rtnl.Item) error {
		if err := w.WriteItem(n.Name, it, rec.namer(n)); err != nil {
			return err
		}
		return w.Flush() // the file is good whenever the program ends
	})
	if err != nil {
		return err
	}
	return w.Flush()
}

// recordingMeta describes a recording that begins now.
func (r *RTNetlink) recordingMeta(version string) capture.Meta {
	return capture.Meta{Version: version, Kernel: kernelRelease(), Classes: r.set.Classes()}
}

// kernelRelease returns what uname -r prints.
func kernelRelease() string {
	text, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return "" // it is for information only
	}
	return strings.TrimSpace(string(text))
}

// recorder is an owner whose items are written down. It runs no scripts and makes
// no metrics.
type recorder struct {
	*owner
	env *tap
}

// tap is the environment of a recorder: a living system, of which all that is read
// is written down.
type tap struct {
	live
	write  func(*namespace.Namespace, rtnl.Item) error
	failed error // of write
	quit   func()
}

// Read implements namespace.Environment. When it fails the owner ends.
func (t *tap) Read(n *namespace.Namespace, it rtnl.Item) {
	if t.failed != nil {
		return
	}
	if t.failed = t.write(n, it); t.failed != nil {
		t.quit()
	}
}

func (r *RTNetlink) newRecorder() *recorder {
	set := *r.set
	set.Snapshot = 0 // of metrics
	env := &tap{live: *newLive(r.logger())}
	o := newOwner(&set, r.logger(), env)
	o.spaces = namespace.New(&set.Config, env, unheard{&o.defects})
	env.quit = o.quitNow
	return &recorder{o, env}
}

// run passes everything that is read to write, until ctx is done or write fails.
func (r *recorder) run(ctx context.Context, write func(*namespace.Namespace, rtnl.Item) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	r.env.write = write
	go func() {
		select {
		case <-ctx.Done():
			r.quitNow()
		case <-r.done:
		}
	}()
	r.owner.run()
	return r.env.failed
}

// namer names the processes that ask for changes in a namespace.
func (r *recorder) namer(n *namespace.Namespace) capture.Namer {
	return func(port uint32, seen int64) string { return r.env.process(n, port, seen) }
}

// unheard is the namespace.Handler of a recorder: the events follow from what is
// written down.
type unheard struct{ defects *defects }

func (unheard) Event(*namespace.Namespace, *event.Event)            {}
func (unheard) Batch(f func())                                      { f() }
func (unheard) Stamp(wall int64) int64                              { return wall }
func (unheard) Sync(_ *namespace.Namespace, _, _ string, _ int64)   {}
func (unheard) Milestone(*namespace.Namespace, namespace.Milestone) {}
func (unheard) Lost()                                               {}
func (u unheard) Defect(what string, p any)                         { u.defects.note(what, p) }

// CreateRecording opens path for Record. It overwrites only with force.
func CreateRecording(path string, force bool) (io.WriteCloser, error) {
	return capture.Create(path, force)
}
