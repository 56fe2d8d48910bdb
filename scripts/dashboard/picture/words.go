package main

import (
	"fmt"
	"image/color"
	"strings"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// stat is a panel with one value on a colored ground.
type stat struct {
	title, value string
	color        color.RGBA
}

// stats returns the panels of one value, in the order of the dashboard.
func (r *rows) stats() (list []panel, err error) {
	for _, p := range r.board.Panels {
		if p.Type != "stat" {
			continue
		}
		value, text := 0.0, p.FieldConfig.Defaults.NoValue
		for _, a := range r.answers {
			if a.Title != p.Title || a.Type != "stat" || len(a.Series) == 0 {
				continue
			}
			last := a.Series[0].Values[len(a.Series[0].Values)-1]
			n, ok := last[1].(float64)
			if !ok {
				return nil, fmt.Errorf("%q is no number", p.Title)
			}
			value, text = n, fmt.Sprintf("%.0f", n)
		}
		s := stat{title: p.Title, value: text, color: good}
		for _, step := range p.FieldConfig.Defaults.Thresholds.Steps {
			if step.Value == nil || value >= *step.Value {
				s.color = map[string]color.RGBA{"green": good, "red": bad}[step.Color]
			}
		}
		list = append(list, s)
	}
	return list, nil
}

// Draw implements panel.
func (s stat) Draw(c draw.Canvas) {
	c.FillPolygon(s.color, []vg.Point{c.Min, {X: c.Max.X, Y: c.Min.Y}, c.Max, {X: c.Min.X, Y: c.Max.Y}})
	middle := (c.Min.X + c.Max.X) / 2
	c.FillText(style(8, white, draw.XCenter), vg.Point{X: middle, Y: c.Max.Y - 0.5*vg.Centimeter}, s.title)
	c.FillText(style(22, white, draw.XCenter), vg.Point{X: middle, Y: c.Min.Y + 0.3*vg.Centimeter}, s.value)
}

func style(size vg.Length, ink color.RGBA, align text.XAlignment) text.Style {
	f := plot.DefaultFont
	f.Size = size
	return text.Style{Color: ink, Font: f, XAlign: align, Handler: plot.DefaultTextHandler}
}

// events is a panel that lists rows.
type events struct {
	title   string
	columns []string
	rows    [][]string
	theme   theme
}

// table returns the newest rows of a panel, some of its columns.
func (r *rows) table(title string, most int, columns ...string) (panel, error) {
	for _, a := range r.answers {
		if a.Title != title || a.Type != "table" || len(a.Series) == 0 {
			continue
		}
		e := events{title: title + ": the last changes", columns: columns, theme: r.theme}
		for _, row := range a.Series[0].Values {
			if len(e.rows) == most {
				break
			}
			var words []string
			for _, name := range columns {
				words = append(words, word(a.Series[0].Columns, row, name))
			}
			e.rows = append(e.rows, words)
		}
		return e, nil
	}
	return nil, fmt.Errorf("no rows of table %q", title)
}

// word returns a column of a row as Grafana would show it.
func word(columns []string, row []any, name string) string {
	for i, column := range columns {
		if column != name || row[i] == nil {
			continue
		}
		if at, ok := row[i].(float64); ok && name == "time" {
			return time.Unix(0, int64(at)).UTC().Format("15:04:05.000")
		}
		return fmt.Sprint(row[i])
	}
	return ""
}

// Draw implements panel.
func (e events) Draw(c draw.Canvas) {
	c.FillPolygon(e.theme.panel, []vg.Point{c.Min, {X: c.Max.X, Y: c.Min.Y}, c.Max, {X: c.Min.X, Y: c.Max.Y}})
	const line = 0.4 * vg.Centimeter
	y := c.Max.Y - line
	c.FillText(style(12, e.theme.ink, draw.XCenter), vg.Point{X: (c.Min.X + c.Max.X) / 2, Y: y}, e.title)
	wide := (c.Max.X - c.Min.X) / vg.Length(len(e.columns))
	for i, row := range append([][]string{e.columns}, e.rows...) {
		y -= line
		ink := e.theme.ink
		if i == 0 {
			ink = colors[0]
		}
		for j, text := range row {
			c.FillText(style(8, ink, draw.XLeft), vg.Point{X: c.Min.X + 0.2*vg.Centimeter + wide*vg.Length(j), Y: y}, short(text))
		}
	}
}

// short cuts what does not fit into a column.
func short(text string) string {
	const most = 20
	if len(text) > most {
		text = strings.TrimSpace(text[:most-1]) + "…"
	}
	return text
}
