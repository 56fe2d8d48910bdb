package luahooks

import (
	"errors"
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
	"github.com/yuin/gopher-lua/parse"
)

// chunk is a compiled script or module.
type chunk struct {
	proto  *lua.FunctionProto
	advice []advice
}

// compile parses, checks, rewrites and compiles a script. Errors begin with
// file:line. With rewrite unset the hooks read their events the slow way.
func compile(x *index, file, source string, rewrite bool, cfg *Config) (*chunk, error) {
	c, err := compileOnce(x, file, source, rewrite, cfg)
	if err != nil && rewrite {
		// Hidden parameters may have been too many for the function's registers.
		return compileOnce(x, file, source, false, cfg)
	}
	return c, err
}

func compileOnce(x *index, file, source string, rewrite bool, cfg *Config) (c *chunk, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s: the compiler failed: %v", file, r)
		}
	}()
	if strings.HasPrefix(source, "#") {
		source = "--" + source // "#!" line
	}
	tree, err := parse.Parse(strings.NewReader(source), file)
	if err != nil {
		return nil, syntaxError(file, source, err)
	}
	w := &walker{schema: x, file: file, allowExec: cfg.AllowExec, reads: map[string]int{}, writes: map[string]bool{}}
	if err := w.script(tree, rewrite); err != nil {
		return nil, err
	}
	proto, err := lua.Compile(tree, file)
	if err != nil {
		return nil, syntaxError(file, source, err)
	}
	tidy(proto)
	return &chunk{proto, w.advice}, nil
}

// script walks a whole file.
func (w *walker) script(tree []ast.Stmt, rewrite bool) error {
	w.fn = &funcInfo{expr: &ast.FunctionExpr{ParList: &ast.ParList{}}}
	w.fn.cold = 1 // what a file does while loading is not hot
	w.stmts(tree)
	if w.err != nil {
		return w.err
	}
	w.resolve()
	w.finish()
	return w.project(rewrite)
}

// syntaxError puts gopher-lua's error into one line: file:line: what is wrong.
func syntaxError(file, source string, err error) error {
	var e *parse.Error
	if errors.As(err, &e) {
		e.Message = strings.Replace(e.Message, "parse error", "syntax error", 1)
		at := fmt.Sprintf("near %q", e.Token)
		if e.Pos.Line == parse.EOF {
			last := strings.Count(strings.TrimRight(source, "\n"), "\n") + 1
			return fmt.Errorf("%s:%d: unexpected end of file: %s", file, last, e.Message)
		}
		if e.Token == "" {
			at = fmt.Sprintf("in column %d", e.Pos.Column)
		}
		return fmt.Errorf("%s:%d: %s %s%s", file, e.Pos.Line, e.Message, at, keywordHint(source, e))
	}
	var c *lua.CompileError
	if errors.As(err, &c) {
		return fmt.Errorf("%s:%d: %s", file, c.Line, c.Message)
	}
	return fmt.Errorf("%s: %s", file, strings.Join(strings.Fields(err.Error()), " "))
}

// keywordHint helps with fields whose names are words of Lua: ev.local.
func keywordHint(source string, e *parse.Error) string {
	lines := strings.Split(source, "\n")
	if e.Token == "" || e.Pos.Line < 1 || e.Pos.Line > len(lines) || !isAlpha(e.Token[0]) ||
		!strings.Contains(lines[e.Pos.Line-1], "."+e.Token) {
		return ""
	}
	return fmt.Sprintf("; %s is a word of Lua: write ev[%q]", e.Token, e.Token)
}

// hidden is what nl.on learns about a compiled function.
type hidden struct {
	names     []string // of the hidden parameters, in order
	extra     int      // parameters of the script's own behind the event; they get nil
	projected bool
	escapes   bool
}

// hiddenOf reads the hidden parameters of a function from the names of its
// locals, of which the parameters are the first.
func hiddenOf(p *lua.FunctionProto) hidden {
	h := hidden{escapes: true}
	for i, local := range p.DbgLocals {
		switch name := local.Name; {
		case !strings.HasPrefix(name, "@"):
			if h.names == nil && !h.projected && i > 0 && i < int(p.NumParameters) {
				h.extra++
			}
		case name == projectedMark:
			h.projected = true
		case name == escapeMark:
		default:
			h.names = append(h.names, name)
		}
	}
	if h.projected {
		h.escapes = hasLocal(p, escapeMark)
	}
	return h
}

func hasLocal(p *lua.FunctionProto, name string) bool {
	for _, local := range p.DbgLocals {
		if local.Name == name {
			return true
		}
	}
	return false
}

// tidy takes the marks out of the parameters: nothing is passed for them. They
// are the last ones, so that their registers are just unused. It also gives the
// calls of hidden parameters the names that error messages should have.
func tidy(p *lua.FunctionProto) {
	for _, mark := range []string{projectedMark, escapeMark} {
		if hasLocal(p, mark) {
			p.NumParameters--
		}
	}
	for i := range p.DbgCalls {
		if _, name := splitHidden(p.DbgCalls[i].Name); strings.HasPrefix(p.DbgCalls[i].Name, "@") {
			p.DbgCalls[i].Name = name
		}
	}
	for _, inner := range p.FunctionPrototypes {
		tidy(inner)
	}
}
