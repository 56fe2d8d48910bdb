package model

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
