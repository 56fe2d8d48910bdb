package plugin

import (
	"fmt"
	"path/filepath"
	"time"

	"telegraf-rtnetlink/luahooks"
)

// loadHooks loads the configured scripts, if there are any.
func (o *owner) loadHooks(saved luahooks.State) (err error) {
	if len(o.set.lua) == 0 {
		return nil
	}
	o.hooks, err = luahooks.New(luahooks.Options{
		Schema: Schema(), Host: o, Scripts: o.set.lua, StateFile: o.set.stateFile,
		Exec: o.offline.exec, TimeEveryCall: o.offline.timeHooks,
	})
	if err != nil {
		return fmt.Errorf("lua: %w", err)
	}
	if saved != nil {
		o.hooks.SetState(saved)
	}
	return nil
}

// endHooks tells the scripts that it is over, sends what they have counted, and
// ends them.
func (o *owner) endHooks() {
	if o.hooks != nil {
		o.hooks.Moment(luahooks.Stop)
		o.hooks.Flush()
	}
	o.closeHooks()
}

// closeHooks ends the scripts.
func (o *owner) closeHooks() {
	if o.hooks == nil {
		return
	}
	o.saved = o.hooks.State()
	if err := o.hooks.Close(); err != nil {
		o.log.Errorf("Closing the scripts: %v", err)
	}
	o.hooks = nil
}

// reloadHooks loads the scripts again; without force only those that changed.
func (o *owner) reloadHooks(force bool) {
	if o.hooks != nil {
		o.hooks.Reload(force)
	}
}

// watchScripts follows the directories that scripts and modules are in.
func (o *owner) watchScripts() {
	if o.hooks == nil {
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
	o.scripts = newWatcher(dirs, "Changes of scripts will only be noticed at an interval", o.log)
}

// hooksDeadline returns when the scripts have something to do; zero for never.
func (o *owner) hooksDeadline() time.Time {
	if o.hooks == nil {
		return time.Time{}
	}
	next, _ := o.hooks.Next()
	return next
}

// hooksWake is readable when a command of a script has ended.
func (o *owner) hooksWake() <-chan struct{} {
	if o.hooks == nil {
		return nil
	}
	return o.hooks.Wake()
}

// pollHooks runs what the scripts have due.
func (o *owner) pollHooks(now time.Time) {
	if next := o.hooksDeadline(); !next.IsZero() && !now.Before(next) {
		o.hooks.Poll()
	}
}

// flushHooks sends the scripts' counters and gauges.
func (o *owner) flushHooks() {
	if o.hooks != nil {
		o.hooks.Flush()
	}
}
