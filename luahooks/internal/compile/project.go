package compile

import (
	"slices"

	"github.com/yuin/gopher-lua/ast"

	"telegraf-rtnetlink/luahooks/internal/schema"
)

// A hook reads its event as ev.dst, ev.old.mtu, ev.changed.mtu and ev:tag(…).
// Each of these is a call into Go from Lua, about 150 ns. The loader therefore
// gives a hook hidden parameters, one for each thing that it reads, and turns
// the reads into uses of those parameters, at 10 ns. The names of the hidden
// parameters begin with '@', so that a script cannot spell them; nl.on finds
// them in the compiled function and knows what to pass.
//
// What is decoded in vain when a branch is not taken would cost more than it
// saves: texts that are only read in a branch stay as they are.

// maxHidden bounds the hidden parameters of one function; gopher-lua has 200
// registers for all of a function's variables.
const maxHidden = 40

// prefixes of the hidden parameters' names, by group.
var prefixes = [...]string{"@", "@old.", "@changed.", "@:"}

// read is one use of an event.
type read struct {
	group schema.Part
	name  string
	cold  bool
	line  int
	slot  *ast.Expr         // of a read
	call  *ast.FuncCallExpr // of a method call
}

// funcInfo is what the walker learns about one function.
type funcInfo struct {
	expr     *ast.FunctionExpr
	event    *binding // its first parameter
	objects  []string // of the nl.on calls that it is given to; empty: not a hook
	reads    []read   // of its event, in its own body
	tables   []int    // lines of table constructors that always run
	escapes  bool     // the event is used otherwise than by reads
	captured bool     // of these, by an inner function
	cold     int      // depth of branches while walking
	returned bool     // the walk is behind a conditional return
}

// function walks a function's body.
func (w *walker) function(e *ast.FunctionExpr) *funcInfo {
	info := &funcInfo{expr: e}
	w.fns = append(w.fns, info)
	outer, mark := w.fn, len(w.scope)
	w.fn = info
	for i, name := range e.ParList.Names {
		b := w.declare(name)
		if i == 0 {
			b.event, info.event = true, b
		}
	}
	if e.ParList.HasVargs {
		w.declare("arg") // as Lua 5.1 does
	}
	w.stmts(e.Stmts)
	w.fn, w.scope = outer, w.scope[:mark]
	return info
}

// eventOf returns the parameter if e is just the first parameter of the
// function being walked.
func (w *walker) eventOf(e ast.Expr) *binding {
	id, ok := e.(*ast.IdentExpr)
	if !ok {
		return nil
	}
	if b := w.find(id.Value); b != nil && b.event && b.owner == w.fn {
		return b
	}
	return nil
}

// readOfEvent notes ev.key, ev.old.key and ev.changed.key.
func (w *walker) readOfEvent(slot *ast.Expr, object ast.Expr, key *ast.StringExpr) bool {
	r := read{name: key.Value, slot: slot, line: key.Line()}
	b := w.eventOf(object)
	if b == nil {
		inner, ok := object.(*ast.AttrGetExpr)
		if !ok {
			return false
		}
		part, ok := inner.Key.(*ast.StringExpr)
		if b = w.eventOf(inner.Object); !ok || b == nil {
			return false
		}
		switch part.Value {
		case "old":
			r.group = schema.OfOld
		case "changed":
			r.group = schema.OfChanged
		default:
			return false
		}
	} else if key.Value == "old" || key.Value == "changed" {
		b.refs++
		w.fn.escapes = true // `local old = ev.old`
		return true
	}
	b.refs++
	w.note(r)
	return true
}

// methodOfEvent notes ev:name(…).
func (w *walker) methodOfEvent(e *ast.FuncCallExpr) bool {
	b := w.eventOf(e.Receiver)
	if b == nil {
		return false
	}
	b.refs++
	w.note(read{group: schema.Methods, name: e.Method, call: e, line: e.Line()})
	return true
}

func (w *walker) note(r read) {
	r.cold = w.fn.cold > 0 || w.fn.returned
	w.fn.reads = append(w.fn.reads, r)
}

// projector rewrites what a walker has found.
type projector struct{ walk *walker }

// resolve finds the local functions that are nothing but hooks.
func (p projector) resolve() {
	for _, ref := range p.walk.named {
		b := ref.fn
		if b.value != nil && b.sets == 0 && b.refs == b.hooks {
			b.value.objects = append(b.value.objects, ref.object)
		}
	}
}

// project rewrites all hooks. It returns an error for a field that does not exist.
func (p projector) project() error {
	if p.walk.reassigned {
		return p.walk.err
	}
	for _, f := range p.walk.fns {
		if !p.walk.isHook(f) || p.walk.err != nil {
			continue
		}
		p.checkNames(f)
		if !p.walk.Slow && p.walk.err == nil {
			f.rewrite(p.walk.chosen(f))
		}
	}
	return p.walk.err
}

// isHook reports whether a function only ever gets events. What nl.on is given
// as a variable may be a lifecycle moment.
func (c Compiler) isHook(f *funcInfo) bool {
	if len(f.objects) == 0 || f.event == nil || f.event.sets > 0 || f.expr.ParList.HasVargs {
		return false
	}
	return !slices.ContainsFunc(f.objects, func(o string) bool { return o == "" || slices.Contains(c.Others, o) })
}

// chosen returns the hidden parameters that a function should get.
func (w *walker) chosen(f *funcInfo) []string {
	var names []string
	for _, r := range f.reads {
		if r.cold && !w.Schema.Cheap(r.group, r.name) {
			continue
		}
		name := prefixes[r.group] + r.name
		if !slices.Contains(names, name) && len(names) < maxHidden {
			names = append(names, name)
		}
	}
	return names
}

// rewrite adds the hidden parameters and turns the reads of them into uses.
// Method calls come last: adding their receiver to the arguments moves these.
func (f *funcInfo) rewrite(hidden []string) {
	f.expr.ParList.Names = append(f.expr.ParList.Names, hidden...)
	for _, r := range f.reads {
		if r.slot != nil && slices.Contains(hidden, prefixes[r.group]+r.name) {
			*r.slot = identAt(prefixes[r.group]+r.name, r.line)
		}
	}
	for _, r := range f.reads {
		if r.call != nil && slices.Contains(hidden, prefixes[r.group]+r.name) {
			r.call.Args = append([]ast.Expr{r.call.Receiver}, r.call.Args...)
			r.call.Func, r.call.Receiver, r.call.Method = identAt(prefixes[r.group]+r.name, r.line), nil, ""
		}
	}
	if f.escapes {
		f.expr.ParList.Names = append(f.expr.ParList.Names, escapeMark)
	}
	f.expr.ParList.Names = append(f.expr.ParList.Names, projectedMark)
}

// Two more hidden parameters are marks that nl.on reads and passes nothing for.
const (
	projectedMark = "@"        // the loader has looked at this function
	escapeMark    = "@escapes" // the event may outlive the call
)

func identAt(name string, line int) *ast.IdentExpr {
	id := &ast.IdentExpr{Value: name}
	id.SetLine(line)
	id.SetLastLine(line)
	return id
}

// checkNames refuses what no event of a hook can have.
func (p projector) checkNames(f *funcInfo) {
	for _, r := range f.reads {
		if problem := p.walk.Schema.Unknown(f.objects, r.group, r.name); problem != "" {
			p.walk.fail(r.line, "%s", problem)
			return
		}
	}
}
