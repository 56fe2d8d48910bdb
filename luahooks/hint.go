package luahooks

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/choices"
	"telegraf-rtnetlink/luahooks/internal/lua51"
)

// instead says what the sandbox has for what it lacks, by the global's name or
// path.
var instead = map[string]string{
	"os.time": "nl.now() is the time", "os.clock": "nl.monotonic() is a clock", "os.date": "nl.time.format makes texts of times",
	"os.getenv":  "constants of the configuration are in the table config",
	"os.execute": "nl.exec runs commands", "io.popen": "nl.exec runs commands",
	"os": "there is no os in a script; nl has now, time, hostname and exec", "io": "there is no io in a script; nl has log, state and exec",
	"coroutine": "there are no coroutines in a script; nl.after and nl.every run functions later",
	"load":      "a script cannot load code", "loadstring": "a script cannot load code", "loadfile": "a script cannot load code; require loads from modules_dir",
	"dofile":         "a script cannot load code; require loads from modules_dir",
	"collectgarbage": "memory is collected by itself", "_G": "a script's globals have no table",
}

// hint says what was meant by what is no function or no table: path is how the
// script wrote it, kind the type of what is there.
func (in *instance) hint(path, kind string) string {
	parts := strings.Split(path, ".")
	if kind != "nil" && kind != "table" && kind != "userdata" {
		return ""
	}
	t := in.library(parts[0])
	switch {
	case path == "nl" && kind == "nil":
		return `forgot local nl = require "rtnetlink"?`
	case t == nil:
		return instead[path]
	case len(parts) == 1:
		return ""
	}
	for i, name := range parts[1:] {
		at := strings.Join(parts[:i+1], ".")
		v := t.RawGetString(name)
		if t = lua51.TableOf(v); t != nil {
			continue
		}
		switch v := v.(type) {
		case *lua.LNilType:
			if path, ok := strings.CutPrefix(at+"."+name, "config."); ok {
				return fmt.Sprintf("the configuration gives no constant %s", path)
			}
			return "there is no " + at + "." + name + "; " + thereIn(at, name, in.library(parts[0]), parts[1:i+1])
		case *lua.LUserData:
			if _, ok := v.Value.(action); ok {
				return "it is an action for nl.on, not a function"
			}
		}
		return ""
	}
	return "it is a table; there are: " + choices.Join(namesIn(path, t))
}

// library returns a table of the sandbox that scripts cannot change.
func (in *instance) library(name string) *lua.LTable {
	if name == "nl" {
		return lua51.TableOf(in.nl)
	}
	if lua51.IsName(name) {
		return lua51.TableOf(in.L.GetGlobal(name))
	}
	return nil
}

// thereIn says what a table of the library has in place of a name.
func thereIn(at, name string, t *lua.LTable, path []string) string {
	for _, part := range path {
		t = lua51.TableOf(t.RawGetString(part))
	}
	names := namesIn(at, t)
	if near := choices.Nearest(at+"."+name, names); len(near) > 0 && len(names) > choices.ListedFirst {
		return "nearest: " + choices.Join(near)
	}
	return choices.There(name, names)
}

func namesIn(at string, t *lua.LTable) []string {
	names := map[string]bool{}
	t.ForEach(func(k, _ lua.LValue) { names[at+"."+k.String()] = true })
	return slices.Sorted(maps.Keys(names))
}
