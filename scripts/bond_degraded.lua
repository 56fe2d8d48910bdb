-- Tells when a bond loses a port, fails over, or its LACP partner changes.
--
-- A port is lost when the bond does not think any more that it has carrier: after
-- its downdelay, and it is back after its updelay. One that leaves the bond or is
-- deleted is removed.
--
-- Constants (in [inputs.rtnetlink.lua.constants]) and their defaults:
--   bonds = ["*"]         which, by name
--   partners = {}         the LACP partner that a bond should have, by its name:
--                         [inputs.rtnetlink.lua.constants.partners]
--                         bond0 = "02:00:00:00:00:fe"
--
-- Metrics:
--   bond_degraded, at each change
--     tags: interface (the bond), reason (port lost, port back, port added, port
--       removed, failover, partner lost, partner changed, wrong partner), netns
--       (where namespaces are configured)
--     fields: port, from, to (ports or partners), ports (integer), ports_up
--       (integer: that have carrier, after the change), degraded (boolean: not all
--       of them have, or one was removed, or the partner is not the one)
--   bond_ports_down (gauge), at Telegraf's interval
--     tags: interface, netns
--     fields: value
--
-- Example Input:
--   rtnetlink_link,action=change,interface=eth1,kind=veth,origin=notify ifindex=3i,link_type="ether",mtu=1500i,operstate="down",operstate_code=2i,up=true,carrier=false,flags="NO-CARRIER,BROADCAST,MULTICAST,SLAVE,UP",address="02:00:00:00:00:04",broadcast="ff:ff:ff:ff:ff:ff",master="bond0",link="if3",qdisc="noqueue",txqlen=1000i,group="default",num_tx_queues=2i,num_rx_queues=2i,promiscuity=0i,allmulti=0i,min_mtu=68i,max_mtu=65535i,linkmode="default",link_netnsid=0i,gso_max_size=65536i,gso_max_segs=65535i,tso_max_size=524280i,tso_max_segs=65535i,gro_max_size=65536i,port_kind="bond",carrier_changes=3i,carrier_up_count=1i,carrier_down_count=2i,bond_state="active",bond_mii_status="down",bond_link_failures=1i,bond_perm_hwaddr="02:00:00:00:00:03",bond_queue_id=0i,bond_prio=0i,ad_actor_port_prio=255i,ad_aggregator_id=1i,ad_actor_oper_port_state=63i,ad_partner_oper_port_state=63i,changed="bond_mii_status,bond_link_failures",previous_bond_mii_status="up",previous_bond_link_failures=0i
--   rtnetlink_link,action=change,interface=bond0,kind=bond,origin=resync ifindex=10i,link_type="ether",mtu=1500i,operstate="up",operstate_code=6i,up=true,carrier=true,flags="BROADCAST,MULTICAST,MASTER,UP,LOWER_UP",address="02:00:00:00:00:04",broadcast="ff:ff:ff:ff:ff:ff",qdisc="noqueue",txqlen=1000i,group="default",num_tx_queues=16i,num_rx_queues=16i,promiscuity=0i,allmulti=0i,min_mtu=68i,max_mtu=65535i,linkmode="default",gso_max_size=65536i,gso_max_segs=65535i,tso_max_size=524280i,tso_max_segs=65535i,gro_max_size=65536i,carrier_changes=2i,carrier_up_count=1i,carrier_down_count=1i,bond_mode="802.3ad",bond_miimon=50i,bond_updelay=200i,bond_downdelay=200i,bond_use_carrier=1i,bond_arp_interval=0i,bond_arp_validate="none",bond_arp_all_targets="any",bond_missed_max=2i,bond_primary_reselect="always",bond_fail_over_mac="none",bond_xmit_hash_policy="layer2",bond_resend_igmp=1i,bond_num_peer_notif=1i,bond_peer_notify_delay=0i,bond_all_slaves_active=0i,bond_min_links=0i,bond_lp_interval=1i,bond_packets_per_slave=1i,bond_tlb_dynamic_lb=1i,bond_coupled_control="on",ad_lacp_active="on",ad_lacp_rate="fast",ad_select="stable",ad_aggregator=1i,ad_num_ports=2i,ad_actor_key=15i,ad_partner_key=15i,ad_partner_mac="02:00:00:00:00:08",ad_actor_sys_prio=65535i,ad_user_port_key=0i,ad_actor_system="00:00:00:00:00:00",changed="ad_num_ports,ad_partner_key,ad_partner_mac",previous_ad_num_ports=1i,previous_ad_partner_key=1i,previous_ad_partner_mac="00:00:00:00:00:00"
--   rtnetlink_link,action=change,interface=bond1,kind=bond,origin=notify ifindex=11i,link_type="ether",mtu=1500i,operstate="up",operstate_code=6i,up=true,carrier=true,flags="BROADCAST,MULTICAST,MASTER,UP,LOWER_UP",address="02:00:00:00:00:07",broadcast="ff:ff:ff:ff:ff:ff",qdisc="noqueue",txqlen=1000i,group="default",num_tx_queues=16i,num_rx_queues=16i,promiscuity=0i,allmulti=0i,min_mtu=68i,max_mtu=65535i,linkmode="default",gso_max_size=65536i,gso_max_segs=65535i,tso_max_size=524280i,tso_max_segs=65535i,gro_max_size=65536i,carrier_changes=2i,carrier_up_count=1i,carrier_down_count=1i,bond_mode="active-backup",bond_active_slave="eth3",bond_miimon=50i,bond_updelay=0i,bond_downdelay=0i,bond_use_carrier=1i,bond_arp_interval=0i,bond_arp_validate="none",bond_arp_all_targets="any",bond_missed_max=2i,bond_primary_reselect="always",bond_fail_over_mac="none",bond_xmit_hash_policy="layer2",bond_resend_igmp=1i,bond_num_peer_notif=1i,bond_peer_notify_delay=0i,bond_all_slaves_active=0i,bond_min_links=0i,bond_lp_interval=1i,bond_packets_per_slave=1i,bond_tlb_dynamic_lb=1i,bond_coupled_control="on",ad_lacp_active="on",ad_lacp_rate="slow",ad_select="stable",changed="bond_active_slave",previous_bond_active_slave="eth2"
--
-- Example Output:
--   bond_degraded,interface=bond0,reason=port\ lost port="eth1",ports=2i,ports_up=1i,degraded=true
--   bond_degraded,interface=bond0,reason=port\ back port="eth1",ports=2i,ports_up=2i,degraded=false
--   bond_degraded,interface=bond0,reason=partner\ lost from="02:00:00:00:00:09",to="00:00:00:00:00:00",ports=2i,ports_up=2i,degraded=true
--   bond_degraded,interface=bond0,reason=wrong\ partner from="00:00:00:00:00:00",to="02:00:00:00:00:08",ports=2i,ports_up=2i,degraded=true
--   bond_degraded,interface=bond0,reason=partner\ lost from="02:00:00:00:00:08",to="00:00:00:00:00:00",ports=2i,ports_up=2i,degraded=true
--   bond_degraded,interface=bond0,reason=partner\ changed from="00:00:00:00:00:00",to="02:00:00:00:00:09",ports=2i,ports_up=2i,degraded=false
--   bond_degraded,interface=bond1,reason=port\ lost port="eth2",ports=2i,ports_up=1i,degraded=true
--   bond_degraded,interface=bond1,reason=failover from="eth2",to="eth3",ports=2i,ports_up=1i,degraded=true
--   bond_degraded,interface=bond1,reason=port\ removed port="eth2",ports=1i,ports_up=1i,degraded=true
--   bond_ports_down,interface=bond0 value=0
--   bond_ports_down,interface=bond1 value=0

