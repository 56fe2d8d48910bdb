package luahooks

import (
	"net/netip"
	"time"

	"telegraf-rtnetlink/luahooks/command"
	"telegraf-rtnetlink/plugin/bitset"
)

// Kind is the type of a Value.
type Kind uint8

// The kinds of values.
const (
	None   Kind = iota // the object does not have the field
	String             // Value.Str
	Int                // Value.Num
	Bool               // Value.Num, 0 or 1
)

// Value is one field of an event or of a row. The zero value means that the
// object does not have the field.
type Value struct {
	Kind Kind
	Num  int64
	Str  string
}

// Schema names everything a script can read. The host makes it from its own
// field table; this package has no list of kernel fields of its own. It must
// not be changed after New.
type Schema struct {
	Objects []Object // Event.Object and Store use the index in this list
	Actions []string // Event.Action is the index in this list
	Origins []string // Event.Origin is the index in this list
	// Measurements is what the names of the host's own metrics begin with. Readers
	// of the stream take them for events, so that scripts may not use it. Empty:
	// any name.
	Measurements string
}

// Object is one class of objects: "link", "route" and so on.
type Object struct {
	Name   string
	Prefix string  // the field that `within` and is_default test ("dst"); empty: none
	Fields []Field // at most bitset.Size
	// Stateless: there are events of it, but nothing to query.
	Stateless bool
}

// Field is one named value of an Object.
type Field struct {
	Name    string
	Kind    Kind
	Tag     bool // a tag of the event's metric: few distinct values
	Doc     string
	Unit    string   // "bytes", "s", …; empty for none
	Choices []string // the words a String can take where the list is closed, otherwise nil
	List    bool     // a comma-joined list: filters test for one member
	Most    int64    // of an Int from 0 on: the largest that it can be; 0 for any number
	// Spell returns how the field spells a word of a filter: 254 may be "main",
	// and one prefix can be written in several ways. Its error says in one line
	// what the field can be. Nil: any text.
	Spell func(word string) (Spelling, error)
}

// Spelling is what a field has to be to match a word: Text, and unless empty,
// Family in the object's field `family` ("default" is two prefixes).
type Spelling struct{ Text, Family string }

// Event is one change, as the host delivers it. It is only used during the
// call of Runtime.Run that it is passed to. Field and Old may be expensive:
// each is called at most once per field and event.
type Event interface {
	Object() int            // index in Schema.Objects
	Action() int            // index in Schema.Actions
	Origin() int            // index in Schema.Origins
	Netns() string          // empty when no namespaces are configured
	Time() int64            // ns since the epoch
	Key() string            // what the object is known by, the same from its new to its delete
	Changed() *bitset.Set   // i: field i of the object differs from Old(i)
	Field(i int) Value      // the object after the change; before it, for a deletion
	Old(i int) Value        // the object before the change; None for a new one
	Attribute(n int) []byte // raw payload of netlink attribute n, nil if absent; copied by the callee of ev:attribute
}

// Output receives what hooks change about the metric of the event being run.
// Calls come during Runtime.Run only, in the order in which the hooks make them.
type Output interface {
	SetTag(key, value string)       // an empty value removes the tag
	SetField(key string, value any) // float64, int64, string or bool; nil removes the field
	SetMeasurement(name string)     // never empty
}

// ValueType is Telegraf's hint of what a metric's numbers mean.
type ValueType uint8

// The hints.
const (
	Untyped ValueType = iota
	Counter
	Gauge
)

// Tag is one tag of a Metric.
type Tag struct{ Key, Value string }

// MetricField is one field of a Metric. Value is a float64 (never NaN or Inf),
// int64, string or bool.
type MetricField struct {
	Key   string
	Value any
}

// Metric is one that a script made. It has at least one field, no two tags and
// no two fields have the same key, and no tag value is empty.
type Metric struct {
	Name   string
	Type   ValueType
	Tags   []Tag
	Fields []MetricField
	Time   int64 // ns since the epoch: the event's time, otherwise the clock's
}

// Row is one object of the mirror. It is valid until the call that delivered
// it returns; this package copies what a script keeps.
type Row interface {
	Field(i int) Value // index in the object's Fields
}

// Want is one equality that a row must fulfil to be of use.
type Want struct {
	Field int
	Value Value
}

// Store is the mirror of one network namespace, with all changes up to and
// including the event being run applied. It is only used on the hooks'
// goroutine, and does not change during a call into the Runtime.
type Store interface {
	// LinkByIndex returns the link with a kernel index, nil if there is none.
	LinkByIndex(index int) Row
	// LinkByName returns the link with a name or alternative name, nil if there is none.
	LinkByName(name string) Row
	// Len returns how many objects of a class there are.
	Len(object int) int
	// Each calls yield for objects of a class in any order until it returns
	// false, and with nil now and then where it leaves out many. Rows that do not fulfil all of want may be left out but need not
	// be: it is there to make a scan of many rows cheap.
	Each(object int, want []Want, yield func(Row) bool)
	// Route returns the route to exactly a prefix (with the lowest metric, if
	// there are several) in a routing table, nil if there is none.
	Route(dst netip.Prefix, table string) Row
	// Lookup returns the route with the longest prefix that holds addr (and
	// the lowest metric among equals) in a routing table as the field `table`
	// spells it, nil if there is none.
	Lookup(addr netip.Addr, table string) Row
}

