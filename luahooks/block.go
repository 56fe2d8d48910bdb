package luahooks

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"telegraf-rtnetlink/luahooks/internal/files"
	"telegraf-rtnetlink/luahooks/internal/state"
)

// block is one Config and its scripts, in the order in which they run.
type block struct {
	cfg     Config
	scripts []*script
	failed  map[string]files.Stamp // new files that did not load, by path; the zero stamp: it leads nowhere
}

// scriptLoader keeps the scripts that run in line with their files.
type scriptLoader struct {
	rt        *Runtime
	blocks    []*block
	reloading bool             // Reload has not looked at all scripts yet
	reloaded  []reloadedScript // whose reload hooks are to be run
}

// checkConfigs refuses what cannot work, before any script is loaded.
func checkConfigs(configs []Config) error {
	for i := range configs {
		if err := configs[i].check(); err != nil {
			return err
		}
	}
	return nil
}

func (c *Config) check() error {
	switch {
	case (c.Script == "") == (c.Source == ""):
		return errors.New("lua: want either a script or a source")
	case c.OnError != "" && c.OnError != "keep" && c.OnError != "drop":
		return fmt.Errorf(`lua: on_error is %q; want "keep" or "drop"`, c.OnError)
	case c.Timeout < 0 || c.MaxState < 0 || c.MaxTags < 0 || c.MaxMemory < 0:
		return errors.New("lua: timeout, max_memory, max_state and max_tags must not be negative")
	}
	if err := CheckAllowEnv(c.AllowEnv); err != nil {
		return fmt.Errorf("lua: %w", err)
	}
	for _, path := range c.AllowExec {
		if !filepath.IsAbs(path) || filepath.Clean(path) != path {
			return fmt.Errorf("lua: allow_exec: %q is not a clean absolute path", path)
		}
	}
	return nil
}

// isPattern reports whether the block's scripts are those that match a pattern.
func (b *block) isPattern() bool { return strings.ContainsAny(b.cfg.Script, "*?[") }

// notLoaded logs a file that did not load. It is not tried again until it changes.
func (b *block) notLoaded(r *Runtime, path string, tried files.Stamp, err error) {
	if b.failed == nil {
		b.failed = map[string]files.Stamp{}
	}
	b.failed[path] = tried
	r.log(LevelError, fmt.Sprintf("not loaded: %s", err))
}

// paths returns the files that a block means now.
func (b *block) paths() ([]string, error) {
	if !b.isPattern() {
		return []string{b.cfg.Script}, nil
	}
	paths, err := filepath.Glob(b.cfg.Script)
	if err != nil {
		return nil, fmt.Errorf("script: %q: %w", b.cfg.Script, err)
	}
	slices.Sort(paths)
	if !strings.HasPrefix(filepath.Base(b.cfg.Script), ".") {
		// As in a shell: editors keep locks and copies under such names.
		paths = slices.DeleteFunc(paths, func(path string) bool { return strings.HasPrefix(filepath.Base(path), ".") })
	}
	return paths, nil
}

// loadAll loads all scripts for the first time.
func (l *scriptLoader) loadAll() error {
	var saved State
	var err error
	l.rt.file, err = state.Open(l.rt.opts.StateFile, l.rt.now(), &saved)
	if err != nil {
		return err
	}
	var failed []error
	for _, cfg := range l.rt.opts.Scripts {
		b := &block{cfg: cfg}
		l.blocks = append(l.blocks, b)
		if cfg.Source != "" {
			failed = append(failed, l.addFirst(b, l.uniqueInline("inline"), "", saved))
			continue
		}
		paths, err := b.paths()
		if len(paths) == 0 && err == nil {
			l.rt.log(LevelWarn, fmt.Sprintf("script: no file matches %q yet", cfg.Script))
		}
		failed = append(failed, err)
		for _, path := range paths {
			tried, _ := files.StampFile(path)
			err := l.addFirst(b, l.uniqueName(path), path, saved)
			if err != nil && b.isPattern() && !l.rt.opts.Strict {
				b.notLoaded(l.rt, path, tried, err)
				continue
			}
			failed = append(failed, err)
		}
	}
	l.rt.settle()
	return errors.Join(failed...)
}

func (l *scriptLoader) addFirst(b *block, name, path string, saved State) error {
	s := newScript(l.rt, &b.cfg, name, path)
	s.states.Load(saved[name])
	in, code, st, err := s.load()
	if err != nil {
		s.close()
		return err
	}
	b.scripts = append(b.scripts, s)
	s.swap(in, code, st)
	return nil
}

// uniqueName returns a script's base name, or its path if another script has
// the same one.
func (l *scriptLoader) uniqueName(path string) string {
	name := filepath.Base(path)
	if l.named(name) {
		return path
	}
	return name
}

// uniqueInline numbers the scripts that have no file: inline, inline-2, ….
func (l *scriptLoader) uniqueInline(name string) string {
	unique := name
	for n := 2; l.named(unique); n++ {
		unique = fmt.Sprintf("%s-%d", name, n)
	}
	return unique
}

func (l *scriptLoader) named(name string) bool {
	return slices.ContainsFunc(l.scripts(), func(s *script) bool { return s.name == name })
}

// scripts returns all scripts in order.
func (l *scriptLoader) scripts() []*script {
	var all []*script
	for _, b := range l.blocks {
		all = append(all, b.scripts...)
	}
	return all
}
