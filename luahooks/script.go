package luahooks

import (
	"fmt"
	"time"

	"telegraf-rtnetlink/luahooks/internal/account"
	"telegraf-rtnetlink/luahooks/internal/compile"
	"telegraf-rtnetlink/luahooks/internal/emit"
	"telegraf-rtnetlink/luahooks/internal/files"
	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/internal/state"
)

// script is one script of the configuration: what outlives its Lua state.
type script struct {
	rt          *Runtime
	cfg         *Config
	name        string // in messages and statistics: the file's base name
	path        string // empty for Config.Source
	code        *compile.Chunk
	seen        files.Stamp            // of the version that was tried last, good or bad
	modules     map[string]files.Stamp // of the modules' files, by path
	stale       bool                   // it is to be loaded again, changed or not
	missing     bool                   // the file is gone, and that has been logged
	dropOnError bool

	in      *instance // nil while suspended
	stats   ScriptStats
	logs    logLimiter
	states  *state.Maps
	native  *account.Account // of what outlives the Lua state
	ran     bool             // since it was measured last
	meter   *lua51.Meter     // nil: it is not being measured
	heap    int64            // what the Lua state held when it was measured last, in bytes
	largest string           // what held most of it
	metrics *emit.Kept

	execLast map[string]time.Duration // of the last run, by key

	kills     int       // in a row
	lastKill  time.Time // or the end of the last suspension
	suspended time.Time // until then; zero: not suspended
}

func newScript(rt *Runtime, cfg *Config, name, path string) *script {
	s := &script{
		rt: rt, cfg: cfg, name: name, path: path, dropOnError: cfg.OnError == "drop",
	}
	s.native = account.New(maxMemory(cfg)/nativePart, rt.native)
	s.states = state.New(maxState(cfg), s.native, rt.elapsed)
	s.logs = logLimiter{script: s}
	s.metrics = emit.New(cfg.MaxTags, s.native)
	s.stats.Script = name
	rt.numScripts++
	return s
}

// load compiles the script from its file or text and makes an instance of it,
// which is in use after swap.
func (s *script) load() (*instance, *compile.Chunk, files.Stamp, error) {
	source, st := s.cfg.Source, files.Stamp{}
	if s.path != "" {
		var err error
		if source, st, err = files.Read(s.path); err != nil {
			return nil, nil, st, err
		}
	}
	if len(source) > files.MaxSize {
		return nil, nil, st, files.TooLarge(s.name)
	}
	code, err := s.compiler().Compile(s.name, source)
	if err != nil {
		return nil, nil, st, err
	}
	in, err := newInstance(s, code)
	return in, code, st, err
}

// slowEvents makes all hooks read their events without hidden parameters, for
// the tests that compare the two ways.
var slowEvents = false

// compiler is what the script and its modules are compiled with.
func (s *script) compiler() compile.Compiler {
	return compile.Compiler{Schema: s.rt.schema, AllowExec: s.cfg.AllowExec, Others: append(momentNames(), gatherName), Slow: slowEvents}
}

// swap puts a freshly loaded instance in place of the old one.
func (s *script) swap(in *instance, code *compile.Chunk, st files.Stamp) {
	if s.in != nil {
		s.in.close()
	}
	s.in, s.code, s.seen, s.modules = in, code, st, in.stamps
	s.meter = nil
	s.stats.Loads++
	s.stats.Suspended = false
	s.commitStates()
	s.metrics.Commit(s.in.metrics)
	s.suspended = time.Time{}
	s.rt.changed = true
	for _, a := range in.advice {
		s.rt.log(LevelInfo, fmt.Sprintf("%s: advice: %s", a.At, a.Text))
	}
}

// The suspensions after kills in a row, and when a row ends. The first kills
// only cost a rebuild: whatever was wrong may have been one event.
var suspensions = []time.Duration{0, 0, 10 * time.Second, time.Minute, 10 * time.Minute, time.Hour}

const killsForgotten = 10 * time.Minute

// isBroken reports whether the script's Lua state waits for being thrown away.
func (s *script) isBroken() bool { return s.in != nil && s.in.broken != nil }

// recover replaces a broken instance, at once or after a suspension.
func (s *script) recover() {
	if !s.isBroken() {
		return
	}
	cause := errorText(s.in.broken)
	s.in.close()
	s.in, s.meter = nil, nil
	s.setHeap(nil)
	now := s.rt.now()
	if now.Sub(s.lastKill) > killsForgotten {
		s.kills = 0
	}
	s.kills++
	s.lastKill = now
	if wait := suspensions[min(s.kills, len(suspensions))-1]; wait > 0 {
		s.suspend(now, wait, cause)
		return
	}
	s.rt.log(LevelWarn, s.name+": its Lua state was thrown away and built again; nl.state is kept")
	s.rebuild("killed")
}

func (s *script) suspend(now time.Time, wait time.Duration, cause string) {
	s.suspended = now.Add(wait)
	s.lastKill = s.suspended
	s.stats.Suspended = true
	s.rt.log(LevelError, fmt.Sprintf("%s: suspended for %s after %d broken calls in a row, the last one: %s",
		s.name, wait, s.kills, cause))
}

// resume ends a suspension whose time has come.
func (s *script) resume(now time.Time) {
	if s.suspended.IsZero() || now.Before(s.suspended) {
		return
	}
	s.suspended = time.Time{}
	s.rt.log(LevelInfo, s.name+": suspension is over")
	s.rebuild("suspended")
}

// rebuild makes a new instance of the version that was last loaded.
func (s *script) rebuild(reason string) {
	in, err := newInstance(s, s.code)
	if err != nil {
		now := s.rt.now()
		s.kills++
		s.suspend(now, suspensions[min(max(s.kills, 3), len(suspensions))-1], err.Error())
		return
	}
	s.stats.Suspended = false
	s.in = in
	s.commitStates()
	s.rt.changed = true
	s.rt.loads.reloaded = append(s.rt.loads.reloaded, reloadedScript{s, reason})
}

func (s *script) close() {
	if s.in != nil {
		s.in.close()
		s.in = nil
	}
	s.native.Close()
	s.setHeap(nil)
	s.rt.numScripts--
}
