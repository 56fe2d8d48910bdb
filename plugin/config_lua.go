package plugin

import (
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
	for _, c := range r.Lua {
		l, err := c.resolve()
		if err != nil {
			return fmt.Errorf("lua: %w", err)
		}
		s.lua = append(s.lua, l)
	}
	return nil
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
	return l, checkLua(&l)
}

func checkLua(l *luahooks.Config) error {
	switch {
	case l.Script == "":
		return fmt.Errorf(`script: "", name a file or a pattern such as "/etc/telegraf/rtnetlink.d/*.lua"`)
	case l.Timeout < 0:
		return fmt.Errorf(`timeout: %s, want a duration such as "50ms"`, l.Timeout)
	case l.MaxMemory < minMaxMemory:
		return fmt.Errorf("max_memory: %d bytes, want 1MiB or more", l.MaxMemory)
	case l.MaxState < 0:
		return fmt.Errorf("max_state: %d, want 1 or more", l.MaxState)
	case l.OnError != defaultOnError && l.OnError != "drop":
		return unknownValue("on_error", l.OnError, "keep, drop")
	}
	if err := luahooks.CheckAllowEnv(l.AllowEnv); err != nil {
		return err
	}
	for _, path := range l.AllowExec {
		if !filepath.IsAbs(path) {
			return fmt.Errorf("allow_exec: %q, want the absolute path of a program", path)
		}
	}
	if strings.ContainsAny(l.Script, "*?[") {
		return nil // files may come later
	}
	if _, err := os.Stat(l.Script); err != nil {
		return fmt.Errorf("script: %w", err)
	}
	return nil
}
