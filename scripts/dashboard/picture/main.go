// Command picture draws the dashboard as two SVGs, a light one and a dark one,
// from the rows that its queries returned in scripts/e2e:
//
//	RTNETLINK_E2E=1 RTNETLINK_E2E_RECORD=$PWD/scripts/dashboard/testdata/rows.json go test -run DashboardQueries ./scripts/e2e
//	cd scripts/dashboard && go run ./picture testdata/rows.json rtnetlink.svg rtnetlink-dark.svg
package main

import (
	"bytes"
	"fmt"
	"html"
	"os"
	"regexp"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

const width = 30 * vg.Centimeter

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: picture ROWS.json LIGHT.svg|png DARK.svg|png")
		os.Exit(2)
	}
	for i, t := range []theme{light, dark} {
		if err := run(os.Args[1], os.Args[2+i], t); err != nil {
			fmt.Fprintln(os.Stderr, "picture:", err)
			os.Exit(1)
		}
	}
}

func run(in, out string, t theme) error {
	plot.DefaultFont = font.Font{Typeface: "Liberation", Variant: "Sans"}
	r, err := load(in)
	if err != nil {
		return err
	}
	r.theme = t
	if r.board, err = loadBoard("rtnetlink-influxql.json"); err != nil {
		return err
	}
	rows, err := drawAll(r)
	if err != nil {
		return err
	}
	var height vg.Length
	for _, row := range rows {
		height += row.height
	}
	canvas, save := newCanvas(out, height)
	layOut(rows, canvas, height, t)
	return save()
}

// newCanvas returns a canvas and a function that writes it to a file, as PNG if
// the name says so and as SVG otherwise.
func newCanvas(name string, height vg.Length) (draw.Canvas, func() error) {
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
	return os.WriteFile(name, bytes.ReplaceAll(fit(text.Bytes()), []byte(family), []byte(family+",Arial,sans-serif")), 0o644)
}

var words = regexp.MustCompile(`(<text )([^>]*font-size:([0-9.]+)px[^>]*>)([^<]*)</text>`)

// fit gives each text the width that it was laid out for, whatever the font.
func fit(svg []byte) []byte {
	return words.ReplaceAllFunc(svg, func(tag []byte) []byte {
		m := words.FindSubmatch(tag)
		size, err := strconv.ParseFloat(string(m[3]), 64)
		if err != nil {
			return tag
		}
		wide := style(vg.Length(size), white, draw.XLeft).Width(html.UnescapeString(string(m[4])))
		return fmt.Appendf(nil, `%stextLength="%.1f" lengthAdjust="spacingAndGlyphs" %s%s</text>`, m[1], wide.Points(), m[2], m[4])
	})
}

// shelf is a row of panels that share its width.
type shelf struct {
	height vg.Length
	panels []panel
}

// panel draws itself on a canvas.
type panel interface{ Draw(c draw.Canvas) }

// layOut draws the rows from the top.
func layOut(rows []shelf, canvas draw.Canvas, height vg.Length, t theme) {
	canvas.FillPolygon(t.paper, canvas.ClipPolygonXY([]vg.Point{{}, {X: width}, {X: width, Y: height}, {Y: height}}))
	const margin = 0.3 * vg.Centimeter
	top := height
	for _, row := range rows {
		wide := width / vg.Length(len(row.panels))
		for i, p := range row.panels {
			left := wide * vg.Length(i)
			p.Draw(draw.Crop(canvas, left+margin, left+wide-margin-width, top-row.height+margin, top-margin-height))
		}
		top -= row.height
	}
}
