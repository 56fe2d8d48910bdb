package lua51

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// prelude is what generated programs print with: addresses differ.
const prelude = `local ticks = 0 local function tick() ticks = ticks + 1 if ticks > 300 then error("ticks", 0) end end local sub = string.sub local function show(...) local t = {} for i = 1, select("#", ...) do local v = (select(i, ...)) local k = type(v) if k == "table" or k == "function" then v = k end t[i] = tostring(v) end print(table.concat(t, " ")) end
`

// program writes a random program. Each statement has a line of its own.
type program struct {
	*rand.Rand
	b      strings.Builder
	scopes [][]string // names of local variables
	pure   []string   // functions that change nothing outside
	impure []string
	vararg []bool // of the functions around
	loops  int
	names  int
	budget int // of statements
	deep   bool
}

func newProgram(seed uint64) string {
	p := &program{Rand: rand.New(rand.NewPCG(seed, 51))}
	p.b.WriteString(prelude)
	p.vararg = []bool{true}
	p.scopes = [][]string{nil}
	for range 4 {
		p.budget = 12
		p.line("show(pcall(function(...)")
		p.block(3, nil)
		p.line("end, 1, 'two', nil))")
	}
	p.block(2, nil)
	p.line("show(g1, g2, g3)")
	return p.b.String()
}

func (p *program) line(format string, args ...any) { fmt.Fprintf(&p.b, format+"\n", args...) }

func (p *program) pick(of ...string) string { return of[p.IntN(len(of))] }

func (p *program) name() string {
	p.names++
	if p.IntN(4) == 0 {
		return p.pick("a", "b", "x") // shadows
	}
	return fmt.Sprintf("v%d", p.names)
}

func (p *program) declare(names ...string) {
	p.scopes[len(p.scopes)-1] = append(p.scopes[len(p.scopes)-1], names...)
}

func (p *program) locals() []string {
	var all []string
	for _, s := range p.scopes {
		all = append(all, s...)
	}
	return all
}

func (p *program) variable() string {
	if all := p.locals(); len(all) > 0 && p.IntN(4) > 0 {
		return all[len(all)-1-p.IntN(min(len(all), 5))]
	}
	return p.pick("g1", "g2", "g3")
}

func (p *program) block(depth int, names []string) {
	p.scopes = append(p.scopes, names)
	pure, impure := len(p.pure), len(p.impure)
	for range 2 + p.IntN(4) {
		p.stmt(depth)
	}
	p.scopes, p.pure, p.impure = p.scopes[:len(p.scopes)-1], p.pure[:pure], p.impure[:impure]
}

func (p *program) exprs(n, depth int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = p.expr(depth)
	}
	return strings.Join(out, ", ")
}

func (p *program) stmt(depth int) {
	if p.budget--; p.budget < 0 {
		return
	}
	if depth == 0 {
		p.line("show(%s)", p.exprs(1+p.IntN(3), 2))
		return
	}
	if p.deep && p.IntN(3) == 0 {
		p.rare(depth)
		return
	}
	switch p.IntN(20) {
	case 0, 1, 2:
		p.local()
	case 3, 4, 5:
		p.assign()
	case 6, 7:
		p.line("if %s then", p.condition())
		p.block(depth-1, nil)
		if p.IntN(3) == 0 {
			p.line("elseif %s then", p.condition())
			p.block(depth-1, nil)
		}
		if p.IntN(2) == 0 {
			p.line("else")
			p.block(depth-1, nil)
		}
		p.line("end")
	case 8, 9:
		p.loop(depth)
	case 10, 11:
		p.function(depth)
	case 12, 13:
		p.protected(depth)
	case 14:
		p.line("do")
		p.block(depth-1, nil)
		p.line("end")
	case 15:
		if p.loops > 0 {
			p.line("if %s then break end", p.condition())
		}
	case 16:
		if len(p.impure) > 0 {
			p.line("show(%s(%s))", p.pick(p.impure...), p.exprs(p.IntN(3), 1))
		}
	case 17:
		p.table()
	case 18:
		p.line("if %s then return %s end", p.condition(), p.exprs(p.IntN(3), 2))
	default:
		p.line("show(%s)", p.exprs(1+p.IntN(3), 2))
	}
}

