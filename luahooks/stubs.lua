---@meta rtnetlink

-- Type definitions of the module rtnetlink for the Lua language server.
-- Generated from the plugin's field table; do not edit.

--@schema

---@class EventFilter
---@field action? Action|string|string[] "new", "!delete", {"new", "change"}
---@field origin? Origin|string|string[]
---@field netns? string|string[]
---@field changed? string|string[] fields of which one has changed; "!mtu": has not

---What a hook gets. It can only be used during the call; use copy() to keep it.
---@class Event
---@field action Action
---@field origin Origin
---@field object Object
---@field netns string empty when no namespaces are configured
---@field key string what the object is known by, 16 hexadecimal digits: the same from its new to its delete
---@field time number seconds since the epoch
local Event = {}

---Sets a tag of the event's metric; nil removes it.
---@param key string
---@param value string|number|boolean|nil
function Event:tag(key, value) end

---Sets a field of the event's metric; nil removes it. A field that the event has
---keeps its type; for another one "name:int" writes integers.
---@param key string
---@param value string|number|boolean|nil
function Event:field(key, value) end

---Returns a tag of the outgoing metric, with what hooks have changed so far.
---@param key string
---@return string?
function Event:get_tag(key) end

---Returns a field of the outgoing metric, with what hooks have changed so far.
---@param key string
---@return Scalar?
function Event:get_field(key) end

---Renames the event's metric.
---@param name string
function Event:measurement(name) end

---Reports whether the object's prefix or address, or another field, lies in a prefix.
---@param prefix string
---@param field? string
---@return boolean
function Event:within(prefix, field) end

---Reports whether the object is a default route.
---@return boolean
function Event:is_default() end

---Returns all of the event as a table that can be kept.
---@return table
function Event:copy() end

---Iterates over names and values of the fields that the object has.
---@return fun(): string, any
function Event:fields() end

---Returns the raw bytes of a netlink attribute.
---@param number integer
---@return string?
function Event:attribute(number) end

---A gauge or counter before it is sent. It can only be used during the call.
---@class Reading
---@field measurement string
local Reading = {}
---@param key string
---@return string?
function Reading:get_tag(key) end
---@param key string
---@return Scalar?
function Reading:get_field(key) end
---Sets a tag; nil removes it.
---@param key string
---@param value string|number|boolean|nil
function Reading:tag(key, value) end

---@class Handle
local Handle = {}
---Ends a hook.
function Handle:off() end

---@class Timer
local Timer = {}
function Timer:cancel() end

---@class Moment
---@field moment "start"|"stop"|"reload"|"resync"|"overrun"
---@field reason string? of a reload: "changed", "forced", "killed", "suspended"
---@field netns string?
---@field changes integer? of a resync

---@class NativeAction
local NativeAction = {}

---@class Counter
local Counter = {}
---@param n? number
---@param ... string|number|boolean|nil the tags' values
function Counter:inc(n, ...) end
---A native action that counts by fields of the event, one for each tag.
---@param ... string
---@return NativeAction
function Counter:by(...) end

---@class Gauge
local Gauge = {}
---@param value number
---@param ... string|number|boolean|nil the tags' values
function Gauge:set(value, ...) end
---@param n? number
---@param ... string|number|boolean|nil the tags' values
function Gauge:inc(n, ...) end
---@param ... string|number|boolean|nil the tags' values
function Gauge:remove(...) end

---@alias Scalar string|number|boolean

---@class State
local State = {}
---@param key Scalar
---@return Scalar?
function State:get(key) end
---@param key Scalar
---@param value Scalar? nil removes the key
function State:set(key, value) end
---@param key Scalar
---@param value Scalar?
---@return Scalar? # the old value
function State:swap(key, value) end
---@param key Scalar
---@return Scalar? # the old value
function State:del(key) end
---@param key Scalar
---@param n? number
---@return number # the sum
function State:incr(key, n) end
---@return integer
function State:len() end
---@return fun(): string, Scalar
function State:each() end
---Counts one for the key and returns how many there were in the last seconds.
---@param key Scalar
---@param seconds number
---@return integer
function State:hits(key, seconds) end
function State:clear() end

---@class StateOptions
---@field max? integer entries; the least recently used one goes first
---@field ttl? number seconds that an entry lives after it was last written
---@field persist? boolean survive a restart

---@class ExecOptions
---@field [integer] string|number the command's absolute path and its arguments
---@field key? string what min_interval counts by; default: the path
---@field min_interval? number seconds between two runs for one key
---@field timeout? number seconds; default 10
---@field env? table<string, string>
---@field stdin? string
---@field on_done? fun(result: ExecResult)

---@class ExecResult
---@field code integer exit status; -1 when it did not run or was killed
---@field output string the first 4 KiB of standard output and error
---@field timed_out boolean
---@field error string?
---@field duration number seconds
---@field key string?

---@class nl
---@field DROP NativeAction drops the event's metric
---@field KEEP NativeAction does nothing
local nl = {}

--@overloads
---Registers a hook. The function's result: false drops the event's metric and
---ends the event's hooks; true or nothing keeps it.
---@param object Object|"*"|"start"|"stop"|"reload"|"resync"|"overrun"|"gather"
---@param filter? table|function|NativeAction
---@param fn? function|NativeAction|(function|NativeAction)[]
---@return Handle
function nl.on(object, filter, fn) end

