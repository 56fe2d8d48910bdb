-- Dampens flapping links as RFC 2439 dampens routes.
--
-- Each loss of carrier adds to a penalty, which halves every `half_life` seconds.
-- Above `suppress`, changes of the link's carrier and state are dropped; once the
-- penalty is below `reuse` they are sent again, after a summary. Losses that no
-- message showed count too: the kernel's counters tell. What an administrator
-- changes, and the deletion of a link, are always sent.
--
-- Constants (in [inputs.rtnetlink.lua.constants]) and their defaults:
--   interfaces = ["*"]    the links to dampen
--   penalty = 1000        for one loss of carrier
--   suppress = 2500       above this, changes are dropped
--   reuse = 750           below this, they are sent again
--   half_life = 60        seconds
--   max_suppress = 600    seconds for which a link stays suppressed at most,
--                         once it no longer flaps
--
-- Metric:
--   link_dampening, when the suppression of a link begins and ends
--     tags: interface, netns (where namespaces are configured)
--     fields: suppressed (integer, 1 or 0), penalty (integer), and at the end
--       flaps (integer, while suppressed), suppressed_s (float), operstate
--
-- Example Input:
--   rtnetlink_link,action=change,interface=eth0,kind=veth,origin=notify ifindex=3i,link_type="ether",mtu=1500i,operstate="lowerlayerdown",operstate_code=3i,up=true,carrier=false,flags="NO-CARRIER,BROADCAST,MULTICAST,UP",address="02:00:00:00:00:01",broadcast="ff:ff:ff:ff:ff:ff",link="sw0",qdisc="noqueue",txqlen=1000i,group="default",num_tx_queues=2i,num_rx_queues=2i,promiscuity=0i,allmulti=0i,min_mtu=68i,max_mtu=65535i,linkmode="default",gso_max_size=65536i,gso_max_segs=65535i,tso_max_size=524280i,tso_max_segs=65535i,gro_max_size=65536i,gso_ipv4_max_size=65536i,gro_ipv4_max_size=65536i,carrier_changes=3i,carrier_up_count=1i,carrier_down_count=2i,changed="operstate,operstate_code,carrier,flags,carrier_changes,carrier_down_count",previous_operstate="up",previous_operstate_code=6i,previous_carrier=true,previous_flags="BROADCAST,MULTICAST,UP,LOWER_UP",previous_carrier_changes=2i,previous_carrier_down_count=1i
--
-- Example Output:
--   link_dampening,interface=eth0 suppressed=1i,penalty=2625i
--   # drop: link change notify interface=eth0
--   link_dampening,interface=eth0 suppressed=0i,penalty=626i,flaps=1i,suppressed_s=5.182,operstate="up"

local nl = require "rtnetlink"

local cost = config.penalty or 1000
local suppress = config.suppress or 2500
local reuse = config.reuse or 750
local half_life = config.half_life or 60
-- From this ceiling the penalty takes max_suppress to fall to reuse (RFC 2439, 4.2).
local ceiling = reuse * 2 ^ ((config.max_suppress or 600) / half_life)

local dampening = nl.metric("link_dampening", {"interface", "netns"},
  {"suppressed:int", "penalty:int", "flaps:int", "suppressed_s:float", "operstate:string"})

-- By "interface netns": the penalty and when it was so high, and of a suppressed
-- link since when it is and how many flaps there were.
local penalty = nl.state("penalty", {max = 5000})
local as_of = nl.state("as_of", {max = 5000})
local since = nl.state("since", {max = 5000})
local flaps = nl.state("flaps", {max = 5000})

local function decayed(key, now)
  local p, time = penalty:get(key), as_of:get(key)
  return p and time and p * 0.5 ^ ((now - time) / half_life) or 0
end

local function forget(key)
  penalty:del(key)
  as_of:del(key)
  since:del(key)
  flaps:del(key)
end

local function operstate(interface, netns)
  for link in nl.links{interface = interface, netns = netns, limit = 1} do return link.operstate end
end

-- Adds to the penalty of a link, which may suppress it.
local function punish(interface, netns, losses)
  local key, now = interface .. " " .. netns, nl.monotonic()
  local p = math.min(decayed(key, now) + losses * cost, ceiling)
  penalty:set(key, p)
  as_of:set(key, now)
  if since:get(key) then
    flaps:incr(key, losses)
  elseif p > suppress then
    since:set(key, now)
    flaps:set(key, 0)
    dampening(interface, netns, 1, p)
    nl.log.warn("%s flaps: its changes are left out for now", interface)
  end
end

-- Changes of nothing but the carrier and what follows from it.
local watched = {action = "change", interface = config.interfaces or "*",
  changed = {"carrier", "operstate", "carrier_down_count", "!up", "!interface", "!address", "!mtu", "!master", "!altnames"}}

nl.on("link", watched, function(ev)
  local key = ev.interface .. " " .. ev.netns
  local was_suppressed = since:get(key)
  if ev.changed.carrier_down_count then
    local losses = ev.carrier_down_count - ev.old.carrier_down_count
    if losses > 0 then punish(ev.interface, ev.netns, losses) end
  end
  if was_suppressed then return false end
end)

nl.on("link", {action = "delete"}, function(ev) forget(ev.interface .. " " .. ev.netns) end)

nl.every(1, function()
  local now = nl.monotonic()
  for key, p in penalty:each() do
    local left = decayed(key, now)
    local began = since:get(key)
    if left < reuse and began then
      local interface, netns = key:match("^(%S+) (.*)$")
      local lasted = math.floor((now - began) * 1000 + 0.5) / 1000
      local n = flaps:get(key) or 0
      dampening(interface, netns, 0, left, n, lasted, operstate(interface, netns))
      nl.log.info("%s is stable again; while it was left out, in %.0f s, it flapped %d times", interface, lasted, n)
      since:del(key)
      flaps:del(key)
    end
    if left < cost / 100 then forget(key) end
  end
end)
