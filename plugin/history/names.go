package history

import (
	"bytes"
	"strings"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// role is what a tag or field says in a row of an event.
type role uint8

const (
	value    role = iota // of the object
	repeated             // of the object, with values that many objects share
	identity             // who sent the row: host, and tags of the configuration
	netnsTag
	action
	origin
	key
	seq
	changed
	previous
	portID
	process
)

// rolesByName are the roles that do not come from the field table.
var rolesByName = map[string]role{
	"host": identity, "netns": netnsTag, "action": action, "origin": origin, "key": key,
	"seq": seq, "changed": changed, "portid": portID, "process": process,
}

// eventOnly are fields that describe the event rather than the object.
var eventOnly = map[string]bool{"missed_carrier_changes": true, "new_netnsid": true, "new_ifindex": true}

// name is a tag's or field's name, met in a row.
type name struct {
	text []byte
	role role
}

// maxNames bounds the names, maxTexts the values, that are kept once for all.
// A stream has some hundred names; one with more has them from elsewhere.
const (
	maxNames = 1 << 14
	maxTexts = 1 << 20
)

// dictionary numbers names and values, so that objects hold numbers.
type dictionary struct {
	names   []name
	nameIDs map[string]uint32
	texts   []string
	textIDs map[string]uint32
	shared  map[string]bool // fields whose values many objects share
}

func newDictionary() *dictionary {
	d := &dictionary{nameIDs: map[string]uint32{}, textIDs: map[string]uint32{}, shared: map[string]bool{}}
	for o := range rtnl.Object(rtnl.NumObjects) {
		for _, f := range event.Fields(o) {
			if f.Tag || f.Choices != nil {
				d.shared[f.Name] = true
			}
		}
	}
	for _, n := range []string{"scope", "flags", "qdisc", "group", "link_type", "gateway", "prefsrc"} {
		d.shared[n] = true
	}
	return d
}

// name returns the number of a name, false where there are too many.
func (d *dictionary) name(b []byte) (uint32, bool) {
	if id, ok := d.nameIDs[string(b)]; ok {
		return id, true
	}
	if len(d.names) == maxNames {
		return 0, false
	}
	id := uint32(len(d.names))
	d.names = append(d.names, name{text: bytes.Clone(b), role: d.role(string(b))})
	d.nameIDs[string(b)] = id
	return id, true
}

// role tells what a name stands for.
func (d *dictionary) role(text string) role {
	r, ok := rolesByName[text]
	switch {
	case ok:
		return r
	case strings.HasPrefix(text, "previous_"), eventOnly[text]:
		return previous
	case d.shared[text]:
		return repeated
	}
	return value
}

// identify makes the tag called text part of what tells senders apart, and
// reports whether it was not.
func (d *dictionary) identify(text []byte) bool {
	id, ok := d.name(text)
	if !ok || d.names[id].role == identity {
		return false
	}
	d.names[id].role = identity
	return true
}

// text returns the number of a value, false where there are too many.
func (d *dictionary) text(b []byte) (uint32, bool) {
	if id, ok := d.textIDs[string(b)]; ok {
		return id, true
	}
	if len(d.texts) == maxTexts || len(b) > 256 {
		return 0, false
	}
	id := uint32(len(d.texts))
	d.texts = append(d.texts, string(b))
	d.textIDs[d.texts[id]] = id
	return id, true
}
