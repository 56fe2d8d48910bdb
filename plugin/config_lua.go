package plugin

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// luaSettings is a checked [[inputs.rtnetlink.lua]] table.
type luaSettings struct {
	scripts    []string      // files, sorted within a pattern; see scriptFiles
	pattern    string        // what scripts was made from, for a reload
	timeout    time.Duration // of one call, > 0
	dropOnErr  bool          // a hook that fails drops the metric
	maxState   int           // entries over all nl.state maps, > 0
	allowExec  []string      // absolute paths that nl.exec may run
	modulesDir string        // of require; empty: none
	constants  map[string]any
}

func (r *RTNetlink) resolveLua(s *settings) error {
	for _, c := range r.Lua {
		l, err := c.resolve()
		if err != nil {
			return fmt.Errorf("lua: %w", err)
		}
		s.lua = append(s.lua, l)
	}
	return nil
}

// resolve sets the defaults of a table and checks it.
func (c LuaConfig) resolve() (luaSettings, error) {
	l := luaSettings{
		pattern: c.Script, timeout: time.Duration(c.Timeout), maxState: c.MaxState,
		allowExec: c.AllowExec, modulesDir: c.ModulesDir, constants: c.Constants,
	}
	if l.timeout == 0 {
		l.timeout = defaultTimeout
	}
	if l.maxState == 0 {
		l.maxState = defaultMaxState
	}
	if err := c.check(&l); err != nil {
		return l, err
	}
	var err error
	l.scripts, err = scriptFiles(c.Script)
	return l, err
}

func (c LuaConfig) check(l *luaSettings) error {
	switch {
	case l.timeout < 0:
		return fmt.Errorf(`timeout: %s, want a duration such as "50ms"`, l.timeout)
	case l.maxState < 0:
		return fmt.Errorf("max_state: %d, want 1 or more", l.maxState)
	}
	switch c.OnError {
	case "", defaultOnError:
	case "drop":
		l.dropOnErr = true
	default:
		return unknownValue("on_error", c.OnError, "keep, drop")
	}
	for _, path := range c.AllowExec {
		if !filepath.IsAbs(path) {
			return fmt.Errorf("allow_exec: %q is no absolute path", path)
		}
	}
	if c.ModulesDir == "" {
		return nil
	}
	if info, err := os.Stat(c.ModulesDir); err != nil || !info.IsDir() {
		return fmt.Errorf("modules_dir: %q is no directory", c.ModulesDir)
	}
	return safeFile("modules_dir", c.ModulesDir)
}

// scriptFiles returns the files that a script option names, in the order of
// their names, each of them safe to run.
func scriptFiles(pattern string) ([]string, error) {
	if pattern == "" {
		return nil, fmt.Errorf(`script: empty, name a file or a pattern such as "/etc/telegraf/rtnetlink.d/*.lua"`)
	}
	files := []string{pattern}
	if strings.ContainsAny(pattern, "*?[") {
		var err error
		if files, err = filepath.Glob(pattern); err != nil {
			return nil, fmt.Errorf("script: %q: %w", pattern, err)
		}
		if len(files) == 0 {
			return nil, fmt.Errorf("script: no file matches %q", pattern)
		}
	}
	slices.Sort(files)
	for _, f := range files {
		if err := safeFile("script", f); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// safeFile refuses a file that others than its owner may change, or that
// belongs to neither root nor the user who runs this process: whoever writes it
// decides what the process does.
func safeFile(key, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	if mode := info.Mode(); mode.Perm()&0o022 != 0 {
		return fmt.Errorf("%s: %s is writable by group or others (mode %04o), run: chmod go-w %s", key, path, mode.Perm(), path)
	}
	if !info.IsDir() && !info.Mode().IsRegular() {
		return fmt.Errorf("%s: %s is no regular file", key, path)
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && st.Uid != 0 && int(st.Uid) != os.Geteuid() {
		return fmt.Errorf("%s: %s belongs to user %d, want root or user %d, who runs this", key, path, st.Uid, os.Geteuid())
	}
	return nil
}
