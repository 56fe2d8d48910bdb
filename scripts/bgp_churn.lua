-- Counts the changes of learned routes instead of sending each, and tells of storms.
--
-- A router with full BGP tables changes many routes a second. Their events are
-- dropped here and counted natively, which costs next to nothing; changes of
-- default routes are sent as ever. How many routes there are is in the plugin's
-- own rtnetlink_routes. The first enumeration is dropped without being counted.
--
-- Constants (in [inputs.rtnetlink.lua.constants]) and their defaults:
--   protocols = ["bgp", "bird", "zebra"]   whose routes
--   storm = 1000          changes per second at which a storm begins
--   calm = 5              seconds below it after which the storm is over
--
-- Metrics:
--   bgp_churn, at Telegraf's interval, for what changed in it
--     tags: protocol, table, action (new, change, delete)
--     fields: count (integer)
--   bgp_storm, when one begins and when it is over
--     fields: active (integer, 1 or 0), routes (integer: changes so far), peak
--       (integer, per second), duration_s (float)
--
-- Example Input:
--   rtnetlink_route,action=new,family=inet,interface=eth0,origin=notify,protocol=bgp,table=main,type=unicast dst="198.51.101.0/24",ifindex=3i,gateway="192.0.2.1",scope="global",nexthop_count=1i
--   rtnetlink_route,action=change,family=inet,interface=eth0,origin=notify,protocol=bgp,table=main,type=unicast dst="default",ifindex=3i,gateway="192.0.2.9",scope="global",nexthop_count=1i,changed="gateway",previous_gateway="192.0.2.1"
--   rtnetlink_route,action=delete,family=inet,interface=eth0,origin=notify,protocol=bgp,table=main,type=unicast dst="198.51.101.0/24",ifindex=3i,gateway="192.0.2.1",scope="global",nexthop_count=1i
--
-- Example Output:
--   # drop: route new notify dst=198.51.101.0/24 table=main gateway=192.0.2.1 interface=eth0
--   rtnetlink_route,action=change,family=inet,interface=eth0,origin=notify,protocol=bgp,table=main,type=unicast dst="default",ifindex=3i,gateway="192.0.2.9",scope="global",nexthop_count=1i,changed="gateway",previous_gateway="192.0.2.1"
--   # drop: route delete notify dst=198.51.101.0/24 table=main gateway=192.0.2.1 interface=eth0
--   bgp_storm active=1i,routes=60i,peak=60i,duration_s=0
--   bgp_storm active=0i,routes=60i,peak=60i,duration_s=2
--   bgp_churn,action=new,protocol=bgp,table=main count=61i
--   bgp_churn,action=change,protocol=bgp,table=main count=1i
--   bgp_churn,action=delete,protocol=bgp,table=main count=1i

local nl = require "rtnetlink"

local protocols = config.protocols or {"bgp", "bird", "zebra"}
local storm_rate = config.storm or 1000
local calm = config.calm or 5

local churn = nl.counter("bgp_churn", {"protocol", "table", "action"}, {per_interval = true})
local storm = nl.metric("bgp_storm", {}, {"active:int", "routes:int", "peak:int", "duration_s:float"})

local this_second = 0

nl.on("route", {protocol = protocols, dst = "!default", origin = "dump"}, nl.DROP)

nl.on("route", {protocol = protocols, dst = "!default"}, {
  churn:by("protocol", "table", "action"),
  function() this_second = this_second + 1 end,
  nl.DROP,
})

local began, routes, peak, quiet

local function begin(rate)
  began, routes, peak, quiet = nl.monotonic(), 0, 0, 0
  storm(1, rate, rate, 0)
  nl.log.warn("%d learned routes changed within a second", rate)
end

local function finish()
  local duration = nl.monotonic() - began
  storm(0, routes, peak, duration)
  nl.log.info("quiet again: %d learned routes changed in %.0f s, up to %d per second", routes, duration, peak)
  began = nil
end

nl.every(1, function()
  local rate = this_second
  this_second = 0
  if not began then
    if rate < storm_rate then return end
    begin(rate)
  end
  routes, peak = routes + rate, math.max(peak, rate)
  quiet = rate < storm_rate and quiet + 1 or 0
  if quiet >= calm then finish() end
end)
