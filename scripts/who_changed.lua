-- Tells of changes by programs that are not on a list: by whom a route was removed.
--
-- The kernel tells who asked for a change of an address, route, neighbor, rule or
-- nexthop object: the netlink port id of the program's socket, which is mostly its
-- process id. The program's name is there where it is certain. A program that ended
-- at once may have none: it is told of as "unknown". What the kernel does by itself
-- has no port id and is no change by a program.
--
-- Constants (in [inputs.rtnetlink.lua.constants]) and their defaults:
--   programs = ["systemd-network", "NetworkManager", "dhclient", "dhcpcd", "bird",
--     "zebra", "bgpd", "ospfd", "staticd", "keepalived", "frr*"]   who may, by name,
--                         of which the kernel keeps 15 characters
--   objects = ["address", "route", "rule", "nexthop"]   what is watched; neighbor
--                         is there as well
--   unknown = true        whether to tell of programs whose name is not known
--   per_minute = 20       metrics and log lines of one program at most; what is
--                         over it is only counted
--
-- Metrics:
--   who_changed
--     tags: object, action, process, netns (where namespaces are configured)
--     fields: portid (integer), what (in words), key (of the object)
--   who_changes, at Telegraf's interval, for all of them in it
--     tags: process, object, action
--     fields: count (integer)
--   The event of the object itself gets the tag who.
--
-- Example Input:
--   rtnetlink_route,action=delete,family=inet,interface=eth0,origin=notify,protocol=static,table=main,type=unicast dst="198.51.100.0/24",ifindex=3i,gateway="192.0.2.1",scope="global",nexthop_count=1i
--   rtnetlink_rule,action=new,family=inet,origin=notify,table=main,type=unicast priority=50i,src="10.0.0.0/8",protocol="unspec"
--
-- Example Output:
--   who_changed,action=delete,object=route,process=wild-script portid=32018i,what="198.51.100.0/24 table main via 192.0.2.1 dev eth0"
--   rtnetlink_route,action=delete,family=inet,interface=eth0,origin=notify,protocol=static,table=main,type=unicast,who=wild-script dst="198.51.100.0/24",ifindex=3i,gateway="192.0.2.1",scope="global",nexthop_count=1i
--   who_changed,action=new,object=rule,process=unknown portid=32008i,what="50: from 10.0.0.0/8 to all table main"
--   who_changes,action=delete,object=route,process=wild-script count=1i

local nl = require "rtnetlink"

local programs = config.programs or {"systemd-network", "NetworkManager", "dhclient", "dhcpcd", "bird", "zebra", "bgpd",
  "ospfd", "staticd", "keepalived", "frr*"}
local tell_unknown = config.unknown ~= false
local per_minute = config.per_minute or 20

-- What has no name is not on the list either.
local others = {portid = true, process = {}}
for i, name in ipairs(programs) do others.process[i] = "!" .. name end
if #programs == 0 then others.process = nil end

local known = {address = true, route = true, rule = true, nexthop = true, neighbor = true}
local watched = {}
for _, object in ipairs(config.objects or {"address", "route", "rule", "nexthop"}) do
  if not known[object] then error("objects: there is no " .. object .. "; there are address, route, rule, nexthop, neighbor") end
  watched[object] = true
end

local changed = nl.metric("who_changed", {"object", "action", "process", "netns"}, {"portid:int", "what:string", "key:string"})
local changes = nl.counter("who_changes", {"process", "object", "action"}, {per_interval = true})
local recent = nl.state("recent", {max = 1000, ttl = 60})

-- Counts and tells of a change. Returns by whom it was, or nil where that is not to
-- be told of.
local function tell(object, action, process, portid, netns, key, what)
  if not process then
    if not tell_unknown then return end
    process = "unknown"
  end
  changes:inc(1, process, object, action)
  if recent:hits(process, 60) <= per_minute then
    changed(object, action, process, netns, portid, what, key)
    nl.log.warn("%s (port id %d): %s %s %s", process, portid, action, object, what)
  end
  return process
end

if watched.address then
  nl.on("address", others, function(ev)
    local what = ev["local"] .. "/" .. ev.prefixlen .. " dev " .. ev.interface
    ev:tag("who", tell("address", ev.action, ev.process, ev.portid, ev.netns, ev.key, what))
  end)
end

if watched.route then
  nl.on("route", others, function(ev)
    local what = ev.dst .. " table " .. ev.table
    if ev.gateway then what = what .. " via " .. ev.gateway end
    if ev.interface then what = what .. " dev " .. ev.interface end
    ev:tag("who", tell("route", ev.action, ev.process, ev.portid, ev.netns, ev.key, what))
  end)
end

if watched.rule then
  nl.on("rule", others, function(ev)
    local what = (ev.priority or 0) .. ": from " .. (ev.src or "all") .. " to " .. (ev.dst or "all") .. " table " .. (ev.table or "-")
    ev:tag("who", tell("rule", ev.action, ev.process, ev.portid, ev.netns, ev.key, what))
  end)
end

if watched.nexthop then
  nl.on("nexthop", others, function(ev)
    ev:tag("who", tell("nexthop", ev.action, ev.process, ev.portid, ev.netns, ev.key, "id " .. ev.id))
  end)
end

if watched.neighbor then
  nl.on("neighbor", others, function(ev)
    local what = (ev.dst or ev.lladdr or "-") .. " dev " .. ev.interface
    ev:tag("who", tell("neighbor", ev.action, ev.process, ev.portid, ev.netns, ev.key, what))
  end)
end
