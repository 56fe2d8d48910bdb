// Package strict has the consumer that tests hold the stream of events to. It
// knows nothing but what a metric says, keeps the state in the two ways that the
// stream promises to be enough, and notes whatever breaks a promise:
//
//   - the newest metric of each key is the object, until its delete;
//   - a change differs from the last metric of its key in what `changed` names,
//     no more and no less, and previous_<field> is what that metric had;
//   - a delete shows what the last metric of its key showed;
//   - a metric that names a link comes behind the one that made the link known
//     by that name;
//   - of what the options leave out there is nothing, and all of the rest: what
//     changes from one into the other comes as new, or is deleted;
//   - a notice is new, and no object.
//
// It is for tests only.
package strict

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Values are the tags and fields of a metric, as text.
type Values map[string]string

// Consumer is the state of one namespace as its events tell it. New makes one;
// it must not be used concurrently.
type Consumer struct {
	// Partial says that events may speak of objects that none has told of, and
	// name links that none has told of: the stream leaves some out, nobody knows
	// which.
	Partial bool
	// Filter is what the stream is known to leave out.
	Filter Filter
	// Unlisted are the classes of which that is so because there are no initial
	// events of them.
	Unlisted map[string]bool
	// Untracked are the classes of which events say what the kernel said, without
	// a state to compare it with.
	Untracked map[string]bool
	// Errors are the promises that were broken, each with the metric that broke it.
	Errors []string

	objects map[string]map[string]Values // by class and key
	gap     bool                         // a metric was lost: it may have told of anything
	unsure  map[string]map[string]bool   // by class: the keys of what was known then and has not been told of since
	links   bool                         // there are events of links
	names   map[string]map[string]bool   // of links: the keys of those that have it
}

// New returns a consumer that knows of nothing.
func New() *Consumer {
	return &Consumer{objects: map[string]map[string]Values{}, names: map[string]map[string]bool{}}
}

// shown are the names of what metrics of a class say of their object: what is in
// the field table, without what describes the event alone. Scripts may add more.
var shown = func() map[string]map[string]bool {
	classes := map[string]map[string]bool{}
	for o := range rtnl.Object(rtnl.NumObjects) {
		names := map[string]bool{}
		for _, f := range event.Fields(o) {
			names[f.Name] = !f.NoChange
		}
		classes[o.String()] = names
	}
	return classes
}()

// object returns what a metric says of its object.
func object(class string, v Values) Values {
	out := Values{}
	for name, value := range v {
		if shown[class][name] {
			out[name] = value
		}
	}
	return out
}

// Take takes the event metric of an object of a class, such as "link".
func (c *Consumer) Take(class string, v Values) {
	key, now := v["key"], object(class, v)
	if !keyText.MatchString(key) {
		c.wrong(class, v, "the key is not 16 hexadecimal digits")
	}
	if o, ok := rtnl.ParseObject(class); ok && o.Stateless() {
		if v["action"] != "new" {
			c.wrong(class, v, "what leaves no state cannot change or end")
		}
		c.checkNames(class, v, now)
		return
	}
	if c.objects[class] == nil {
		c.objects[class] = map[string]Values{}
	}
	if c.Untracked[class] {
		return
	}
	last, known := c.objects[class][key]
	unsure := c.unsure[class][key]
	delete(c.unsure[class], key)
	switch v["action"] {
	case "new":
		if known && !unsure {
			c.wrong(class, v, "new of a key that is there: %v", last)
		}
	case "change":
		if !unsure {
			c.change(class, v, last, known)
		}
	case "delete":
		if !unsure {
			c.end(class, v, last, known)
		}
		c.unlearn(class, key, last)
		delete(c.objects[class], key)
		return
	default:
		c.wrong(class, v, "unknown action")
	}
	if !c.Filter.Keeps(class, now) {
		c.wrong(class, v, "the filter leaves it out")
	}
	c.objects[class][key] = now
	c.learn(class, key, last, now)
	c.checkNames(class, v, now)
}

var keyText = regexp.MustCompile(`^[0-9a-f]{16}$`)

// change holds `changed` and the previous values to the last metric.
func (c *Consumer) change(class string, v, last Values, known bool) {
	if !known {
		if !c.partial(class) {
			c.wrong(class, v, "change of what no metric has told of")
		}
		return
	}
	named := strings.Split(v["changed"], ",")
	for _, name := range named {
		if v["previous_"+name] != last[name] {
			c.wrong(class, v, "%s was %q in the last metric", name, last[name])
		}
		if v[name] == last[name] && !renewable[name] {
			c.wrong(class, v, "%s has not changed", name)
		}
	}
	for name := range union(last, object(class, v)) {
		if v[name] != last[name] && !slices.Contains(named, name) {
			c.wrong(class, v, "%s was %q in the last metric, and changed does not say so", name, last[name])
		}
	}
}

// renewable are what can be set anew to the value of the last time, as README's `changed` says.
var renewable = map[string]bool{"valid_lft": true, "preferred_lft": true, "expires": true}

