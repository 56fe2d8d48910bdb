package plugin

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/influxdata/telegraf/config"

	"telegraf-rtnetlink/luahooks"
)

// LuaConfig is one [[inputs.rtnetlink.lua]] table. A zero option stands for its
// default, since Telegraf makes the elements of the list itself.
type LuaConfig struct {
	Script     string          `toml:"script"`
	Timeout    config.Duration `toml:"timeout"`
	OnError    string          `toml:"on_error"`
	MaxMemory  config.Size     `toml:"max_memory"`
	MaxState   int             `toml:"max_state"`
	AllowExec  []string        `toml:"allow_exec"`
	AllowEnv   []string        `toml:"allow_env"`
	ModulesDir string          `toml:"modules_dir"`
	Constants  map[string]any  `toml:"constants"`
}

// Defaults of a [[inputs.rtnetlink.lua]] table.
const (
	defaultTimeout   = 50 * time.Millisecond
	defaultOnError   = "keep"
	defaultMaxMemory = 64 << 20
	defaultMaxState  = 100000
	// minMaxMemory is what a script needs at least for its own code and the
	// library's tables.
	minMaxMemory = 1 << 20
)

func (r *RTNetlink) resolveLua(s *settings) error {
	var all []error
	for i, c := range r.Lua {
		l, err := c.resolve()
		for _, e := range flatten(err) {
			key, _, _ := strings.Cut(e.Error(), ":")
			all = append(all, &OptionError{Key: key, Lua: i + 1, err: fmt.Errorf("lua: %w", e)})
		}
		s.lua = append(s.lua, l)
	}
	return errors.Join(all...)
}

// resolve sets the defaults of a table and checks it. The files are looked at
// by luahooks.New, which also loads them again when they change.
func (c LuaConfig) resolve() (luahooks.Config, error) {
	l := luahooks.Config{
		Script: c.Script, Timeout: time.Duration(c.Timeout), OnError: c.OnError,
		MaxMemory: int64(c.MaxMemory), MaxState: c.MaxState, AllowExec: c.AllowExec, AllowEnv: c.AllowEnv, ModulesDir: c.ModulesDir,
		Constants: c.Constants,
	}
	if l.Timeout == 0 {
		l.Timeout = defaultTimeout
	}
	if l.OnError == "" {
		l.OnError = defaultOnError
	}
	if l.MaxMemory == 0 {
		l.MaxMemory = defaultMaxMemory
	}
	if l.MaxState == 0 {
		l.MaxState = defaultMaxState
	}
	err := checkLua(&l)
	return l, err
}

// checkLua joins an error for each option that is wrong.
func checkLua(l *luahooks.Config) error {
	var all []error
	if l.Script == "" {
		all = append(all, errors.New(`script: "", name a file or a pattern such as "/etc/telegraf/rtnetlink.d/*.lua"`))
	}
	if l.Timeout < 0 {
		all = append(all, fmt.Errorf(`timeout: %s, want a duration such as "50ms"`, l.Timeout))
	}
	if l.MaxMemory < minMaxMemory {
		all = append(all, fmt.Errorf("max_memory: %d bytes, want 1MiB or more", l.MaxMemory))
	}
	if l.MaxState < 0 {
		all = append(all, fmt.Errorf("max_state: %d, want 1 or more", l.MaxState))
	}
	if l.OnError != defaultOnError && l.OnError != "drop" {
		all = append(all, unknownValue("on_error", l.OnError, "keep, drop"))
	}
	all = append(all, luahooks.CheckAllowEnv(l.AllowEnv), checkAllowExec(l.AllowExec), checkScript(l.Script))
	return errors.Join(all...)
}

func checkAllowExec(paths []string) error {
	for _, path := range paths {
		if !filepath.IsAbs(path) {
			return fmt.Errorf("allow_exec: %q, want the absolute path of a program", path)
		}
	}
	return nil
}

func checkScript(path string) error {
	if path == "" || strings.ContainsAny(path, "*?[") {
		return nil // files of a pattern may come later
	}
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("script: %w", err)
	}
	return nil
}
