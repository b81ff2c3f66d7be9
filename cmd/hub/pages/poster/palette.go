package poster

import (
	"fmt"
	"math"
	"strconv"
)

// A palette is the colors of one theme: those of the page's map (web/src/palette.ts) and of its
// texts (web/css/tokens.css), which a test compares.
type palette struct {
	ground, text, soft    string
	sea, land, coast, rim string
	night                 string
	nightOpacity          float64
	own, blueprint        string
	digital, live         string
	before, after         string
	hours                 []hour
	bandOpacity           float64
	midnight              string
}

// An hour is the color of a place where so much of the date has passed, 0 to 1.
type hour struct {
	at    float64
	color string
}

func paletteOf(dark bool) palette {
	if dark {
		return palette{
			ground: "#080e1c", text: "#edf2fc", soft: "#a3b3d1",
			sea: "#0c1830", land: "#293b60", coast: "#6480b3", rim: "#0a1122",
			night: "#02050f", nightOpacity: 0.2,
			own: "#f0a830", blueprint: "#56b4e9", digital: "#e58fc0", live: "#fff3cf",
			before: "#0c1830", after: "#0c1830", bandOpacity: 0.42, midnight: "#ffe2a0",
			hours: []hour{{0, "#3a3370"}, {0.25, "#7a4f5a"}, {0.42, "#a07a35"}, {0.6, "#a0683a"}, {0.8, "#85405e"}, {1, "#352a66"}},
		}
	}
	return palette{
		ground: "#f5f1e8", text: "#1a2233", soft: "#565f70",
		sea: "#dde6e9", land: "#fbf8f0", coast: "#b3a88f", rim: "#fffdf7",
		night: "#2a3350", nightOpacity: 0.055,
		own: "#b45f06", blueprint: "#0b6aa8", digital: "#a0336f", live: "#e03c00",
		before: "#dde6e9", after: "#dde6e9", bandOpacity: 0.8, midnight: "#7a4300",
		hours: []hour{{0, "#d9cfe6"}, {0.25, "#f3dcc2"}, {0.4, "#f5e6a3"}, {0.6, "#f4d79c"}, {0.78, "#eebfae"}, {1, "#d3c4de"}},
	}
}

// tint is the color where so much of the date has passed: below 0 it has not begun, from 1 on it
// is over.
func (p palette) tint(progress float64) string {
	switch {
	case progress < 0:
		return p.before
	case progress >= 1:
		return p.after
	}
	for i, next := range p.hours {
		if next.at > progress {
			from := p.hours[i-1]
			return mix(from.color, next.color, (progress-from.at)/(next.at-from.at))
		}
	}
	return p.after
}

func mix(from, to string, share float64) string {
	var mixed [3]uint64
	for i := range mixed {
		a, _ := strconv.ParseUint(from[1+2*i:3+2*i], 16, 8)
		b, _ := strconv.ParseUint(to[1+2*i:3+2*i], 16, 8)
		mixed[i] = uint64(math.Round(float64(a)*(1-share) + float64(b)*share))
	}
	return fmt.Sprintf("#%02x%02x%02x", mixed[0], mixed[1], mixed[2])
}