func union(a, b Values) Values {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// end holds a delete to the last metric.
func (c *Consumer) end(class string, v, last Values, known bool) {
	if !known {
		if !c.partial(class) {
			c.wrong(class, v, "delete of what no metric has told of")
		}
		return
	}
	if now := object(class, v); !maps.Equal(now, last) {
		c.wrong(class, v, "the last metric was another: %v", last)
	}
}

// learn follows the names of links.
func (c *Consumer) learn(class, key string, last, now Values) {
	if class == "link" {
		c.links = true
		c.unlearn(class, key, last)
		name := now["interface"]
		if c.names[name] == nil {
			c.names[name] = map[string]bool{}
		}
		c.names[name][key] = true
	}
}

func (c *Consumer) unlearn(class, key string, last Values) {
	if class == "link" {
		delete(c.names[last["interface"]], key)
	}
}

// checkNames holds a metric to naming links that are known.
func (c *Consumer) checkNames(class string, v, now Values) {
	if !c.links || c.partial("link") || c.Untracked["link"] {
		return
	}
	for _, name := range linksIn(class, now) {
		if len(c.names[name]) == 0 && !madeUp.MatchString(name) && c.Filter.KeepsLink(name) {
			c.wrong(class, v, "no metric has told of a link %q", name)
		}
	}
}

// madeUp is what a link is called that the kernel never named.
var madeUp = regexp.MustCompile(`^if[0-9]+$`)

// linkFields are the tags and fields that are the name of a link, by class: empty
// where nothing is, and `nexthops`, which has some among its words.
var linkFields = map[string][]string{
	"link":     {"master", "link", "bond_active_slave"},
	"address":  {"interface"},
	"route":    {"interface", "nexthops"},
	"neighbor": {"interface", "master"},
	"rule":     {},
	"nexthop":  {"interface", "nexthops"},
	"netconf":  {"interface"},
	"nsid":     {},
	"mdb":      {"interface", "port"},
	"vlan":     {"interface"},
	"notice":   {"interface"},
}

func init() {
	for _, class := range rtnl.Names() {
		if linkFields[class] == nil {
			panic("strict: nothing says which fields of class " + class + " are names of links")
		}
	}
}

// linksIn returns the names of links that an object shows.
func linksIn(class string, v Values) (names []string) {
	if class == "netconf" && v["ifindex"] == "" {
		return nil // all and default are no links
	}
	for _, field := range linkFields[class] {
		switch {
		case field == "nexthops":
			names = append(names, linksInPaths(v[field])...)
		case v[field] != "":
			names = append(names, v[field])
		}
	}
	return names
}

// linksInPaths returns the links that paths lead over.
func linksInPaths(text string) (names []string) {
	words := strings.Fields(strings.ReplaceAll(text, ";", ""))
	for i := range words {
		if words[i] == "dev" && i+1 < len(words) {
			names = append(names, words[i+1])
		}
	}
	return names
}

func (c *Consumer) wrong(class string, v Values, format string, args ...any) {
	const most = 50
	if len(c.Errors) < most {
		c.Errors = append(c.Errors, fmt.Sprintf(format, args...)+": "+class+" "+fmt.Sprint(map[string]string(v)))
	}
}

// partial reports whether events may speak of objects of a class that none has
// told of.
func (c *Consumer) partial(class string) bool { return c.Partial || c.gap || c.Unlisted[class] }

// Gap is for a metric that is lost. What is known of each object may be old now,
// until the next metric of its key; and there may be others.
func (c *Consumer) Gap() {
	c.gap, c.unsure = true, map[string]map[string]bool{}
	for class, list := range c.objects {
		c.unsure[class] = map[string]bool{}
		for key := range list {
			c.unsure[class][key] = true
		}
	}
}

// Stale returns the objects that show a name which no link has, or a made-up
// name of a link that has one: there must be none when nothing is left to come.
func (c *Consumer) Stale() (out []string) {
	if !c.links || c.partial("link") || c.Untracked["link"] {
		return nil
	}
	index := map[string]bool{}
	for _, v := range c.objects["link"] {
		index["if"+v["ifindex"]] = true
	}
	for class, list := range c.objects {
		for _, v := range list {
			for _, name := range linksIn(class, v) {
				if len(c.names[name]) == 0 && c.Filter.KeepsLink(name) && (!madeUp.MatchString(name) || class != "link" && index[name]) {
					out = append(out, fmt.Sprintf("%s shows the link %q: %v", class, name, v))
				}
			}
		}
	}
	return out
}

// Size returns the number of objects of a class, "" for all.
func (c *Consumer) Size(class string) (n int) {
	for name, list := range c.objects {
		if class == "" || class == name {
			n += len(list)
		}
	}
	return n
}

// Each calls f with each object, until it returns false.
func (c *Consumer) Each(f func(class string, v Values) bool) {
	for class, list := range c.objects {
		for _, v := range list {
			if !f(class, v) {
				return
			}
		}
	}
}
