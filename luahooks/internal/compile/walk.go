package compile

import (
	"fmt"
	"slices"

	"github.com/yuin/gopher-lua/ast"

	"telegraf-rtnetlink/luahooks/internal/lua51"
)

// MaxNesting bounds the depth of a script's syntax tree: the compiler recurses,
// and a Go stack that grows to its limit ends the process.
const MaxNesting = 400

// binding is a local variable or parameter.
type binding struct {
	name   string
	owner  *funcInfo // the function it belongs to
	event  bool      // owner's first parameter: an event, if owner is a hook
	module moduleUse // what of the module it was declared as
	value  *funcInfo // the function it was declared as, if any
	refs   int       // uses of any kind
	hooks  int       // of these, as the function of an nl.on call
	sets   int       // assignments after the declaration
}

// walker goes through a script's syntax tree with Lua's scoping, and notes
// what the loader needs to know: the functions that are hooks, how they use
// their event, and which globals are used.
type walker struct {
	Compiler
	file        string
	scope       []*binding
	fn          *funcInfo // the function being walked
	fns         []*funcInfo
	named       []hookRef      // local functions given to nl.on
	reads       map[string]int // global names to the first line
	writes      map[string]bool
	advice      []Advice
	comparisons []comparison
	captures    []capture
	reassigned  bool // a variable that held the module was set: what is a hook is unsure
	late        int  // depth of calls whose functions run later
	nesting     int
	err         error // the first
}

func (w *walker) fail(line int, format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf("%s:%d: %s", w.file, line, fmt.Sprintf(format, args...))
	}
}

// down enters a deeper level and reports whether to go on.
func (w *walker) down(line int) bool {
	w.nesting++
	if w.nesting > MaxNesting {
		w.fail(line, "nested too deeply (over %d levels)", MaxNesting)
	}
	return w.err == nil
}

func (w *walker) up() { w.nesting-- }

func (w *walker) declare(name string) *binding {
	b := &binding{name: name, owner: w.fn}
	w.scope = append(w.scope, b)
	return b
}

// find returns the local variable that a name means, nil for a global.
func (w *walker) find(name string) *binding {
	for _, b := range slices.Backward(w.scope) {
		if b.name == name {
			return b
		}
	}
	return nil
}

// block walks statements in a scope of their own.
func (w *walker) block(stmts []ast.Stmt) {
	mark := len(w.scope)
	w.stmts(stmts)
	w.scope = w.scope[:mark]
}

// branch is block for what may not be executed.
func (w *walker) branch(stmts []ast.Stmt) {
	w.fn.cold++
	w.block(stmts)
	w.fn.cold--
}

func (w *walker) stmts(stmts []ast.Stmt) {
	for _, s := range stmts {
		if !w.down(s.Line()) {
			return
		}
		w.stmt(s)
		w.up()
	}
}

func (w *walker) stmt(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.AssignStmt:
		w.exprs(s.Rhs)
		for i := range s.Lhs {
			w.target(&s.Lhs[i])
		}
	case *ast.LocalAssignStmt:
		w.local(s)
	case *ast.FuncCallStmt:
		w.expr(&s.Expr)
	case *ast.DoBlockStmt:
		w.block(s.Stmts)
	case *ast.WhileStmt:
		w.expr(&s.Condition)
		w.branch(s.Stmts)
	case *ast.RepeatStmt:
		w.repeat(s)
	case *ast.IfStmt:
		w.expr(&s.Condition)
		w.branch(s.Then)
		w.branch(s.Else)
		w.fn.returned = w.fn.returned || leaves(s)
	case *ast.NumberForStmt:
		w.numberFor(s)
	case *ast.GenericForStmt:
		w.genericFor(s)
	case *ast.FuncDefStmt:
		w.funcDef(s)
	case *ast.ReturnStmt:
		w.exprs(s.Exprs)
	}
}

// leaves reports whether an if statement may end its function: what follows is
// not always executed.
func leaves(s *ast.IfStmt) bool {
	for _, list := range [][]ast.Stmt{s.Then, s.Else} {
		if len(list) == 0 {
			continue
		}
		switch last := list[len(list)-1].(type) {
		case *ast.ReturnStmt:
			return true
		case *ast.IfStmt:
			if leaves(last) {
				return true
			}
		}
	}
	return false
}

// local declares variables. A function sees its own name, so that it can call
// itself; gopher-lua does not tell `local function f` from `local f = function`.
func (w *walker) local(s *ast.LocalAssignStmt) {
	if len(s.Names) == 1 && len(s.Exprs) == 1 {
		if fn, ok := s.Exprs[0].(*ast.FunctionExpr); ok {
			b := w.declare(s.Names[0])
			b.value = w.function(fn)
			return
		}
	}
	uses := make([]moduleUse, len(s.Exprs))
	for i, e := range s.Exprs {
		uses[i] = w.moduleOf(e)
	}
	w.exprs(s.Exprs)
	for i, name := range s.Names {
		b := w.declare(name)
		if i < len(s.Exprs) {
			b.module = uses[i]
		}
	}
}

// repeat walks a loop whose condition sees the body's variables.
func (w *walker) repeat(s *ast.RepeatStmt) {
	mark := len(w.scope)
	w.fn.cold++
	w.stmts(s.Stmts)
	w.expr(&s.Condition)
	w.fn.cold--
	w.scope = w.scope[:mark]
}

func (w *walker) numberFor(s *ast.NumberForStmt) {
	w.expr(&s.Init)
	w.expr(&s.Limit)
	if s.Step != nil {
		w.expr(&s.Step)
	}
	mark := len(w.scope)
	w.declare(s.Name)
	w.branch(s.Stmts)
	w.scope = w.scope[:mark]
}

func (w *walker) genericFor(s *ast.GenericForStmt) {
	w.exprs(s.Exprs)
	mark := len(w.scope)
	for _, name := range s.Names {
		w.declare(name)
	}
	w.branch(s.Stmts)
	w.scope = w.scope[:mark]
}

// funcDef walks `function a.b.c()`, `function a:m()` and `function f()`.
func (w *walker) funcDef(s *ast.FuncDefStmt) {
	if s.Name.Receiver != nil {
		w.expr(&s.Name.Receiver)
		w.function(s.Func)
		return
	}
	w.target(&s.Name.Func)
	w.function(s.Func)
}

// target walks what an assignment changes.
func (w *walker) target(slot *ast.Expr) {
	switch e := (*slot).(type) {
	case *ast.IdentExpr:
		w.assign(e)
	case *ast.AttrGetExpr:
		// Not a read of the event: it stays as it is and fails when executed.
		w.expr(&e.Object)
		w.expr(&e.Key)
	default:
		w.expr(slot)
	}
}

func (w *walker) assign(e *ast.IdentExpr) {
	if b := w.find(e.Value); b != nil {
		b.sets++
		b.refs++
		w.reassigned = w.reassigned || b.module != moduleNone
		return
	}
	if lua51.IsName(e.Value) {
		w.fail(e.Line(), "cannot assign to %s: it is read-only", e.Value)
	}
	w.writes[e.Value] = true
}
