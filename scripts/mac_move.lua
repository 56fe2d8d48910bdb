-- Tells when an address moves to another MAC, or a MAC to another port of a bridge.
--
-- One move is a failover or a new machine. Several within the window are two
-- machines with the same address, or a loop in a bridged network; then `duplicate`
-- is true and a warning is logged. Own IPv6 addresses that another machine already
-- has, as duplicate address detection found, are told of as well.
--
-- Constants (in [inputs.rtnetlink.lua.constants]) and their defaults:
--   window = 300          seconds in which moves are counted
--   limit = 3             moves in it that make a duplicate
--   addresses = 20000     neighbors whose MAC is remembered
--   remember = 86400      seconds for which it is
--
-- Metric:
--   mac_move
--     tags: kind (neighbor, bridge, own), interface, family, netns (where
--       namespaces are configured)
--     fields: address (the IP address; of kind bridge the MAC), from and to (MACs;
--       of kind bridge the ports), moves (integer, in the window), duplicate (boolean)
--   The event of the neighbor itself gets the tag mac_move.
--
-- Example Input:
--   rtnetlink_neighbor,action=change,family=inet,interface=eth0,origin=notify ifindex=3i,dst="192.0.2.10",lladdr="02:00:00:00:00:11",state="reachable",state_code=2i,probes=0i,changed="lladdr",previous_lladdr="02:00:00:00:00:10"
--   rtnetlink_neighbor,action=change,family=bridge,interface=p1,origin=notify ifindex=7i,lladdr="02:00:00:00:00:20",state="reachable",state_code=2i,master="br0",changed="interface,ifindex",previous_interface="p0",previous_ifindex=5i
--   rtnetlink_address,action=change,family=inet6,interface=eth0,origin=notify,scope=global ifindex=3i,local="2001:db8::2",prefixlen=64i,flags="dadfailed,tentative",valid_lft=4294967295i,preferred_lft=4294967295i,changed="flags",previous_flags="tentative"
--
-- Example Output:
--   mac_move,family=inet,interface=eth0,kind=neighbor address="192.0.2.10",from="02:00:00:00:00:10",to="02:00:00:00:00:11",moves=1i,duplicate=false
--   rtnetlink_neighbor,action=change,family=inet,interface=eth0,mac_move=true,origin=notify ifindex=3i,dst="192.0.2.10",lladdr="02:00:00:00:00:11",state="reachable",state_code=2i,probes=0i,changed="lladdr",previous_lladdr="02:00:00:00:00:10"
--   mac_move,family=inet,interface=eth0,kind=neighbor address="192.0.2.10",from="02:00:00:00:00:10",to="02:00:00:00:00:11",moves=3i,duplicate=true
--   mac_move,family=bridge,interface=br0,kind=bridge address="02:00:00:00:00:20",from="p0",to="p1",moves=1i,duplicate=false
--   mac_move,family=inet6,interface=eth0,kind=own address="2001:db8::2",moves=1i,duplicate=true

local nl = require "rtnetlink"

local window = config.window or 300
local limit = config.limit or 3

local move = nl.metric("mac_move", {"kind", "interface", "family", "netns"},
  {"address:string", "from:string", "to:string", "moves:int", "duplicate:bool"})

-- The address with its link and namespace -> its MAC, kept over restarts; and
-- how often it moved.
local owner = nl.state("owner", {max = config.addresses or 20000, ttl = config.remember or 86400, persist = true})
local moves = nl.state("moves", {max = 10000, ttl = window})

local function report(kind, interface, family, netns, address, from, to)
  local n = moves:hits(kind .. " " .. netns .. " " .. interface .. " " .. address, window)
  move(kind, interface, family, netns, address, from, to, n, n >= limit)
  if n >= limit then
    nl.log.warn("%s on %s moved %d times in %d s, now from %s to %s", address, interface, n, window, from, to)
  end
end

-- A neighbor without a MAC is one that does not answer.
nl.on("neighbor", {action = {"new", "change"}, family = {"inet", "inet6"}, lladdr = true}, function(ev)
  local key = ev.netns .. " " .. ev.interface .. " " .. ev.dst
  local before = owner:swap(key, ev.lladdr)
  if not before or before == ev.lladdr then return end
  ev:tag("mac_move", "true")
  report("neighbor", ev.interface, ev.family, ev.netns, ev.dst, before, ev.lladdr)
end)

-- A MAC that a bridge learns at another port. The bridge stands for both.
nl.on("neighbor", {action = "change", family = "bridge", changed = "interface", master = true}, function(ev)
  ev:tag("mac_move", "true")
  report("bridge", ev.master, ev.family, ev.netns, ev.lladdr, ev.old.interface, ev.interface)
end)

nl.on("address", {action = {"new", "change"}, flags = "dadfailed"}, function(ev)
  if ev.action == "change" and not ev.changed.flags then return end
  move("own", ev.interface, ev.family, ev.netns, ev["local"], nil, nil, 1, true)
  nl.log.error("%s on %s is in use by another machine", ev["local"], ev.interface)
end)
