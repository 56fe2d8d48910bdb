package lua51

import (
	"fmt"
	"math/rand/v2"
)

// deepProgram is newProgram with more of what is seldom written: chains of
// metamethods, closures that share variables, errors from and through anything,
// comparators that lie.
func deepProgram(seed uint64) string {
	p := &program{Rand: rand.New(rand.NewPCG(seed, 53)), deep: true}
	p.b.WriteString(prelude)
	p.line("T = {a = 1, 2, 3} local function multi(...) return %s end", p.pick("1, nil, 'm'", "...", "", "..., 7", "select(2, ...)"))
	p.pure = append(p.pure, "multi")
	p.vararg = []bool{true}
	p.scopes = [][]string{nil}
	for range 3 {
		p.budget = 14
		p.line("show(pcall(function(...)")
		p.block(4, nil)
		p.line("end, %s))", p.exprs(1+p.IntN(3), 1))
	}
	p.line("show(g1, g2, g3)")
	return p.b.String()
}

// rare writes one of the statements that only deep programs have.
func (p *program) rare(depth int) {
	p.vararg = append(p.vararg, false) // what it writes goes into functions of its own
	defer func() { p.vararg = p.vararg[:len(p.vararg)-1] }()
	[]func(int){
		p.closures, p.results, p.chain, p.comparison, p.raise, p.sorted, p.varargs, p.forBounds, p.coerce, p.keys,
		p.replace, p.formatted, p.called, p.tail, p.captured, p.length, p.concatenated, p.protectedMeta, p.unpacked, p.iterated,
	}[p.IntN(20)](depth)
}

// closures makes functions in a loop that share or own variables.
func (p *program) closures(depth int) {
	fs, v := p.name(), p.name()
	p.line("local %s = {} do local shared = %s for %s = 1, 3 do tick() local own = %s", fs, p.expr(1), v, p.expr(1))
	p.scopes = append(p.scopes, []string{"shared", v, "own"})
	p.line("%s[#%s + 1] = function(x) %s %s return own, shared, %s end", fs, fs,
		p.pick("own = x", "shared = x", v+" = x", "own, shared = shared, own", "own, "+v+" = "+v+", x", "do local own = 5 shared = own end"),
		p.pick("", "shared = "+v, "if x then own = nil end"), v)
	p.line("if %s then break end", p.pick("false", v+" == 2", "own == nil"))
	p.scopes = p.scopes[:len(p.scopes)-1]
	p.line("end end for _, f in ipairs(%s) do show(f(%s)) show(f(%s)) end", fs, p.expr(1), p.pick("nil", "1", "'z'"))
	p.declare(fs)
}

// results cuts and passes on several values.
func (p *program) results(int) {
	call := "multi(" + p.exprs(p.IntN(4), 1) + ")"
	p.line(p.pick("show(%s)", "show((%s))", "show(%[1]s, %[1]s)", "show(({%[1]s, %[1]s})[3])", "show(select('#', %[1]s, %[1]s))", "show(select(-1, 0, %s))",
		"local a, b, c = %[1]s, %[1]s show(a, b, c)", "local a, b, c = (%s) show(a, b, c)", "T.x, g1, T[1] = %s show(T.x, g1, T[1])", "show(pcall(multi, %s))", "show(%s == nil, not %[1]s)",
		"show(%s or 'none', 'x')", "show((function(...) return ... end)(%[1]s, %[1]s))", "show(tostring((%s)))", "for k, v in pairs{%s} do show(k, v) end"), call)
}

