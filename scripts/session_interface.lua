-- Watches the interfaces that tunnels and BGP sessions run over.
--
-- An interface works when it is up and has carrier. Tunnels come and go with their
-- daemon, so one that is deleted or renamed is lost as well, and another one of the
-- same name is its return. A loss counts only if it lasts for a hold time. One that
-- has not worked since the start is not lost.
--
-- Constants (in [inputs.rtnetlink.lua.constants]) and their defaults:
--   interfaces = ["wg*", "tun*", "gre*", "ipsec*", "ppp*"]   which, by name
--   sessions = {}         what runs over an interface, for the tag session:
--                         [inputs.rtnetlink.lua.constants.sessions]
--                         wg0 = "AS64500"
--   hold = 1              seconds until a loss counts
--
-- Metric:
--   session_interface, for each loss and return
--     tags: interface, session, netns (where namespaces are configured)
--     fields: working (integer, 0 or 1), reason (deleted, renamed, down,
--       no carrier), down_s (float; on return: seconds without)
--
-- Example Input:
--   rtnetlink_link,action=delete,interface=vx0,kind=vxlan,origin=notify ifindex=4i,link_type="ether",mtu=1450i,operstate="down",operstate_code=2i,up=false,carrier=true,flags="BROADCAST,MULTICAST",address="02:00:00:00:00:c1",broadcast="ff:ff:ff:ff:ff:ff",qdisc="noqueue",txqlen=1000i,group="default",num_tx_queues=1i,num_rx_queues=1i,promiscuity=0i,allmulti=0i,min_mtu=68i,max_mtu=65535i,linkmode="default",gso_max_size=65536i,gso_max_segs=65535i,tso_max_size=524280i,tso_max_segs=65535i,gro_max_size=65536i,gso_ipv4_max_size=65536i,gro_ipv4_max_size=65536i,carrier_changes=0i,carrier_up_count=0i,carrier_down_count=0i,learning=true,vni=5i,local="192.0.2.2",tunnel_link="eth0",dstport=4789i,srcport="0-0",ttl="0",df="unset",ageing=300i,vxlan_flags="localbypass,udp_csum"
--
-- Example Output:
--   session_interface,interface=tun0 working=0i,reason="no carrier"
--   session_interface,interface=tun0 working=1i,down_s=2.002
--   session_interface,interface=vx0,session=AS64500 working=0i,reason="deleted"
--   session_interface,interface=vx0,session=AS64500 working=1i,down_s=2.068
--   session_interface,interface=tun0 working=0i,reason="renamed"

local nl = require "rtnetlink"

local interfaces = config.interfaces or {"wg*", "tun*", "gre*", "ipsec*", "ppp*"}
local sessions = config.sessions or {}
local hold = config.hold or 1

local session_interface = nl.metric("session_interface", {"interface", "session", "netns"},
  {"working:int", "reason:string", "down_s:float"})

-- By "interface netns": what is wrong with it (empty: nothing), since when, and
-- whether that was told.
local problem = nl.state("problem", {max = 5000})
local lost_since = nl.state("lost_since", {max = 5000})
local told = nl.state("told", {max = 5000})

-- Tells of the losses that have lasted.
local function look()
  local now = nl.now()
  for key, since in lost_since:each() do
    if now - since > hold - 0.01 and not told:swap(key, true) then
      local interface, netns = key:match("^(%S+) (.*)$")
      local reason = problem:get(key) or "down"
      session_interface(interface, sessions[interface], netns, 0, reason)
      nl.log.error("%s: %s", interface, reason)
    end
  end
end

-- Notes what is wrong with an interface. One that never worked is not lost.
local function note(interface, netns, time, reason)
  local key = interface .. " " .. netns
  local before = problem:get(key)
  if reason ~= "" and not before then return end
  problem:set(key, reason)
  if reason ~= "" and before == "" then
    lost_since:set(key, time)
    nl.after(hold, look)
  elseif reason == "" then
    local since = lost_since:del(key)
    if not told:del(key) then return end
    local down = math.floor((time - since) * 1000 + 0.5) / 1000
    session_interface(interface, sessions[interface], netns, 1, nil, down)
    nl.log.info("%s works again, after %.1f s", interface, down)
  end
end

local function state(up, carrier, operstate)
  if not up then return "down" end
  if not carrier or operstate == "lowerlayerdown" then return "no carrier" end
  return ""
end

nl.on("link", {action = {"new", "change"}, interface = interfaces}, function(ev)
  note(ev.interface, ev.netns, ev.time, state(ev.up, ev.carrier, ev.operstate))
end)

nl.on("link", {action = "delete", interface = interfaces}, function(ev)
  note(ev.interface, ev.netns, ev.time, "deleted")
end)

-- The new name may be none of those that are watched: the old one counts.
nl.on("link", {action = "change", changed = "interface"}, function(ev)
  note(ev.old.interface, ev.netns, ev.time, "renamed")
end)

nl.on("reload", function() nl.after(hold, look) end) -- timers end with a reload, states do not