func (p *program) local() {
	n := 1 + p.IntN(3)
	names := make([]string, n)
	for i := range names {
		names[i] = p.name()
	}
	list := strings.Join(names, ", ")
	if p.IntN(6) == 0 {
		p.line("local %s", list)
	} else {
		p.line("local %s = %s", list, p.exprs(1+p.IntN(3), 2))
	}
	p.declare(names...)
}

func (p *program) target() string {
	switch p.IntN(5) {
	case 0:
		return "T." + p.pick("a", "b", "c")
	case 1:
		return "T[" + p.pick("1", "0", p.variable()) + "]" // without a hole, of which # tells what it likes
	}
	return p.variable()
}

func (p *program) assign() {
	p.line("T = T or {}")
	n := 1 + p.IntN(3)
	targets := make([]string, n)
	for i := range targets {
		targets[i] = p.target()
	}
	if p.IntN(3) == 0 { // a rotation
		p.line("%s = %s", strings.Join(targets, ", "), strings.Join(append(targets[1:], targets[0]), ", "))
		return
	}
	p.line("%s = %s", strings.Join(targets, ", "), p.exprs(1+p.IntN(3), 2))
}

func (p *program) loop(depth int) {
	p.loops++
	defer func() { p.loops-- }()
	switch p.IntN(5) {
	case 0:
		v := p.name()
		p.line("for %s = %s, %s do tick()", v, p.pick("1", "0", "3", "2.5", "'1'"), p.pick("1", "2", "3", "-1", "'2'"))
		p.block(depth-1, []string{v})
	case 1:
		k, v := p.name(), p.name()
		p.line("for %s, %s in ipairs{%s} do tick()", k, v, p.exprs(1+p.IntN(3), 1))
		p.block(depth-1, []string{k, v})
	case 2:
		n := p.name()
		p.line("local %s = 0 while %s < 2 and %s do tick() %s = %s + 1", n, n, p.condition(), n, n)
		p.block(depth-1, nil)
	case 3:
		n := p.name()
		p.line("local %s = 0 repeat tick() local r = %s %s = %s + 1", n, p.expr(1), n, n)
		p.block(depth-1, []string{"r"})
		p.line("until %s > 2 or %s", n, p.pick("r", p.condition()))
		return
	default:
		p.line("while %s do tick()", p.pick("true", "1", "not nil", "1 == 1"))
		p.block(depth-1, nil)
		p.line("break")
	}
	p.line("end")
}

// function defines a function; one that only uses its parameters is pure.
func (p *program) function(depth int) {
	name, params := fmt.Sprintf("f%d", p.names), []string{"p", "q"}[:p.IntN(3)]
	p.names++
	dots := p.IntN(3) == 0
	list := strings.Join(params, ", ")
	if dots {
		list = strings.TrimPrefix(list+", ...", ", ")
	}
	pure := p.IntN(2) == 0
	scopes, loops, impure := p.scopes, p.loops, p.impure
	if pure {
		p.scopes, p.impure = nil, nil
	}
	p.loops, p.vararg = 0, append(p.vararg, dots)
	if p.IntN(2) == 0 {
		p.line("local function %s(%s)", name, list)
	} else {
		p.line("local %s = function(%s)", name, list)
	}
	if pure {
		p.line("return %s", p.pureBody(params))
	} else {
		p.block(depth-1, params)
		p.line("return %s", p.exprs(p.IntN(3), 2))
	}
	p.line("end")
	p.scopes, p.loops, p.impure, p.vararg = scopes, loops, impure, p.vararg[:len(p.vararg)-1]
	if pure {
		p.pure = append(p.pure, name)
	} else {
		p.impure = append(p.impure, name)
	}
}

func (p *program) pureBody(params []string) string {
	p.scopes = [][]string{params}
	return p.exprs(p.IntN(4), 2)
}

// protected runs statements in a pcall or an xpcall.
func (p *program) protected(depth int) {
	loops := p.loops
	p.loops, p.vararg = 0, append(p.vararg, true)
	call := p.pick("pcall(function(...)", "xpcall(function(...)")
	p.line("show(%s", call)
	p.block(depth-1, nil)
	if p.IntN(3) == 0 {
		p.line("error(%s)", p.pick("'e'", "'e', 0", "'e', 2", "{}", "nil", "5", p.expr(1)))
	}
	if call[0] == 'x' {
		// A message may not stay: names in it may differ, and its length with them.
		p.line("end, function(e) %s return type(e) end))", p.pick("", "if type(e) ~= 'string' then g1 = e end", "g2 = type(e)"))
	} else {
		inner := p.vararg
		p.vararg = p.vararg[:len(p.vararg)-1]
		p.line("end, %s))", p.exprs(1+p.IntN(2), 1))
		p.vararg = inner
	}
	p.loops, p.vararg = loops, p.vararg[:len(p.vararg)-1]
}