// Level is the severity of a log line.
type Level uint8

// The levels.
const (
	LevelError Level = iota
	LevelWarn
	LevelInfo
	LevelDebug
)

// Host is what the runtime needs from the program around it. All methods are
// called on the hooks' goroutine: the one that calls the Runtime.
type Host interface {
	// Emit takes a script's metric. m, its slices included, is reused after
	// the call: copy what is kept.
	Emit(m *Metric)
	// Log writes one line. The text begins with the script's name and holds no
	// control characters.
	Log(level Level, text string)
	// Now returns the time: with a monotonic reading when live, a recording's
	// time in a replay.
	Now() time.Time
	// Namespaces returns the names by which Store knows the network namespaces.
	Namespaces() []string
	// Store returns the mirror of a network namespace; empty means the first
	// or only one. It returns nil for an unknown one and while there is no
	// mirror yet.
	Store(netns string) Store
}

// Config is one [[inputs.rtnetlink.lua]] block.
type Config struct {
	Script     string         // path or glob; scripts of a glob run in the order of their names
	Source     string         // the script's text instead of Script
	Constants  map[string]any // the script's table `config`
	Timeout    time.Duration  // of one call, and of all calls of a script for one event; 0 means 50 ms. Loading before the first event, and the hooks on start and stop, get ten times as much
	OnError    string         // "keep" (also empty) or "drop" the event's metric when a hook fails
	MaxMemory  int64          // bytes that a script may hold; 0 means 64 MiB
	MaxState   int            // entries in all nl.state maps of one script; 0 means 100,000
	MaxTags    int            // distinct values of one tag key in one measurement; 0 means 1,000
	AllowExec  []string       // absolute paths that nl.exec may run
	AllowEnv   []string       // names, or patterns with '*', of variables that nl.exec may set
	ModulesDir string         // where require looks; empty: require only knows "rtnetlink"
}

// Options says what to run and where.
type Options struct {
	Schema  *Schema
	Host    Host
	Scripts []Config
	// StateFile keeps the nl.state maps with persist = true over restarts
	// when not empty. Hosts with a state store of their own leave it empty and
	// use Runtime.State and Runtime.SetState.
	StateFile string
	// Strict makes a script of a pattern that does not load an error of New.
	// Otherwise it is logged and left out, and the others run.
	Strict bool
	// Forgets is set when nobody calls State and SetState: without a StateFile
	// persist = true is then an error.
	Forgets bool
	// Exec stands in for running commands, at the moment that one would have
	// been started; nil runs them.
	Exec func(command.Command) command.Result
	// Hostname is what nl.hostname returns; empty: the machine's name.
	Hostname string
	// TimeEveryCall measures each call of a hook instead of one in 64.
	TimeEveryCall bool
}

// Detail is one fact about a lifecycle moment: a key of the table that its hooks get.
type Detail struct {
	Name  string
	Value Value
}

// Moment is a point in the host's life that scripts can hook.
type Moment uint8

// The moments, as nl.on spells them.
const (
	Start    Moment = iota // the first enumeration is complete
	Stop                   // the host is about to call Close
	Reloaded               // this script was loaded again; raised by the Runtime itself
	Resync                 // the mirror was brought in line after a doubt
	Overrun                // the kernel dropped messages; a resync follows
	numMoments
)

// String returns the moment's word in nl.on.
func (m Moment) String() string {
	return [numMoments]string{"start", "stop", "reload", "resync", "overrun"}[m]
}

// ScriptStats counts what one script did since it was first loaded; reloading
// keeps the numbers.
type ScriptStats struct {
	Script      string
	Suspended   bool  // not run at the moment, after repeated kills
	Loads       int64 // successful, the first included
	LoadErrors  int64 // failed reloads
	Errors      int64 // of hooks, timers and callbacks
	Kills       int64 // calls stopped at the time limit, or that broke the Lua state
	Emitted     int64 // metrics
	TagsFolded  int64 // tag values replaced by "other"
	LogDropped  int64 // log lines over the rate limit
	ExecRun     int64
	ExecLimited int64 // not run: min_interval, or the queue was full
	ExecFailed  int64 // could not start, exit status not 0, or timed out
	Lookups     int64 // questions to the mirror
	LookupsNone int64 // of these, how many found nothing
	Memory      int64 // bytes that the script held when it was measured last
	States      int64 // entries in nl.state maps
	Evictions   int64 // entries pushed out by max or max_state
	Timers      int64 // waiting
	Hooks       []HookStats
}

// HookStats counts what one hook did since its script was last loaded.
type HookStats struct {
	Object   string // as given to nl.on
	File     string // of the nl.on call: the script or a module
	Line     int    // of the nl.on call
	Calls    int64  // of the function or native action
	Filtered int64  // events that its filter kept away
	Dropped  int64  // metrics
	Errors   int64
	Sampled  int64         // calls whose time was taken
	Time     time.Duration // their sum
	MaxTime  time.Duration // the longest of them
}