// chain reads and writes through metatables.
func (p *program) chain(int) {
	a, b, c := p.name(), p.name(), p.name()
	p.line("local %s = setmetatable({a = %s}, {__index = %s, __newindex = %s})", a, p.expr(1),
		p.pick("function(t, k) return tostring(k) .. '!' end", "{b = 5}", "nil", "function() error('index') end", "function(t, k) if k == 'c' then return nil end return t, k end", "function() return multi(1, 2) end"),
		p.pick("nil", "function(t, k, v) rawset(t, k, v or 0) end", "T", "function() error({}) end", "function(t, k, v) rawset(t, k .. 'x', v) end"))
	p.line("local %s = setmetatable({}, {__index = %s, __newindex = %s})", b, p.pick(a, a, "function(t, k) return "+a+"[k] end"), p.pick(a, "nil", "rawset"))
	p.line("local %s = setmetatable({b = %s}, {__index = %s, __call = %s})", c, p.expr(1), b, p.pick("function(self, ...) return ... end", b, "function(self, x) return self.a, x end", "nil"))
	for range 1 + p.IntN(3) {
		k := p.pick("a", "b", "c", "zz")
		p.line("show(pcall(function() "+p.pick("return %[1]s.%[2]s", "%[1]s.%[2]s = %[3]s return %[1]s.%[2]s, rawget(%[1]s, '%[2]s')", "return %[1]s[%[3]s]", "return %[1]s(%[3]s, 2)",
			"return %[1]s:%[2]s(%[3]s)", "return rawget(%[1]s, '%[2]s')", "%[1]s[type(%[3]s)] = 1 return %[1]s[type(%[3]s)]", "return #%[1]s", "return next(%[1]s) ~= nil", "return %[1]s.%[2]s.%[2]s")+" end))", p.pick(a, b, c), k, p.expr(1))
	}
	p.declare(a, b, c)
}

// comparison orders objects by metamethods, of one metatable or two.
func (p *program) comparison(int) {
	a, b := p.name(), p.name()
	lt := p.pick("function(l, r) return l.n < r.n end", "function() return nil end", "function() return 'yes' end", "function() error('lt', 0) end", "function(l, r) return type(l) == type(r) end")
	p.line("local %s, %s do local lt = %s local eq = function(l, r) return l.n == r.n end", a, b, lt)
	meta := "{" + p.pick("__lt = lt", "__lt = lt, __eq = eq", "__le = function(l, r) return l.n <= r.n end", "__le = lt, __lt = lt, __eq = eq", "__eq = eq") + "}"
	other := p.pick("m", "m", meta, "{__lt = lt}", "{}")
	p.line("local m = %s %s = setmetatable({n = %s}, m) %s = setmetatable({n = %s}, %s) end", meta, a, p.pick("1", "2", "'a'"), b, p.pick("1", "2", "3", "'b'"), other)
	p.line("for _, f in ipairs{function(l, r) return l < r end, function(l, r) return l <= r end, function(l, r) return l > r end, function(l, r) return l >= r end, function(l, r) return l == r end, function(l, r) return l ~= r end} do show(pcall(f, %s, %s)) end",
		a, p.pick(b, b, a, "1", "'x'", "{}", "nil"))
	p.declare(a, b)
}

// raise raises an error of any kind at any level, some calls deep.
func (p *program) raise(depth int) {
	what := p.pick("error('e')", "error('e', 0)", "error('e', 1)", "error('e', 2)", "error('e', 3)", "error('e', 4)", "error()", "error(nil, 2)", "error({code = 5})", "error(setmetatable({}, {__tostring = function() return 'T' end}))",
		"assert(false)", "assert(nil, 'a')", "assert(false, {})", "assert(1 == 1, 'no')", "local x = nil; x.y = 1", "local x = nil; return x.y.z", "g9()", "return 1 + {}", "return {} .. 'x'", "return #5", "return -{}", "return 1 < '2'", "return {} < {}",
		"return nil .. 'x'", "T.q.r = 1", "T:q()", "('x'):q()", "return ('x').y.z", "string.rep()", "('x'):rep({})", "setmetatable(1, {})", "rawset({}, nil, 1)", "local t = {} t[nil] = 1", "local t = {} t[0/0] = 1", "for i = 1, 'x' do end", "for i = 1, 2, {} do end", "return math.floor('x')", "return ipairs()", "return tostring()", "error(error)", "tick('x')")
	for range p.IntN(4) {
		what = p.pick("(function() "+what+" end)()", "local ok, e = pcall(function() "+what+" end) show(ok, type(e)) error(e, 0)", "return (function(...) "+what+" end)(1)", "local f = function() "+what+" end f()", "pcall(function() "+what+" end)",
			"do local up = 1 local f = function() up = up + 1 "+what+" end show(pcall(f)) show(up) f() end", "for i = 1, 2 do if i == 2 then "+what+" end end", "return setmetatable({}, {__index = function() "+what+" end}).x", "table.sort({3, 1, 2}, function(a, b) "+what+" end)",
			"string.gsub('abc', '.', function(c) "+what+" end)", "xpcall(function() "+what+" end, function(e) return 1 end)", "return setmetatable({}, {__add = function() "+what+" end}) + 1", "local t = setmetatable({}, {__call = function(self) "+what+" end}) t()")
		if len(what) > 1500 {
			break
		}
	}
	call := p.pick("pcall(function() %s end)", "xpcall(function() %s end, function(e) return type(e) end)", "pcall(pcall, function() %s end)", "pcall(xpcall, function() %s end, type)", "xpcall(function() %s end, function(e) error(e) end)", "select('#', pcall(function() %s end))")
	p.line("show("+call+")", what)
}

