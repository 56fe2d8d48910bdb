// Package page makes one HTML page out of a part of the stream: lanes of links
// over time, churn by protocol, the state and what differs at the time of a
// slider, a search by prefix, and who asked for what. The page needs nothing
// from elsewhere.
package page

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"telegraf-rtnetlink/plugin/history"
	"telegraf-rtnetlink/plugin/history/format"
)

//go:embed page.html
var page string

//go:embed page.js
var script string

//go:embed page.css
var style string

// MaxEvents is how many events a page takes: beyond that browsers are slow.
const MaxEvents = 200_000

// Page collects what a page shows. Its methods are the callbacks of a Replay
// with two times. The zero Page is empty.
type Page struct {
	Title    string
	Keep     func(*history.Object) bool // nil: all
	From, To int64
	Warnings []string

	lines  map[string]int // text of an object's line, by class and order
	texts  []line
	ids    map[objectID]int
	objs   []object
	events []event
	marks  []mark
	over   int
}

// line is what an object shows at some time.
type line struct {
	class, order, text string
	table, dst         string // of a route
	state              string // of a link: its name, operstate and, of a bond, active port
}

type objectID struct {
	scope *history.Scope
	class string
	key   uint64
}

// object is an object, with the line that it has at From, -1 for none.
type object struct {
	scope, class string
	base         int
}

type event struct {
	at     int64
	object int
	line   int // -1: it is gone
	what   string
	proto  string
	by     string
}

type mark struct {
	at    int64
	scope string
	text  string
}

// Base takes the state at From.
func (p *Page) Base(s *history.Scope, classes []string) {
	for _, class := range classes {
		s.Objects(class, func(o *history.Object) {
			if p.Keep == nil || p.Keep(o) {
				p.objs[p.object(o.Scope, class, o.Key)].base = p.line(o)
			}
		})
	}
}

// Event takes a change.
func (p *Page) Event(e *history.Event) {
	some := e.After
	if some == nil {
		some = e.Before
	}
	if some == nil || p.Keep != nil && !p.Keep(some) && (e.Before == nil || !p.Keep(e.Before)) {
		return
	}
	if len(p.events) == MaxEvents {
		p.over++
		return
	}
	ev := event{at: e.Time, object: p.object(e.Scope, e.Class, e.Key), line: -1, what: e.Action, proto: some.Text("protocol")}
	if e.Changed != "" {
		ev.what += " " + e.Changed
	}
	if e.After != nil {
		ev.line = p.line(e.After)
	}
	switch {
	case e.Process != "":
		ev.by = fmt.Sprintf("%s (%d)", e.Process, e.PortID)
	case e.PortID != 0:
		ev.by = fmt.Sprintf("port id %d", e.PortID)
	}
	p.events = append(p.events, ev)
}

// Mark takes what the stream says about itself.
func (p *Page) Mark(s *history.Scope, at int64, text string) {
	p.marks = append(p.marks, mark{at, scopeName(s), text})
}

// scopeName names a host and namespace.
func scopeName(s *history.Scope) string {
	return strings.Trim(s.Host+" "+s.Netns, " ")
}

func (p *Page) object(s *history.Scope, class string, key uint64) int {
	if p.ids == nil {
		p.ids, p.lines = map[objectID]int{}, map[string]int{}
	}
	id := objectID{s, class, key}
	n, ok := p.ids[id]
	if !ok {
		n = len(p.objs)
		p.ids[id] = n
		p.objs = append(p.objs, object{scopeName(s), class, -1})
	}
	return n
}

// line returns the number of what an object shows.
func (p *Page) line(o *history.Object) int {
	l := line{class: o.Class, order: format.Order(o), text: format.IP(o)}
	switch o.Class {
	case "route":
		l.table, l.dst = o.Text("table"), o.Text("dst")
		if l.dst == "default" {
			l.dst = map[string]string{"inet": "0.0.0.0/0", "inet6": "::/0"}[o.Text("family")]
		}
	case "link":
		l.state = o.Text("interface") + " " + o.Text("operstate") + " " + o.Text("bond_active_slave")
	}
	key := l.class + "\x00" + l.order + "\x00" + l.text + "\x00" + l.table
	n, ok := p.lines[key]
	if !ok {
		n = len(p.texts)
		p.lines[key] = n
		p.texts = append(p.texts, l)
	}
	return n
}

// data is what the script gets. Lines are in the order in which a state lists
// them, so that their numbers sort it.
type data struct {
	Title   string     `json:"title"`
	From    int64      `json:"from"` // µs
	To      int64      `json:"to"`
	Warn    []string   `json:"warn"`
	Classes []string   `json:"classes"`
	Lines   [][]string `json:"lines"`   // class, text, dst, table or what a lane shows
	Objects [][]any    `json:"objects"` // scope, class, base
	Events  [][]any    `json:"events"`  // µs behind from, object, line, what, protocol, by
	Marks   [][]any    `json:"marks"`
}

// Write writes the page.
func (p *Page) Write(w io.Writer, classes []string) error {
	rank := p.rank(classes)
	at := func(n int) int {
		if n < 0 {
			return -1
		}
		return rank[n]
	}
	d := data{Title: p.Title, From: p.From / 1000, To: p.To / 1000, Warn: p.Warnings, Classes: classes,
		Lines: make([][]string, len(p.texts)), Objects: [][]any{}, Events: [][]any{}, Marks: [][]any{}}
	if d.Warn == nil {
		d.Warn = []string{}
	}
	if p.over > 0 {
		d.Warn = append(d.Warn, fmt.Sprintf("%d events more than a page takes (%d) are left out: choose a shorter time, or -object and -where", p.over, MaxEvents))
	}
	for i, l := range p.texts {
		d.Lines[rank[i]] = []string{l.class, l.text, l.dst, l.table + l.state}
	}
	for _, o := range p.objs {
		d.Objects = append(d.Objects, []any{o.scope, o.class, at(o.base)})
	}
	for _, e := range p.events {
		d.Events = append(d.Events, []any{e.at/1000 - d.From, e.object, at(e.line), e.what, e.proto, e.by})
	}
	for _, m := range p.marks {
		d.Marks = append(d.Marks, []any{m.at/1000 - d.From, m.scope, m.text})
	}
	packed, err := pack(d)
	if err != nil {
		return err
	}
	html := strings.NewReplacer("/*STYLE*/", style, "/*SCRIPT*/", script, "DATA", packed).Replace(page)
	_, err = io.WriteString(w, html)
	return err
}

// rank numbers the lines in the order of a state.
func (p *Page) rank(classes []string) []int {
	order := make([]int, len(p.texts))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := p.texts[a], p.texts[b]
		if n := slices.Index(classes, x.class) - slices.Index(classes, y.class); n != 0 {
			return n
		}
		return strings.Compare(x.order+x.text, y.order+y.text)
	})
	rank := make([]int, len(order))
	for to, from := range order {
		rank[from] = to
	}
	return rank
}

// pack compresses the data: a page of 100,000 events is some MB.
func pack(d data) (string, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := json.NewEncoder(z).Encode(d); err != nil {
		return "", err
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}
