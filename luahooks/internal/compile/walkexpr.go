package compile

import (
	"slices"

	"github.com/yuin/gopher-lua/ast"

	"telegraf-rtnetlink/luahooks/choices"
)

func (w *walker) exprs(list []ast.Expr) {
	for i := range list {
		w.expr(&list[i])
	}
}

func (w *walker) expr(slot *ast.Expr) {
	if *slot == nil || !w.down((*slot).Line()) {
		return
	}
	switch e := (*slot).(type) {
	case *ast.IdentExpr:
		w.ident(e)
	case *ast.AttrGetExpr:
		w.attrGet(slot, e)
	case *ast.TableExpr:
		w.table(e)
	case *ast.FuncCallExpr:
		w.call(e)
	case *ast.LogicalOpExpr:
		w.expr(&e.Lhs)
		w.fn.cold++
		w.expr(&e.Rhs)
		w.fn.cold--
	case *ast.RelationalOpExpr:
		w.relation(e)
	case *ast.StringConcatOpExpr:
		w.expr(&e.Lhs)
		w.expr(&e.Rhs)
	case *ast.ArithmeticOpExpr:
		w.expr(&e.Lhs)
		w.expr(&e.Rhs)
	case *ast.UnaryMinusOpExpr:
		w.expr(&e.Expr)
	case *ast.UnaryNotOpExpr:
		w.expr(&e.Expr)
	case *ast.UnaryLenOpExpr:
		w.expr(&e.Expr)
	case *ast.FunctionExpr:
		w.function(e)
	}
	w.up()
}

// ident is a variable used as a value.
func (w *walker) ident(e *ast.IdentExpr) {
	b := w.find(e.Value)
	if b == nil {
		if _, known := w.reads[e.Value]; !known {
			w.reads[e.Value] = e.Line()
		}
		return
	}
	b.refs++
	if b.event {
		b.owner.escapes = true
		if b.owner != w.fn {
			w.capture(b, e.Line())
		}
	}
}

// attrGet is a.b or a[b].
func (w *walker) attrGet(slot *ast.Expr, e *ast.AttrGetExpr) {
	key, ok := e.Key.(*ast.StringExpr)
	if ok && w.readOfEvent(slot, e.Object, key) {
		return
	}
	if b := w.eventOf(e.Object); b != nil {
		b.refs++ // ev[key] with a key made at run time
		w.expr(&e.Key)
		return
	}
	w.expr(&e.Object)
	w.expr(&e.Key)
}

func (w *walker) table(e *ast.TableExpr) {
	if w.fn != nil && w.fn.cold == 0 && !w.fn.returned {
		w.fn.tables = append(w.fn.tables, e.Line())
	}
	for _, f := range e.Fields {
		if f.Key != nil {
			w.expr(&f.Key)
		}
		w.expr(&f.Value)
	}
}

func (w *walker) relation(e *ast.RelationalOpExpr) {
	w.expr(&e.Lhs)
	w.expr(&e.Rhs)
	w.noteComparison(e.Lhs, e.Rhs)
	w.noteComparison(e.Rhs, e.Lhs)
}

// call is f(…) or a:m(…).
func (w *walker) call(e *ast.FuncCallExpr) {
	switch {
	case e.Func == nil && w.methodOfEvent(e):
	case e.Func == nil:
		w.expr(&e.Receiver)
	default:
		w.expr(&e.Func)
	}
	if object, ok := w.onCall(e); ok {
		w.onArgs(e, object)
		return
	}
	w.checkExec(e)
	late := isLate(e)
	if late {
		w.late++
	}
	w.exprs(e.Args)
	if late {
		w.late--
	}
}

// isLate reports whether a function in the arguments of a call runs when the
// event is over.
func isLate(e *ast.FuncCallExpr) bool {
	name := calledName(e)
	return name == "after" || name == "every" || name == "exec"
}

// capture notes that an inner function uses the event of an outer one.
func (w *walker) capture(b *binding, line int) {
	b.owner.captured = true
	if w.late > 0 {
		w.captures = append(w.captures, capture{b.owner, line})
	}
}

// capture is a use of an event in a function that runs later.
type capture struct {
	fn   *funcInfo
	line int
}