---Declares a metric; the result takes the values of tags and fields in order.
---@param name string
---@param tags string[]
---@param fields string[] "n", or with a type: "n:int", "s:string", "b:bool", "f:float"
---@return fun(...)
function nl.metric(name, tags, fields) end

---Emits a metric; slower than a declared one.
---@param name string
---@param tags table<string, Scalar>?
---@param fields table<string, Scalar>
function nl.emit(name, tags, fields) end

---@param name string
---@param tags? string[]
---@param options? {max: integer?, per_interval: boolean?}
---@return Counter
function nl.counter(name, tags, options) end

---@param name string
---@param tags? string[]
---@param options? {max: integer?}
---@return Gauge
function nl.gauge(name, tags, options) end

---@param name_or_index string|integer
---@param netns? string default: that of the event
---@return Link?
function nl.link(name_or_index, netns) end

---@param object Object
---@param filter? table
---@return integer
function nl.count(object, filter) end

---Returns the route with the longest prefix that holds the address.
---@param address string
---@param table? string|integer default "main"
---@param netns? string default: that of the event
---@return Route?
---@return string? problem
function nl.lookup(address, table, netns) end

---Returns the route to exactly that destination, with the lowest metric.
---@param table string
---@param dst string "default", a prefix or an address
---@param netns? string default: that of the event
---@return Route?
---@return string? problem
function nl.route(table, dst, netns) end

---@param interface string
---@param dst string
---@param netns? string default: that of the event
---@return Neighbor?
---@return string? problem
function nl.neighbor(interface, dst, netns) end

---@return string[] # the namespaces that are mirrored, as ev.netns spells them
function nl.netns() end

---@return string? # the machine's name
---@return string? problem
function nl.hostname() end

---@param name string
---@param options? StateOptions
---@return State
function nl.state(name, options) end

---@param seconds number
---@param fn fun()
---@return Timer
function nl.after(seconds, fn) end

---@param seconds number at least 0.01
---@param fn fun()
---@return Timer
function nl.every(seconds, fn) end

---Runs a command of allow_exec in the background.
---@param command ExecOptions
---@return boolean
---@return string? problem
function nl.exec(command) end

---@return number # seconds since the epoch
function nl.now() end

---@return number # seconds on a clock that nobody sets
function nl.monotonic() end

nl.log = {}
---@param format string
---@param ... any
function nl.log.error(format, ...) end
---@param format string
---@param ... any
function nl.log.warn(format, ...) end
---@param format string
---@param ... any
function nl.log.info(format, ...) end
---@param format string
---@param ... any
function nl.log.debug(format, ...) end

nl.ip = {}
---@param text string
---@return string? address
---@return integer|string bits or the problem
function nl.ip.parse(text) end
---@param text string
---@return "inet"|"inet6"|nil
function nl.ip.family(text) end
---@param text string
---@return "unspecified"|"loopback"|"multicast"|"link-local"|"private"|"global"|nil
function nl.ip.kind(text) end
---@param text string
---@param bits? integer
---@return string?
function nl.ip.network(text, bits) end
---@param address string
---@param prefix string
---@return boolean
function nl.ip.within(address, prefix) end
---@class PrefixSet
local PrefixSet = {}
---@param address string
---@return string? # the longest prefix of the set that holds the address
function PrefixSet:find(address) end
---@param prefixes string[]
---@return PrefixSet
function nl.ip.set(prefixes) end

nl.json = {}
nl.json.null = nil
---@param value any
---@return string?
---@return string? problem
function nl.json.encode(value) end
---@param text string
---@return any
---@return string? problem
function nl.json.decode(text) end

nl.time = {}
---@param seconds number since the epoch
---@param format? string as strftime; without one RFC 3339
---@param zone? "UTC"|"local"
---@return string
function nl.time.format(seconds, format, zone) end

nl.str = {}
---@param text string
---@param separator string
---@param pieces? integer the last of so many is the rest
---@return string[]
function nl.str.split(text, separator, pieces) end
---@param text string
---@return string # without white space at both ends
function nl.str.trim(text) end

nl.bit = {}
---@param n integer
---@param ... integer
---@return integer
function nl.bit.band(n, ...) end
---@param n integer
---@param ... integer
---@return integer
function nl.bit.bor(n, ...) end
---@param n integer
---@param ... integer
---@return integer
function nl.bit.bxor(n, ...) end
---@param n integer
---@return integer
function nl.bit.bnot(n) end
---@param n integer
---@param by integer 0 to 31
---@return integer
function nl.bit.lshift(n, by) end
---@param n integer
---@param by integer 0 to 31
---@return integer
function nl.bit.rshift(n, by) end

nl.re = {}
---@param text string
---@param pattern string in RE2 syntax
---@return string? ... the groups, or the whole match
function nl.re.match(text, pattern) end
---@param text string
---@param pattern string
---@return string[]
function nl.re.find_all(text, pattern) end
---@param text string
---@param pattern string
---@param with string $1 is the first group
---@return string
function nl.re.replace(text, pattern, with) end

---The script's constants, read-only.
---@type table<string, any>
config = {}
