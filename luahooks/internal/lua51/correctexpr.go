package lua51

import (
	"math"
	"strconv"
	"strings"

	"github.com/yuin/gopher-lua/ast"
)

// Limits of one expression.
const (
	maxOperands = 100    // of one call of concat; more are nested
	flushed     = 50     // items that a constructor stores at once (FieldsPerFlush of gopher-lua)
	MaxItems    = 25_000 // of a constructor: gopher-lua miscounts beyond 511 stores
	MaxLocals   = 200    // local variables and temporaries of a function: gopher-lua's registers
)

// truth tells whether a constant holds.
func truth(e ast.Expr) (holds, constant bool) {
	switch e.(type) {
	case *ast.NilExpr, *ast.FalseExpr:
		return false, true
	case *ast.TrueExpr, *ast.NumberExpr, *ast.StringExpr:
		return true, true
	}
	return false, false
}

// single makes an expression one value where it would be several.
func single(e ast.Expr) ast.Expr {
	switch e := e.(type) {
	case *ast.FuncCallExpr:
		e.AdjustRet = true
	case *ast.Comma3Expr:
		e.AdjustRet = true
	}
	return e
}

func (c *corrector) exprs(list []ast.Expr) {
	for i := range list {
		list[i] = c.expr(list[i])
	}
}

func (c *corrector) expr(e ast.Expr) ast.Expr {
	switch e := e.(type) {
	case *ast.IdentExpr:
		c.kind(e.Value)
	case *ast.NumberExpr:
		c.number(e)
	case *ast.Comma3Expr:
		c.fn.dots = true
	case *ast.AttrGetExpr:
		c.index(e)
	case *ast.TableExpr:
		return c.constructor(e)
	case *ast.FuncCallExpr:
		c.call(e)
	case *ast.FunctionExpr:
		c.function(e, false)
	case *ast.LogicalOpExpr:
		return c.logical(e)
	case *ast.UnaryNotOpExpr:
		return c.not(e)
	case *ast.RelationalOpExpr:
		e.Lhs, e.Rhs = c.expr(e.Lhs), c.expr(e.Rhs)
	case *ast.StringConcatOpExpr:
		return c.concat(e)
	case *ast.ArithmeticOpExpr:
		return c.arithmetic(e)
	case *ast.UnaryMinusOpExpr:
		name := c.describe(e.Expr)
		e.Expr = c.expr(e.Expr)
		c.place(e, place{operands: []string{name}})
	case *ast.UnaryLenOpExpr:
		name := c.describe(e.Expr)
		return c.operator(e.Line(), opLen, []string{name}, c.expr(e.Expr))
	}
	return e
}

// describe returns what error messages call the value of an expression.
func (c *corrector) describe(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.IdentExpr:
		return c.variable(e.Value)
	case *ast.AttrGetExpr:
		if key, ok := e.Key.(*ast.StringExpr); ok {
			return "field '" + key.Value + "'"
		}
		return "field '?'"
	}
	return ""
}

// path returns an expression that is names with dots between.
func path(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.IdentExpr:
		return e.Value
	case *ast.AttrGetExpr:
		if key, ok := e.Key.(*ast.StringExpr); ok {
			if of := path(e.Object); of != "" {
				return of + "." + key.Value
			}
		}
	}
	return ""
}

func (c *corrector) index(e *ast.AttrGetExpr) {
	name, of := c.describe(e.Object), path(e.Object)
	e.Object, e.Key = c.expr(e.Object), c.expr(e.Key)
	if line := e.Key.Line() & lineMask; line > 0 {
		e.SetLine(line) // a.b over several lines fails at the key
	}
	c.place(e, place{operands: []string{name}, path: of})
}

func (c *corrector) call(e *ast.FuncCallExpr) {
	p := place{call: "method '" + e.Method + "'", method: true}
	if e.Func != nil {
		p = place{call: c.describe(e.Func), path: path(e.Func)}
		p.method = strings.HasPrefix(p.call, "method ") // one that the loader has looked up
		e.Func = c.expr(e.Func)
	} else {
		p.operands, p.path = []string{c.describe(e.Receiver)}, path(e.Receiver)
		e.Receiver = c.expr(e.Receiver)
	}
	c.exprs(e.Args)
	c.place(e, p)
}

// operator makes a call of one of this package's functions.
func (c *corrector) operator(line int, fn string, operands []string, args ...ast.Expr) ast.Expr {
	for i := range args {
		args[i] = single(args[i])
	}
	e := &ast.FuncCallExpr{Func: ident(line, fn), Args: args, AdjustRet: true}
	e.SetLine(line)
	c.place(e, place{operands: operands})
	return e
}

func (c *corrector) function(e *ast.FunctionExpr, method bool) {
	names := e.ParList.Names
	if method {
		names = append([]string{"self"}, names...)
	}
	if e.ParList.HasVargs {
		names = append(names[:len(names):len(names)], "arg")
	}
	e.Stmts = c.body(names, e.Stmts)
}

