package main

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// block is a rectangle in the coordinates of a panel.
type block struct{ x0, x1, y0, y1 float64 }

// blocks draws rectangles of one color.
type blocks struct {
	color color.Color
	list  []block
}

// Plot implements plot.Plotter.
func (b blocks) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	for _, r := range b.list {
		c.FillPolygon(b.color, c.ClipPolygonXY([]vg.Point{
			{X: toX(r.x0), Y: toY(r.y0)}, {X: toX(r.x1), Y: toY(r.y0)},
			{X: toX(r.x1), Y: toY(r.y1)}, {X: toX(r.x0), Y: toY(r.y1)},
		}))
	}
}

// Thumbnail implements plot.Thumbnailer, for the legend.
func (b blocks) Thumbnail(c *draw.Canvas) {
	c.FillPolygon(b.color, []vg.Point{
		c.Min, {X: c.Max.X, Y: c.Min.Y}, c.Max, {X: c.Min.X, Y: c.Max.Y},
	})
}

// statePanel draws one row of colored blocks for each interface.
func statePanel(r *rows, title string, kinds []stateKind, room float64) (*plot.Plot, error) {
	lines, err := r.lines(title)
	if err != nil {
		return nil, err
	}
	p := newPanel(r, title)
	states := map[int]*blocks{}
	var names []string
	for i := range lines {
		l := lines[len(lines)-1-i] // the first one on top
		names = append(names, l.label)
		for _, span := range spans(l, r.end) {
			code := int(span.y0)
			if states[code] == nil {
				states[code] = &blocks{color: kinds[code].color}
			}
			states[code].list = append(states[code].list, block{span.x0, span.x1, float64(i) - 0.35, float64(i) + 0.35})
		}
	}
	p.Legend.Left, p.Legend.XOffs = false, -4
	for code, kind := range kinds {
		if states[code] != nil {
			p.Add(states[code])
			p.Legend.Add(kind.name, states[code])
		}
	}
	p.Add(marks(r.marks("Link state")))
	p.NominalY(names...)
	p.Y.Label.Text = " " // room for the names
	p.Y.Min, p.Y.Max = -0.6, float64(len(names))-0.4
	p.X.Max = r.end * room // room for the legend
	return p, nil
}

// spans joins samples of one state that follow each other; y0 is the state.
func spans(l line, end float64) []block {
	const step = 1 // seconds between samples
	var list []block
	for i, x := range l.x {
		until := min(x+step, end)
		last := len(list) - 1
		if last >= 0 && list[last].y0 == l.y[i] && x-list[last].x1 < step/2.0 {
			list[last].x1 = until
			continue
		}
		list = append(list, block{x0: x, x1: until, y0: l.y[i]})
	}
	return list
}
