// Package compile reads a script before it runs: it finds the functions that are
// hooks, refuses fields that no event has, gives advice, and passes what hooks read of
// their event as parameters.
package compile

import (
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"

	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/internal/schema"
)

// Module is what scripts require.
const Module = "rtnetlink"

// Chunk is a compiled script or module.
type Chunk struct {
	*lua51.Chunk
	Advice []Advice
}

// Compiler is what scripts are compiled with.
type Compiler struct {
	Schema    *schema.Index
	AllowExec []string // what nl.exec may run
	Others    []string // what nl.on takes beside objects: hooks on them get no events
	Slow      bool     // the hooks read their events the slow way
}

// Compile parses, checks, rewrites and compiles a script. Errors begin with
// file:line.
func (c Compiler) Compile(file, source string) (*Chunk, error) {
	code, err := c.once(file, source)
	if err != nil && !c.Slow {
		// Hidden parameters may have been too many for the function's registers.
		c.Slow = true
		return c.once(file, source)
	}
	return code, err
}

func (c Compiler) once(file, source string) (*Chunk, error) {
	tree, err := lua51.Parse(file, source)
	if err != nil {
		return nil, err
	}
	w := &walker{Compiler: c, file: file, reads: map[string]int{}, writes: map[string]bool{}}
	if err := w.script(tree); err != nil {
		return nil, err
	}
	code, err := lua51.Compile(file, tree)
	if err != nil {
		return nil, err
	}
	tidy(code.Proto)
	return &Chunk{code, w.advice}, nil
}

// script walks a whole file.
func (w *walker) script(tree []ast.Stmt) error {
	w.fn = &funcInfo{expr: &ast.FunctionExpr{ParList: &ast.ParList{}}}
	w.fn.cold = 1 // what a file does while loading is not hot
	w.stmts(tree)
	if w.err != nil {
		return w.err
	}
	projector{w}.resolve()
	adviser{w}.finish()
	return projector{w}.project()
}

// Place is a line of a script or module.
type Place struct {
	File string
	Line int
}

func (p Place) String() string { return p.File + ":" + strconv.Itoa(p.Line) }

// Advice is one remark about a script for its author.
type Advice struct {
	At   Place
	Text string
}

// Hidden is what nl.on learns about a compiled function.
type Hidden struct {
	Names     []string // of the hidden parameters, in order
	Extra     int      // parameters of the script's own behind the event; they get nil
	Projected bool
	Escapes   bool
}

// HiddenOf reads the hidden parameters of a function from the names of its
// locals, of which the parameters are the first.
func HiddenOf(p *lua.FunctionProto) Hidden {
	h := Hidden{Escapes: true}
	for i, local := range p.DbgLocals {
		switch name := local.Name; {
		case !strings.HasPrefix(name, "@"):
			if h.Names == nil && !h.Projected && i > 0 && i < int(p.NumParameters) {
				h.Extra++
			}
		case name == projectedMark:
			h.Projected = true
		case name == escapeMark:
		default:
			h.Names = append(h.Names, name)
		}
	}
	if h.Projected {
		h.Escapes = hasLocal(p, escapeMark)
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
		if _, name := SplitHidden(p.DbgCalls[i].Name); strings.HasPrefix(p.DbgCalls[i].Name, "@") {
			p.DbgCalls[i].Name = name
		}
	}
	for _, inner := range p.FunctionPrototypes {
		tidy(inner)
	}
}

// SplitHidden takes a hidden parameter's name apart.
func SplitHidden(name string) (schema.Part, string) {
	for g := len(prefixes) - 1; g > 0; g-- {
		if rest, ok := strings.CutPrefix(name, prefixes[g]); ok {
			return schema.Part(g), rest
		}
	}
	return schema.OfEvent, strings.TrimPrefix(name, "@")
}
