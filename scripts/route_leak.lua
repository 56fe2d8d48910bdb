-- Tells of routes that should not have been learned: leaks.
--
-- Checked is every new or changed route of the listed protocols, and at the start
-- all of them. A leak is a
-- default route, unless allowed, a prefix outside of those that are allowed, and
-- one that is longer than a peer may announce. Routes that discard packets are
-- told of whoever adds them, since traffic vanishes without an error.
--
-- Constants (in [inputs.rtnetlink.lua.constants]) and their defaults:
--   protocols = ["bgp", "bird", "zebra", "ospf", "isis"]   what learns routes
--   allowed = []          prefixes that may be learned; with [] any
--   allow_default = false whether a default route may be learned
--   longest = 24          for IPv4
--   longest_inet6 = 48    for IPv6
--   per_minute = 20       metrics and log lines of one reason at most; what is
--                         over it is only counted
--
-- Metrics:
--   route_leak
--     tags: reason (default, not allowed, too long, discarded), table, protocol,
--       netns (where namespaces are configured)
--     fields: dst, gateway, interface, type
--   route_leaks, at Telegraf's interval, for all of them in it
--     tags: reason
--     fields: count (integer)
--   The event of the route itself gets the tag leak.
--
-- Example Input:
--   rtnetlink_route,action=new,family=inet,interface=eth0,origin=notify,protocol=bgp,table=main,type=unicast dst="198.51.100.0/24",ifindex=3i,gateway="192.0.2.1",scope="global",nexthop_count=1i
--   rtnetlink_route,action=new,family=inet,interface=eth0,origin=notify,protocol=bgp,table=main,type=unicast dst="10.20.0.0/16",ifindex=3i,gateway="192.0.2.1",scope="global",nexthop_count=1i
--   rtnetlink_route,action=new,family=inet,origin=notify,protocol=static,table=main,type=blackhole dst="203.0.113.0/24",scope="global"
--
-- Example Output:
--   route_leak,protocol=bgp,reason=not\ allowed,table=main dst="10.20.0.0/16",gateway="192.0.2.1",interface="eth0",type="unicast"
--   rtnetlink_route,action=new,family=inet,interface=eth0,leak=not\ allowed,origin=notify,protocol=bgp,table=main,type=unicast dst="10.20.0.0/16",ifindex=3i,gateway="192.0.2.1",scope="global",nexthop_count=1i
--   rtnetlink_route,action=new,family=inet,interface=eth0,leak=too\ long,origin=notify,protocol=bgp,table=main,type=unicast dst="198.51.100.64/28",ifindex=3i,gateway="192.0.2.1",scope="global",nexthop_count=1i
--   route_leak,protocol=static,reason=discarded,table=main dst="203.0.113.0/24",type="blackhole"
--   route_leaks,reason=not\ allowed count=1i

local nl = require "rtnetlink"

local protocols = config.protocols or {"bgp", "bird", "zebra", "ospf", "isis"}
local allowed = config.allowed and #config.allowed > 0 and nl.ip.set(config.allowed)
local longest = {inet = config.longest or 24, inet6 = config.longest_inet6 or 48}
local per_minute = config.per_minute or 20

local leak = nl.metric("route_leak", {"reason", "table", "protocol", "netns"},
  {"dst:string", "gateway:string", "interface:string", "type:string"})
local leaks = nl.counter("route_leaks", {"reason"}, {per_interval = true})
local recent = nl.state("recent", {max = 10, ttl = 60})

-- Says what is wrong with a learned route, nil if nothing is.
local function wrong(dst, family)
  if dst == "default" then
    return not config.allow_default and "default" or nil
  end
  local _, bits = nl.ip.parse(dst)
  if allowed and not allowed:find(dst) then return "not allowed" end
  if bits > longest[family] then return "too long" end
end

-- Counts a leak and reports whether to tell of it.
local function worth_telling(reason)
  leaks:inc(1, reason)
  return recent:hits(reason, 60) <= per_minute
end

nl.on("route", {action = {"new", "change"}, protocol = protocols, type = "unicast"}, function(ev)
  local reason = wrong(ev.dst, ev.family)
  if not reason then return end
  ev:tag("leak", reason)
  if not worth_telling(reason) then return end
  leak(reason, ev.table, ev.protocol, ev.netns, ev.dst, ev.gateway, ev.interface, ev.type)
  nl.log.warn("%s learned the route %s via %s in table %s: %s", ev.protocol, ev.dst, ev.gateway or "-", ev.table, reason)
end)

nl.on("route", {action = {"new", "change"}, origin = "!dump", type = {"blackhole", "unreachable", "prohibit"}}, function(ev)
  ev:tag("leak", "discarded")
  if not worth_telling("discarded") then return end
  leak("discarded", ev.table, ev.protocol, ev.netns, ev.dst, ev.gateway, ev.interface, ev.type)
  nl.log.warn("%s discards what goes to %s in table %s: %s", ev.protocol, ev.dst, ev.table, ev.type)
end)
