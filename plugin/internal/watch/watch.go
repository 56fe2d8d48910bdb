// Package watch tells when names appear in directories or vanish from them, the
// directories themselves included.
package watch

import (
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Watcher tells when names appear in directories or vanish from them. The
// directories may come and go. A nil Watcher never tells anything.
type Watcher struct {
	fs   *fsnotify.Watcher
	out  chan struct{}
	done chan struct{}
}

// settle is for how long after a change the directory is looked at again: a
// namespace is mounted over its file after that is made, which inotify(7) does
// not tell.
var settle = []time.Duration{0, 5 * time.Millisecond, 50 * time.Millisecond, 500 * time.Millisecond, 3 * time.Second}

// New watches dirs, and those above them for their own sake. An error leaves
// nothing behind.
func New(dirs []string) (*Watcher, error) {
	fs, err := watchAll(dirs)
	if err != nil {
		return nil, fmt.Errorf("watching %q: %w", dirs, err)
	}
	w := &Watcher{fs: fs, out: make(chan struct{}, 1), done: make(chan struct{})}
	go w.run(dirs)
	return w, nil
}

// watchAll returns an inotify(7) instance for dirs and those above them.
func watchAll(dirs []string) (*fsnotify.Watcher, error) {
	fs, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	for _, dir := range dirs {
		if err := fs.Add(filepath.Dir(dir)); err != nil {
			_ = fs.Close() // of no use
			return nil, err
		}
		_ = fs.Add(dir) // where there is none yet, it is added when it is made
	}
	return fs, nil
}

// run passes on what concerns dirs, and its echoes, until Close.
func (w *Watcher) run(dirs []string) {
	defer close(w.done)
	var echo <-chan time.Time
	left := 0
	for {
		select {
		case e, ok := <-w.fs.Events:
			if !ok {
				return
			}
			if slices.Contains(dirs, e.Name) {
				_ = w.fs.Add(e.Name) // if it is gone again, its removal follows
			} else if !slices.Contains(dirs, filepath.Dir(e.Name)) {
				continue
			}
			left, echo = len(settle), time.After(settle[0])
		case <-w.fs.Errors: // an overflow: look
			left, echo = len(settle), time.After(settle[0])
		case <-echo:
			w.tell()
			echo = nil
			if left--; left > 0 {
				echo = time.After(settle[len(settle)-left])
			}
		}
	}
}

func (w *Watcher) tell() {
	select {
	case w.out <- struct{}{}:
	default:
	}
}

// Changed is readable after a change.
func (w *Watcher) Changed() <-chan struct{} {
	if w == nil {
		return nil
	}
	return w.out
}

// Close ends the watcher's goroutine.
func (w *Watcher) Close() {
	if w == nil {
		return
	}
	_ = w.fs.Close() // its goroutine ends in any case
	<-w.done
}