// table makes an object with metamethods.
func (p *program) table() {
	name := p.name()
	events := []string{"__add", "__concat", "__lt", "__le", "__eq", "__index", "__call", "__mod", "__tostring", "__newindex", "__sub"}
	p.line("local %s = setmetatable({a = %s, %s}, {%s = function(l, r, x) return %s end, %s = function(l, r) return %s end})",
		name, p.expr(1), p.expr(1), p.pick(events...), p.pick("1", "type(l)", "type(r)", "nil", "true", "type(x)"),
		p.pick(events...), p.pick("2", "'s'", "false", "rawget(l, 'a')", "rawequal(l, r)"))
	p.declare(name)
}

func (p *program) condition() string {
	return p.pick("nil", "false", "true", "1", "not "+p.expr(1), p.expr(1), p.expr(2), p.expr(1)+" == "+p.expr(1), "1 == 2", "nil and "+p.expr(1),
		p.expr(1)+" and "+p.expr(1), p.expr(1)+" or "+p.expr(1))
}

func (p *program) number() string {
	return p.pick("0", "1", "2", "3", "-1", "0.5", "010", "0x10", "1e3", "7", "100", "1e15", "2^53", "3.7")
}

func (p *program) expr(depth int) string {
	if depth == 0 || p.IntN(4) == 0 {
		switch p.IntN(12) {
		case 0, 1:
			return p.number()
		case 2:
			return p.pick(`"s"`, `"10"`, `"0x1A"`, `" 5 "`, `"abc"`, `""`, `"1e1"`)
		case 3:
			return p.pick("nil", "true", "false")
		case 4:
			if p.vararg[len(p.vararg)-1] {
				return p.pick("...", "(...)", `select("#", ...)`)
			}
		case 5:
			return p.pick("T", "T.a", "g1")
		}
		return p.variable()
	}
	a, b := p.expr(depth-1), p.expr(depth-1)
	switch p.IntN(16) {
	case 0, 1:
		return "(" + a + p.pick(" + ", " - ", " * ", " / ", " % ", " ^ ") + b + ")"
	case 2:
		return fmt.Sprintf("sub(tostring(%s) .. %s, 1, 20)", a, b)
	case 3:
		return "(" + a + p.pick(" == ", " ~= ", " < ", " <= ", " > ", " >= ") + b + ")"
	case 4, 5, 6:
		return "(" + a + p.pick(" and ", " or ") + b + ")"
	case 7:
		return "not " + a
	case 8:
		return "-" + p.pick(p.variable(), "("+a+")")
	case 9:
		if len(p.pure) > 0 {
			return p.pick(p.pure...) + "(" + a + ", " + b + ")"
		}
	case 10:
		return p.pick("{"+a+", "+b+"}", "{x = "+a+"}", "{["+p.pick("1", `"k"`)+"] = "+a+", "+b+"}", "#{1, 2, 3}", "#{1, 2, k = "+a+"}", "({1, k = "+a+"})[2]", "({"+a+"})[1]", "({x = "+a+"}).x")
	case 11:
		return p.pick("#", "") + p.variable()
	case 12:
		return p.variable() + p.pick(".a", "[1]", ".x.y", ":m()", "()", "(1)")
	case 13:
		return p.pick("tonumber("+a+")", "tostring("+p.number()+")", "type("+a+")", "select(2, "+a+", "+b+")", "math.floor("+a+")", "rawequal("+a+", "+b+")")
	case 14:
		return "(function(...) return " + p.pick("...", a, "select('#', ...)") + " end)(" + b + ")"
	}
	return fmt.Sprintf("sub(%s .. %s, 1, 20)", a, b)
}

// libraryCalls writes a program of calls of the library with any arguments.
func libraryCalls(seed uint64) string {
	c := &calls{rand.New(rand.NewPCG(seed, 52))}
	var b strings.Builder
	b.WriteString(prelude)
	for range 60 {
		fmt.Fprintf(&b, "show(pcall(%s))\n", c.call())
	}
	return b.String()
}

