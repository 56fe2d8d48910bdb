// Package state is the maps that a script remembers things in over reloading and
// restarts: bounded in entries and bytes, the least recently used entry out first.
package state

import (
	"strings"
	"time"

	"telegraf-rtnetlink/luahooks/internal/account"
)

// MaxMaps bounds the maps of a script.
const MaxMaps = 1000

// Maps is the maps of one script, which outlive its Lua state. It belongs to one
// goroutine.
type Maps struct {
	Evictions int64 // entries pushed out by a limit

	max     int // entries of all maps
	entries int
	account *account.Account
	now     func() time.Duration // a clock that never goes back
	byName  map[string]*Map
	pending map[string][]Saved // saved entries of maps that nothing has named yet
}

// New returns no maps yet, with at most max entries in all, whose bytes are the
// account's.
func New(max int, a *account.Account, now func() time.Duration) *Maps {
	return &Maps{max: max, account: a, now: now, byName: map[string]*Map{}}
}

// Len is how many entries all maps have.
func (s *Maps) Len() int { return s.entries }

// Get returns the map of a name, made if need be; nil if there are too many. Its
// options are unset when it is new.
func (s *Maps) Get(name string) *Map {
	m := s.byName[name]
	if m == nil {
		if len(s.byName) >= MaxMaps && !s.forget() {
			return nil
		}
		m = newMap(s, strings.Clone(name))
		s.byName[m.name] = m
	}
	return m
}

// forget ends a map that nothing has named since Unname.
func (s *Maps) forget() bool {
	for name, m := range s.byName {
		if !m.named {
			m.Clear()
			delete(s.byName, name)
			return true
		}
	}
	return false
}

// Unname says that the script was loaded again: maps that are not named from now on,
// by SetOptions, are the first to give way.
func (s *Maps) Unname() {
	for _, m := range s.byName {
		m.named = false
	}
}

// Options of a map. TTL 0: entries live until they are pushed out.
type Options struct {
	Max     int
	TTL     time.Duration
	Persist bool // Save saves it
}

// SetOptions makes options count, and names the map.
func (m *Map) SetOptions(o Options) {
	m.max, m.ttl, m.persist, m.named = o.Max, o.TTL, o.Persist, true
	for len(m.entries) > m.max {
		m.evict()
	}
}

// IsNew reports whether the map has no options yet.
func (m *Map) IsNew() bool { return m.max == 0 }

// largest returns the map that gives way, nil if all are empty: first those that
// nothing has named since Unname.
func (s *Maps) largest(size func(*Map) int) *Map {
	var found *Map
	for _, m := range s.byName {
		switch {
		case len(m.entries) == 0:
		case found == nil, found.named == m.named && size(m) > size(found), found.named && !m.named:
			found = m
		}
	}
	return found
}