// sorted sorts, also with comparators that lie, fail or change the list.
func (p *program) sorted(int) {
	n := 1 + p.IntN(14)
	list := ""
	for i := range n {
		if i > 0 {
			list += ", "
		}
		list += p.pick("1", "2", "3", "4.5", "-1", "7", "10", "1e3", fmt.Sprint(p.IntN(30)))
	}
	if p.IntN(6) == 0 {
		list += p.pick(", 'x'", ", nil, 4", ", {}", ", true")
	}
	p.line("do local t, n = {%s}, 0 show(pcall(table.sort, t%s)) local o = {} for i = 1, 16 do o[i] = tostring(t[i]) end show(table.concat(o, ' '), n) end", list,
		p.pick("", "", ", function(a, b) n = n + 1 return a < b end", ", function(a, b) n = n + 1 return a > b end", ", function(a, b) return true end", ", function(a, b) return false end", ", function(a, b) return a <= b end",
			", function(a, b) n = n + 1 if n > 5 then error('enough', 0) end return a < b end", ", function(a, b) return nil end", ", function(a, b) return 1 end", ", function(a, b) n = n + 1 return n % 2 == 0 end", ", 5"))
}

// varargs passes ... on and counts it.
func (p *program) varargs(int) {
	body := p.pick("return ...", "return select('#', ...), ...", "return (...)", "local a, b = ... return b, a", "local t = {...} return t[1], t[2]", "return ({n = select('#', ...), ...}).n", "return ..., ...", "local function g(...) return select('#', ...) end return g(...), g(..., 1), g((...))",
		"return select(2, ...)", "return select(-1, ...)", "return unpack({...}, 1, select('#', ...))", "local f = function(...) return ... end return f(f(...))", "return multi(...)", "return pcall(multi, ...)", "return pcall(error, ...)", "for i = 1, select('#', ...) do show((select(i, ...))) end", "return arg and arg.n")
	p.line("show(pcall(function(...) %s end, %s))", body, p.exprs(1+p.IntN(4), 1))
}

// forBounds counts with steps and bounds of all kinds.
func (p *program) forBounds(int) {
	p.line("show(pcall(function() for i = %s, %s, %s do tick() show(i) i = nil end end))", p.pick("1", "0", "'1'", "0.1", "-1", "nil", "3", "10", "1e15"), p.pick("3", "'2'", "-2", "0.5", "1/0", "2^53", "{}", "1e15 + 2"), p.pick("1", "-1", "0.25", "'1'", "0.7", "-0.5", "nil", "2"))
}

