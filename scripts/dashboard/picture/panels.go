package main

import (
	"fmt"
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// drawAll makes the rows of the picture.
func drawAll(r *rows) ([]shelf, error) {
	stats, err := r.stats()
	if err != nil {
		return nil, err
	}
	state, err := statePanel(r, "Link state", operStates, 1.14)
	if err != nil {
		return nil, err
	}
	ports, err := statePanel(r, "Bond ports", portStates, 1.14)
	if err != nil {
		return nil, err
	}
	events, err := r.table("Routes", 12, "time", "action", "dst", "gateway", "previous_gateway", "interface", "table", "protocol", "process", "origin")
	if err != nil {
		return nil, err
	}
	shelves := []shelf{{2.4 * vg.Centimeter, stats}, {7 * vg.Centimeter, []panel{state}}, {3.2 * vg.Centimeter, []panel{ports}}}
	for _, pair := range [][2]curvesOf{
		{{"Default routes", "", steps}, {"Carrier changes", "", bars}},
		{{"Route changes", "", bars}, {"Churn", "", curves}},
		{{"Routes by protocol", "inet ", areas}, {"Queue", "", curves}},
	} {
		var both []panel
		for _, c := range pair {
			p, err := c.panel(r)
			if err != nil {
				return nil, err
			}
			both = append(both, p)
		}
		shelves = append(shelves, shelf{5.6 * vg.Centimeter, both})
	}
	return append(shelves, shelf{6.4 * vg.Centimeter, []panel{events}}), nil
}

// curvesOf is a panel of lines over time.
type curvesOf struct {
	title string
	keep  string // part of the labels to show
	draw  func(*plot.Plot, []line) error
}

func (c curvesOf) panel(r *rows) (panel, error) {
	lines, err := r.lines(c.title)
	if err != nil {
		return nil, err
	}
	p := newPanel(r, c.title)
	return p, c.draw(p, filter(lines, c.keep))
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
	p.BackgroundColor = r.theme.panel
	p.Title.Text = title + r.board.unit(title)
	p.Title.TextStyle.Color, p.Title.TextStyle.Font.Size = r.theme.ink, 12
	p.Legend.Top, p.Legend.Left = true, true
	p.Legend.TextStyle.Font.Size, p.Legend.TextStyle.Color = 8, r.theme.ink
	p.Legend.Padding, p.Legend.XOffs = 2, 4
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Color, axis.Tick.Color, axis.Tick.Label.Color = r.theme.ink, r.theme.ink, r.theme.ink
		axis.Tick.Label.Font.Size = 9
	}
	p.X.Min, p.X.Max = 0, r.end
	p.X.Tick.Marker, p.Y.Tick.Marker = seconds{}, plain{}
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = r.theme.faint, r.theme.faint
	p.Add(grid, marks(r.marks("Link state")))
	return p
}

// seconds labels the time axis.
type seconds struct{}

func (seconds) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for at := 0.0; at <= high && at <= 30; at += 5 {
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
	p.Y.Max *= room(lines)
	return nil
}

// room is what the highest value is multiplied by, so that the legend is above.
func room(lines []line) float64 { return 1.2 + 0.35*float64(len(lines)) }

// steps are curves of values that stay until the next.
func steps(p *plot.Plot, lines []line) error {
	for i, l := range lines {
		curve, err := plotter.NewLine(points(l.x, l.y))
		if err != nil {
			return err
		}
		curve.StepStyle = plotter.PostStep
		curve.Color, curve.Width = colors[i%len(colors)], vg.Length(3-2*(i%2))
		p.Add(curve)
		p.Legend.Add(l.label, curve)
	}
	p.Y.Min, p.Y.Max = 0, p.Y.Max*1.6
	p.Y.Tick.Marker = whole{}
	return nil
}

// whole labels whole numbers only.
type whole struct{}

func (whole) Ticks(low, high float64) (ticks []plot.Tick) {
	for at := math.Ceil(low); at <= high; at++ {
		ticks = append(ticks, plot.Tick{Value: at, Label: fmt.Sprintf("%.0f", at)})
	}
	return ticks
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
	p.Y.Max *= room(lines)
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
				p.Y.Max = max(p.Y.Max, base[x]*room(lines))
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
