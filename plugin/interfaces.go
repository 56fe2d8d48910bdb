package plugin

import (
	"fmt"
	"path"
	"strings"
	"unicode"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// chooser decides by the option interfaces what is sent of links and of what is
// on them. What is on no link is always sent. It is used by one goroutine; nil
// sends everything.
type chooser struct {
	only, but []string // patterns (path.Match)
	known     map[string]bool
}

// maxKnown bounds how many decisions are remembered, so that names that come and
// go do not pile up.
const maxKnown = 1 << 17

// newChooser returns nil where no patterns are given. They have been checked.
func newChooser(patterns []string) *chooser {
	if len(patterns) == 0 {
		return nil
	}
	c := &chooser{known: make(map[string]bool)}
	for _, p := range patterns {
		if rest, ok := strings.CutPrefix(p, "!"); ok {
			c.but = append(c.but, rest)
		} else {
			c.only = append(c.only, p)
		}
	}
	return c
}

func checkPatterns(patterns []string) error {
	for _, p := range patterns {
		if _, err := path.Match(strings.TrimPrefix(p, "!"), ""); err != nil || strings.Trim(p, "!") == "" {
			return fmt.Errorf(`interfaces: %q is no name or pattern, want such as "eth0", "eth*" or "!veth*"`, p)
		}
		if why := unmatchable(strings.TrimPrefix(p, "!")); why != "" {
			return fmt.Errorf("interfaces: %q matches no link: names have no %s", p, why)
		}
	}
	c := newChooser(patterns)
	for i := 0; c != nil && i < len(c.only); i++ {
		if but := c.leftOut(c.only[i]); but != "" {
			return fmt.Errorf("interfaces: %q matches no link: \"!%s\" leaves them out; take one of the two away", c.only[i], but)
		}
	}
	return nil
}

// leftOut returns a pattern that leaves out whatever another stands for, empty if
// there is none. Of two patterns with more than stars it does not know.
func (c *chooser) leftOut(pattern string) string {
	for _, but := range c.but {
		if but == pattern || matches([]string{but}, pattern) && (!strings.ContainsAny(but, `?[\`) || !strings.ContainsAny(pattern, `*?[\`)) {
			return but
		}
	}
	return ""
}

// unmatchable returns what a pattern wants of a name that no link can have
// (dev_valid_name(), net/core/dev.c), empty if there is none. Of a set in
// brackets it asks nothing: another character of it may do.
func unmatchable(pattern string) string {
	length := 0
	for rest := []rune(pattern); len(rest) > 0; rest = rest[1:] {
		switch c := rest[0]; {
		case c == '*':
			continue
		case c == '[':
			rest = rest[setLen(rest):]
		case c == '\\':
			rest = rest[1:]
		case c == '/' || c == ':':
			return fmt.Sprintf("%q", c)
		case unicode.IsSpace(c):
			return "white space"
		}
		length++
	}
	if length > maxName {
		return fmt.Sprintf("more than %d characters", maxName)
	}
	return ""
}

// maxName is how many bytes the name of a link has at most, and so how many
// characters: IFNAMSIZ (uapi/linux/if.h) less one.
const maxName = 15

// setLen returns how far a set in brackets goes on behind its first character.
// The pattern has been checked: it ends.
func setLen(set []rune) int {
	for i := 1; ; i++ {
		switch set[i] {
		case '\\':
			i++
		case ']':
			return i
		}
	}
}

// wants reports whether what is on a link is sent; empty stands for no link.
func (c *chooser) wants(name string) bool {
	if c == nil || name == "" {
		return true
	}
	yes, ok := c.known[name]
	if !ok {
		if len(c.known) >= maxKnown {
			clear(c.known)
		}
		yes = (len(c.only) == 0 || matches(c.only, name)) && !matches(c.but, name)
		c.known[name] = yes
	}
	return yes
}

func matches(patterns []string, name string) bool {
	for _, p := range patterns {
		if ok, err := path.Match(p, name); ok && err == nil {
			return true
		}
	}
	return false
}

// choose makes an event what it is for who sees only some links, and reports
// whether it is anything: where a link, or that of an object, is renamed from
// what is sent to what is not, the object ends, and the other way round it comes up.
func (c *chooser) choose(e *event.Event) bool {
	if c == nil {
		return true
	}
	is := c.wants(interfaceOf(&e.New))
	if e.Action != event.Change {
		return is
	}
	was := c.wants(interfaceOf(&e.Old))
	switch {
	case was && !is:
		e.Action, e.New = event.Delete, e.Old
	case is && !was:
		e.Action, e.Old = event.New, event.View{}
	}
	return was || is
}

// interfaceField is, by class, the place of the field interface; -1: none.
var interfaceField = func() (at [rtnl.NumObjects]int) {
	for o := range at {
		at[o] = -1
		for i, f := range event.Fields(rtnl.Object(o)) {
			if f.Name == "interface" {
				at[o] = i
			}
		}
	}
	return at
}()

// interfaceOf returns the name of an object's link, empty if it has none.
func interfaceOf(v *event.View) string {
	if i := interfaceField[v.Object]; i >= 0 && !v.OnNoLink() {
		return v.Value(i).Str
	}
	return ""
}