// coerce computes with texts and numbers of all kinds.
func (p *program) coerce(int) {
	v := func() string {
		return p.pick("'10'", "'0x1F'", "' 7 '", "'1e2'", "'abc'", "''", "5", "-0", "0.1", "1/3", "2^31", "-7", "nil", "true", "{}", "'5.'", "'.5'", "'0x'", "'1 2'", "'\\t3\\n'", "1e300", "-1e300", "'inf'", "'nan'", "math.huge - math.huge", "math.huge")
	}
	p.line("show(pcall(function(a, b) return a %s b end, %s, %s))", p.pick("+", "-", "*", "/", "%", "^", "..", "<", "<=", "==", "~=", ">", ">=", "and", "or"), v(), v())
	p.line("show(pcall(function(a) return %s end, %s))", p.pick("-a", "-(-a)", "#a", "not a", "a .. ''", "tostring(a)", "tonumber(a)", "a + 0", "type(a)"), v())
}

// keys writes and reads elements by keys that are nearly the same.
func (p *program) keys(int) {
	k := func() string {
		return p.pick("1", "1.0", "'1'", "2^53", "-0", "0", "true", "'true'", "0.1 + 0.2", "0.3", "nil", "math.huge - math.huge", "math.huge", "-math.huge", "T", "multi", "'a'", "3", "2")
	}
	p.line("show(pcall(function() local t = {%s} t[%s] = 'w' t[%s] = %s return t[%s], t[%s], t[1], t.a end))", p.pick("", "1, 2, 3", "a = 1", "[1] = 'x', 'y'", "nil, 2", "'a', nil, 'c'"), k(), k(), p.pick("nil", "'v'", "false"), k(), k())
}

// replace is gsub with every kind of replacement.
func (p *program) replace(int) {
	p.line("show(pcall(string.gsub, %s, %s, %s%s))", p.pick("'hello world'", "'abc'", "'a.b.c'", "''", "'x=1, y=2'", "123", "'%d'"), p.pick("'%w+'", "'.'", "''", "'(%w)(%w)'", "'(%w+)=(%w+)'", "'[aeiou]'", "'^%a'", "'l+'", "'()'", "'%.'", "'o$'", "'(x)(y)?'"),
		p.pick("'<%0>'", "'%1%1'", "'%2-%1'", "{hello = 'bye', a = 1, b = false, x = {}}", "function(a, b) return b end", "function(a) if a == 'a' then return 5 end end", "function() return {} end", "function() error('in', 0) end", "setmetatable({}, {__index = function(t, k) return k .. k end})", "setmetatable({}, {__index = {a = 'A'}})", "'%'", "'%9'", "5", "nil", "true"), p.pick("", ", 1", ", 0", ", -1", ", 1.9", ", 'x'"))
}

// formatted is string.format with several verbs.
func (p *program) formatted(int) {
	verbs, args := "", ""
	for range 1 + p.IntN(3) {
		verbs += p.pick(" %d", " %5.1f", " %s", " %-6s|", " %q", " %x", " %g", " %c", " %%", " %i", " %05d", " %+d", " %.3s", " %e", " %10.4s|", " %X", " %o", " %u")
		args += ", " + p.pick("1", "2.5", "'txt'", "'10'", "255", "-1", "65", "1e15", "'a\\nb\"c'", "3.0", "100")
	}
	p.line("show(pcall(string.format, '%s'%s%s))", verbs, args, p.pick("", "", ", 1, 2"))
}

// called calls anything with anything.
func (p *program) called(int) {
	p.line("show(pcall(%s, %s))", p.pick("next", "select", "tonumber", "rawequal", "rawget", "rawset", "setmetatable", "type", "tostring", "unpack", "ipairs", "pairs", "math.max", "math.min", "math.fmod", "math.floor", "string.sub", "string.byte", "string.rep", "table.concat", "table.insert", "table.remove", "string.find", "string.len"), p.exprs(p.IntN(4)+1, 1))
}

// tail calls in tail position, also what is no function.
func (p *program) tail(int) {
	p.line("show(pcall(function() local function f(n, ...) if n == 0 then return %s end return f(n - 1, n, ...) end return f(%s) end))", p.pick("...", "select('#', ...)", "'end'", "error('deep')", "error('deep', 2)", "(nil)()", "g8(...)", "multi(...)"), p.pick("3", "8", "30"))
}