type calls struct{ *rand.Rand }

func (c *calls) pick(of ...string) string { return of[c.IntN(len(of))] }

func (c *calls) text() string {
	if c.IntN(25) == 0 {
		return c.any()
	}
	return c.pick(`""`, `"a"`, `"hello world"`, `"aäöüÄ"`, `"a.b-c"`, `"0x10"`, `" 12 "`, `"abc123def"`, `"(a(b)c)"`, `"x=1, y=2"`, `"ABC"`, `"a\n\tb"`, `"\255\128"`,
		`"key = value"`, `"aaaaab"`, `"THE (quick) fox"`, `"[[]]"`, `"%d%%"`, "12", "-0.5", `string.rep("ab", 60)`)
}

func (c *calls) integer() string {
	if c.IntN(25) == 0 {
		return c.any()
	}
	return c.pick("0", "1", "2", "3", "5", "10", "-1", "-2", "-5", "-100", "100", "1.5", "-1.5", `"2"`, "nil", "2^31", "-2^31")
}

func (c *calls) float() string {
	switch c.IntN(6) {
	case 0:
		return c.integer()
	case 1:
		return fmt.Sprintf("%.17g", (c.Float64()-0.5)*100)
	case 2:
		return fmt.Sprintf("%.16fe%d", c.Float64()*10, c.IntN(600)-300)
	}
	return c.pick("0", "1", "0.1", "1/3", "1e15", "123456789", "2^53", "2^63", "-2^63", "1e100", "1e-5", "0.00001234", "99999.5", "1/0", "-1/0", "0.5", "2.5", "1e14", "123456.789", `"3"`)
}

func (c *calls) any() string {
	return c.pick("nil", "true", "{}", "print", "1", `"s"`, "0.5")
}

// pattern puts pieces of patterns together, right or wrong.
func (c *calls) pattern() string {
	var b strings.Builder
	for range 1 + c.IntN(5) {
		b.WriteString(c.pick("a", "b", ".", "%a", "%d", "%s", "%w", "%p", "%u", "%l", "%x", "%A", "%%", "%.", "(", ")", "()", "(.-)", "(%w+)", "[a-c]", "[^a]", "[%w_]", "[]]", "[^]]",
			"*", "+", "-", "?", "^", "$", "%b()", "%f[%w]", "%1", "%2", "x", " ", "=", "%", "[", "]", "%c", "ä"))
	}
	return fmt.Sprintf("%q", b.String())
}

func (c *calls) format() string {
	verb := c.pick("d", "i", "u", "c", "x", "X", "o", "e", "E", "f", "g", "G", "q", "s", "%", "y")
	flags := ""
	for range c.IntN(3) {
		flags += c.pick("-", "+", " ", "#", "0")
	}
	spec := flags + c.pick("", "", "1", "5", "10", "20", "99", "100") + c.pick("", "", ".0", ".", ".3", ".10", ".15", ".17", ".100")
	if verb == "q" {
		spec = ""
	}
	arg := c.float()
	switch verb {
	case "q", "s":
		arg = c.text()
		if strings.Contains("{}print string nil true", arg) {
			arg = `"x"`
		}
	case "c":
		arg = c.pick("65", "0", "255", "300", "97.5")
	case "d", "i", "u", "x", "X", "o":
		arg = c.pick("0", "1", "-1", "42", "255", "1000000", "-1000000", "3.7", "-3.7", "2^31", "2^53", "-2^53", `"12"`)
	case "y":
		return `string.format, "` + c.pick("%", "%y", "%5y", "%.3", "%-+ #0#d", "%ld", "abc%") + `", 1`
	}
	return `string.format, "<%` + spec + verb + `>", ` + arg
}

func (c *calls) list() string {
	n := c.IntN(8)
	items := make([]string, n)
	for i := range items {
		items[i] = c.pick("1", "2", "3", "10", "-1", "0.5", "7", "7")
	}
	if c.IntN(3) == 0 {
		for i := range items {
			items[i] = c.pick(`"a"`, `"b"`, `"c"`, `"Z"`, `""`)
		}
	}
	return "{" + strings.Join(items, ", ") + "}"
}

