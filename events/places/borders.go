package places

import (
	"errors"
	"fmt"

	tzfrellite "github.com/ringsaturn/tzf-rel-lite"
	"google.golang.org/protobuf/encoding/protowire"
)

// microDegrees is how many steps a degree has: a point on the map is two whole numbers, so that
// whether it lies left or right of a border is never a matter of rounding. A step is 11 cm.
const microDegrees = 1_000_000

// polylineStep is how many of our steps one step of the file is.
const polylineStep = microDegrees / 100_000

type point struct{ x, y int32 } // longitude and latitude in millionths of a degree

// borders are the polygons of all zones: on land those of people, at sea the nautical ones. The
// rings of all polygons stand one after another in a single list of points, each closed by its
// first point once more. Polygons are simplified, so neighbors may overlap by some hundred meters
// or leave as narrow a gap; where they overlap the first in the file's order wins.
//
//	names    Africa/Abidjan     Africa/Accra ...
//	areas    [....][....]       [....] ...              polygons of a zone
//	rings    o h h  o           o h ...                 an outline and its holes
//	points   ..............................
type borders struct {
	names  []string
	points []point
	areas  []area
	index  borderIndex
}

// area is one polygon: an outline and the holes in it.
type area struct {
	zone  int32 // index of its name
	rings []ring
}

// ring is a closed line: points[first] to points[last], which are the same.
type ring struct{ first, last int32 }

func loadBorders() *borders {
	b := must(readBorders(tzfrellite.LiteCompressData))
	b.index = newBorderIndex(b)
	return b
}

// readBorders reads the file of timezone-boundary-builder's polygons as tzf-rel-lite packs them, a
// message of Protocol Buffers:
//
//	file     = { method 1, zone 2, version 3 }   method 1: polylines
//	zone     = { polygon 1, name 2 }
//	polygon  = { polyline 1, polygon 2 }         the outline, and holes
func readBorders(file []byte) (*borders, error) {
	b := &borders{points: make([]point, 0, len(file)/4)}
	method := uint64(0)
	err := eachField(file, func(number protowire.Number, value []byte, n uint64) error {
		switch number {
		case 1:
			method = n
		case 2:
			return b.readZone(value)
		}
		return nil
	})
	if err == nil && method != 1 {
		err = fmt.Errorf("polygons are packed in a way of number %d", method)
	}
	if err == nil && len(b.areas) == 0 {
		err = errors.New("no polygons")
	}
	if err != nil {
		return nil, fmt.Errorf("places: read time zones: %w", err)
	}
	b.points = append([]point(nil), b.points...) // gives the spare room back
	return b, nil
}

func (b *borders) readZone(message []byte) error {
	zone := int32(len(b.names))
	name := ""
	err := eachField(message, func(number protowire.Number, value []byte, _ uint64) error {
		switch number {
		case 1:
			a := area{zone: zone}
			err := b.readArea(&a, value)
			b.areas = append(b.areas, a)
			return err
		case 2:
			name = string(value)
		}
		return nil
	})
	if err == nil && name == "" {
		err = errors.New("a zone has no name")
	}
	b.names = append(b.names, name)
	return err
}

// readArea reads an outline or a hole; it matters not which, because inside is what an odd number
// of lines parts from infinity.
func (b *borders) readArea(a *area, message []byte) error {
	return eachField(message, func(number protowire.Number, value []byte, _ uint64) (err error) {
		switch number {
		case 1:
			first := len(b.points)
			if b.points, err = appendPolyline(b.points, value); err != nil {
				return err
			}
			line := b.points[first:] // some islands were simplified to a line there and back
			if len(line) < 2 || line[0] != line[len(line)-1] {
				return fmt.Errorf("a ring of %d points is not closed", len(line))
			}
			a.rings = append(a.rings, ring{int32(first), int32(len(b.points) - 1)})
		case 2:
			return b.readArea(a, value)
		}
		return nil
	})
}

// eachField calls visit for each field of a message with its bytes or, for a number, its value.
func eachField(
	message []byte, visit func(number protowire.Number, value []byte, n uint64) error,
) error {
	for len(message) > 0 {
		number, kind, size := protowire.ConsumeTag(message)
		if size < 0 {
			return protowire.ParseError(size)
		}
		message = message[size:]
		var value []byte
		var n uint64
		switch kind {
		case protowire.BytesType:
			value, size = protowire.ConsumeBytes(message)
		case protowire.VarintType:
			n, size = protowire.ConsumeVarint(message)
		default:
			size = protowire.ConsumeFieldValue(number, kind, message)
		}
		if size < 0 {
			return protowire.ParseError(size)
		}
		message = message[size:]
		if err := visit(number, value, n); err != nil {
			return err
		}
	}
	return nil
}

var errPolyline = errors.New("a polyline is broken")

// appendPolyline decodes Google's encoded polyline algorithm, with the longitude first: each
// number is the difference to the one before in steps of a hundred-thousandth of a degree, zigzag
// folded, in groups of five bits from the lowest, each group a character from '?' on, all but the
// last with the sixth bit set.
func appendPolyline(points []point, line []byte) ([]point, error) {
	x, y := int64(0), int64(0)
	for len(line) > 0 {
		var dx, dy int64
		var ok bool
		if dx, line, ok = polylineNumber(line); !ok {
			return points, errPolyline
		}
		if dy, line, ok = polylineNumber(line); !ok {
			return points, errPolyline
		}
		x, y = x+dx*polylineStep, y+dy*polylineStep
		if max(x, -x) > 180*microDegrees || max(y, -y) > 90*microDegrees {
			return points, errPolyline
		}
		points = append(points, point{int32(x), int32(y)})
	}
	return points, nil
}

// maxPolylineBits is enough for 360 degrees in steps of the file, folded.
const maxPolylineBits = 30

func polylineNumber(line []byte) (n int64, rest []byte, ok bool) {
	folded, shift := uint64(0), 0
	for i, c := range line {
		group := uint64(c) - '?'
		if group > 63 || shift > maxPolylineBits {
			return 0, nil, false
		}
		folded |= group & 31 << shift
		shift += 5
		if group < 32 {
			return int64(folded>>1) ^ -int64(folded&1), line[i+1:], true
		}
	}
	return 0, nil, false
}
