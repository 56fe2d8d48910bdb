-- Drops the events of containers' links, and counts them instead.
--
-- A container that starts brings dozens of events: of its veth pair, of the
-- addresses and neighbors on it, of the port of the bridge. All of that is dropped
-- natively, without Lua, which costs next to nothing, and so are the gauges of
-- these links. The bridge itself is reported as ever.
--
-- Constants (in [inputs.rtnetlink.lua.constants]) and their defaults:
--   interfaces = ["veth*", "cali*", "lxc*", "lxd*", "vnet*", "tap*"]   which, by name
--   interval = 10         seconds between two counts of these links
--
-- Metrics, at Telegraf's interval:
--   container_events, for what was dropped in it
--     tags: object (link, address, …), action
--     fields: count (integer)
--   container_links (gauge)
--     fields: value
--
-- Example Input:
--   rtnetlink_link,action=new,interface=veth1a2b3c,kind=veth,origin=notify ifindex=6i,link_type="ether",mtu=1500i,operstate="down",operstate_code=2i,up=false,carrier=false,flags="BROADCAST,MULTICAST",address="02:00:00:00:00:d1",broadcast="ff:ff:ff:ff:ff:ff",link="veth4d5e6f",qdisc="noop",txqlen=1000i,group="default",num_tx_queues=2i,num_rx_queues=2i,promiscuity=0i,allmulti=0i,min_mtu=68i,max_mtu=65535i,linkmode="default",gso_max_size=65536i,gso_max_segs=65535i,tso_max_size=524280i,tso_max_segs=65535i,gro_max_size=65536i,gso_ipv4_max_size=65536i,gro_ipv4_max_size=65536i,carrier_changes=1i,carrier_up_count=0i,carrier_down_count=1i
--   rtnetlink_neighbor,action=new,family=bridge,interface=veth1a2b3c,origin=notify ifindex=6i,lladdr="02:00:00:00:00:d1",state="permanent",state_code=128i,master="docker0"
--
-- Example Output:
--   # drop: link new notify interface=veth1a2b3c
--   # drop: neighbor new notify lladdr=02:00:00:00:00:d1 interface=veth1a2b3c
--   container_events,action=new,object=link count=2i
--   container_events,action=new,object=neighbor count=2i
--   container_links value=0

local nl = require "rtnetlink"

local interfaces = config.interfaces or {"veth*", "cali*", "lxc*", "lxd*", "vnet*", "tap*"}

local dropped = nl.counter("container_events", {"object", "action"}, {per_interval = true})
local links = nl.gauge("container_links", {})

nl.on("*", {interface = interfaces}, {dropped:by("object", "action"), nl.DROP})
nl.on("gather", {interface = interfaces}, nl.DROP)

local function count() links:set(nl.count("link", {interface = interfaces})) end

nl.on("start", count)
nl.every(config.interval or 10, count)
