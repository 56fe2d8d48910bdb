package luahooks

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"time"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"
)

// State is what the nl.state maps with persist = true hold: by script and map.
// It is made for encoding/json.
type State map[string]map[string][]savedEntry

// savedEntry is one entry, the least recently used ones first.
type savedEntry struct {
	Key   string  `json:"k,omitempty"`
	Value any     `json:"v,omitempty"`   // string, float64 or bool
	TTL   float64 `json:"ttl,omitempty"` // seconds left, 0: no limit
	// Texts that are no UTF-8, and infinities, which JSON does not have.
	KeyBytes   []byte `json:"kb,omitempty"`
	ValueBytes []byte `json:"vb,omitempty"`
	Infinite   int    `json:"inf,omitempty"` // 1 or -1
}

// texts moves what JSON cannot hold to where it can.
func (e savedEntry) texts() savedEntry {
	if !utf8.ValidString(e.Key) {
		e.Key, e.KeyBytes = "", []byte(e.Key)
	}
	switch v := e.Value.(type) {
	case string:
		if !utf8.ValidString(v) {
			e.Value, e.ValueBytes = nil, []byte(v)
		}
	case float64:
		if math.IsInf(v, 0) {
			e.Value, e.Infinite = nil, 1
			if v < 0 {
				e.Infinite = -1
			}
		}
	}
	return e
}

// key is the entry's key.
func (e *savedEntry) key() string {
	if e.KeyBytes != nil {
		return string(e.KeyBytes)
	}
	return e.Key
}

// saveEvery is how often the state file is written at most, apart from Close.
const saveEvery = time.Minute

// State returns the persistent state of all scripts.
func (r *Runtime) State() State {
	state := State{}
	now := r.elapsed()
	for _, s := range r.scripts() {
		saved := map[string][]savedEntry{}
		maps.Copy(saved, s.pending)
		for name, m := range s.states {
			if m.persist {
				saved[name] = m.save(now)
			}
		}
		if len(saved) > 0 {
			state[s.name] = saved
		}
	}
	return state
}

func (m *stateMap) save(now time.Duration) []savedEntry {
	saved := []savedEntry{}
	for e := m.root.prev; e != &m.root; e = e.prev {
		var left float64
		if e.expires != 0 {
			if left = (e.expires - now).Seconds(); left <= 0 {
				continue
			}
		}
		switch v := e.value.(type) {
		case lua.LString:
			saved = append(saved, savedEntry{Key: e.key, Value: string(v), TTL: left}.texts())
		case lua.LBool:
			saved = append(saved, savedEntry{Key: e.key, Value: bool(v), TTL: left}.texts())
		case lua.LNumber:
			saved = append(saved, savedEntry{Key: e.key, Value: float64(v), TTL: left}.texts())
		}
	}
	return saved
}

// SetState restores what State returned. Call it before the first event.
func (r *Runtime) SetState(state State) {
	for _, s := range r.scripts() {
		s.pending = state[s.name]
		for _, m := range s.states {
			s.restore(m)
		}
	}
}

// restore fills a map with what was saved for it.
func (s *script) restore(m *stateMap) {
	saved, ok := s.pending[m.name]
	if !ok {
		return
	}
	delete(s.pending, m.name)
	now := s.rt.elapsed()
	for i := range saved {
		e := &saved[i]
		v, key := e.value(), e.key()
		if v == lua.LNil || key == "" || len(key) > maxKeyLen || e.TTL < 0 || e.TTL > maxSeconds {
			continue
		}
		to := m.touch(key, now)
		m.set(to, v)
		if e.TTL > 0 {
			to.expires = now + time.Duration(e.TTL*float64(time.Second))
		}
	}
}

// value is the entry's value, nil for what no map can have.
func (e *savedEntry) value() lua.LValue {
	switch {
	case e.ValueBytes != nil && len(e.ValueBytes) <= maxValueLen:
		return lua.LString(e.ValueBytes)
	case e.Infinite != 0:
		return lua.LNumber(math.Inf(e.Infinite))
	}
	switch v := e.Value.(type) {
	case string:
		if len(v) <= maxValueLen {
			return lua.LString(v)
		}
	case float64:
		if !math.IsNaN(v) {
			return lua.LNumber(v)
		}
	case bool:
		return boxBool(v)
	}
	return lua.LNil
}

// saver writes the state file.
type saver struct {
	path string
	last time.Time
	busy chan error // holds the result of a write that has ended
	open bool       // a write is running
}

// openSaver reads the state file of that path; none, if it is empty.
func openSaver(path string, now time.Time) (*saver, State, error) {
	if path == "" {
		return nil, nil, nil
	}
	s := &saver{path: path, last: now, busy: make(chan error, 1)}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil, nil
	}
	if err != nil {
		return s, nil, fmt.Errorf("lua: state file: %w", err)
	}
	var state State
	if err := json.Unmarshal(text, &state); err != nil {
		return s, nil, fmt.Errorf("lua: state file: %s: %w; move it away to begin anew", path, err)
	}
	return s, state, nil
}

// save writes the state file and waits for it.
func (s *saver) save(state State) error {
	if s == nil {
		return nil
	}
	if s.open {
		<-s.busy
		s.open = false
	}
	return writeState(s.path, state)
}

func writeState(path string, state State) error {
	text, err := json.Marshal(state)
	if err != nil {
		return err
	}
	return writeFile(path, text)
}

// saveLater writes the state file in the background, now and then. It returns the
// error of the write before.
func (s *saver) saveLater(now time.Time, state func() State) error {
	if s == nil {
		return nil
	}
	if s.open {
		select {
		case err := <-s.busy:
			s.open = false
			if err != nil {
				return err
			}
		default:
			return nil
		}
	}
	if now.Sub(s.last) < saveEvery {
		return nil
	}
	s.last, s.open = now, true
	whole := state()
	go func() { s.busy <- writeState(s.path, whole) }() // events do not wait for the making of JSON
	return nil
}

// writeFile replaces a file so that there is always a whole one, and only its
// owner can read it.
func writeFile(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
