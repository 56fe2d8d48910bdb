package main

import (
	"fmt"
	"image/color"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

var (
	paper = color.RGBA{255, 255, 255, 255}
	ink   = color.RGBA{60, 66, 75, 255}
	faint = color.RGBA{226, 229, 233, 255}
	mark  = color.RGBA{214, 130, 20, 255}

	colors = []color.RGBA{
		{87, 148, 242, 255}, {115, 191, 105, 255}, {242, 153, 74, 255}, {184, 119, 217, 255},
		{242, 73, 92, 255}, {55, 170, 175, 255}, {250, 222, 42, 255}, {150, 158, 170, 255},
	}

	// stateColors and stateNames are those of the dashboard, by IF_OPER_*.
	stateColors = map[int]color.RGBA{
		0: {87, 148, 242, 255}, 1: {150, 2, 20, 255}, 2: {224, 47, 68, 255}, 3: {255, 152, 48, 255},
		4: {184, 119, 217, 255}, 5: {250, 222, 42, 255}, 6: {86, 166, 75, 255},
	}
	stateNames = []string{"unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up"}
)

// drawAll makes the panels of the picture.
func drawAll(r *rows) ([]*plot.Plot, error) {
	state, err := statePanel(r, "Link state")
	if err != nil {
		return nil, err
	}
	panels := []*plot.Plot{state}
	for _, p := range []struct {
		title string
		keep  string // part of the labels to show
		draw  func(*plot.Plot, []line) error
	}{
		{"Routes by protocol", "inet ", areas},
		{"Route changes", "", bars},
		{"Neighbor states", "", areas},
		{"Churn", "", curves},
	} {
		lines, err := r.lines(p.title)
		if err != nil {
			return nil, err
		}
		panel := newPanel(r, p.title)
		if err := p.draw(panel, filter(lines, p.keep)); err != nil {
			return nil, err
		}
		panels = append(panels, panel)
	}
	return panels, nil
}

// filter keeps the lines whose label holds part and that are not always 0.
func filter(lines []line, part string) []line {
	var kept []line
	for _, l := range lines {
		sum := 0.0
		for _, y := range l.y {
			sum += y
		}
		if sum > 0 && strings.Contains(l.label, part) {
			kept = append(kept, l)
		}
	}
	return kept
}

// newPanel returns an empty panel with the times of link annotations in it.
func newPanel(r *rows, title string) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = paper
	p.Title.Text = title
	p.Title.TextStyle.Color, p.Title.TextStyle.Font.Size = ink, 13
	p.Legend.Top, p.Legend.Left = true, true
	p.Legend.TextStyle.Font.Size, p.Legend.TextStyle.Color = 9, ink
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Color, axis.Tick.Color, axis.Tick.Label.Color = ink, ink, ink
		axis.Tick.Label.Font.Size = 9
	}
	p.X.Min, p.X.Max = 0, r.end
	p.X.Tick.Marker, p.Y.Tick.Marker = seconds{}, plain{}
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = faint, faint
	p.Add(grid, marks(r.marks("Link state")))
	return p
}

// seconds labels the time axis.
type seconds struct{}

func (seconds) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for at := 0.0; at <= high; at += 5 {
		ticks = append(ticks, plot.Tick{Value: at, Label: fmt.Sprintf("%.0f s", at)})
	}
	return ticks
}

// plain is the usual ticks without decimals that are 0.
type plain struct{ plot.DefaultTicks }

func (p plain) Ticks(low, high float64) []plot.Tick {
	ticks := p.DefaultTicks.Ticks(low, high)
	for i := range ticks {
		ticks[i].Label = strings.TrimSuffix(ticks[i].Label, ".00")
	}
	return ticks
}

// marks draws a dashed line at each time.
type marks []float64

func (m marks) Plot(c draw.Canvas, p *plot.Plot) {
	toX, _ := p.Transforms(&c)
	style := draw.LineStyle{Color: mark, Width: 0.6, Dashes: []vg.Length{2, 2}}
	for _, at := range m {
		c.StrokeLines(style, c.ClipLinesX([]vg.Point{{X: toX(at), Y: c.Min.Y}, {X: toX(at), Y: c.Max.Y}})...)
	}
}

// curves draws each line as it is.
func curves(p *plot.Plot, lines []line) error {
	for i, l := range lines {
		curve, err := plotter.NewLine(points(l.x, l.y))
		if err != nil {
			return err
		}
		curve.Color, curve.Width = colors[i%len(colors)], 1.4
		p.Add(curve)
		p.Legend.Add(l.label, curve)
	}
	p.Y.Min = 0
	p.Y.Max *= 1.45
	return nil
}

// areas stacks the lines.
func areas(p *plot.Plot, lines []line) error {
	base := map[float64]float64{}
	for i, l := range lines {
		var top, bottom plotter.XYs
		for j, x := range l.x {
			bottom = append(bottom, plotter.XY{X: x, Y: base[x]})
			base[x] += l.y[j]
			top = append(top, plotter.XY{X: x, Y: base[x]})
		}
		for j := len(bottom) - 1; j >= 0; j-- {
			top = append(top, bottom[j])
		}
		area, err := plotter.NewPolygon(top)
		if err != nil {
			return err
		}
		fill := colors[i%len(colors)]
		fill.A = 190
		area.Color = color.NRGBA(fill)
		area.LineStyle.Width = 0
		p.Add(area)
		p.Legend.Add(l.label, area)
	}
	p.Y.Min = 0
	p.Y.Max *= 1.35
	return nil
}

// bars stacks the lines as one bar for each time.
func bars(p *plot.Plot, lines []line) error {
	base := map[float64]float64{}
	for i, l := range lines {
		b := blocks{color: colors[i%len(colors)]}
		for j, x := range l.x {
			if l.y[j] > 0 {
				b.list = append(b.list, block{x, x + 0.8, base[x], base[x] + l.y[j]})
				base[x] += l.y[j]
				p.Y.Max = max(p.Y.Max, base[x]*1.5)
			}
		}
		p.Add(b)
		p.Legend.Add(l.label, b)
	}
	p.Y.Min = 0
	return nil
}

func points(x, y []float64) plotter.XYs {
	list := make(plotter.XYs, len(x))
	for i := range x {
		list[i] = plotter.XY{X: x[i], Y: y[i]}
	}
	return list
}
