---- arithmetic
local mt = {} for _, op in ipairs{"add", "sub", "mul", "div", "mod", "pow", "concat"} do mt["__" .. op] = function(a, b) return op .. (type(a) == "table" and "T" or tostring(a)) .. (type(b) == "table" and "T" or tostring(b)) end end
local t = setmetatable({}, mt) print(t + 1, 1 - t, t * t, "x" / t, t % "2", 2 ^ t, t .. 1, 1 .. t, "a" .. t, t .. t, "10" + t, t - "y")
print(1 .. 2 .. t, t .. 1 .. 2, "a" .. 1 .. t .. 2 .. "b")
mt.__unm = function(a) return "neg" end print(-t)
---- comparison
local mt = {__lt = function(a, b) return a.v < b.v end, __le = function(a, b) return a.v <= b.v end, __eq = function(a, b) return a.v == b.v end}
local function V(v) return setmetatable({v = v}, mt) end print(V(1) < V(2), V(1) > V(2), V(1) <= V(1), V(2) >= V(3), V(1) == V(1), V(1) ~= V(1), rawequal(V(1), V(1)), V(1) == 1)
local lt = {__lt = function(a, b) return a.v < b.v end} local function W(v) return setmetatable({v = v}, lt) end print(W(1) <= W(2), W(2) <= W(1), W(1) == W(1))
print(pcall(function() return V(1) < W(1) end)) print(pcall(function() return V(1) < 1 end))
---- index
local t = setmetatable({}, {__index = function(t, k) return k .. "!" end}) print(t.x, t[1], rawget(t, "x"))
local base = {a = 1} local mid = setmetatable({b = 2}, {__index = base}) local top = setmetatable({}, {__index = mid}) print(top.a, top.b, top.c)
local log = {} local w = setmetatable({}, {__newindex = function(t, k, v) rawset(t, k, v * 2) end}) w.x = 5 w.x = 7 print(w.x)
local sink = {} local p = setmetatable({}, {__newindex = sink}) p.y = 3 print(rawget(p, "y"), sink.y)
---- call
local t = setmetatable({}, {__call = function(self, ...) return select("#", ...), ... end}) print(t(1, nil, 3)) print(pcall(t, 5)) local o = {m = t} print(o.m(1), (o:m(2)))
---- length is raw
print(#setmetatable({1, 2}, {__len = function() return 99 end}))
---- tostring
print(tostring(setmetatable({}, {__tostring = function() return "T!" end})), pcall(tostring, setmetatable({}, {__tostring = function() return 5 end})))
---- errors inside
local t = setmetatable({}, {__index = function(t, k) error("no field " .. k) end, __add = function() error("no add", 2) end})
print(pcall(function() return t.x end)) print(pcall(function() return t + 1 end))
---- inheritance
local A = {} A.__index = A function A.new(x) return setmetatable({x = x}, A) end function A:get() return self.x end
local B = setmetatable({}, {__index = A}) B.__index = B function B.new(x) local o = A.new(x) return setmetatable(o, B) end function B:get() return "B" .. A.get(self) end
print(A.new(1):get(), B.new(2):get())
---- metamethods that are no functions
print(pcall(function() return setmetatable({}, {__concat = 5}) .. 1 end)) print(pcall(function() return 1 .. setmetatable({}, {__concat = {}}) end)) print(pcall(function() return setmetatable({}, {__mod = 5}) % 2 end))
print(pcall(function() return setmetatable({}, {__call = 5})() end)) print(pcall(function() return setmetatable({}, {__index = 5}).x end)) print(pcall(function() setmetatable({}, {__newindex = 5}).x = 1 end))
---- metamethods without an end
local loop = setmetatable({}, {}) getmetatable(loop).__index = loop print(pcall(function() return loop.x end)) local ln = setmetatable({}, {}) getmetatable(ln).__newindex = ln print(pcall(function() ln.x = 1 end)) print(pcall(function() return loop[1] end))
