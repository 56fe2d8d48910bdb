package luahooks

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"

	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/internal/schema"
)

// chunk is a compiled script or module.
type chunk struct {
	*lua51.Chunk
	advice []advice
}

// compile parses, checks, rewrites and compiles a script. Errors begin with
// file:line. With rewrite unset the hooks read their events the slow way.
func compile(x *schema.Index, file, source string, rewrite bool, cfg *Config) (*chunk, error) {
	c, err := compileOnce(x, file, source, rewrite, cfg)
	if err != nil && rewrite {
		// Hidden parameters may have been too many for the function's registers.
		return compileOnce(x, file, source, false, cfg)
	}
	return c, err
}

func compileOnce(x *schema.Index, file, source string, rewrite bool, cfg *Config) (*chunk, error) {
	tree, err := lua51.Parse(file, source)
	if err != nil {
		return nil, err
	}
	w := &walker{schema: x, file: file, allowExec: cfg.AllowExec, reads: map[string]int{}, writes: map[string]bool{}}
	if err := w.script(tree, rewrite); err != nil {
		return nil, err
	}
	code, err := lua51.Compile(file, tree)
	if err != nil {
		return nil, err
	}
	tidy(code.Proto)
	return &chunk{code, w.advice}, nil
}

// script walks a whole file.
func (w *walker) script(tree []ast.Stmt, rewrite bool) error {
	w.fn = &funcInfo{expr: &ast.FunctionExpr{ParList: &ast.ParList{}}}
	w.fn.cold = 1 // what a file does while loading is not hot
	w.stmts(tree)
	if w.err != nil {
		return w.err
	}
	projector{w}.resolve()
	adviser{w}.finish()
	return projector{w}.project(rewrite)
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