// captured keeps variables of blocks that end by break, return or an error.
func (p *program) captured(int) {
	how := p.pick("break", "error('x')", "return", "do break end", "if true then break end", "for _ = 1, 1 do error({}) end")
	loop := p.pick("while true do tick()", "for i = 1, 3 do", "repeat tick()", "for k, v in pairs{1, 2} do")
	end := "end"
	if loop[0] == 'r' {
		end = "until false"
	}
	p.line("do local get, set show(pcall(function() %s local v = %s get, set = function() return v end, function(x) v = x end set(%s) if %s then %s end %s end)) if get then show(get()) set(%s) show(get()) end end", loop, p.expr(1), p.expr(1), p.pick("true", "get()", "not get()"), how, end, p.expr(1))
}

// length asks lists that have just been changed at their end.
func (p *program) length(int) {
	p.line("do local t = {%s} %s show(#t, t[#t], table.maxn(t)) end", p.pick("", "1, 2, 3", "'a'", "1, 2, 3, 4, 5, 6, 7, 8, 9"), p.pick("t[#t + 1] = 'n'", "t[#t] = nil", "table.insert(t, 1, 0)", "table.remove(t)", "table.remove(t, 1)", "for i = 1, 70 do t[i] = i end", "for i = 1, 70 do t[i] = i end for i = 70, 30, -1 do t[i] = nil end", "t.x = 5"))
}

// concatenated joins several operands, of which one may have a metamethod.
func (p *program) concatenated(int) {
	o := "setmetatable({}, {__concat = function(l, r) return type(l) .. type(r) end})"
	v := func() string { return p.pick("'s'", "1", "2.5", o, "-0", "1e100", "nil", "{}", "'t'", "10") }
	p.line("show(pcall(function() return %s .. %s .. %s end))", v(), v(), v())
}

// protectedMeta hides metatables, and has metamethods that are no functions.
func (p *program) protectedMeta(int) {
	p.line("show(pcall(function() local t = setmetatable({%s}, {%s}) return %s end))", p.expr(1), p.pick("__metatable = 'no'", "__metatable = false", "__tostring = function() return 'str' end", "__tostring = function() return 5 end", "__tostring = 'x'", "__index = 5", "__call = {}", "__len = function() return 9 end", "__unm = function(a) return 'minus' end", "__eq = function() return true end", "__mode = 'k'", "__pow = function() return 1, 2 end", "__div = multi"),
		p.pick("getmetatable(t)", "setmetatable(t, nil)", "tostring(t)", "t.zz", "t()", "t + 1", "#t", "-t", "t == {}", "t ^ 2", "t / 2", "2 / t", "1 .. t"))
}

// unpacked takes ranges of lists.
func (p *program) unpacked(int) {
	i := func() string {
		return p.pick("1", "0", "-1", "2", "3", "5", "nil", "1.5", "'2'", "-3", "10")
	}
	p.line("show(pcall(unpack, {%s}, %s, %s))", p.pick("1, 2, 3", "'a'", "", "true, false", "1, 2, 3, 4, 5"), i(), i())
}

// iterated is a generic for over anything.
func (p *program) iterated(int) {
	p.line("show(pcall(function() local n = 0 for a, b, c in %s do n = n + 1 tick() if n > 3 then break end show(a, b, c) %s end end))",
		p.pick("ipairs{1, 2, nil, 4}", "pairs{1, 2}", "next, {5, 6}", "function(s, c) c = (c or 0) + 1 if c < 4 then return c, s end end, 'state'", "ipairs(setmetatable({}, {__index = function(t, i) if i < 3 then return i end end}))", "('a b c'):gmatch('%a')", "5", "nil", "{}", "setmetatable({}, {__call = function(self, s, c) if not c then return 1, self == s end end})", "multi(1, 2)", "string.gmatch('k=v, a=b', '(%w)=(%w)')"),
		p.pick("", "a = nil", "b = 5", "local a = 9"))
}
