package lua51

import (
	"fmt"
	"slices"

	"github.com/yuin/gopher-lua/ast"
)

// gopher-lua 1.1.2 compiles some of Lua 5.1 wrongly. The corrector goes through
// a syntax tree once before it is compiled and brings these things into a form
// that is compiled rightly:
//
//   - a, b = b, a: values and targets are evaluated into variables of their own
//     first, and assigned then
//   - a = (b or c) and a: a local variable would be overwritten while its new
//     value is computed
//   - if false, nil and x, while true: a jump at the beginning of a loop, to
//     which another jump leads, ends anywhere
//   - break and goto out of a block whose variables a function has captured:
//     these were left on the stack, or those of outer blocks cut loose
//   - local f = function() … f … end: f is another variable than the new one
//   - constructors with 50 items and something behind them, and {1, k = f()}
//   - 0010, 1e400, 0xffffffffffffffffff
//   - a .. b, #t, a % b and the bounds of loops, which are computed as Lua 5.1
//     does by functions of this package (ops.go)
//
// It also numbers the expressions that can fail, so that error messages name
// variables (place.go).
type corrector struct {
	file  string
	table *places
	fn    *function
}

// function is a function being walked.
type function struct {
	outer  *function
	blocks []*block
	gotos  bool
	dots   bool // it uses ..., so that it has no table arg
	cut    bool // something is left out that is never executed
}

// block is a scope of local variables.
type block struct {
	vars     []*variable
	loop     bool     // it is the body of a loop
	left     []*block // of a loop: blocks in it that a break leaves
	captured bool     // a function uses one of its variables
}

type variable struct{ name string }

// syntax is the panic of an error in the source.
type syntax struct{ err error }

func (c *corrector) fail(line int, format string, args ...any) {
	panic(syntax{fmt.Errorf("%s:%d: %s", c.file, line, fmt.Sprintf(format, args...))})
}

// correct returns the corrected tree and its places.
func correct(file string, tree []ast.Stmt) (out []ast.Stmt, t *places, err error) {
	defer func() {
		if r := recover(); r != nil {
			s, ok := r.(syntax)
			if !ok {
				panic(r)
			}
			err = s.err
		}
	}()
	c := &corrector{file: file, table: &places{file: file}}
	return c.body(nil, tree), c.table, nil
}

// body walks a function's statements.
func (c *corrector) body(params []string, stmts []ast.Stmt) []ast.Stmt {
	c.fn = &function{outer: c.fn}
	c.enter(false)
	c.declare(params...)
	stmts = c.stmts(stmts)
	if c.fn.gotos {
		stmts = append([]ast.Stmt{local(0, []string{gotoMark})}, stmts...)
	}
	if c.fn.dots && c.fn.cut && c.fn.outer != nil { // gopher-lua may not see the ...
		none := &ast.AssignStmt{Lhs: []ast.Expr{ident(0, "arg")}, Rhs: []ast.Expr{&ast.NilExpr{}}}
		stmts = append([]ast.Stmt{none}, stmts...)
	}
	c.fn = c.fn.outer
	return stmts
}

func (c *corrector) enter(loop bool) *block {
	b := &block{loop: loop}
	c.fn.blocks = append(c.fn.blocks, b)
	return b
}

func (c *corrector) leave() { c.fn.blocks = c.fn.blocks[:len(c.fn.blocks)-1] }

func (c *corrector) declare(names ...string) {
	b := c.fn.blocks[len(c.fn.blocks)-1]
	for _, name := range names {
		b.vars = append(b.vars, &variable{name})
	}
}

// kind tells what a name means here: "local", "upvalue" or "global".
func (c *corrector) kind(name string) string {
	for f := c.fn; f != nil; f = f.outer {
		for _, b := range slices.Backward(f.blocks) {
			for _, v := range b.vars {
				if v.name != name {
					continue
				}
				if f == c.fn {
					return "local"
				}
				b.captured = true
				return "upvalue"
			}
		}
	}
	return "global"
}

// scope walks statements in a block of their own.
func (c *corrector) scope(stmts []ast.Stmt) []ast.Stmt {
	c.enter(false)
	defer c.leave()
	return c.stmts(stmts)
}

// loop walks a loop's body, in which names are declared; more sees them too.
func (c *corrector) loop(names []string, stmts []ast.Stmt, more func()) []ast.Stmt {
	b := c.enter(true)
	c.declare(names...)
	stmts = c.stmts(stmts)
	if more != nil {
		more()
	}
	c.leave()
	for _, inner := range b.left {
		if inner.captured && !b.captured {
			return append(captured(), stmts...)
		}
	}
	if jumpsFirst(stmts) {
		return append([]ast.Stmt{nothing()}, stmts...)
	}
	return stmts
}

// captured returns statements that make their block one with a captured
// variable, so that a break out of it closes those of inner blocks as well.
func captured() []ast.Stmt {
	const name = "(captured)"
	fn := &ast.FunctionExpr{ParList: &ast.ParList{}, Stmts: []ast.Stmt{&ast.ReturnStmt{Exprs: []ast.Expr{ident(0, name)}}}}
	return []ast.Stmt{
		local(0, []string{name}),
		&ast.IfStmt{Condition: &ast.FalseExpr{}, Then: []ast.Stmt{local(0, []string{"(function)"}, fn)}},
	}
}

// nothing returns a statement that does nothing in one instruction.
func nothing() ast.Stmt { return &ast.DoBlockStmt{Stmts: []ast.Stmt{local(0, []string{"(nothing)"})}} }

// jumpsFirst reports whether the first instruction of corrected statements is
// a jump.
func jumpsFirst(stmts []ast.Stmt) bool {
	for _, s := range stmts {
		switch s := s.(type) {
		case *ast.LabelStmt:
		case *ast.BreakStmt:
			return true
		case *ast.DoBlockStmt:
			if len(s.Stmts) > 0 {
				return jumpsFirst(s.Stmts)
			}
		case *ast.WhileStmt:
			_, constant := truth(s.Condition)
			return constant && (len(s.Stmts) == 0 || jumpsFirst(s.Stmts))
		case *ast.RepeatStmt:
			_, constant := truth(s.Condition)
			return constant && len(s.Stmts) == 0 || jumpsFirst(s.Stmts)
		default:
			return false
		}
	}
	return false
}

func local(line int, names []string, exprs ...ast.Expr) ast.Stmt {
	s := &ast.LocalAssignStmt{Names: names, Exprs: exprs}
	s.SetLine(line)
	return s
}

func ident(line int, name string) *ast.IdentExpr {
	e := &ast.IdentExpr{Value: name}
	e.SetLine(line)
	return e
}
