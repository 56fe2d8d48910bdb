package state

import (
	"maps"
	"math"
	"time"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"
)

// Saved is one entry of a map, the least recently used ones first.
type Saved struct {
	Key   string  `json:"k,omitempty"`
	Value any     `json:"v,omitempty"`   // string, float64 or bool
	TTL   float64 `json:"ttl,omitempty"` // seconds left, 0: no limit
	// Texts that are no UTF-8, and infinities, which JSON does not have.
	KeyBytes   []byte `json:"kb,omitempty"`
	ValueBytes []byte `json:"vb,omitempty"`
	Infinite   int    `json:"inf,omitempty"` // 1 or -1
}

// texts moves what JSON cannot hold to where it can.
func (e Saved) texts() Saved {
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
func (e *Saved) key() string {
	if e.KeyBytes != nil {
		return string(e.KeyBytes)
	}
	return e.Key
}

// Save returns the entries of the maps that persist, by the map's name. It is made
// for encoding/json.
func (s *Maps) Save() map[string][]Saved {
	saved := map[string][]Saved{}
	maps.Copy(saved, s.pending)
	for name, m := range s.byName {
		if m.persist {
			saved[name] = m.save()
		}
	}
	return saved
}

// Load takes what Save returned for the maps that there are and those to come.
func (s *Maps) Load(saved map[string][]Saved) {
	s.pending = saved
	for _, m := range s.byName {
		m.Restore()
	}
}

func (m *Map) save() []Saved {
	now := m.of.now()
	saved := []Saved{}
	for e := m.root.prev; e != &m.root; e = e.prev {
		var left float64
		if e.expires != 0 {
			if left = (e.expires - now).Seconds(); left <= 0 {
				continue
			}
		}
		switch v := e.Value.(type) {
		case lua.LString:
			saved = append(saved, Saved{Key: e.key, Value: string(v), TTL: left}.texts())
		case lua.LBool:
			saved = append(saved, Saved{Key: e.key, Value: bool(v), TTL: left}.texts())
		case lua.LNumber:
			saved = append(saved, Saved{Key: e.key, Value: float64(v), TTL: left}.texts())
		}
	}
	return saved
}

// longest is the seconds that an entry can have left, far from overflow.
const longest = 100 * 365 * 86400

// Restore fills the map with what was saved for it and has not been restored yet.
func (m *Map) Restore() {
	s := m.of
	saved, ok := s.pending[m.name]
	if !ok {
		return
	}
	delete(s.pending, m.name)
	now := s.now()
	for i := range saved {
		e := &saved[i]
		v, key := e.value(), e.key()
		if v == lua.LNil || key == "" || len(key) > MaxKey || e.TTL < 0 || e.TTL > longest {
			continue
		}
		to := m.Touch(key)
		m.Set(to, v)
		if e.TTL > 0 {
			to.expires = now + time.Duration(e.TTL*float64(time.Second))
		}
	}
}

// value is the entry's value, nil for what no map can have.
func (e *Saved) value() lua.LValue {
	switch {
	case e.ValueBytes != nil && len(e.ValueBytes) <= MaxValue:
		return lua.LString(e.ValueBytes)
	case e.Infinite != 0:
		return lua.LNumber(math.Inf(e.Infinite))
	}
	switch v := e.Value.(type) {
	case string:
		if len(v) <= MaxValue {
			return lua.LString(v)
		}
	case float64:
		if !math.IsNaN(v) {
			return lua.LNumber(v)
		}
	case bool:
		return lua.LBool(v)
	}
	return lua.LNil
}
