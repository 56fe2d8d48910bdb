package plugin

import (
	"telegraf-rtnetlink/luahooks/model"
	"telegraf-rtnetlink/plugin/bitset"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

//go:generate go run ../scripts/types ../scripts/types/rtnetlink.lua

// Schema returns the field table in the form that luahooks wants it, for the
// runtime and for the generators of stubs and manuals.
func Schema() *model.Schema {
	s := &model.Schema{Measurements: "rtnetlink_"}
	for a := range event.Action(event.NumActions) {
		s.Actions = append(s.Actions, a.String())
	}
	for o := range event.Origin(event.NumOrigins) {
		s.Origins = append(s.Origins, o.String())
	}
	for o := range rtnl.Object(rtnl.NumObjects) {
		s.Objects = append(s.Objects, schemaOf(o))
	}
	return s
}

// prefixFields names, by class, the field that `within` and is_default test.
var prefixFields = [rtnl.NumObjects]string{
	rtnl.Address: "local", rtnl.Route: "dst", rtnl.Neighbor: "dst", rtnl.Rule: "dst", rtnl.Nexthop: "gateway",
	rtnl.Notice: "prefix",
}

// commaFields are the comma-joined ones.
var commaFields = map[string]bool{"flags": true, "altnames": true, "locks": true, "proto_down_reason": true,
	"vlan_flags": true, "vlan_ingress_qos": true, "vlan_egress_qos": true, "vxlan_flags": true, "gre_flags": true,
	"mode_flags": true, "macsec_flags": true, "macaddr_list": true, "bond_arp_ip_target": true, "bond_ns_ip6_target": true, "servers": true, "domains": true}

func schemaOf(o rtnl.Object) model.Object {
	out := model.Object{Name: o.String(), Prefix: prefixFields[o], Stateless: o.Stateless()}
	for _, f := range event.Fields(o) {
		out.Fields = append(out.Fields, model.Field{
			Name: f.Name, Kind: model.Kind(f.Kind), Tag: f.Tag, Doc: f.Doc, Unit: f.Unit,
			Choices: f.Choices, List: commaFields[f.Name], Most: f.Most(), Spell: speller(o, f),
		})
	}
	return out
}

// speller is event.Speller for luahooks.
func speller(o rtnl.Object, f event.Field) func(string) (model.Spelling, error) {
	spell := event.Speller(o, f.Name)
	if spell == nil || f.Kind != event.String || f.Choices != nil {
		return nil
	}
	return func(word string) (model.Spelling, error) {
		s, err := spell(word)
		return model.Spelling(s), err
	}
}

// adapter makes an event what luahooks wants to see.
type adapter struct{ *event.Event }

var _ model.Event = (*adapter)(nil)

func (a *adapter) Object() int             { return int(a.Event.Object) }
func (a *adapter) Action() int             { return int(a.Event.Action) }
func (a *adapter) Origin() int             { return int(a.Event.Origin) }
func (a *adapter) Netns() string           { return a.Event.Netns }
func (a *adapter) Time() int64             { return a.Event.Time }
func (a *adapter) Key() string             { return a.Event.KeyText() }
func (a *adapter) Changed() *bitset.Set    { return &a.Event.Changed }
func (a *adapter) Field(i int) model.Value { return value(a.New.Value(i)) }
func (a *adapter) Attribute(n int) []byte  { return a.New.Attr(uint16(n)) }

func (a *adapter) Old(i int) model.Value {
	if a.Event.Action == event.New {
		return model.Value{}
	}
	return value(a.Event.Old.Value(i))
}

func value(v event.Value) model.Value {
	return model.Value{Kind: model.Kind(v.Kind), Num: v.Num, Str: v.Str}
}
