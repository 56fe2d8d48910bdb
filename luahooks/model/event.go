package model

import "telegraf-rtnetlink/plugin/bitset"

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