local nl = require "rtnetlink"

local bonds = config.bonds or {"*"}
local partners = config.partners or {}
local nobody = "00:00:00:00:00:00"

local degraded = nl.metric("bond_degraded", {"interface", "reason", "netns"},
  {"port:string", "from:string", "to:string", "ports:int", "ports_up:int", "degraded:bool"})
local down = nl.gauge("bond_ports_down", {"interface", "netns"})

-- The bonds that are watched, by "netns name".
local known = nl.state("known", {max = 1000})

-- Counts the ports of a bond, and those that have carrier.
local function count(bond, netns)
  local ports = nl.count("link", {master = bond, port_kind = "bond", netns = netns})
  local up = nl.count("link", {master = bond, port_kind = "bond", bond_mii_status = {"up", "going_down"}, netns = netns})
  known:set(netns .. " " .. bond, true)
  down:set(ports - up, bond, netns)
  return ports, up
end

local alarming = {["port removed"] = true, ["partner lost"] = true, ["wrong partner"] = true}

local function tell(bond, netns, reason, port, from, to)
  local ports, up = count(bond, netns)
  local bad = up < ports or alarming[reason] or false
  degraded(bond, reason, netns, port, from, to, ports, up, bad)
  local log = bad and nl.log.warn or nl.log.info
  log("%s: %s %s%s, %d of %d ports have carrier", bond, reason, port or "", to and (from or "-") .. " -> " .. to or "", up, ports)
end

local function works(status) return status == "up" or status == "going_down" end

nl.on("link", {action = "change", master = bonds, port_kind = "bond", changed = "bond_mii_status"}, function(ev)
  local before, now = ev.old.bond_mii_status, works(ev.bond_mii_status)
  if not before or ev.changed.master or works(before) == now then return end
  tell(ev.master, ev.netns, now and "port back" or "port lost", ev.interface)
end)

nl.on("link", {action = "change", master = bonds, port_kind = "bond", changed = "master"}, function(ev)
  tell(ev.master, ev.netns, "port added", ev.interface)
end)

nl.on("link", {action = "change", changed = "master"}, function(ev)
  local bond = ev.old.port_kind == "bond" and ev.old.master
  if bond and known:get(ev.netns .. " " .. bond) then tell(bond, ev.netns, "port removed", ev.interface) end
end)

nl.on("link", {action = "delete", master = bonds, port_kind = "bond"}, function(ev)
  tell(ev.master, ev.netns, "port removed", ev.interface)
end)

nl.on("link", {action = "change", origin = "!dump", kind = "bond", interface = bonds, changed = "bond_active_slave"}, function(ev)
  tell(ev.interface, ev.netns, "failover", nil, ev.old.bond_active_slave or "none", ev.bond_active_slave or "none")
end)

-- Says what to call another partner than before.
local function partner(bond, mac)
  if mac == nobody then return "partner lost" end
  if partners[bond] and partners[bond] ~= mac then return "wrong partner" end
  return "partner changed"
end

nl.on("link", {action = "change", kind = "bond", interface = bonds, changed = "ad_partner_mac"}, function(ev)
  local mac = ev.ad_partner_mac or nobody
  tell(ev.interface, ev.netns, partner(ev.interface, mac), nil, ev.old.ad_partner_mac or nobody, mac)
end)

nl.on("link", {action = "new", kind = "bond", interface = bonds}, function(ev) known:set(ev.netns .. " " .. ev.interface, true) end)

nl.on("link", {action = "delete", kind = "bond", interface = bonds}, function(ev)
  known:del(ev.netns .. " " .. ev.interface)
  down:remove(ev.interface, ev.netns)
end)

nl.on("start", function(info)
  for bond in nl.links{kind = "bond", interface = bonds, netns = info.netns} do count(bond.interface, info.netns or "") end
end)