// onCall recognizes nl.on(object, …) and returns its first argument: empty if
// it is not a literal. A function `on` of anything else is none of ours.
func (w *walker) onCall(e *ast.FuncCallExpr) (object string, ok bool) {
	if len(e.Args) < 2 || e.Func == nil || !w.isOn(e.Func) {
		return "", false
	}
	if s, ok := e.Args[0].(*ast.StringExpr); ok {
		object = s.Value
	}
	return object, true
}

// isOn reports whether an expression is nl.on, or a local variable that was
// declared as it.
func (w *walker) isOn(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.IdentExpr:
		b := w.find(e.Value)
		return b != nil && b.module == moduleOn
	case *ast.AttrGetExpr:
		key, ok := e.Key.(*ast.StringExpr)
		return ok && key.Value == "on" && w.isModule(e.Object)
	}
	return false
}

// isModule reports whether an expression is require "rtnetlink", or a local
// variable that was declared as it.
func (w *walker) isModule(e ast.Expr) bool {
	id, ok := e.(*ast.IdentExpr)
	if !ok {
		return requiresModule(e)
	}
	b := w.find(id.Value)
	return b != nil && b.module == moduleItself
}

// moduleUse is what of the module rtnetlink a variable was declared as.
type moduleUse uint8

const (
	moduleNone moduleUse = iota
	moduleItself
	moduleOn
)

// moduleOf returns what of the module an expression is.
func (w *walker) moduleOf(e ast.Expr) moduleUse {
	switch {
	case requiresModule(e):
		return moduleItself
	case w.isOn(e):
		return moduleOn
	}
	return moduleNone
}

// calledName returns the last part of the name of the function that is called.
func calledName(e *ast.FuncCallExpr) string {
	switch f := e.Func.(type) {
	case *ast.IdentExpr:
		return f.Value
	case *ast.AttrGetExpr:
		if key, ok := f.Key.(*ast.StringExpr); ok {
			return key.Value
		}
	}
	return ""
}

// onArgs walks the arguments of an nl.on call. Its last one is the hook, or a
// list of actions in which there may be hooks.
func (w *walker) onArgs(e *ast.FuncCallExpr, object string) {
	last := len(e.Args) - 1
	w.exprs(e.Args[:last])
	if list, ok := e.Args[last].(*ast.TableExpr); ok {
		for _, f := range list.Fields {
			w.hook(&f.Value, object)
		}
		return
	}
	w.hook(&e.Args[last], object)
}

// hook walks an expression that is given to nl.on as a function.
func (w *walker) hook(slot *ast.Expr, object string) {
	switch e := (*slot).(type) {
	case *ast.FunctionExpr:
		info := w.function(e)
		info.objects = append(info.objects, object)
		return
	case *ast.IdentExpr:
		if b := w.find(e.Value); b != nil && !b.event {
			b.hooks++
			w.named = append(w.named, hookRef{b, object})
		}
	}
	w.expr(slot)
}

// hookRef is a local function that is given to nl.on.
type hookRef struct {
	fn     *binding
	object string
}

// requiresModule reports whether an expression is require "rtnetlink".
func requiresModule(e ast.Expr) bool {
	call, ok := e.(*ast.FuncCallExpr)
	if !ok || calledName(call) != "require" || len(call.Args) != 1 {
		return false
	}
	name, ok := call.Args[0].(*ast.StringExpr)
	return ok && name.Value == Module
}

// checkExec refuses an nl.exec that could only fail when it is called.
func (w *walker) checkExec(e *ast.FuncCallExpr) {
	get, ok := e.Func.(*ast.AttrGetExpr)
	if !ok || calledName(e) != "exec" || len(e.Args) != 1 {
		return
	}
	if !w.isModule(get.Object) {
		return
	}
	if len(w.AllowExec) == 0 {
		w.fail(e.Line(), "nl.exec needs the option allow_exec: a list of the commands that may be run, by absolute path")
		return
	}
	t, ok := e.Args[0].(*ast.TableExpr)
	if !ok || len(t.Fields) == 0 || t.Fields[0].Key != nil {
		return
	}
	if path, ok := t.Fields[0].Value.(*ast.StringExpr); ok && !slices.Contains(w.AllowExec, path.Value) {
		w.fail(e.Line(), "nl.exec: %q is not in allow_exec (%s)", path.Value, choices.Join(w.AllowExec))
	}
}
