// Package format prints objects of the stream the way iproute2 does: its words
// in its order, as `ip route`, `ip -d link`, `ip -o address`, `ip neigh`,
// `bridge fdb`, `bridge mdb`, `bridge vlan`, `ip rule`, `ip nexthop` and `ip netconf`
// have them. What the stream has beyond that follows, with the field's own name;
// what it does not have is not printed.
package format

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"telegraf-rtnetlink/plugin/history"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// line collects the words of an object. Each field is printed once.
type line struct {
	o    *history.Object
	buf  []byte
	done []bool // by cell
}

// classes are what prints the objects of each class.
var classes = map[string]func(*line){
	"link": (*line).link, "address": (*line).address, "route": (*line).route, "neighbor": (*line).neighbor,
	"rule": (*line).rule, "nexthop": (*line).nexthop, "netconf": (*line).netconf,
	"nsid": func(l *line) { l.word("nsid", "nsid") },
	"mdb":  (*line).mdb, "vlan": (*line).vlan, "notice": (*line).notice,
}

func init() {
	for _, class := range rtnl.Names() {
		if classes[class] == nil {
			panic("format: nothing prints objects of class " + class)
		}
	}
}

// IP returns an object as iproute2 prints it, without the newline at the end.
func IP(o *history.Object) string {
	l := line{o: o, done: make([]bool, len(o.Cells))}
	if words := classes[o.Class]; words != nil {
		words(&l)
	}
	l.rest()
	return string(l.buf)
}

// take returns a field as text, where it was not printed, and marks it as printed.
func (l *line) take(field string) (string, bool) {
	for i := range l.o.Cells {
		c := &l.o.Cells[i]
		if l.done[i] || string(c.Name) != field {
			continue
		}
		l.done[i] = true
		return oneLine(c.AppendText(nil)), true
	}
	return "", false
}

// add appends words.
func (l *line) add(words ...string) {
	for _, w := range words {
		if len(l.buf) > 0 && !strings.HasSuffix(string(l.buf[len(l.buf)-1:]), "\n") && l.buf[len(l.buf)-1] != ' ' && l.buf[len(l.buf)-1] != '\t' {
			l.buf = append(l.buf, ' ')
		}
		l.buf = append(l.buf, w...)
	}
}

// skip marks fields as printed.
func (l *line) skip(fields ...string) {
	for _, f := range fields {
		l.take(f)
	}
}

// plain prints a field's value alone.
func (l *line) plain(field string) {
	if v, ok := l.take(field); ok {
		l.add(v)
	}
}

// word prints a word and a field's value.
func (l *line) word(word, field string) {
	if v, ok := l.take(field); ok {
		l.add(word, v)
	}
}

// unless prints a word, if it is not empty, and a field's value, where that is
// not what iproute2 leaves out.
func (l *line) unless(usual, word, field string) {
	v, ok := l.take(field)
	if !ok || v == usual {
		return
	}
	if word != "" {
		l.add(word)
	}
	l.add(v)
}

// flag prints a word where a field is true.
func (l *line) flag(word, field string) {
	if v, _ := l.take(field); v == "true" {
		l.add(word)
	}
}

// flags prints the words of the field flags.
func (l *line) flags() {
	if v, ok := l.take("flags"); ok {
		l.add(strings.Split(v, ",")...)
	}
}

// rest prints the fields that were not printed, by their names.
func (l *line) rest() { l.restBut(nil) }

// restBut is rest without some fields.
func (l *line) restBut(fields []string) {
	for i := range l.o.Cells {
		c := &l.o.Cells[i]
		if l.done[i] || slices.Contains(fields, string(c.Name)) {
			continue
		}
		l.done[i] = true
		l.add(oneLine(c.Name), quoted(oneLine(c.AppendText(nil))))
	}
}

// oneLine returns text without what would end a line or move a terminal's cursor:
// only the plugin keeps that out of a stream.
func oneLine(b []byte) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return utf8.RuneError
		}
		return r
	}, string(b))
}

// quoted quotes what is not one word.
func quoted(s string) string {
	if s == "" || strings.ContainsAny(s, " \t\n\"") {
		return strconv.Quote(s)
	}
	return s
}
