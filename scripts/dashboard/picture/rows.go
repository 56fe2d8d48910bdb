package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
)

// answer is one query of the dashboard with its rows.
type answer struct {
	Title, Type, Alias string
	Series             []struct {
		Tags    map[string]string
		Columns []string
		Values  [][]any
	}
}

// line is one curve: values over time, in seconds from the first row of all.
type line struct {
	label string
	x, y  []float64
}

// rows gives access to the answers by title.
type rows struct {
	answers []answer
	board   *board
	theme   theme
	start   float64 // ns since the epoch
	end     float64 // seconds after start
}

func load(file string) (*rows, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	r := &rows{}
	if err := json.Unmarshal(raw, &r.answers); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	lines, err := r.lines("Link state")
	if err != nil {
		return nil, err
	}
	first, last := lines[0].x[0], lines[0].x[0]
	for _, l := range lines {
		first, last = min(first, l.x[0]), max(last, l.x[len(l.x)-1])
	}
	r.start, r.end = first*1e9, last-first
	return r, nil
}

// lines returns the curves of a panel, sorted by label. Rows without a value
// are left out.
func (r *rows) lines(title string) ([]line, error) {
	var list []line
	for _, a := range r.answers {
		if a.Title != title || a.Type == "table" || a.Type == "stat" {
			continue
		}
		for _, s := range a.Series {
			for column := 1; column < len(s.Columns); column++ {
				l := line{label: label(a.Alias, s.Tags, s.Columns[column])}
				for _, v := range s.Values {
					if y, ok := v[column].(float64); ok {
						l.x = append(l.x, (v[0].(float64)-r.start)/1e9)
						l.y = append(l.y, y)
					}
				}
				if len(l.x) > 0 {
					list = append(list, l)
				}
			}
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("no rows of panel %q", title)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].label < list[j].label })
	return list, nil
}

// label expands an alias of Grafana; the host is the same everywhere.
func label(alias string, tags map[string]string, column string) string {
	text := strings.ReplaceAll(alias, "$col", column)
	for key, value := range tags {
		if key == "host" {
			value = ""
		}
		text = strings.ReplaceAll(text, "$tag_"+key, value)
	}
	return strings.TrimSpace(text)
}

// marks returns the times of an annotation's rows.
func (r *rows) marks(name string) []float64 {
	var times []float64
	for _, a := range r.answers {
		if a.Title != name || a.Type != "annotation" {
			continue
		}
		for _, s := range a.Series {
			for _, v := range s.Values {
				times = append(times, (v[0].(float64)-r.start)/1e9)
			}
		}
	}
	return times
}

// write creates a file and fills it.
func write(name string, fill func(io.Writer) (int64, error)) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if _, err := fill(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
