---- dead branches
for i, v in ipairs{1, 2, 3} do if false then local d = "x" .. v print("dead") end print(v) end
for i = 1, 2 do if nil then print("dead") elseif false then print("dead") else print("alive") end end
while true do if 1 then break end print("dead") end
if nil and x then print("dead") end if 1 == 2 then print("dead") end if not 1 then print("dead") else print("ok") end
repeat if true then break end print("dead") until true
---- loops that begin with a jump
for i = 1, 3 do do break end end
for _ in pairs{1, 2} do break end
while true do while true do break end break end
local n = 0 repeat repeat do break end until false n = n + 1 until n == 3 print(n)
for i = 1, 2 do while false do print("dead") end print(i) end
for i = 1, 2 do repeat until true print(i) end
---- logical operators
print(nil or false, false or nil, 1 and nil, nil and 1, false and nil, 1 or error(), nil and error())
print(1 and 2 or 3, nil and 2 or 3, (nil or 1) and (false or 2), not nil == true, not (1 and nil))
local t, f, n = true, false, nil
print(t and f, t and n, f and t, n and t, t or f, f or t, n or f, f or n, t and 1 or 2, f and 1 or 2, n or (f or 3))
print((t and f) or n, (f or n) and t, not (t and f), not t or f, t == (f or t), (t and 1) == 1, (n or 2) + 3)
local function two() return 1, 2 end print(true and two()) print(nil or two()) print(false or (two()), two())
---- comparisons
print(1 == 1, 1 == "1", "a" < "b", "a" < "B", (1 == 2) == false, 1 < 2 == true, "10" < "9", 2 > 1, 2 >= 2, 2 <= 1, 1 ~= 1)
print(nil == false, {} == {}, print == print, "" == "", 0 == -0, 0/0 == 0/0, 1/0 > 1e308)
local a, b = 1, 2 local r = a < b print(r, not (a < b), a < b and "lt" or "ge", (a > b) == (b < a))
---- numeric for
for i = 1, 3 do io = i end for i = 3, 1, -1 do print(i) end for i = 1, 0 do print("dead") end for i = 1, 2, 0.5 do print(i) end
for i = "1", "3", "1" do print(i + 0) end
print(pcall(function() for i = "x", 2 do end end)) print(pcall(function() for i = 1, {} do end end)) print(pcall(function() for i = 1, 2, print do end end))
for i = 1, 3 do local j = i i = 10 print(i, j) end
for i = 2^53, 2^53 + 2, 2 do print(i) end
---- generic for
for k, v in next, {10, 20} do print(k, v) end
local function iter(s, c) if c < s then return c + 1, c * 2, c * 3 end end for a, b, c, d in iter, 3, 0 do print(a, b, c, d) end
print(pcall(function() for x in nil do end end)) print(pcall(function() for x in {} do end end))
for k in setmetatable({}, {__call = function(_, s, c) c = (c or 0) + 1 if c < 4 then return c end end}) do print(k) end
---- while and repeat
local i = 0 while i < 3 do i = i + 1 if i == 2 then break end end print(i)
repeat local x = i i = i + 1 until x > 5 print(i)
---- return in the middle
local function f(x) if x then return 1 end do return 2, 3 end end print(f(true)) print(f())
print((function() return end)()) print((function() return nil end)()) print(select("#", (function() end)()), select("#", ((function() end)())))
---- tail calls
local function loop(n, ...) if n == 0 then return select("#", ...), ... end return loop(n - 1, n, ...) end print(loop(5))
local function count(n) if n == 0 then return "done" end return count(n - 1) end print(count(10000))
return print("tail")
---- places behind functions that have gone by a tail call
for level = 1, 4 do
  local function h() error("h", level) end
  local function g() return h() end
  print(level, pcall(function(...)
    print(level, pcall(function() return (function(...) error("e", level) end)(1) end))
    print(level, pcall(function() return g() end))
    print(level, pcall(function() local x = g() return x end))
  end, 1, 2))
end
---- the table arg of functions with ... that they do not use
local function f(...) return arg.n, arg[1], arg[2], arg[3] end print(f(1, nil, 3)) print(f()) local function g(a, ...) return a, arg.n, arg[1] end print(g(1, 2, 3)) print(g())
print((function(...) local x = ... return arg end)(1), (function(...) return function() return arg.n end end)(1, 2)(), (function(...) local function inner(...) return ... end return inner(5), arg.n end)(1, 2))
print(type((function(arg, ...) return arg end)(5)), (function(...) arg = 5 return arg end)(1), (function(...) local arg = arg return arg.n end)(1, 2), (function(...) return unpack(arg, 1, arg.n) end)(1, nil, 3))
print((function(...) if false then return ... end return arg end)(1), (function(...) local x = nil and ... return arg end)(1), (function(...) while false do print(...) end return arg end)(1), (function(...) local x = 1 or {...} return arg end)(1))
print((function(...) if nil then return function(...) return ... end end return arg.n end)(1), (function(...) if nil then return 1 end return arg.n end)(1, 2), pcall(function(...) if true then return arg.n else return ... end end, 1))
