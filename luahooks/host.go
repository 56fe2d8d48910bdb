package luahooks

import (
	"slices"
	"time"

	"telegraf-rtnetlink/luahooks/command"
	"telegraf-rtnetlink/luahooks/model"
)

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
	Emit(m *model.Metric)
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
	Store(netns string) model.Store
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
	Schema  *model.Schema
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
	Value model.Value
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

// momentNames are the lifecycle moments that nl.on takes in place of an object.
func momentNames() []string {
	var names []string
	for m := range numMoments {
		names = append(names, m.String())
	}
	return names
}

func isMoment(name string) bool { return slices.Contains(momentNames(), name) }

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
