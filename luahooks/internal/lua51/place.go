package lua51

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
)

// An instruction only knows its line. The corrector gives each expression that
// can fail a number, which stands above the line in what gopher-lua takes for
// one; an error's place therefore tells which expression of the line it was.
const (
	lineBits = 18 // more than a script can have lines
	lineMask = 1<<lineBits - 1
)

// place is what error messages tell of an expression.
type place struct {
	call     string   // what it calls: "global 'f'"
	method   bool     // it calls a method: arguments are counted without the object
	operands []string // what it indexes or computes with: "local 'x'", or empty
	path     string   // of what it calls, or else indexes: "nl.log.info"; empty: no names with dots between
}

// places are those of one file, by number.
type places struct {
	file string
	all  []place
}

// Line returns the line of what gopher-lua reports as one.
func Line(position int) int { return position & lineMask }

// place numbers an expression.
func (c *corrector) place(e ast.Expr, p place) {
	c.table.all = append(c.table.all, p)
	e.SetLine(len(c.table.all)<<lineBits | e.Line()&lineMask)
}

// variable returns what error messages call a variable. The loader's hidden
// parameters, such as "@old.mtu", are fields, and what the corrector has added
// has no name.
func (c *corrector) variable(name string) string {
	kind := c.kind(name)
	if rest, ok := strings.CutPrefix(name, "@"); ok {
		if method, ok := strings.CutPrefix(rest, ":"); ok {
			return "method '" + method + "'"
		}
		return "field '" + rest[strings.LastIndexByte(rest, '.')+1:] + "'"
	}
	if strings.HasPrefix(name, "(") {
		return ""
	}
	return kind + " '" + name + "'"
}

// gotoMark is a local variable of the functions that have a goto. gopher-lua
// closes all variables of a function at a goto that need not close any; with
// the mark no block begins at register 0, so that these instructions are told
// from the others.
const gotoMark = "(goto)"

// patchGotos makes such instructions close nothing.
func patchGotos(p *lua.FunctionProto) {
	marked := false
	for _, l := range p.DbgLocals {
		marked = marked || l.Name == gotoMark
	}
	for pc := 0; marked && pc+1 < len(p.Code); pc++ {
		const registerA, all = 18, 0xff
		if int(p.Code[pc]>>26) == lua.OP_CLOSE && p.Code[pc]>>registerA&all == 0 && int(p.Code[pc+1]>>26) == lua.OP_JMP {
			p.Code[pc] |= all << registerA
		}
	}
	for _, inner := range p.FunctionPrototypes {
		patchGotos(inner)
	}
}
