package luahooks

import (
	"fmt"
	"path/filepath"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/internal/compile"
	"telegraf-rtnetlink/luahooks/internal/files"
	"telegraf-rtnetlink/luahooks/internal/lua51"
)

// maxModules bounds the modules of one script.
const maxModules = 100

// baseRequire is require(name): "rtnetlink", or a file below modules_dir, whose
// directories are separated by dots. Each module runs once in a Lua state.
func (in *instance) baseRequire(L *lua.LState) int {
	name := L.CheckString(1)
	if name == compile.Module {
		L.Push(in.nl)
		return 1
	}
	if v, ok := in.modules[name]; ok {
		if v == nil {
			L.RaiseError("require: module %q is being loaded already", name)
		}
		L.Push(v)
		return 1
	}
	code, err := in.loadModule(name)
	if err != nil {
		L.RaiseError("require: %s", err.Error())
	}
	in.modules[name] = nil
	defer func() {
		if in.modules[name] == nil {
			delete(in.modules, name) // it failed
		}
	}()
	in.advice = append(in.advice, code.Advice...)
	L.Push(in.Load(code.Chunk))
	L.Push(lua.LString(name))
	L.Call(1, 1)
	v := L.Get(-1)
	if v == lua.LNil {
		v = lua51.True
	}
	in.modules[name] = v
	L.Push(v)
	return 1
}

// loadModule compiles a module's file.
func (in *instance) loadModule(name string) (*compile.Chunk, error) {
	dir := in.cfg.ModulesDir
	if dir == "" {
		return nil, fmt.Errorf("there is no module %q: without modules_dir there is only %q", name, compile.Module)
	}
	if !moduleNameOK(name) {
		return nil, fmt.Errorf("%q is no module's name: letters, digits, '_' and '-', with dots between directories", name)
	}
	if len(in.stamps) >= maxModules {
		return nil, fmt.Errorf("over %d modules", maxModules)
	}
	file := strings.ReplaceAll(name, ".", "/") + ".lua"
	path := filepath.Join(dir, file)
	source, st, err := files.Read(path)
	if err != nil {
		return nil, err
	}
	in.stamps[path] = st
	return in.script.compiler().Compile(file, source)
}

func moduleNameOK(name string) bool {
	for part := range strings.SplitSeq(name, ".") {
		if part == "" {
			return false
		}
		for i := range len(part) {
			if c := part[i]; !isAlpha(c) && !isDigit(c) && c != '_' && c != '-' {
				return false
			}
		}
	}
	return true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isAlpha(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
