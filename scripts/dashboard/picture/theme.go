package main

import "image/color"

// theme are the colors of a picture's ground and words.
type theme struct{ paper, panel, ink, faint color.RGBA }

var (
	light = theme{paper: rgb(0xf4f5f5), panel: rgb(0xffffff), ink: rgb(0x3c424b), faint: rgb(0xe2e5e9)}
	dark  = theme{paper: rgb(0x111217), panel: rgb(0x181b1f), ink: rgb(0xccccdc), faint: rgb(0x2c3235)}

	mark  = rgb(0xd68214)
	white = rgb(0xffffff)
	good  = rgb(0x56a64b)
	bad   = rgb(0xe02f44)

	colors = []color.RGBA{
		rgb(0x5794f2), rgb(0x73bf69), rgb(0xf2994a), rgb(0xb877d9), rgb(0xf2495c), rgb(0x37aaaf), rgb(0xfade2a), rgb(0x969eaa),
		rgb(0x8a5a2b), rgb(0x3d3dbf),
	}
)

// stateKind is a value of a state timeline, by its place.
type stateKind struct {
	name  string
	color color.RGBA
}

// These are the words and colors of the dashboard.
var (
	operStates = []stateKind{
		{"unknown", rgb(0x5794f2)}, {"notpresent", rgb(0x960214)}, {"down", rgb(0xe02f44)}, {"lowerlayerdown", rgb(0xff9830)},
		{"testing", rgb(0xb877d9)}, {"dormant", rgb(0xfade2a)}, {"up", rgb(0x56a64b)},
	}
	portStates = []stateKind{{"out of use", rgb(0xe02f44)}, {"reserve", rgb(0x5794f2)}, {"active", rgb(0x56a64b)}}
)

func rgb(n uint32) color.RGBA {
	return color.RGBA{R: uint8(n >> 16), G: uint8(n >> 8), B: uint8(n), A: 255}
}
