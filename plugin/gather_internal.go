package plugin

import (
	"cmp"
	"maps"
	"slices"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// ordered returns the sources in the order in which they were added.
func (o *owner) ordered() []*source {
	return slices.SortedFunc(maps.Values(o.sources), func(a, b *source) int { return cmp.Compare(a.id, b.id) })
}

// internal returns rtnetlink_internal of a namespace. What is the instance's, as
// the totals of the scripts, is in each of them.
func (o *owner) internal(s *source, scripts map[string]int64) reading {
	c := s.state.Counts()
	now, peak := o.queue.Usage()
	fields := map[string]any{
		"mirror_bytes":      int64(s.state.Bytes()),
		"messages":          int64(c.Messages),
		"events":            o.eventCount(),
		"overruns":          int64(s.stats.overruns),
		"resyncs":           int64(s.stats.resyncs),
		"resync_changes":    int64(c.Resync),
		"implied_changes":   int64(c.Implied),
		"unknown_deletes":   int64(c.Unknown),
		"ignored_messages":  int64(c.Ignored),
		"audit_corrections": int64(s.stats.auditCorrections),
		"decode_errors":     int64(s.stats.decodeErrors),
		"queue_length":      int64(now),
		"queue_peak":        int64(peak),
		"receive_buffer":    int64(0),
		"rate_limited":      o.send.limited,
		"undelivered":       o.send.lost,
		"lost_events":       o.build.Lost(),
		"doubt":             int64(0),
		"defects":           o.defects,
	}
	if s.epoch.phase != complete {
		fields["doubt"] = int64(1)
	}
	if s.conn != nil {
		fields["receive_buffer"] = int64(s.conn.ReceiveBuffer())
	}
	for object := range rtnl.Object(rtnl.NumObjects) {
		fields[object.Plural()] = int64(s.state.Len(object))
	}
	for name, n := range scripts {
		fields[name] = n
	}
	return reading{name: "rtnetlink_internal", tags: s.tagged(map[string]string{}), fields: fields}
}

func (o *owner) eventCount() (n int64) {
	for _, actions := range o.events {
		for _, c := range actions {
			n += c
		}
	}
	return n
}
