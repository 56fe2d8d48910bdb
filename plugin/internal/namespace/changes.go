package namespace

import (
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// changes is when each link of a namespace has changed.
type changes struct {
	changed map[uint32]int64 // the last time, ns
}

// LastChange returns when a link changed last, in ns, and whether it did since it
// was first enumerated.
func (c *changes) LastChange(link uint32) (at int64, ok bool) {
	at, ok = c.changed[link]
	return at, ok
}

// noteChange remembers when a link changed.
func (c *changes) noteChange(e *event.Event) {
	index := rtnl.LinkMsg(e.New.Body()).Index()
	if e.Action == event.Delete {
		delete(c.changed, index)
	} else if e.Origin != event.Dump {
		c.changed[index] = e.Time
	}
}
