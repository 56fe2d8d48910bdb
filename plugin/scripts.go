package plugin

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/influxdata/telegraf"

	"telegraf-rtnetlink/luahooks"
	"telegraf-rtnetlink/plugin/internal/watch"
)

// scripts is the Lua scripts of an owner, from when they are loaded until they are
// closed. It is the owner goroutine's.
type scripts struct {
	guarded
	host host

	set   *settings
	log   telegraf.Logger
	env   environment
	saved luahooks.State // once they are closed
	dirs  *watch.Watcher // of the scripts
}

// load loads the configured scripts, if there are any.
func (s *scripts) load(saved luahooks.State) error {
	if len(s.set.lua) == 0 {
		return nil
	}
	opts := luahooks.Options{
		Schema: Schema(), Host: &s.host, Scripts: s.set.lua, StateFile: s.set.stateFile,
		Strict: s.set.strict, Forgets: s.set.noState,
	}
	s.env.scripts(&opts)
	rt, err := luahooks.New(opts)
	if err != nil {
		list := flatten(err)
		all := make([]error, 0, len(list))
		for _, e := range list {
			all = append(all, fmt.Errorf("lua: %w", e))
		}
		return errors.Join(all...)
	}
	if saved != nil {
		rt.SetState(saved)
	}
	s.rt = rt
	return nil
}

// end tells the scripts that it is over, sends what they have counted, and closes
// them.
func (s *scripts) end() {
	s.moment(luahooks.Stop)
	s.flush()
	s.close()
}

// close ends the scripts.
func (s *scripts) close() {
	if s.rt == nil {
		return
	}
	saved, err := s.guarded.close()
	if err != nil {
		s.log.Errorf("Closing the scripts: %v", err)
	}
	s.saved = saved
}

// watch follows the directories that scripts and modules are in.
func (s *scripts) watch() {
	if s.rt == nil {
		return
	}
	var dirs []string
	for _, c := range s.set.lua {
		for _, dir := range []string{filepath.Dir(c.Script), c.ModulesDir} {
			if abs, err := filepath.Abs(dir); dir != "" && err == nil {
				dirs = append(dirs, abs)
			}
		}
	}
	var err error
	if s.dirs, err = watch.New(dirs); err != nil {
		s.log.Errorf("Changes of scripts will only be noticed at an interval: %v", err)
	}
}

// work runs what the scripts have due.
func (s *scripts) work(now time.Time) {
	if next := s.next(); !next.IsZero() && !now.Before(next) {
		s.poll()
	}
}
