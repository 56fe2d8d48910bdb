package event

import (
	"slices"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/bitset"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// maxAttr bounds the attribute numbers that a View indexes. Every attribute in
// the field table is below it (the highest is rtnl.LinkDriver); others are found
// by a walk.
const maxAttr = 80

// View gives access to the fields of one object. Reset points it at a body; it
// keeps no copy, so it is valid as long as that body is. The zero View has no
// fields. The attributes are indexed once, at the first use.
type View struct {
	Object rtnl.Object
	// Missed is the value of a link's field missed_carrier_changes: how often
	// the carrier changed since the last message without a message. One object
	// cannot tell, so whoever holds both sets it after Reset; 0: no such field.
	Missed int64
	// IRQCount is the value of a link's field irq_count: how many interrupts
	// its device has. No message says so; whoever reads sysfs sets it after
	// Reset; 0: no such field.
	IRQCount int64
	// PortID and Process are the values of the fields portid and process: who
	// asked for the change, which the message's header says, and its name, which
	// whoever reads /proc sets after Reset; 0 and empty: no such field.
	PortID  int64
	Process string

	env     Env
	body    []byte
	ready   bool
	present bitset.Set      // fields of which an attribute is there
	off     [maxAttr]uint32 // of the payload in body; 0: absent
	info    rtnl.LinkInfo   // of a link; valid once ready
}

// Reset points v at another object's body and clears what others set; a
// nil body empties it. env may be nil: links are then called "if<index>" and
// taken to be alive.
func (v *View) Reset(o rtnl.Object, body []byte, env Env) {
	v.Object, v.body, v.env, v.ready = o, body, env, false
	v.Missed, v.IRQCount, v.PortID, v.Process = 0, 0, 0, ""
}

// Valid reports whether v points at an object.
func (v *View) Valid() bool { return v.body != nil }

// Body returns the object's bytes: a view, not to be changed or kept.
func (v *View) Body() []byte { return v.body }

// Value decodes field i of Fields(v.Object).
func (v *View) Value(i int) Value {
	if v.body == nil {
		return Value{}
	}
	if readersOf[v.Object].needs.Has(i) {
		if !v.ready {
			v.index()
		}
		if !v.present.Has(i) {
			return Value{} // as most fields of most objects
		}
	}
	return fields[v.Object][i].get(v)
}

// Fields returns the fields that the object may have: Value(i) has no value for
// every other.
func (v *View) Fields() (set bitset.Set) {
	if v.body == nil {
		return set
	}
	if !v.ready {
		v.index()
	}
	set = readersOf[v.Object].free
	set.Merge(&v.present)
	return set
}

// Attr returns the payload of attribute typ, nil if the object has none. An
// empty payload is not nil.
func (v *View) Attr(typ uint16) []byte {
	if typ >= maxAttr {
		return rtnl.AttrsOf(v.Object, v.body).Get(typ)
	}
	if !v.ready {
		v.index()
	}
	at := v.off[typ]
	if at == 0 {
		return nil
	}
	end := at - 4 + uint32(rtnl.Uint16(v.body[at-4:]))
	return v.body[at:end:end]
}

// index notes where each attribute's payload is; the first of a type counts.
func (v *View) index() {
	v.ready, v.present, v.info = true, bitset.Set{}, rtnl.LinkInfo{}
	clear(v.off[:])
	r := &readersOf[v.Object]
	attrs := rtnl.AttrsOf(v.Object, v.body)
	for {
		typ, payload, rest, ok := attrs.Next()
		if !ok {
			return
		}
		if typ < maxAttr && v.off[typ] == 0 {
			v.off[typ] = uint32(len(v.body) - len(attrs) + 4)
			v.present.Merge(&r.plain[typ])
			if typ == unix.IFLA_LINKINFO && v.Object == rtnl.Link {
				v.indexInfo(r, payload)
			}
		}
		attrs = rest
	}
}

// linkName returns the name of a link, as Env does.
func (v *View) linkName(index uint32) string {
	if v.env == nil {
		return "if" + decimal(index)
	}
	return v.env.LinkName(index)
}

// fields is the table, by class.
var fields = [rtnl.NumObjects][]Field{
	rtnl.Link:     linkFields,
	rtnl.Nexthop:  slices.Concat(nexthopFields, whoFields),
	rtnl.Address:  slices.Concat(addressFields, whoFields),
	rtnl.Route:    slices.Concat(routeFields, whoFields),
	rtnl.Rule:     slices.Concat(ruleFields, whoFields),
	rtnl.Neighbor: slices.Concat(neighborFields, whoFields),
	rtnl.Netconf:  netconfFields,
	rtnl.NSID:     nsidFields,
	rtnl.MDB:      mdbFields,
	rtnl.VLAN:     vlanFields,
	rtnl.Notice:   noticeFields,
}

// Fields returns the field table of a class, in the order in which `changed`
// lists names, tags first. It must not be changed.
func Fields(o rtnl.Object) []Field { return fields[o] }
