-- Tells when a listed gateway does not answer any more, and when it does again.
--
-- The kernel asks a silent neighbor for some seconds before it says "failed", and
-- finds many at the next packet. So a failure counts only if it lasts for a hold
-- time. The MAC is told as well: another one means that another machine took over.
--
-- Constants (in [inputs.rtnetlink.lua.constants]) and their defaults:
--   gateways = [...]      addresses to watch, such as ["192.0.2.1", "fe80::1"];
--                         there is no default
--   hold = 2              seconds until a failure counts
--
-- Metric:
--   gateway_neighbor
--     tags: gateway, interface, netns (where namespaces are configured)
--     fields: reachable (integer, 0 or 1), state, lladdr, down_s (float; when it
--       answers again: seconds without)
--
-- Example Input:
--   rtnetlink_neighbor,action=new,family=inet,interface=eth0,origin=notify ifindex=3i,dst="192.0.2.1",state="failed",state_code=32i,probes=6i
--   rtnetlink_neighbor,action=change,family=inet,interface=eth0,origin=notify ifindex=3i,dst="192.0.2.1",lladdr="02:00:00:00:00:fd",state="reachable",state_code=2i,probes=6i,changed="lladdr,state,state_code",previous_state="failed",previous_state_code=32i
--
-- Example Output:
--   gateway_neighbor,gateway=192.0.2.1,interface=eth0 reachable=0i,state="failed"
--   gateway_neighbor,gateway=192.0.2.1,interface=eth0 reachable=1i,state="reachable",lladdr="02:00:00:00:00:fd",down_s=4.002

local nl = require "rtnetlink"

local hold = config.hold or 2
local gateways = {}
for i, address in ipairs(config.gateways or error("the constant gateways is missing: list the addresses to watch")) do
  gateways[i] = assert(nl.ip.parse(address)) -- as events spell it
end

local gateway_neighbor = nl.metric("gateway_neighbor", {"gateway", "interface", "netns"},
  {"reachable:int", "state:string", "lladdr:string", "down_s:float"})

-- By "gateway interface netns": since when it fails, and whether that was told.
local failed_since = nl.state("failed_since", {max = 1000})
local told = nl.state("told", {max = 1000})

-- Tells of the failures that have lasted.
local function look()
  local now = nl.now()
  for key, since in failed_since:each() do
    if now - since > hold - 0.01 and not told:swap(key, true) then
      local gateway, interface, netns = key:match("^(%S+) (%S+) (.*)$")
      gateway_neighbor(gateway, interface, netns, 0, "failed")
      nl.log.error("gateway %s on %s does not answer", gateway, interface)
    end
  end
end

local watched = {action = {"new", "change"}, family = {"inet", "inet6"}, dst = gateways}

nl.on("neighbor", watched, function(ev)
  local key = ev.dst .. " " .. ev.interface .. " " .. ev.netns
  if ev.state == "failed" then
    if failed_since:get(key) then return end
    failed_since:set(key, ev.time)
    nl.after(hold, look)
  elseif ev.lladdr then
    local since = failed_since:del(key)
    if not told:del(key) then return end
    local down = math.floor((ev.time - since) * 1000 + 0.5) / 1000
    gateway_neighbor(ev.dst, ev.interface, ev.netns, 1, ev.state, ev.lladdr, down)
    nl.log.info("gateway %s on %s answers again, as %s", ev.dst, ev.interface, ev.lladdr)
  end
end)

nl.on("reload", function() nl.after(hold, look) end) -- timers end with a reload, states do not
