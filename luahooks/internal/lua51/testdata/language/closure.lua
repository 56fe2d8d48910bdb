---- one variable a turn
local fs = {} for i = 1, 3 do fs[i] = function() i = i + 1 return i end end print(fs[1](), fs[1](), fs[2](), fs[3]())
local gs = {} for _, v in ipairs{"a", "b"} do gs[#gs + 1] = function() return v end end print(gs[1](), gs[2]())
local hs, n = {}, 0 while n < 3 do n = n + 1 local m = n hs[n] = function() m = m * 2 return m end end print(hs[1](), hs[2](), hs[3](), hs[1]())
local ks, k = {}, 0 repeat local x = k ks[#ks + 1] = function() return x end k = k + 1 until x == 2 print(ks[1](), ks[2](), ks[3]())
---- break out of blocks
local fs = {}
for i = 1, 2 do while true do do local x = i fs[i] = function() x = x + 1 return x end break end end local y, z = 100, 200 end
print(fs[1](), fs[2](), fs[1]())
local f for i = 1, 10 do local x = i if i == 3 then local y = i * 2 f = function() y = y + x return y end break end end local a, b, c = 7, 8, 9 print(f(), f())
while true do local x = 1 if x then local y = 2 f = function() return y end break end end local d, e = 5, 6 print(f())
---- shared variables
local function counter() local n = 0 return function() n = n + 1 return n end, function() return n end end
local inc, get = counter() inc() inc() print(get()) local inc2, get2 = counter() inc2() print(get2(), get())
---- shadowing
local x = 1 local function f() local function a() return x end local x = 2 local function b() x = x + 1 return x end return a, b end
local a, b = f() print(a(), b(), b(), a(), x)
---- after caught errors
local n = 0 local function add() n = n + 1 end pcall(error) add() add() print(n)
local fs = {} pcall(function() local x = 5 fs.get = function() return x end fs.set = function(v) x = v end error("e") end) fs.set(9) print(fs.get())
local t = {} for i = 1, 3 do pcall(function() t[i] = function() i = i + 1 return i end error() end) end print(t[1](), t[1](), t[2]())
local function outer() local v = 1 local function inc() v = v + 1 return v end pcall(function() inc() pcall(function() inc() error("x") end) inc() error("y") end) return v, inc() end print(outer())
xpcall(function() n = 100 add() error("x") end, function(e) n = n + 1000 add() return e end) print(n)
---- recursion through upvalues
local even local function odd(n) if n == 0 then return false end return even(n - 1) end function even(n) if n == 0 then return true end return odd(n - 1) end print(even(10), odd(7))
---- varargs and arg
local function f(...) local a = {...} return function() return unpack(a) end end print(f(1, nil, 3)())
local function g(...) return arg.n, arg[1] end print(g(5, 6))
local function h(a, ...) return select("#", ...), (...) end print(h(1, 2, 3)) print(h())
