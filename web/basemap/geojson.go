package main

import (
	"fmt"
	"math"
	"strconv"
)

// A drawing is everything that has a shape.
type drawing struct {
	land    [][][]line // by class of time zones
	seams   []seam
	coasts  []line
	borders []line
}

// geoJSON writes the drawing as a collection of features, told apart by "kind": the land of each
// class, whose number is its id, too; where two classes meet; all coasts; all borders. Points that
// rounding makes equal to the one before are left out.
func (d drawing) geoJSON(decimals int) []byte {
	w := &writer{scale: math.Pow10(decimals)}
	w.text(`{"type":"FeatureCollection","features":[`)
	for class, polygons := range d.land {
		if len(polygons) == 0 {
			continue
		}
		w.text(fmt.Sprintf(`{"type":"Feature","id":%d,"properties":{"kind":"land","zone":%d},`, class, class))
		w.text(`"geometry":{"type":"MultiPolygon","coordinates":[`)
		for i, polygon := range polygons {
			w.comma(i)
			w.lines(polygon)
		}
		w.text(`]}},`)
	}
	for _, s := range d.seams {
		w.text(fmt.Sprintf(`{"type":"Feature","properties":{"kind":"seam","a":%d,"b":%d},`, s.a, s.b))
		w.text(`"geometry":{"type":"MultiLineString","coordinates":`)
		w.lines(s.lines)
		w.text(`}},`)
	}
	w.text(`{"type":"Feature","properties":{"kind":"coast"},"geometry":{"type":"MultiLineString","coordinates":`)
	w.lines(d.coasts)
	w.text(`}},{"type":"Feature","properties":{"kind":"border"},"geometry":{"type":"MultiLineString","coordinates":`)
	w.lines(d.borders)
	w.text("}}]}\n")
	return w.out
}

type writer struct {
	out   []byte
	scale float64
}

func (w *writer) text(s string) { w.out = append(w.out, s...) }

func (w *writer) comma(i int) {
	if i > 0 {
		w.text(",")
	}
}

func (w *writer) lines(list []line) {
	w.text("[")
	written := 0
	for _, l := range list {
		rounded := w.rounded(l)
		if len(rounded) < 2 {
			continue
		}
		w.comma(written)
		w.text("[")
		for i, p := range rounded {
			w.comma(i)
			w.point(p)
		}
		w.text("]")
		written++
	}
	w.text("]")
}

func (w *writer) rounded(l line) (out line) {
	for _, p := range l {
		r := point{w.round(p[0]), w.round(p[1])}
		if len(out) == 0 || out[len(out)-1] != r {
			out = append(out, r)
		}
	}
	return out
}

// round adds 0 so that -0 becomes 0.
func (w *writer) round(v float64) float64 { return math.Round(v*w.scale)/w.scale + 0 }

func (w *writer) point(p point) {
	w.text("[")
	w.out = strconv.AppendFloat(w.out, p[0], 'f', -1, 64)
	w.text(",")
	w.out = strconv.AppendFloat(w.out, p[1], 'f', -1, 64)
	w.text("]")
}
