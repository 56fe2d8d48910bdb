-- Compares the addresses of listed interfaces with those that were declared.
--
-- After each change of an address or of a link's name, and at the start, all is
-- compared, a hold time later: scripts and daemons that renew an address often
-- delete it first.
--
-- Constants (in [inputs.rtnetlink.lua.constants]) and their defaults:
--   addresses = {...}     what is declared, by interface; there is no default:
--                         [inputs.rtnetlink.lua.constants.addresses]
--                         eth0 = ["192.0.2.2/24", "2001:db8::2/64"]
--   ignore = ["fe80::/10", "127.0.0.0/8", "::1/128"]   never unexpected
--   strict = false        with true, no other interface may have addresses
--   hold = 2              seconds from a change to the comparison
--   netns = ""            the network namespace, where such are configured
--
-- Metrics:
--   address_audit, when a deviation is found and when it is gone
--     tags: interface, deviation (missing, unexpected)
--     fields: address (with its prefix length), present (integer: 1 while the
--       deviation is there, 0 when it is gone)
--   address_deviations (gauge), at Telegraf's interval
--     tags: deviation
--     fields: value
--
-- Example Input:
--   rtnetlink_address,action=new,family=inet,interface=eth0,origin=notify,scope=global ifindex=3i,local="198.51.100.7",prefixlen=24i,label="eth0",valid_lft=4294967295i,preferred_lft=4294967295i
--   rtnetlink_address,action=delete,family=inet,interface=eth0,origin=notify,scope=global ifindex=3i,local="192.0.2.3",prefixlen=24i,label="eth0",flags="secondary",valid_lft=4294967295i,preferred_lft=4294967295i
--
-- Example Output:
--   address_audit,deviation=unexpected,interface=eth0 address="198.51.100.7/24",present=1i
--   address_audit,deviation=missing,interface=eth0 address="192.0.2.3/24",present=1i
--   address_audit,deviation=missing,interface=eth0 address="192.0.2.3/24",present=0i
--   address_deviations,deviation=missing value=1
--   address_deviations,deviation=unexpected value=0

local nl = require "rtnetlink"

-- Interface -> its addresses, as events spell them.
local declared = {}
for interface, list in pairs(config.addresses or error("the constant addresses is missing: list those of each interface")) do
  declared[interface] = {}
  for i, text in ipairs(list) do
    local address, bits = nl.ip.parse(text)
    declared[interface][i] = assert(address, bits) .. "/" .. bits
  end
end
local ignored = nl.ip.set(config.ignore or {"fe80::/10", "127.0.0.0/8", "::1/128"})
local hold = config.hold or 2

local audit = nl.metric("address_audit", {"interface", "deviation"}, {"address:string", "present:int"})
local deviations = nl.gauge("address_deviations", {"deviation"})

-- "deviation interface address" for each that was told of.
local known = nl.state("known", {max = 10000})

local function tell(key, present)
  local deviation, interface, address = key:match("^(%S+) (%S+) (%S+)$")
  audit(interface, deviation, address, present)
  if present == 1 then
    nl.log.warn("%s: %s is %s", interface, address, deviation)
  else
    nl.log.info("%s: %s is not %s any more", interface, address, deviation)
  end
end

-- The deviations that there are, as keys of `known`.
local function find()
  local found, present = {}, {}
  for a in nl.addresses{netns = config.netns, limit = 50000} do
    local name = a["local"] .. "/" .. a.prefixlen
    present[a.interface .. " " .. name] = true
    if (declared[a.interface] or config.strict) and not ignored:find(a["local"]) then
      found["unexpected " .. a.interface .. " " .. name] = true
    end
  end
  for interface, list in pairs(declared) do
    for _, address in ipairs(list) do
      found["unexpected " .. interface .. " " .. address] = nil
      if not present[interface .. " " .. address] then found["missing " .. interface .. " " .. address] = true end
    end
  end
  return found
end

local scheduled = false

local function compare()
  scheduled = false
  local found = find()
  for key in known:each() do
    if not found[key] then
      known:del(key)
      tell(key, 0)
    end
  end
  local count = {missing = 0, unexpected = 0}
  for key in pairs(found) do
    local deviation = key:match("^%S+")
    count[deviation] = count[deviation] + 1
    if not known:swap(key, true) then tell(key, 1) end
  end
  for deviation, n in pairs(count) do deviations:set(n, deviation) end
end

local function schedule()
  if scheduled then return end
  scheduled = true
  nl.after(hold, compare)
end

nl.on("start", schedule)
nl.on("reload", schedule)
nl.on("resync", schedule)
nl.on("address", {action = {"new", "delete"}, origin = "!dump"}, schedule)
nl.on("link", {action = "change", changed = "interface"}, schedule) -- a new name
