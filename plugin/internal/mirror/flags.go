package mirror

import "telegraf-rtnetlink/plugin/internal/objtable"

// ref is a place in the table of a class.
type ref = objtable.Ref

// The flags of an entry (objtable.Free).
const (
	flagSeen   = 1 << 1 // by the dump under way
	flagFilled = 1 << 2 // written by the dump under way
	flagGroup  = 1 << 3 // an IPv6 route that shares a group with others, which may differ in more than the nexthop
	flagBehind = 1 << 4 // an IPv6 route that stands between the members of a group
	flagTaken  = 1 << 5 // meant by a record of the dump under way, of a key that an event has touched
	flagMissed = 3 << 6 // how many dumps in a row lacked it
	missedOne  = 1 << 6
)
