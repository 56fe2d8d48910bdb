package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// progress shows on a terminal how far long files have been read.
type progress struct {
	w     io.Writer // nil: no terminal
	began time.Time
	last  time.Time
	shown bool
}

func newProgress(w io.Writer) *progress {
	p := &progress{began: time.Now()}
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			p.w = w
		}
	}
	return p
}

// tell is told what was read so far.
func (p *progress) tell(read, total int64) {
	now := time.Now()
	if p.w == nil || now.Sub(p.began) < time.Second || now.Sub(p.last) < 200*time.Millisecond {
		return
	}
	p.last, p.shown = now, true
	speed := float64(read) / now.Sub(p.began).Seconds() / (1 << 20)
	if total > 0 {
		fmt.Fprintf(p.w, "\r\x1b[K%3d %% of %d MiB, %.0f MiB/s", 100*read/total, total>>20, speed)
		return
	}
	fmt.Fprintf(p.w, "\r\x1b[K%d MiB, %.0f MiB/s", read>>20, speed)
}

// end clears the line.
func (p *progress) end() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