// logical leaves out what a constant on the left decides.
func (c *corrector) logical(e *ast.LogicalOpExpr) ast.Expr {
	left, right := c.expr(e.Lhs), c.expr(e.Rhs)
	if holds, constant := truth(left); constant {
		c.fn.cut = true
		if holds == (e.Operator == "and") {
			return single(right)
		}
		return left
	}
	e.Lhs, e.Rhs = left, right
	return e
}

func (c *corrector) not(e *ast.UnaryNotOpExpr) ast.Expr {
	e.Expr = c.expr(e.Expr)
	holds, constant := truth(e.Expr)
	if !constant {
		return e
	}
	var out ast.Expr = &ast.TrueExpr{}
	if holds {
		out = &ast.FalseExpr{}
	}
	out.SetLine(e.Line())
	return out
}

func (c *corrector) arithmetic(e *ast.ArithmeticOpExpr) ast.Expr {
	names := []string{c.describe(e.Lhs), c.describe(e.Rhs)}
	e.Lhs, e.Rhs = c.expr(e.Lhs), c.expr(e.Rhs)
	e.SetLine(e.Rhs.Line() & lineMask)
	if e.Operator == "%" {
		return c.operator(e.Line(), opMod, names, e.Lhs, e.Rhs)
	}
	c.place(e, place{operands: names})
	return e
}

// concat makes one call of a .. b .. c, which Lua computes from the right.
func (c *corrector) concat(e *ast.StringConcatOpExpr) ast.Expr {
	args := []ast.Expr{e.Lhs}
	for {
		next, ok := e.Rhs.(*ast.StringConcatOpExpr)
		if !ok {
			break
		}
		if len(args) == maxOperands {
			return c.concatOf(e.Line(), append(args, c.concat(next)))
		}
		args, e = append(args, next.Lhs), next
	}
	return c.concatOf(e.Rhs.Line()&lineMask, append(args, e.Rhs))
}

func (c *corrector) concatOf(line int, args []ast.Expr) ast.Expr {
	names := make([]string, len(args))
	for i := range args {
		names[i] = c.describe(args[i])
		if call, ok := args[i].(*ast.FuncCallExpr); ok && called(call) == opConcat {
			continue
		}
		args[i] = c.expr(args[i])
	}
	return c.operator(line, opConcat, names, args...)
}

// called returns the name of the variable that is called.
func called(e *ast.FuncCallExpr) string {
	if id, ok := e.Func.(*ast.IdentExpr); ok {
		return id.Value
	}
	return ""
}

// bound makes a number of what a loop begins or ends with.
func (c *corrector) bound(e ast.Expr, what string) ast.Expr {
	e = c.expr(e)
	if _, ok := e.(*ast.NumberExpr); ok {
		return e
	}
	if call, ok := e.(*ast.FuncCallExpr); ok && called(call) == opLen {
		return e
	}
	return c.operator(e.Line()&lineMask, opBound, nil, e, &ast.StringExpr{Value: what})
}

// number writes a constant so that gopher-lua reads it as Lua 5.1 does.
func (c *corrector) number(e *ast.NumberExpr) {
	v, ok := ParseNumber(e.Value)
	switch {
	case !ok:
		c.fail(e.Line(), "malformed number near '%s'", e.Value)
	case v == math.Trunc(v) && math.Abs(v) < 1<<53:
		e.Value = strconv.FormatInt(int64(v), 10)
	default:
		e.Value = strconv.FormatFloat(v, 'g', -1, 64)
	}
}

// constructor avoids what gopher-lua does with items that come behind a full
// store: fields have one more item behind them, several values are appended.
func (c *corrector) constructor(e *ast.TableExpr) ast.Expr {
	items := 0
	for _, f := range e.Fields {
		f.Value = c.expr(f.Value)
		if f.Key == nil {
			items++
			continue
		}
		// gopher-lua would add what a call gives to the items, too.
		f.Key, f.Value = single(c.expr(f.Key)), single(f.Value)
	}
	if items > MaxItems {
		c.fail(e.Line(), "a table constructor has over %d items", MaxItems)
	}
	if items < flushed {
		return e
	}
	last := e.Fields[len(e.Fields)-1]
	switch {
	case last.Key != nil && items%flushed == 0:
		e.Fields = append(e.Fields, &ast.Field{Value: &ast.NilExpr{}})
	case last.Key == nil && several(last.Value) && (items-1)%flushed == 0:
		e.Fields = e.Fields[:len(e.Fields)-1]
		base := &ast.NumberExpr{Value: strconv.Itoa(items - 1)}
		call := c.operator(e.Line(), opAppend, nil, c.constructorEnd(e), base).(*ast.FuncCallExpr)
		call.Args = append(call.Args, last.Value)
		return call
	}
	return e
}

// constructorEnd is for the fields that are left without the last item.
func (c *corrector) constructorEnd(e *ast.TableExpr) ast.Expr {
	if e.Fields[len(e.Fields)-1].Key != nil {
		e.Fields = append(e.Fields, &ast.Field{Value: &ast.NilExpr{}})
	}
	return e
}

// several reports whether an expression is any number of values.
func several(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.FuncCallExpr:
		return !e.AdjustRet
	case *ast.Comma3Expr:
		return !e.AdjustRet
	}
	return false
}
