package strict

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Stream is all that one instance sends: the events of its namespaces, with a
// Consumer for each, and what rtnetlink_sync says between them. It notes gaps in
// `seq` and whatever the consumers note. NewStream makes one; it must not be used
// concurrently.
type Stream struct {
	// Gaps says that numbers may be missing: a test loses metrics. Behind a gap the
	// consumers know that they do not know.
	Gaps bool
	// Late says that the first events are not there, as in a file that begins
	// where another ends. Where rtnetlink_sync begins an epoch nothing is missing.
	Late bool
	// Seq is the number of the last event.
	Seq int64

	spaces map[string]*Consumer
	errors []string
}

// NewStream returns a stream of which nothing has come yet.
func NewStream() *Stream { return &Stream{spaces: map[string]*Consumer{}} }

// Of returns the state of a namespace, by its tag `netns`.
func (s *Stream) Of(netns string) *Consumer {
	if s.spaces[netns] == nil {
		s.spaces[netns] = New()
		s.spaces[netns].Partial = s.Late
	}
	return s.spaces[netns]
}

// Namespaces lists those that metrics have told of, in the order of their names.
func (s *Stream) Namespaces() (names []string) {
	for name := range s.spaces {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Take takes a metric: of an event, or rtnetlink_sync. Others, such as gauges, it
// leaves alone. It reports whether the metric was that of an event.
func (s *Stream) Take(name string, tags map[string]string, fields map[string]any) bool {
	if name == "rtnetlink_sync" {
		s.moment(tags, fields)
		return false
	}
	if _, ok := fields["seq"]; !ok {
		return false
	}
	class, v := Metric(name, tags, fields)
	seq, err := strconv.ParseInt(v["seq"], 10, 64)
	switch {
	case err != nil || seq <= s.Seq:
		s.wrong("event number %q behind %d: %s %v", v["seq"], s.Seq, class, v)
	case seq != s.Seq+1 && !s.Gaps && (!s.Late || s.Seq != 0):
		s.wrong("event number %d, want %d: %s %v", seq, s.Seq+1, class, v)
	case seq != s.Seq+1 && s.Gaps:
		for _, c := range s.spaces {
			c.Gap()
		}
	}
	s.Seq = seq
	if shown[class] != nil { // otherwise a script has called it something else
		s.Of(tags["netns"]).Take(class, v)
	}
	return true
}

// moment takes rtnetlink_sync.
func (s *Stream) moment(tags map[string]string, fields map[string]any) {
	netns := tags["netns"]
	switch tags["moment"] {
	case "begin": // what was known is void
		if old := s.spaces[netns]; old != nil {
			s.errors = append(s.errors, old.Errors...)
		}
		s.spaces[netns] = begun(fields)
	case "complete", "doubt", "end":
	default:
		s.wrong("unknown moment: %v %v", tags, fields)
	}
	if next, ok := fields["next_seq"].(int64); ok && next <= s.Seq {
		s.wrong("next_seq is %d behind event number %d", next, s.Seq)
	}
}

// begun returns the consumer of an epoch, which knows what it cannot know.
func begun(fields map[string]any) *Consumer {
	c := New()
	filters, _ := fields["filters"].(string)
	filter, unknown := ParseFilter(filters)
	c.Filter, c.Partial = filter, unknown != ""
	c.Unlisted, c.Untracked = words(fields["objects"]), words(fields["untracked"])
	for class := range words(fields["initial_events"]) {
		delete(c.Unlisted, class)
	}
	return c
}

// words returns the set of the words of a list.
func words(list any) map[string]bool {
	set := map[string]bool{}
	text, _ := list.(string)
	for _, w := range strings.Split(text, ",") {
		set[w] = true
	}
	return set
}

func (s *Stream) wrong(format string, args ...any) {
	s.errors = append(s.errors, fmt.Sprintf(format, args...))
}

// Errors are the promises that were broken so far.
func (s *Stream) Errors() []string {
	out := slices.Clone(s.errors)
	for _, name := range s.Namespaces() {
		out = append(out, s.spaces[name].Errors...)
	}
	return out
}

// Stale returns what Consumer.Stale does, of all namespaces.
func (s *Stream) Stale() (out []string) {
	for _, name := range s.Namespaces() {
		out = append(out, s.spaces[name].Stale()...)
	}
	return out
}

// Metric returns what a metric says, and of which class.
func Metric(name string, tags map[string]string, fields map[string]any) (class string, v Values) {
	v = Values{}
	maps.Copy(v, tags)
	for k, value := range fields {
		v[k] = fmt.Sprint(value)
	}
	return strings.TrimPrefix(name, "rtnetlink_"), v
}
