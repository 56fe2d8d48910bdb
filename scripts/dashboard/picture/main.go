// Command picture draws panels of the dashboard as one SVG, from the rows that
// the dashboard's queries returned in scripts/e2e:
//
//	RTNETLINK_E2E=1 RTNETLINK_E2E_RECORD=/tmp/rows.json go test -run Dashboard ./scripts/e2e
//	cd scripts/dashboard && go run ./picture /tmp/rows.json network.svg
package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

const (
	width  = 30 * vg.Centimeter
	height = 26 * vg.Centimeter
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: picture ROWS.json OUT.svg|OUT.png")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "picture:", err)
		os.Exit(1)
	}
}

func run(in, out string) error {
	plot.DefaultFont = font.Font{Typeface: "Liberation", Variant: "Sans"}
	rows, err := load(in)
	if err != nil {
		return err
	}
	panels, err := drawAll(rows)
	if err != nil {
		return err
	}
	canvas, save := newCanvas(out)
	layOut(panels, canvas)
	return save()
}

// newCanvas returns a canvas and a function that writes it to a file, as PNG if
// the name says so and as SVG otherwise.
func newCanvas(name string) (draw.Canvas, func() error) {
	if strings.HasSuffix(name, ".png") {
		c := vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(110))}
		return draw.New(c), func() error { return write(name, c.WriteTo) }
	}
	c := vgsvg.New(width, height)
	return draw.New(c), func() error { return writeSVG(name, c) }
}

// writeSVG writes the picture with fonts to fall back to, since few machines
// have the one that the text is laid out for.
func writeSVG(name string, c *vgsvg.Canvas) error {
	var text bytes.Buffer
	if _, err := c.WriteTo(&text); err != nil {
		return err
	}
	const family = "font-family:Liberation Sans"
	return os.WriteFile(name, bytes.ReplaceAll(text.Bytes(), []byte(family), []byte(family+",Arial,sans-serif")), 0o644)
}

// layOut draws the first panel over the whole width, the others in two columns.
func layOut(panels []*plot.Plot, canvas draw.Canvas) {
	canvas.FillPolygon(paper, canvas.ClipPolygonXY([]vg.Point{
		{}, {X: width}, {X: width, Y: height}, {Y: height},
	}))
	rows := 1 + len(panels)/2
	tall := height / vg.Length(rows)
	const margin = 0.4 * vg.Centimeter
	for i, p := range panels {
		row, left, wide := 0, vg.Length(0), width
		if i > 0 {
			row, wide = 1+(i-1)/2, width/2
			left = wide * vg.Length((i-1)%2)
		}
		top := height - tall*vg.Length(row)
		cell := draw.Crop(canvas, left+margin, left+wide-margin-width, top-tall+margin, top-margin-height)
		p.Draw(cell)
	}
}
