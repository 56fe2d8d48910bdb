package metric

import (
	"slices"
	"strings"

	"telegraf-rtnetlink/plugin/bitset"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// plan is what the metrics of a class look like: the field table, split into
// tags and fields once; in the table tags come first.
type plan struct {
	measurement string
	tags        []planned // sorted by key, as Telegraf's metrics keep them
	first       int       // row of the table that is a field, as all behind it are
	names       []string  // of every row of the table
	previous    []string  // previous_<name> of every row
	boxes       boxes
}

// planned is a tag or field: its key and where its value comes from.
type planned struct {
	key   string
	index int // in event.Fields, or one of the following
}

const (
	tagAction = -1 - iota
	tagOrigin
	tagNetns
)

// newPlans returns the plans of all classes, by rtnl.Object.
func newPlans() []plan {
	plans := make([]plan, rtnl.NumObjects)
	for o := range plans {
		plans[o] = newPlan(rtnl.Object(o))
	}
	return plans
}

func newPlan(o rtnl.Object) plan {
	p := plan{
		measurement: "rtnetlink_" + o.String(),
		tags:        []planned{{"action", tagAction}, {"origin", tagOrigin}, {"netns", tagNetns}},
	}
	for i, f := range event.Fields(o) {
		p.names = append(p.names, f.Name)
		p.previous = append(p.previous, "previous_"+f.Name)
		if f.Tag {
			p.tags = append(p.tags, planned{f.Name, i})
			p.first = i + 1
		}
	}
	p.boxes = make(boxes, len(p.names))
	slices.SortFunc(p.tags, func(a, b planned) int { return strings.Compare(a.key, b.key) })
	return p
}

// changed lists the rows that are in set, which is not empty, comma-joined.
func (p *plan) changed(set *bitset.Set) string {
	first := set.Next(0)
	i := set.Next(first + 1)
	if i < 0 {
		return p.names[first]
	}
	var b strings.Builder
	b.WriteString(p.names[first])
	for ; i >= 0; i = set.Next(i + 1) {
		b.WriteByte(',')
		b.WriteString(p.names[i])
	}
	return b.String()
}
