-- Tells which interface carries the default route, and tags it.
--
-- With several default routes the one with the lowest metric counts; one that
-- discards packets is none. Gauges of the uplink get the tag uplink, and so do the
-- events of its link, addresses and neighbors.
--
-- Constants (in [inputs.rtnetlink.lua.constants]) and their defaults:
--   table = "main"        the routing table to look at
--
-- Metric, after the start and at each change:
--   uplink
--     tags: family, netns (where namespaces are configured)
--     fields: interface (several: comma-joined), gateway (of a single path), metric
--       (integer), present (integer, 0 or 1), previous (the interface before)
--   Events and gauges of the interface get the tag uplink: inet, inet6 or both.
--
-- Example Input:
--   rtnetlink_route,action=delete,family=inet,interface=eth0,origin=notify,protocol=static,table=main,type=unicast dst="default",ifindex=3i,gateway="192.0.2.1",metric=10i,scope="global",nexthop_count=1i
--   rtnetlink_route,action=change,family=inet,origin=notify,protocol=boot,table=main,type=unicast dst="default",metric=10i,scope="global",nexthop_count=2i,nexthops="via 192.0.2.1 dev eth0 weight 1; via 198.51.100.1 dev wwan0 weight 1",changed="protocol,interface,ifindex,gateway,nexthop_count,nexthops",previous_protocol="static",previous_interface="eth0",previous_ifindex=3i,previous_gateway="192.0.2.1",previous_nexthop_count=1i
--   rtnetlink_route,action=new,family=inet,origin=notify,protocol=boot,table=main,type=blackhole dst="default",metric=5i,scope="global"
--
-- Example Output:
--   uplink,family=inet interface="eth0",gateway="192.0.2.1",metric=10i,present=1i
--   uplink,family=inet interface="wwan0",gateway="198.51.100.1",metric=20i,present=1i,previous="eth0"
--   rtnetlink_link,action=change,interface=wwan0,kind=veth,origin=notify,uplink=inet ifindex=5i,link_type="ether",mtu=1400i,operstate="up",operstate_code=6i,up=true,carrier=true,flags="BROADCAST,MULTICAST,UP,LOWER_UP",address="02:00:00:00:00:02",broadcast="ff:ff:ff:ff:ff:ff",link="sw1",qdisc="noqueue",txqlen=1000i,group="default",num_tx_queues=2i,num_rx_queues=2i,promiscuity=0i,allmulti=0i,min_mtu=68i,max_mtu=65535i,linkmode="default",gso_max_size=65536i,gso_max_segs=65535i,tso_max_size=524280i,tso_max_segs=65535i,gro_max_size=65536i,gso_ipv4_max_size=65536i,gro_ipv4_max_size=65536i,carrier_changes=2i,carrier_up_count=1i,carrier_down_count=1i,changed="mtu",previous_mtu=1500i
--   uplink,family=inet interface="eth0,wwan0",metric=10i,present=1i,previous="eth0"
--   uplink,family=inet present=0i,previous="eth0,wwan0"

local nl = require "rtnetlink"

local watched = config.table or "main"
local whole = {inet = "0.0.0.0/0", inet6 = "::/0"}

local uplink = nl.metric("uplink", {"family", "netns"},
  {"interface:string", "gateway:string", "metric:int", "present:int", "previous:string"})

-- By "family netns": the interfaces, comma-joined, "" for none; and by "netns
-- interface" the families that it is the uplink of.
local current = nl.state("current", {max = 2000})
local families = nl.state("families", {max = 10000})

-- The interfaces of a route, in the order of its paths.
local function interfaces(route)
  if not route or route.type ~= "unicast" then return "" end
  if route.interface then return route.interface end
  local list = {}
  for name in (route.nexthops or ""):gmatch("dev (%S+)") do list[#list + 1] = name end
  return table.concat(list, ",")
end

-- Writes down of each interface which families it carries.
local function remember(netns)
  for key in families:each() do
    if key:match("^(%S*) ") == netns then families:del(key) end
  end
  for _, family in ipairs{"inet", "inet6"} do
    for name in (current:get(family .. " " .. netns) or ""):gmatch("[^,]+") do
      local key = netns .. " " .. name
      families:set(key, families:get(key) and "both" or family)
    end
  end
end

-- Looks which route it is, and tells of another interface than before.
local function look(family, netns)
  local route = nl.route(watched, whole[family], netns)
  local now = interfaces(route)
  local before = current:swap(family .. " " .. netns, now)
  if now == (before or "") then return end
  remember(netns)
  local present = now ~= ""
  uplink(family, netns, present and now or nil, present and route.gateway or nil, present and route.metric or nil,
    present and 1 or 0, before)
  nl.log.info("the uplink of %s is %s, before %s", family, present and now or "none", before or "unknown")
end

nl.on("start", function(info)
  look("inet", info.netns or "")
  look("inet6", info.netns or "")
end)

-- Before the start not all routes are known.
nl.on("route", {dst = "default", table = watched, family = {"inet", "inet6"}, origin = "!dump"}, function(ev)
  look(ev.family, ev.netns)
end)

nl.on("link", {origin = "!dump"}, function(ev) ev:tag("uplink", families:get(ev.netns .. " " .. ev.interface)) end)
nl.on("address", {origin = "!dump"}, function(ev) ev:tag("uplink", families:get(ev.netns .. " " .. ev.interface)) end)
nl.on("neighbor", {origin = "!dump"}, function(ev) ev:tag("uplink", families:get(ev.netns .. " " .. ev.interface)) end)

nl.on("gather", {interface = true}, function(m)
  m:tag("uplink", families:get((m:get_tag("netns") or "") .. " " .. m:get_tag("interface")))
end)
