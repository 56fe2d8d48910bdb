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
