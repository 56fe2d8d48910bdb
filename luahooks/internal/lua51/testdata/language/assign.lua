---- swap of locals
local a, b = 1, 2 a, b = b, a print(a, b)
---- swap of globals, upvalues and fields
x, y = 1, 2 x, y = y, x print(x, y)
local u, v = 1, 2 local function swap() u, v = v, u end swap() print(u, v)
local t = {1, 2} t[1], t[2] = t[2], t[1] print(t[1], t[2])
---- index of the old value
local t, i = {}, 1 i, t[i] = i + 1, 20 print(i, t[1], t[2])
---- table of the old value
local t = {} local old = t t, t.x = {}, 5 print(t.x, old.x)
---- rotation of three
local a, b, c = 1, 2, 3 a, b, c = c, a, b print(a, b, c)
---- more targets than values
local a, b, c = 1, 2, 3 a, b, c = 9 print(a, b, c)
---- more values than targets
local n = 0 local function f() n = n + 1 return n end local a a = f(), f(), f() print(a, n)
---- several results at the end
local function f() return 1, 2, 3 end local a, b, c, d a, b, c, d = 0, f() print(a, b, c, d) a, b, c = f(), 9 print(a, b, c)
---- varargs
local function f(...) local a, b, c = 1, 2, 3 a, b = ... return a, b, c end print(f(7, 8)) print(f()) print(f(nil, 5, 6))
local function g(...) local a, b = 1, 2 a = ... return a, b end print(g(7, 8))
---- logical value into the variable that it uses
local a, b, c = 1, 2, nil a = (b or c) and a print(a)
local d, e = false, 5 d = d or e and d print(d) e = e and (d or e) print(e)
local function f(p, q) p = (q or p) and p return p end print(f(1, 2), f(1, nil))
---- call into a parameter
local function f(x) local y = 5 x = tostring(x) return x, y end print(f(3))
local function g(a, b) local c = 7 b = (function(...) return select("#", ...) end)(a, b, c) return a, b, c end print(g(1, 2))
---- fields and methods of the same call
local t = {n = 0} function t:inc(k) self.n = self.n + (k or 1) return self end t:inc():inc(5) print(t.n)
t.a, t.b = t:inc(), t.n print(t.a == t, t.b)
---- evaluation of targets happens first
local log = {} local function tab(n) log[#log + 1] = n return setmetatable({}, {__newindex = function(_, k, v) log[#log + 1] = n .. k .. v end}) end
tab("a")[1], tab("b")[2] = 3, 4 print(table.concat(log, " "))
---- local function and local f = function
local f = 5 do local f = function() return f end print(f()) end
local function fact(n) return n < 2 and 1 or n * fact(n - 1) end print(fact(10))
g = 1 local g = function() return g end print(g())
