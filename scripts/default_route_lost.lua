-- Tells when the last default route of a family is gone, and when one is back.
--
-- Daemons that replace a route often delete the old one first. So a loss counts
-- only if there is no default route for a hold time. Then a metric is sent, an
-- error is logged and a command is run, if one is set.
--
-- Option, for a command:
--   allow_exec = ["/usr/bin/logger"]    the program that `command` names
--
-- Constants (in [inputs.rtnetlink.lua.constants]) and their defaults:
--   hold = 3              seconds until a loss counts
--   table = "main"        the routing table to watch
--   command = []          program and arguments, such as
--                         ["/usr/bin/logger", "-p", "daemon.alert", "no default route:"];
--                         the family is added as the last one
--   min_interval = 300    seconds between two runs for one family
--
-- Metric:
--   default_route
--     tags: family, table, netns (where namespaces are configured)
--     fields: present (integer, 0 or 1), interface and gateway (of the route that
--       was lost or came back), absent_s (float; when it is back: seconds without)
--
-- Example Input:
--   rtnetlink_route,action=delete,family=inet,interface=eth0,origin=implied,protocol=static,table=main,type=unicast dst="default",ifindex=3i,gateway="192.0.2.254",scope="global",nexthop_count=1i
--   rtnetlink_route,action=new,family=inet,interface=eth0,origin=notify,protocol=static,table=main,type=unicast dst="default",ifindex=3i,gateway="192.0.2.1",scope="global",nexthop_count=1i
--
-- Example Output:
--   default_route,family=inet,table=main present=0i,interface="eth0",gateway="192.0.2.254"
--   # exec: /usr/bin/logger -p daemon.alert "no default route:" inet
--   default_route,family=inet,table=main present=1i,interface="eth0",gateway="192.0.2.1",absent_s=4.203

local nl = require "rtnetlink"

local hold = config.hold or 3
local watched = config.table or "main"
local command = config.command or {}
local exec = nl.exec -- by another name, so that allow_exec is wanted where there is a command only

local default_route = nl.metric("default_route", {"family", "table", "netns"},
  {"present:int", "interface:string", "gateway:string", "absent_s:float"})

-- By "family netns": since when there is none, what the last one was via, and
-- whether that was told.
local lost_since = nl.state("lost_since", {max = 1000})
local last_via = nl.state("last_via", {max = 1000})
local told = nl.state("told", {max = 1000})

local any_address = {inet = "0.0.0.0", inet6 = "::"}

-- No prefix but the default's holds the address that is all zeros.
local function is_there(family)
  local route = nl.lookup(any_address[family], watched)
  return route and route.dst == "default" and route.type == "unicast"
end

local function run_command(family, key)
  if #command == 0 then return end
  local call = {key = key, min_interval = config.min_interval or 300, timeout = 10}
  for i, word in ipairs(command) do call[i] = word end
  call[#call + 1] = family
  exec(call)
end

-- Tells of the losses that have lasted.
local function look()
  local now = nl.now()
  for key, since in lost_since:each() do
    if now - since > hold - 0.01 and not told:swap(key, true) then
      local family, netns = key:match("^(%S+) (.*)$")
      local interface, gateway = (last_via:get(key) or "- -"):match("^(%S+) (%S+)$")
      default_route(family, watched, netns, 0, interface, gateway)
      nl.log.error("no %s default route in table %s any more, the last one was via %s dev %s", family, watched, gateway, interface)
      run_command(family, key)
    end
  end
end

nl.on("route", {action = {"change", "delete"}, dst = "default", table = watched}, function(ev)
  local key = ev.family .. " " .. ev.netns
  if lost_since:get(key) or is_there(ev.family) then return end
  lost_since:set(key, ev.time)
  last_via:set(key, (ev.interface or "-") .. " " .. (ev.gateway or "-"))
  nl.after(hold, look)
end)

nl.on("route", {action = {"new", "change"}, dst = "default", type = "unicast", table = watched}, function(ev)
  local key = ev.family .. " " .. ev.netns
  local since = lost_since:del(key)
  if not told:del(key) then return end
  local absent = math.floor((ev.time - since) * 1000 + 0.5) / 1000
  default_route(ev.family, watched, ev.netns, 1, ev.interface, ev.gateway, absent)
  nl.log.info("an %s default route is back after %.1f s, via %s dev %s", ev.family, absent, ev.gateway or "-", ev.interface or "-")
end)

nl.on("reload", function() nl.after(hold, look) end) -- timers end with a reload, states do not
