package live

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/microgalleries/actionday/events"
)

const (
	subjectRoot = "activity"
	notMapped   = "none"
	// CellDepth is how many quadtree digits a subject has: cells of the map's zoom 6, about 600 km
	// wide at the equator.
	CellDepth = 6
	// mercatorLimit is the latitude in degrees at which the square Web Mercator map ends.
	mercatorLimit = 85.05112877980659
)

var errSubject = errors.New("live: not a subject of an activity")

// Subject is what an activity's message is addressed by, so that a partner can follow the world, a
// kind, or one cell of the map. Its text form has one token a word and a quadtree digit each:
//
//	activity.edn_06ho8c....event_listed.1.2.0.2.3.1
//	activity.edn_06ho8c....checked_in.none
type Subject struct {
	Edition events.ID
	Kind    events.ActivityKind
	// Cell is CellDepth quadtree digits 0 to 3 of the public point, from the whole map inwards: 0 is
	// the north-west quarter, 1 north-east, 2 south-west, 3 south-east. It is "" without a point.
	Cell string
}

// SubjectOf is the subject of an activity's message. It tells no more of the place than the public
// point does.
func SubjectOf(a events.Activity) Subject {
	s := Subject{Edition: a.EditionID, Kind: a.Kind}
	if a.Card != nil && a.Card.Place.IsMapped() {
		s.Cell = Cell(*a.Card.Place.Latitude, *a.Card.Place.Longitude, CellDepth)
	}
	return s
}

func (s Subject) String() string {
	return pattern(s.Edition, string(s.Kind), s.Cell)
}

// ParseSubject reads the text form.
func ParseSubject(text string) (Subject, error) {
	tokens := strings.Split(text, ".")
	if len(tokens) < 4 || tokens[0] != subjectRoot || tokens[2] != strings.ToLower(tokens[2]) {
		return Subject{}, fmt.Errorf("%w: %.80q", errSubject, text)
	}
	edition, err := events.ParseID(tokens[1])
	if err != nil || edition.Prefix() != events.EditionPrefix {
		return Subject{}, fmt.Errorf("%w: %.80q has no edition", errSubject, text)
	}
	s := Subject{Edition: edition, Kind: events.ActivityKind(strings.ToUpper(tokens[2]))}
	if len(tokens) == 4 && tokens[3] == notMapped {
		return s, nil
	}
	s.Cell = strings.Join(tokens[3:], "")
	if len(tokens) != 3+CellDepth || !isCell(s.Cell) || s.String() != text {
		return Subject{}, fmt.Errorf("%w: %.80q has no cell", errSubject, text)
	}
	return s, nil
}

// WorldPattern is the wildcard for everything in all editions.
func WorldPattern() string { return subjectRoot + ".>" }

// EditionPattern is the wildcard for everything in an edition.
func EditionPattern(edition events.ID) string {
	return subjectRoot + "." + edition.String() + ".>"
}

// KindPattern is the wildcard for one kind of activity in an edition.
func KindPattern(edition events.ID, kind events.ActivityKind) string {
	return subjectRoot + "." + edition.String() + "." + strings.ToLower(string(kind)) + ".>"
}

// CellPattern is the wildcard for all that happens in a cell of the map, given by 1 to CellDepth
// quadtree digits as Cell gives them. It is an error if cell is anything else.
func CellPattern(edition events.ID, cell string) (string, error) {
	if len(cell) > CellDepth || !isCell(cell) {
		return "", fmt.Errorf("live: %.20q is not a cell of 1 to %d quadtree digits", cell, CellDepth)
	}
	whole := pattern(edition, "*", cell)
	if len(cell) < CellDepth {
		whole += ".>"
	}
	return whole, nil
}

// Cell is the quadtree cell that holds a point in WGS 84 degrees, on the square Web Mercator map
// that web tiles are cut from, as many digits as depth. Points beyond the map's edge in the far
// north and south count to its edge.
func Cell(latitude, longitude float64, depth int) string {
	latitude = max(-mercatorLimit, min(mercatorLimit, latitude))
	sin := math.Sin(latitude * math.Pi / 180)
	cells := float64(int(1) << depth)
	x := axis(longitude/360+0.5, cells)
	y := axis(0.5-math.Log((1+sin)/(1-sin))/(4*math.Pi), cells)
	digits := make([]byte, depth)
	for i := range digits {
		bit := depth - 1 - i
		digits[i] = byte('0' + (x>>bit)&1 + 2*((y>>bit)&1))
	}
	return string(digits)
}

// axis is which of the cells a share of the whole, 0 to 1, lies in.
func axis(share, cells float64) int {
	return int(max(0, min(cells-1, math.Floor(share*cells))))
}

func isCell(cell string) bool {
	return cell != "" && strings.Trim(cell, "0123") == ""
}

func pattern(edition events.ID, kind, cell string) string {
	var b strings.Builder
	b.Grow(len(subjectRoot) + 32 + len(kind) + 2*CellDepth + 4)
	b.WriteString(subjectRoot)
	b.WriteByte('.')
	b.WriteString(edition.String())
	b.WriteByte('.')
	b.WriteString(strings.ToLower(kind))
	if cell == "" {
		b.WriteString("." + notMapped)
	}
	for i := range len(cell) {
		b.WriteByte('.')
		b.WriteByte(cell[i])
	}
	return b.String()
}
