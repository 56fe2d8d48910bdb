package luahooks

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"telegraf-rtnetlink/luahooks/internal/files"
	"telegraf-rtnetlink/luahooks/model"
)

// reloadedScript is a script whose `reload` hooks are to be run.
type reloadedScript struct {
	script *script
	reason string // "changed", "forced", "killed" or "suspended"
}

// Reload loads the scripts whose files, or modules, have changed, and those
// that are new; with force, all. A version that does not load is logged once,
// and the one before it goes on. Scripts whose file is gone end. nl.state,
// counters and statistics are kept.
//
// Loading takes time that events wait for: the next calls of Poll do it, and Next
// says so.
func (r *Runtime) Reload(force bool) {
	l := r.loads
	l.reloading = true
	if !force {
		return
	}
	for _, s := range r.loads.scripts() {
		s.stale = true
	}
	for _, b := range l.blocks {
		clear(b.failed)
	}
}

// reload goes on with what Reload has begun.
func (l *scriptLoader) reload(t *turn) {
	if !l.reloading {
		return
	}
	for _, b := range l.blocks {
		if b.cfg.Source == "" {
			l.reloadBlock(b, t)
			continue
		}
		for _, s := range b.scripts {
			if s.stale && !t.over() {
				s.reload("forced")
			}
		}
	}
	l.reloading = t.over()
	t.tellReloaded()
}

func (l *scriptLoader) reloadBlock(b *block, t *turn) {
	paths, err := b.paths()
	if err != nil {
		l.rt.log(LevelError, err.Error())
		return
	}
	l.removeGone(b, paths)
	maps.DeleteFunc(b.failed, func(path string, _ files.Stamp) bool { return !slices.Contains(paths, path) })
	for _, path := range paths {
		at := slices.IndexFunc(b.scripts, func(s *script) bool { return s.path == path })
		switch {
		case t.over():
			return
		case at < 0:
			l.addLater(b, path)
		case b.scripts[at].stale:
			b.scripts[at].reload("forced")
		case b.scripts[at].fileChanged():
			b.scripts[at].reload("changed")
		}
	}
}

// removeGone ends the scripts of a block whose files are gone. A single file
// that is missing may be about to be replaced: its script goes on.
func (l *scriptLoader) removeGone(b *block, paths []string) {
	b.scripts = slices.DeleteFunc(b.scripts, func(s *script) bool {
		if slices.Contains(paths, s.path) {
			return false
		}
		l.rt.log(LevelInfo, s.name+": the file is gone, its hooks have ended")
		s.close()
		l.rt.changed = true
		return true
	})
}

// addLater loads a script that has come up. A file that failed is not tried
// again until it changes.
func (l *scriptLoader) addLater(b *block, path string) {
	tried, _ := files.StampFile(path)
	if failed, ok := b.failed[path]; ok && failed == tried {
		return
	}
	s := newScript(l.rt, &b.cfg, l.uniqueName(path), path)
	in, code, st, err := s.load()
	if err != nil {
		s.close()
		b.notLoaded(l.rt, path, tried, err)
		return
	}
	delete(b.failed, path)
	at, _ := slices.BinarySearchFunc(b.scripts, path, func(s *script, path string) int { return strings.Compare(s.path, path) })
	b.scripts = slices.Insert(b.scripts, at, s)
	s.swap(in, code, st)
	l.rt.log(LevelInfo, s.name+": loaded")
	l.reloaded = append(l.reloaded, reloadedScript{s, "new"})
}

// fileChanged reports whether a script's file or one of its modules is another
// one than was tried last.
func (s *script) fileChanged() bool {
	st, err := files.StampFile(s.path)
	if err != nil {
		if !s.missing {
			s.missing = true
			s.rt.log(LevelWarn, fmt.Sprintf("%s: %s; the loaded version goes on", s.name, err))
		}
		return false
	}
	s.missing = false
	if st != s.seen {
		return true
	}
	for path, old := range s.modules {
		if now, err := files.StampFile(path); err == nil && now != old {
			return true
		}
	}
	return false
}

// reload puts a new instance in place of the old one, if it loads.
func (s *script) reload(reason string) {
	s.stale = false
	tried, _ := files.StampFile(s.path)
	in, code, st, err := s.load()
	if err != nil {
		s.seen = tried
		s.stats.LoadErrors++
		s.noteModules()
		s.rt.log(LevelError, fmt.Sprintf("not loaded, the version before goes on: %s", err))
		return
	}
	s.swap(in, code, st)
	s.rt.log(LevelInfo, s.name+": loaded again")
	s.rt.loads.reloaded = append(s.rt.loads.reloaded, reloadedScript{s, reason})
}

// noteModules takes the modules of a failed version for seen, so that it is
// not tried again before something changes.
func (s *script) noteModules() {
	for path := range s.modules {
		if st, err := files.StampFile(path); err == nil {
			s.modules[path] = st
		}
	}
}

// tellReloaded runs the `reload` hooks of the scripts that were loaded again, and the
// `start` hooks of those that are new.
func (t *turn) tellReloaded() {
	r, l := t.rt, t.rt.loads
	for len(l.reloaded) > 0 && !l.reloading && !t.over() {
		r.settle()
		next := l.reloaded[0]
		l.reloaded = l.reloaded[1:]
		m := Reloaded
		if next.reason == "new" {
			m = Start
			if !r.running {
				continue
			}
		}
		for _, h := range r.moments[m] {
			if h.in == next.script.in {
				r.runMoment(h, m, []Detail{{"reason", model.Value{Kind: model.String, Str: next.reason}}})
			}
		}
	}
	r.settle()
}
