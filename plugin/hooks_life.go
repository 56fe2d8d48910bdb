package plugin

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"telegraf-rtnetlink/luahooks"
)

// loadHooks loads the configured scripts, if there are any.
func (o *owner) loadHooks(saved luahooks.State) error {
	if len(o.set.lua) == 0 {
		return nil
	}
	rt, err := luahooks.New(luahooks.Options{
		Schema: Schema(), Host: o, Scripts: o.set.lua, StateFile: o.set.stateFile,
		Hostname: o.offline.hostname, Strict: o.set.strict, Forgets: o.set.noState,
		Exec: o.offline.exec, TimeEveryCall: o.offline.timeHooks,
	})
	if err != nil {
		var all []error
		for _, e := range flatten(err) {
			all = append(all, fmt.Errorf("lua: %w", e))
		}
		return errors.Join(all...)
	}
	if saved != nil {
		rt.SetState(saved)
	}
	o.hooks.rt = rt
	return nil
}

// endHooks tells the scripts that it is over, sends what they have counted, and
// ends them.
func (o *owner) endHooks() {
	o.hooks.moment(luahooks.Stop)
	o.hooks.flush()
	o.closeHooks()
}

// closeHooks ends the scripts.
func (o *owner) closeHooks() {
	if o.hooks.rt == nil {
		return
	}
	saved, err := o.hooks.close()
	if err != nil {
		o.log.Errorf("Closing the scripts: %v", err)
	}
	o.saved = saved
}

// watchScripts follows the directories that scripts and modules are in.
func (o *owner) watchScripts() {
	if o.hooks.rt == nil {
		return
	}
	var dirs []string
	for _, c := range o.set.lua {
		for _, dir := range []string{filepath.Dir(c.Script), c.ModulesDir} {
			if abs, err := filepath.Abs(dir); dir != "" && err == nil {
				dirs = append(dirs, abs)
			}
		}
	}
	o.scriptDirs = newWatcher(dirs, "Changes of scripts will only be noticed at an interval", o.log)
}

// pollHooks runs what the scripts have due.
func (o *owner) pollHooks(now time.Time) {
	if next := o.hooks.next(); !next.IsZero() && !now.Before(next) {
		o.hooks.poll()
	}
}
