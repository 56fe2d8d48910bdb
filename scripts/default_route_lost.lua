-- Reports when the last default route of a family is gone, and when one is back.
--
-- Daemons that replace a route often delete the old one first. So a loss counts
-- only if there is still no default route after a hold time. Then a metric is
-- sent, an error is logged and a command is run.
--
-- Option:
--   allow_exec = ["/usr/bin/logger"]    the program that `command` names
--
-- Constants (in [inputs.rtnetlink.lua.constants]) and their defaults:
--   hold = 3              seconds until a loss counts
--   table = "main"        the routing table to watch
--   command = ["/usr/bin/logger", "-p", "daemon.alert", "no default route:"]
--                         program and arguments; the family is added as the last
--                         one. With [] nothing is run.
--   min_interval = 300    seconds between two runs for one family
--
-- Metric:
--   default_route
--     tags: family, table, netns (where namespaces are configured)
--     fields: present (integer, 0 or 1), interface and gateway (of the route that
--       was lost or came back), absent_s (float; when it is back: seconds without)
--
-- Example Input:
-- Example Output:

local nl = require "rtnetlink"

local hold = config.hold or 3
local watched = config.table or "main"
local command = config.command or {"/usr/bin/logger", "-p", "daemon.alert", "no default route:"}

local default_route = nl.metric("default_route", {"family", "table", "netns"},
  {"present:int", "interface:string", "gateway:string", "absent_s:float"})

-- Keys are "family netns". What waits is forgotten with its timer, should the
-- script be reloaded meanwhile.
local waiting = nl.state("waiting", {max = 1000, ttl = hold + 1})
local gone_since = nl.state("gone_since", {max = 1000})

local function run_command(family, key)
  if #command == 0 then return end
  local call = {key = key, min_interval = config.min_interval or 300, timeout = 10}
  for i, word in ipairs(command) do call[i] = word end
  call[#call + 1] = family
  nl.exec(call)
end

local function any_left(family, netns)
  local filter = {dst = "default", type = "unicast", table = watched, family = family, netns = netns, limit = 1}
  return nl.count("route", filter) > 0
end

nl.on("route", {action = {"change", "delete"}, dst = "default", table = watched}, function(ev)
  local family, netns, since = ev.family, ev.netns, ev.time
  local interface, gateway = ev.interface, ev.gateway
  local key = family .. " " .. netns
  if gone_since:get(key) or waiting:swap(key, true) then return end

  nl.after(hold, function()
    waiting:del(key)
    if any_left(family, netns) then return end
    gone_since:set(key, since)
    default_route(family, watched, netns, 0, interface, gateway)
    nl.log.error("no %s default route in table %s any more, the last one was via %s dev %s",
      family, watched, gateway or "-", interface or "-")
    run_command(family, key)
  end)
end)

nl.on("route", {action = {"new", "change"}, dst = "default", type = "unicast", table = watched}, function(ev)
  local since = gone_since:del(ev.family .. " " .. ev.netns)
  if not since then return end
  local absent = ev.time - since
  default_route(ev.family, watched, ev.netns, 1, ev.interface, ev.gateway, absent)
  nl.log.info("an %s default route is back after %.1f s, via %s dev %s",
    ev.family, absent, ev.gateway or "-", ev.interface or "-")
end)
