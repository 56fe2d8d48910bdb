package mirror

import (
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// namesEnv is an Env that notes which links it is asked for.
type namesEnv []uint32

// formerEnv is an Env from before link index had its name.
type formerEnv struct {
	event.Env
	index uint32
	name  string
}

// LinkName implements event.Env.
func (e *formerEnv) LinkName(index uint32) string {
	if index == e.index {
		return e.name
	}
	return e.Env.LinkName(index)
}

// LinkName implements event.Env.
func (e *namesEnv) LinkName(index uint32) string {
	*e = append(*e, index)
	return ""
}

// namesOf is namesIn by way of a view.
func namesOf(v *event.View, body []byte) namesEnv {
	var seen namesEnv
	v.Reset(rtnl.Link, body, &seen)
	for i := range event.Fields(rtnl.Link) {
		v.Value(i)
	}
	return seen
}

// namesIn returns the links that the link in body names.
func (s *objects) namesIn(body []byte) []uint32 { return namesOf(&s.named.view, body) }

// naming is scratch memory: the links that a link names.
type naming struct {
	view event.View
	list namesEnv
}
