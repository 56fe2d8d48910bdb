---- numbers
print(0, -0, 1, -1, 1.5, 0.1, 1e15, 1e14, 123456789012345, 1e100, 1e-5, 0.0001, 1/3, 2^53, 2^63, -2^63, 1e300 * 1e10, -1e300 * 1e10, 0.1 + 0.2, 100, 1e2, 3.14159265358979)
print(0010, 010, 0x10, 0xff, 0xFFFFFFFFFF, .5, 5., 3e-2, 3E+2, 1e308 * 10, 123456.789e3)
print(5.3 % 0.1 < 0.1, 2^53 % 3, -7 % 3, 7 % -3, -7 % -3, 5.5 % 2, -5.5 % 2, 0 % 5, 1e15 % 7, 5 % 0 ~= 5 % 0)
print(7 / 2, -7 / 2, 2 ^ 10, 2 ^ 0.5, 2 ^ -1, -2 ^ 2, 10 - 2 - 3, 2 ^ 3 ^ 2, 1 .. 2 == "12", -3 ^ 2, not 1 == 2)
---- coercions
print("10" + 5, "0x10" + 0, "010" + 0, " 5 " * 2, "1e1" - 1, "3" ^ "2", -"2", "7" % "4", 10 .. "", 1.5 .. "|" .. -0.5, "5" + "6", 1e15 .. "", 2^53 .. "")
print(pcall(function() return "1_000" + 0 end)) print(pcall(function() return "" + 0 end)) print(pcall(function() return "5x" + 0 end)) print("10" == 10, "abc" < "abd", 10 < 9)
---- tonumber
print(tonumber("2e2"), tonumber("0x1F"), tonumber(" 12 "), tonumber("12a"), tonumber(""), tonumber(" "), tonumber("1e"), tonumber("."), tonumber("5."), tonumber(".5"), tonumber("+5"), tonumber("- 5"), tonumber("--5"), tonumber("1 2"), tonumber("0x"), tonumber("1_0"), tonumber("\t5\n"), tonumber(nil), tonumber({}), tonumber(true))
print(tonumber("ff", 16), tonumber("0xff", 16), tonumber("777", 8), tonumber("zz", 36), tonumber("12", 2), tonumber("1010", 2), tonumber("-ff", 16) > 1e19, tonumber("8", 8), tonumber("", 16), tonumber(" 11 ", 2), tonumber(10, 16), tonumber("1e1", 10), tonumber("99999999999999999999", 16))
print(tonumber("inf"), tonumber("-inf"), tonumber("infinity"), tonumber("0x1p4"), tonumber("0x.8"), tonumber("1e400"), tonumber("1e-400"))
---- tostring
print(tostring(nil), tostring(true), tostring(12), tostring("x"), tostring(-0.0), tostring(1e16), tostring(2^31), tostring(0/0) == tostring(0/0))
---- strings
print("a\065b\n\t\\\"\'", 'x"y', [[long
string]], [==[with ]] inside]==], "\0" == "\000", #"a\0b", "a\
b")
---- constructors
local t = {1, 2, 3, x = 4, [10] = 5, [2 + 3] = 6, "last"; nil, 7} print(#t >= 3, t[1], t[4], t.x, t[10], t[5], t[6])
local function f() return 1, 2, 3 end print(#{f()}, #{f(), f()}, #{(f())}, #{f(), nil}, ({f(), x = 1})[1] == nil)
local a = {1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,f()} print(#a, a[1], a[50], a[51], a[53])
local b = {1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,k="v"} print(#b, b[1], b[2], b[50], b.k)
local c = {1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,x=1,50,f()} print(#c, c[50], c[51], c[53], c.x)
---- large tables
local t = {} for i = 1, 70000 do t[i] = i end print(#t, t[65535], t[65536], t[70000]) local n = 0 for i, v in ipairs(t) do n = n + v end print(n)
t[#t + 1] = "x" print(#t) table.insert(t, "y") print(#t, t[70002]) print(table.remove(t), table.remove(t), #t) table.insert(t, 1, "first") print(#t, t[1], t[2], t[70001]) print(table.remove(t, 1), #t, t[70000])
table.sort(t, function(a, b) return a > b end) print(t[1], t[70000], #t) print(#table.concat(t, ",")) print(select("#", unpack(t, 69999, 70001)))
local u = {} u[65535] = 1 u[65536] = 2 u[65537] = 3 print(u[65535], u[65536], u[65537], next({}))
---- next and pairs
local t = {1, 2, 3, a = 1} local n = 0 for k, v in pairs(t) do n = n + 1 t[k] = nil end print(n, next(t)) print(next({5})) print(rawequal(t, t), rawget({7}, 1))
---- types
print(type(nil), type(1), type(""), type({}), type(print), type(type), type(string), type(true))
---- not a number, and numbers that C cannot convert
print(tonumber("nan(1)") ~= tonumber("NaN(a_b)"), tonumber("nan("), tonumber("nan(-)"), tonumber("nan()x"))
for _, v in ipairs{1/0, -1/0, 2^63, 2^63 + 2048, 2^64 - 2048, 2^64, 1e19, 1e100, -1, -2^63, -1e100} do print(string.format("%d %u %x %X %#o", v, v, v, v, v)) end
---- positions of captures and odd anchors
for _, s in ipairs{"", "a", "aab", "f(a(b)c)d)", "key = val; k2=v2", "[[]]", "a.b-c"} do
  for _, p in ipairs{"^$", "", "()", "^()", "(.-)$", "%b()", "%b[]", "%baa", "(%w+)%s*=%s*(%w+)", "[^.]*", "a-$", "^a-", "((.)(.))", "()(.)()", "$", "^", "$a", "a^", "a$b", "[]a]", "[^]]", "[a-]", "[%a-z]", "(a)%1", "%a+()"} do
    print(s, p, string.find(s, p)) print(string.match(s, p, -2)) print(string.gsub(s, p, "<%0>")) print(string.gsub(s, p, "%1", 2))
  end
end
---- invalid order functions
local function try(n, f) local t = {} for i = 1, n do t[i] = (i * 7919) % 31 end print(pcall(table.sort, t, f)) print(table.concat(t, ",")) end
for _, n in ipairs{0, 1, 2, 3, 4, 5, 10, 40} do
  try(n, function() return true end) try(n, function() return false end) try(n, function(a, b) return a <= b end) try(n, function() return nil end) try(n, function() error("x") end) try(n, function() error({1} and 7, 0) end)
end
print(pcall(table.sort, {3, "a", 1})) print(pcall(table.sort, {{}, {}})) print(pcall(table.sort, {true, false})) print(pcall(table.sort, {1, 2}, 5)) print(pcall(table.sort, {0/0, 1, 0/0, 3, 2}))
---- loops over numbers at the edges
local n = 0 for i = 1, math.huge do n = n + 1 if n > 5 then break end end for i = -math.huge, 0 do print(i) break end for i = 1, 0/0 do print("no") end for i = 5, 1, -2 do print(i) end for i = 1, 2, math.huge do print(i) end
for i = "1", 2 do print(i, type(i)) end for i = 1e308, 1.7e308, 1e308 do print(i) end for i = 1, 3, 0.5 do print(i) end for i = 0.1, 0.35, 0.1 do print(i) end for i = 3, 1 do print("no") end print(n)
---- assignments read before they write
local t = {} local function f(n) t[#t + 1] = n return n end local a = {} a[f(1)], a[f(2)], a[f(3)] = f(4), f(5), f(6) print(table.concat(t, ","), a[1], a[2], a[3])
local function m() return 1, 2, 3 end local p, q, r, s = 0, m() print(p, q, r, s) p, q, r, s = m(), m() print(p, q, r, s) p, q = (m()) print(p, q) local i = 1 i, a[i] = i + 1, 20 print(i, a[1], a[2]) p, q, r = 1, 2, 3 p, q, r = r, p, q print(p, q, r) p = p, error print(p)
---- select and its first argument
print(select("#"), select("#", nil, nil), select("#x", 1), select("##")) print(pcall(select, "", 1)) print(pcall(select, " #", 1)) print(select("2", "a", "b"), select(1.9, "a"), select(-1, "a", "b"))
for _, n in ipairs{0, -3, 1e10, -1e10, "x", "0x1"} do print(n, pcall(select, n, "a", "b")) end print(pcall(select)) print(pcall(select, nil, 1)) print(pcall(select, {}, 1))
---- bounds of unpack and of table functions
print(unpack({1, 2, 3}, -1, 1)) print(unpack({1, 2, 3}, 3, 2)) print(unpack({1, 2}, "1", "2")) print(unpack({1, 2, 3}, 1.9, 2.9)) print(unpack({1, nil, 3}, 1, 3)) print(pcall(unpack, {}, 1, 1e7)) print(unpack(setmetatable({}, {__index = function(_, i) return i end}), 1, 3))
print(pcall(table.concat, {1, 2, 3}, ",", "1", 2.5)) print(pcall(table.concat, {1, nil, 3}, ",", 1, 3)) print(pcall(table.concat, {}, "x", 5, 4)) print(pcall(table.concat, {true})) print(pcall(table.concat, {1}, {}))
local t = {1, 2, 3} print(pcall(table.insert, t, 1, 2, 3)) print(pcall(table.insert, t)) print(pcall(table.insert, t, 2.7, "f")) print(unpack(t)) table.insert(t, -5, "n") print(t[-5], #t) print(table.remove(t, 9), table.remove(t, 0), table.remove({}), select("#", table.remove({1}, 7)))
print(table.maxn{[1e10] = 1, [1.5] = 2}, table.maxn{[-3] = 1}, table.getn{1, 2}) print(pcall(table.foreach, {1}, function() return 0 end)) print(pcall(table.foreachi, {}, 1))
---- constructors whose last field is a call, under a key
local function f(...) return 5, 6, ... end local function p(t) print(#t, t[1], t[2], t[3], t[4], t.k) end
p{1, 2, k = f()} p{1, 2, k = (f())} p{1, 2, k = f(7)} p{k = f()} p{f(), k = f()} p{1, f(), k = f()} p{1, k = f(), 2} p{1, 2, k = ("x"):rep(2)} p{1, 2, [f() .. ""] = f()}
local function g(...) p{1, 2, k = ...} p{..., k = ...} p{k = ...} p{1, k = ..., ...} end g(8, 9) g()
