package plugin

import (
	"telegraf-rtnetlink/plugin/internal/namespace"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// internal returns rtnetlink_internal of a namespace. What is the instance's, as
// the totals of the scripts, is in each of them.
func (g *gauges) internal(n *namespace.Namespace, scripts map[string]int64) reading {
	o, c, stats := g.owner, n.State().Counts(), n.Stats()
	length, peak := o.spaces.Queue().Usage()
	fields := map[string]any{
		"mirror_bytes":      int64(n.State().Bytes()),
		"messages":          int64(c.Messages),
		"events":            o.stream.eventCount(),
		"overruns":          int64(stats.Overruns),
		"resyncs":           int64(stats.Resyncs),
		"resync_changes":    int64(c.Resync),
		"implied_changes":   int64(c.Implied),
		"unknown_deletes":   int64(c.Unknown),
		"ignored_messages":  int64(c.Ignored),
		"audit_corrections": int64(stats.AuditCorrections),
		"decode_errors":     int64(stats.DecodeErrors),
		"queue_length":      int64(length),
		"queue_peak":        int64(peak),
		"receive_buffer":    int64(n.ReceiveBuffer()),
		"rate_limited":      g.sender.limited,
		"undelivered":       g.sender.lost,
		"lost_events":       o.stream.build.Lost(),
		"doubt":             int64(0),
		"defects":           o.defects.count,
	}
	if !n.InLine() {
		fields["doubt"] = int64(1)
	}
	for object := range rtnl.Object(rtnl.NumObjects) {
		if !object.Stateless() {
			fields[object.Plural()] = int64(n.State().Len(object))
		}
	}
	for name, n := range scripts {
		fields[name] = n
	}
	return reading{name: "rtnetlink_internal", tags: tagged(n, make(map[string]string)), fields: fields}
}
