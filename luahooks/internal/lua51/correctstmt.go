package lua51

import (
	"slices"
	"strconv"

	"github.com/yuin/gopher-lua/ast"
)

func (c *corrector) stmts(stmts []ast.Stmt) []ast.Stmt {
	out := make([]ast.Stmt, 0, len(stmts))
	for _, s := range stmts {
		out = append(out, c.stmt(s)...)
	}
	for i := range out {
		if _, ok := out[i].(*ast.LabelStmt); ok && jumpsFirst(out[i+1:]) {
			rest := append([]ast.Stmt{nothing()}, out[i+1:]...)
			return append(out[:i+1:i+1], rest...)
		}
	}
	return out
}

func (c *corrector) stmt(s ast.Stmt) []ast.Stmt {
	switch s := s.(type) {
	case *ast.AssignStmt:
		return c.assign(s)
	case *ast.LocalAssignStmt:
		c.local(s)
	case *ast.FuncCallStmt:
		s.Expr = c.expr(s.Expr)
	case *ast.DoBlockStmt:
		s.Stmts = c.scope(s.Stmts)
	case *ast.WhileStmt:
		s.Condition = c.expr(s.Condition)
		s.Stmts = c.loop(nil, s.Stmts, nil)
		if holds, constant := truth(s.Condition); constant && !holds {
			c.fn.cut = true
			return nil
		}
	case *ast.RepeatStmt:
		s.Stmts = c.loop(nil, s.Stmts, func() { s.Condition = c.expr(s.Condition) })
	case *ast.IfStmt:
		return c.ifStmt(s)
	case *ast.NumberForStmt:
		s.Init = c.bound(s.Init, "initial")
		s.Limit = c.bound(s.Limit, "limit")
		if s.Step != nil {
			s.Step = c.bound(s.Step, "step")
		}
		s.Stmts = c.loop([]string{s.Name}, s.Stmts, nil)
	case *ast.GenericForStmt:
		return c.genericFor(s)
	case *ast.FuncDefStmt:
		c.funcDef(s)
	case *ast.ReturnStmt:
		c.exprs(s.Exprs)
	case *ast.BreakStmt:
		c.breaks()
	case *ast.GotoStmt:
		c.fn.gotos = true
	}
	return []ast.Stmt{s}
}

// genericFor gives the loop three values of its own, or one call that returns
// them: gopher-lua counts what it has by the names.
func (c *corrector) genericFor(s *ast.GenericForStmt) []ast.Stmt {
	c.exprs(s.Exprs)
	s.Stmts = c.loop(s.Names, s.Stmts, nil)
	if len(s.Exprs) == 1 && several(s.Exprs[0]) {
		return []ast.Stmt{s}
	}
	names := []string{"(function)", "(state)", "(first)"}
	if _, ok := s.Exprs[0].(*ast.FunctionExpr); ok && len(s.Exprs) == 1 {
		s.Exprs = append(s.Exprs, &ast.NilExpr{})
	}
	values := local(s.Line(), names, s.Exprs...)
	s.Exprs = []ast.Expr{ident(s.Line(), names[0]), ident(s.Line(), names[1]), ident(s.Line(), names[2])}
	return []ast.Stmt{&ast.DoBlockStmt{Stmts: []ast.Stmt{values, s}}}
}

// breaks notes for the loop around a break which blocks it leaves.
func (c *corrector) breaks() {
	for i, b := range slices.Backward(c.fn.blocks) {
		if b.loop {
			b.left = append(b.left, c.fn.blocks[i+1:]...)
			return
		}
	}
}

// ifStmt keeps only the branch that is taken where the condition is a constant.
func (c *corrector) ifStmt(s *ast.IfStmt) []ast.Stmt {
	s.Condition = c.expr(s.Condition)
	then, otherwise := c.scope(s.Then), c.scope(s.Else)
	holds, constant := truth(s.Condition)
	if !constant {
		s.Then, s.Else = then, otherwise
		return []ast.Stmt{s}
	}
	c.fn.cut = true
	if holds {
		return []ast.Stmt{&ast.DoBlockStmt{Stmts: then}}
	}
	return []ast.Stmt{&ast.DoBlockStmt{Stmts: otherwise}}
}

// local declares variables. What the parser makes of `local function f` has a
// last line; `local f = function` has none, and its function sees another f.
func (c *corrector) local(s *ast.LocalAssignStmt) {
	if len(s.Names) == 1 && len(s.Exprs) == 1 {
		if fn, ok := s.Exprs[0].(*ast.FunctionExpr); ok {
			if s.LastLine() != 0 {
				c.declare(s.Names[0])
				c.function(fn, false)
				return
			}
			s.Exprs = append(s.Exprs, &ast.NilExpr{}) // gopher-lua looks for one expression
		}
	}
	c.exprs(s.Exprs)
	c.declare(s.Names...)
}

func (c *corrector) funcDef(s *ast.FuncDefStmt) {
	if s.Name.Receiver != nil {
		s.Name.Receiver = c.expr(s.Name.Receiver)
		c.function(s.Func, true)
		return
	}
	c.target(s.Name.Func)
	c.function(s.Func, false)
}

// target walks what an assignment changes.
func (c *corrector) target(e ast.Expr) {
	switch e := e.(type) {
	case *ast.IdentExpr:
		c.kind(e.Value)
	case *ast.AttrGetExpr:
		c.index(e)
	}
}

// assign leaves an assignment as it is where gopher-lua does it right: one
// value for one variable that is not used meanwhile.
func (c *corrector) assign(s *ast.AssignStmt) []ast.Stmt {
	for _, e := range s.Lhs {
		c.target(e)
	}
	c.exprs(s.Rhs)
	if len(s.Lhs) == 1 && len(s.Rhs) == 1 {
		_, logical := s.Rhs[0].(*ast.LogicalOpExpr)
		id, variable := s.Lhs[0].(*ast.IdentExpr)
		if !logical || !variable || c.kind(id.Value) != "local" {
			return []ast.Stmt{s}
		}
	}
	return c.inSteps(s)
}

// inSteps evaluates what is assigned to, then the values, and assigns from
// right to left.
func (c *corrector) inSteps(s *ast.AssignStmt) []ast.Stmt {
	var names []string
	var objects []ast.Expr
	keep := func(slot *ast.Expr) {
		if _, constant := truth(*slot); constant {
			return
		}
		name := "(target " + strconv.Itoa(len(names)) + ")"
		names, objects = append(names, name), append(objects, single(*slot))
		*slot = ident(s.Line(), name)
	}
	for _, e := range s.Lhs {
		if e, ok := e.(*ast.AttrGetExpr); ok {
			keep(&e.Object)
			keep(&e.Key)
		}
	}
	out := &ast.DoBlockStmt{}
	if len(names) > 0 {
		out.Stmts = append(out.Stmts, local(s.Line(), names, objects...))
	}
	values := make([]string, len(s.Lhs))
	for i := range values {
		values[i] = "(value " + strconv.Itoa(i) + ")"
	}
	if len(s.Rhs) == 1 {
		if _, ok := s.Rhs[0].(*ast.FunctionExpr); ok {
			s.Rhs = append(s.Rhs, &ast.NilExpr{})
		}
	}
	out.Stmts = append(out.Stmts, local(s.Line(), values, s.Rhs...))
	for i := range slices.Backward(s.Lhs) {
		one := &ast.AssignStmt{Lhs: s.Lhs[i : i+1], Rhs: []ast.Expr{ident(s.Line(), values[i])}}
		one.SetLine(s.Line())
		out.Stmts = append(out.Stmts, one)
	}
	return []ast.Stmt{out}
}
