package plugin

import (
	"sync"

	"github.com/influxdata/telegraf/selfstat"
)

// published is what of rtnetlink_internal is shown among Telegraf's own
// statistics, as internal_rtnetlink. Without a collector, as outside of a
// Telegraf, that is nothing.
type published struct {
	collector *selfstat.Collector

	mu    sync.Mutex
	shown map[string]reading // by namespace
}

// publish shows the latest numbers, and no longer those of namespaces that are
// gone.
func (s *published) publish(list []reading) {
	if s.collector == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.shown
	s.shown = make(map[string]reading)
	for _, r := range list {
		if r.name != "rtnetlink_internal" {
			continue
		}
		for field, value := range r.fields {
			if n, ok := value.(int64); ok {
				s.collector.Register("rtnetlink", field, r.tags).Set(n)
			}
		}
		s.shown[r.tags["netns"]] = r
		delete(before, r.tags["netns"])
	}
	s.hide(before)
}

// hide takes away what is shown of namespaces.
func (s *published) hide(gone map[string]reading) {
	for _, r := range gone {
		for field := range r.fields {
			s.collector.Unregister("rtnetlink", field, r.tags)
		}
	}
}

// withdraw shows nothing any more.
func (s *published) withdraw() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hide(s.shown)
	s.shown = nil
}
