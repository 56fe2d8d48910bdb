-- Tells when a MAC or a neighbor moves in a VXLAN: the log kept by hand otherwise.
--
-- A MAC moves when the entry of a VXLAN gets another remote end, when the bridge
-- learns it behind the VXLAN instead of at a port of its own, and the other way
-- round. A neighbor moves when its address gets another MAC. A daemon that deletes
-- an entry and adds another one moves it as well. What moves often is a duplicate,
-- as RFC 7432 counts.
--
-- Constants (in [inputs.rtnetlink.lua.constants]) and their defaults:
--   interfaces = ["*"]    whose neighbors are watched, by name
--   window = 180          seconds in which moves are counted
--   limit = 5             so many moves of one address are called a duplicate
--   remember = 3600       seconds that the last place of an entry is remembered
--   addresses = 20000     at most
--
-- Metric, for each move:
--   evpn_move
--     tags: kind (remote, port, neighbor), interface (the VXLAN, the bridge, the
--       neighbor's link), netns (where namespaces are configured)
--     fields: address (MAC; of a neighbor its IP address), vlan (integer), vni
--       (integer), from and to (remote end, port or MAC), moves (integer: within
--       the window), duplicate (boolean)
--   The event of the entry itself gets the tag evpn_move.
--
-- Example Input:
--   rtnetlink_neighbor,action=change,family=bridge,interface=vx0,origin=notify ifindex=5i,dst="192.0.2.12",lladdr="02:00:00:00:00:10",state="permanent",state_code=192i,flags="self",changed="dst",previous_dst="192.0.2.11"
--   rtnetlink_neighbor,action=change,family=bridge,interface=p0,origin=notify ifindex=7i,lladdr="02:00:00:00:00:10",state="reachable",state_code=2i,flags="extern_learn",master="br0",changed="interface,ifindex",previous_interface="vx0",previous_ifindex=5i
--   rtnetlink_neighbor,action=change,family=inet,interface=br0,origin=notify ifindex=4i,dst="10.0.0.10",lladdr="02:00:00:00:00:20",state="reachable",state_code=2i,probes=0i,changed="lladdr",previous_lladdr="02:00:00:00:00:10"
--
-- Example Output:
--   evpn_move,interface=vx0,kind=remote address="02:00:00:00:00:10",vni=5i,from="192.0.2.11",to="192.0.2.12",moves=1i,duplicate=false
--   rtnetlink_neighbor,action=change,evpn_move=remote,family=bridge,interface=vx0,origin=notify ifindex=5i,dst="192.0.2.12",lladdr="02:00:00:00:00:10",state="permanent",state_code=192i,flags="self",changed="dst",previous_dst="192.0.2.11"
--   evpn_move,interface=br0,kind=port address="02:00:00:00:00:10",vni=5i,from="vx0",to="p0",moves=1i,duplicate=false
--   evpn_move,interface=br0,kind=neighbor address="10.0.0.10",from="02:00:00:00:00:10",to="02:00:00:00:00:20",moves=1i,duplicate=false
--   evpn_move,interface=vx0,kind=remote address="02:00:00:00:00:30",vni=5i,from="192.0.2.12",to="nexthop 20",moves=1i,duplicate=false

local nl = require "rtnetlink"

local interfaces = config.interfaces or {"*"}
local window = config.window or 180
local limit = config.limit or 5

local move = nl.metric("evpn_move", {"kind", "interface", "netns"},
  {"address:string", "vlan:int", "vni:int", "from:string", "to:string", "moves:int", "duplicate:bool"})

-- By kind, namespace, link, VLAN, VNI and address: where it is; and its moves.
local place = nl.state("place", {max = config.addresses or 20000, ttl = config.remember or 3600, persist = true})
local moves = nl.state("moves", {max = 10000, ttl = window})

-- Notes where an address is. Returns where it was and how often it moved, if
-- it is somewhere else now.
local function note(kind, netns, interface, vlan, vni, address, to)
  local key = ("%s %s %s %s %s %s"):format(kind, netns, interface, vlan or "", vni or "", address)
  local from = place:swap(key, to)
  if not from or from == to then return end
  return from, moves:hits(key, window)
end

local function tell(kind, netns, interface, vlan, vni, address, from, to, n)
  move(kind, interface, netns, address, vlan, vni, from, to, n, n >= limit)
  local log = n >= limit and nl.log.warn or nl.log.info
  log("%s on %s moved from %s to %s, %d times in %d s", address, interface, from, to, n, window)
end

-- Entries of a VXLAN. Those of the MAC 0 are the list that floods go to.
nl.on("neighbor", {action = {"new", "change"}, family = "bridge", lladdr = "!00:00:00:00:00:00", flags = "self"}, function(ev)
  local to = ev.nhid and "nexthop " .. ev.nhid or ev.dst
  if not to then return end
  if ev.via then to = to .. " dev " .. ev.via end
  local link = nl.link(ev.interface, ev.netns)
  local vni = ev.src_vni or link and link.vni
  local from, n = note("remote", ev.netns, ev.interface, nil, vni, ev.lladdr, to)
  if not from then return end
  ev:tag("evpn_move", "remote")
  tell("remote", ev.netns, ev.interface, nil, vni, ev.lladdr, from, to, n)
end)

local function is_vxlan(name, netns)
  local link = nl.link(name, netns)
  return link and link.kind == "vxlan" and link or nil
end

-- Entries of a bridge. From one of its ports to another is no matter of a VXLAN.
nl.on("neighbor", {action = {"new", "change"}, family = "bridge", master = true}, function(ev)
  local from, n = note("port", ev.netns, ev.master, ev.vlan, nil, ev.lladdr, ev.interface)
  if not from then return end
  local vxlan = is_vxlan(ev.interface, ev.netns) or is_vxlan(from, ev.netns)
  if not vxlan then return end
  ev:tag("evpn_move", "port")
  tell("port", ev.netns, ev.master, ev.vlan, vxlan.vni, ev.lladdr, from, ev.interface, n)
end)

-- A neighbor without a MAC is one that does not answer.
nl.on("neighbor", {action = {"new", "change"}, family = {"inet", "inet6"}, lladdr = true, interface = interfaces}, function(ev)
  local from, n = note("neighbor", ev.netns, ev.interface, nil, nil, ev.dst, ev.lladdr)
  if not from then return end
  ev:tag("evpn_move", "neighbor")
  tell("neighbor", ev.netns, ev.interface, nil, nil, ev.dst, from, ev.lladdr, n)
end)