// onList calls a function that changes a list and shows what became of it.
func (c *calls) onList() string {
	body := c.pick("table.insert(t, "+c.pick("9", "nil", `"x"`)+")", "table.insert(t, "+c.integer()+", 9)", "return table.remove(t)", "return table.remove(t, "+c.integer()+")",
		"table.sort(t)", "table.sort(t, function(a, b) return tostring(a) > tostring(b) end)", "table.sort(t, function(a, b) return true end)", "table.sort(t, "+c.any()+")",
		"return table.maxn(t)", "return table.getn(t)", "table.foreachi(t, show)", "return unpack(t, "+c.integer()+", 5)", "return next(t)", "return #t, table.concat(t, ';')",
		"return table.concat(t, "+c.text()+", "+c.pick("1", "2", "3")+", "+c.pick("1", "2", "0", "20")+")", "return select("+c.integer()+", unpack(t))")
	if strings.Contains(body, "2^31") {
		body = "return #t" // Lua 5.1 would move two thousand million items
	}
	return "function() local t = " + c.list() + " show(pcall(function() " + body + " end)) local o = {} for i = 1, 12 do o[i] = tostring(rawget(t, i)) end return table.concat(o, ',') end"
}

func (c *calls) call() string {
	switch c.IntN(24) {
	case 0, 1:
		return c.format()
	case 2:
		return "string.find, " + c.text() + ", " + c.pattern() + ", " + c.integer() + ", " + c.pick("nil", "false", "true")
	case 3:
		return "string.match, " + c.text() + ", " + c.pattern() + ", " + c.integer()
	case 4, 5:
		return "string.gsub, " + c.text() + ", " + c.pattern() + ", " + c.pick(`"<%0>"`, `"%1"`, `"%2"`, `"x"`, `"%%"`, `"%"`, `"%a"`, "{a = 1, b = false, abc = 'X'}", "function(a, b) return b end",
			"function(a) return a .. '!' end", "function() return {} end", "function() end", "5", "nil", "true") + ", " + c.pick("nil", "0", "1", "2", "-1")
	case 6:
		return "function() local t = {} for a, b in string.gmatch(" + c.text() + ", " + c.pattern() + ") do t[#t + 1] = tostring(a) .. '/' .. tostring(b) end return table.concat(t, ' ') end"
	case 7:
		return "string.sub, " + c.text() + ", " + c.integer() + ", " + c.integer()
	case 8:
		return "string.byte, " + c.text() + ", " + c.pick("nil", "1", "2", "-1", "-3", "0", "100") + ", " + c.pick("nil", "1", "3", "-1", "100")
	case 9:
		return "string.char, " + c.pick("65", "0", "255", "256", "-1", "97.9", `"98"`, c.any()) + ", 66"
	case 10:
		return c.pick("string.upper", "string.lower", "string.reverse", "string.len") + ", " + c.text()
	case 11:
		return "string.rep, " + c.text() + ", " + c.pick("0", "1", "3", "-1", "2.7", `"2"`, c.any())
	case 12, 13:
		return "tostring, " + c.float()
	case 14:
		return "tonumber, " + c.pick(`"10"`, `"0x1f"`, `"1e2"`, `"  7 "`, `"z"`, `"-8"`, `"1.5"`, `".5"`, `"5."`, `"1e"`, `"0x"`, `"077"`, `"1 1"`, c.text(), c.any(), c.float()) + c.pick("", ", 10", ", 16", ", 2", ", 8", ", 36", ", 1", ", 37")
	case 15, 16:
		return c.pick("math.abs", "math.ceil", "math.floor", "math.sqrt", "math.modf", "math.frexp", "math.deg", "math.rad", "math.exp", "math.log10", "math.atan") + ", " + c.float()
	case 17:
		return c.pick("math.fmod", "math.max", "math.min", "math.atan2", "math.ldexp") + ", " + c.float() + ", " + c.pick("1", "2", "3", "-2", "0.5", "10")
	case 18, 19, 20, 21:
		return c.onList()
	case 22:
		return c.pick("rawequal", "rawget", "rawset", "setmetatable", "ipairs", "pairs", "next", "unpack", "select", "type", "assert", "error", "pcall", "xpcall", "string.rep", "table.concat", "math.floor") + ", " +
			c.any() + c.pick("", ", "+c.any(), ", "+c.any()+", "+c.any())
	}
	return "function() return " + c.float() + c.pick(" + ", " - ", " * ", " / ", " % ", " ^ ", " .. ", " < ", " == ") + c.float() + " end"
}
