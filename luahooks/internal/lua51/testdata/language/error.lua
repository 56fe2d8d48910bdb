---- values
print(pcall(error, "x")) print(pcall(error, {1} and 5)) print(pcall(error)) print(pcall(error, nil)) print(select("#", pcall(error)))
print(pcall(function() error("m") end)) print(pcall(function() error("m", 0) end)) print(pcall(function() error("m", 2) end))
print(pcall(function() error(setmetatable({}, {__tostring = function() return "obj" end})) end))
print(pcall(function() error(true) end)) print(pcall(function() error(12) end)) print(pcall(function() assert(false) end)) print(pcall(function() assert(nil, "msg") end))
print(pcall(assert, false, "msg")) print(pcall(assert)) print(assert(1, 2, 3)) print(pcall(assert, false, {}))
---- levels
local function f() error("deep", 2) end
local function g() f() end
print(pcall(g)) print(pcall(f)) local function h() error("deeper", 3) end local function i() h() end local function j() i() end print(pcall(j))
---- names
local t, u = {}, nil
print(pcall(function() return u.x end)) print(pcall(function() return nope.x end)) print(pcall(function() return t.a.b end)) print(pcall(function() return t[1].b end))
print(pcall(function() local l l.x = 1 end)) print(pcall(function() t.a.b = 1 end)) print(pcall(function() nope.x = 1 end)) print(pcall(function() return ("x").y.z end))
print(pcall(function() u() end)) print(pcall(function() nope() end)) print(pcall(function() t.a() end)) print(pcall(function() t:m() end)) print(pcall(function() local l = 5 l() end)) print(pcall(function() t[1]() end)) print(pcall(function() ("x"):nope() end)) print(pcall(function() (nil)() end)) print(pcall(function() t() end)) print(pcall(function() u:m() end))
---- arithmetic
local t, u, s = {}, nil, "abc"
print(pcall(function() return u + 1 end)) print(pcall(function() return 1 + u end)) print(pcall(function() return t.x * 2 end)) print(pcall(function() return nope - 1 end)) print(pcall(function() return s / 2 end)) print(pcall(function() return 2 ^ s end)) print(pcall(function() return -t end)) print(pcall(function() return -s end)) print(pcall(function() return -u end)) print(pcall(function() return t % 2 end)) print(pcall(function() return 2 % u end)) print(pcall(function() return {} + {} end)) print(pcall(function() return t + s end)) print(pcall(function() return s + t end)) print(pcall(function() return true + 1 end)) print(pcall(function() return "a" + 1 end))
---- concatenation and length
local t, u = {}, nil
print(pcall(function() return "a" .. u end)) print(pcall(function() return u .. "a" end)) print(pcall(function() return t.x .. "a" end)) print(pcall(function() return "a" .. "b" .. nope .. "c" end)) print(pcall(function() return 1 .. {} end)) print(pcall(function() return t .. u end)) print(pcall(function() return "a" .. true end))
print(pcall(function() return #u end)) print(pcall(function() return #5 end)) print(pcall(function() return #nope end)) print(pcall(function() return #t.x end))
---- comparison
print(pcall(function() return 1 < "2" end)) print(pcall(function() return {} < {} end)) print(pcall(function() return nil < 1 end)) print(pcall(function() return {} <= 1 end)) print(pcall(function() return "a" >= 1 end)) print(pcall(function() return print < print end)) print(pcall(function() return true < false end)) print(pcall(function() return nil > nil end))
---- table keys
local t = {} print(pcall(function() t[nil] = 1 end)) print(pcall(function() t[0/0] = 1 end)) print(t[nil], t[0/0]) print(pcall(rawset, t, nil, 1)) print(pcall(next, {}, "nokey" and nil))
---- arguments
print(pcall(string.rep)) print(pcall(string.rep, "x")) print(pcall(string.rep, {}, 1)) print(pcall(function() string.rep("x", {}) end)) print(pcall(function() ("x"):rep({}) end)) print(pcall(function() string.sub() end)) print(pcall(function() table.insert(1, 2) end)) print(pcall(function() table.insert({}, 1, 2, 3) end)) print(pcall(function() table.concat({{}}) end)) print(pcall(function() ipairs() end)) print(pcall(function() setmetatable(1, {}) end)) print(pcall(function() setmetatable({}, 1) end)) print(pcall(function() tonumber() end)) print(pcall(function() tostring() end)) print(pcall(function() type() end)) print(pcall(function() math.floor("x") end)) print(pcall(function() math.max() end)) print(pcall(function() select(0) end)) print(pcall(function() unpack() end)) print(pcall(function() pcall() end)) print(pcall(function() xpcall() end)) print(pcall(function() local s = "x" s.rep() end)) print(pcall(function() string.char(256) end)) print(pcall(function() string.char("x") end)) print(pcall(function() return ("x"):bad() end)) print(pcall(function() tonumber("1", 99) end)) print(pcall(function() ("x").rep("y", "z") end)) print(pcall(function() string.format("%d", "x") end)) print(pcall(function() string.format("%d") end)) print(pcall(function() string.format("%y", 1) end)) print(pcall(function() string.gsub("x", "x", true) end)) print(pcall(function() table.sort({1, "x"}) end)) print(pcall(function() table.sort({3, 2, 1}, function() return true end) end)) print(pcall(function() math.random(0) end)) print(pcall(function() math.random(2, 1) end)) print(pcall(function() getmetatable() end)) print(pcall(function() rawget(1, 2) end)) print(pcall(function() next(5) end))
---- protected metatable
local t = setmetatable({}, {__metatable = "locked"}) print(getmetatable(t)) print(pcall(setmetatable, t, {}))
---- xpcall
print(xpcall(function() error("x") end, function(e) return "handled " .. e end)) print(xpcall(function() return 1, 2 end, print)) print(xpcall(function() error({5}) end, function(e) return e[1] end))
print(xpcall(function() local x = nil; return x.y end, function(e) return e .. "!" end)) print(xpcall(error, function(e) return e == nil end)) print(xpcall(function() xpcall(function() error("in") end, function(e) print("inner", e) end) error("out") end, function(e) return "outer " .. e end))
---- nested
print(pcall(pcall, error, "x")) print(pcall(function() return pcall(function() error("in") end) end)) print(pcall(function() pcall(error) error("after") end))
local ok, e = pcall(function() local ok, e = pcall(error, "a") error(e .. "b", 0) end) print(ok, e)
---- positions of lines
local ok, e = pcall(function()
  local x = 1

  local y = x.
    z.
    w
end) print(e)
print(pcall(function()
  local t = {
    1,
    nil + 1,
  }
end))
print(pcall(function() local a = 1
  local b = a ..
    nope end))
---- uncaught
local t = nil
print(t.x)
---- uncaught value
error("with position")
