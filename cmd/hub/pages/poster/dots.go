package poster

import (
	"strconv"

	"github.com/microgalleries/actionday/events"
)

// MostSpots is how many spots a picture takes: as many as keep it within thirty kilobytes.
const MostSpots = 2200

// A Spot is some events at one place, as package tiles makes them.
type Spot struct {
	Latitude, Longitude                      float64
	Count, OwnWork, Blueprint, Digital, Live int
	Phase                                    events.Phase // of a single event, else ""
}

// way is the way of most of the spot's events.
func (s Spot) way() events.Way {
	switch max(s.OwnWork, s.Blueprint, s.Digital) {
	case s.OwnWork:
		return events.OwnWork
	case s.Blueprint:
		return events.Blueprint
	}
	return events.Digital
}

// sizes are the diameters of marks on the inner grid, each for spots of less than so many events.
func sizes() []struct{ below, wide int } {
	return []struct{ below, wide int }{{2, 7}, {5, 10}, {20, 15}, {100, 21}, {1 << 62, 30}}
}

// marks writes all spots: smaller ones first, and of a size one path for each way.
func (p *picture) marks(spots []Spot) {
	c := p.palette
	for i, size := range sizes() {
		least := 0
		if i > 0 {
			least = sizes()[i-1].below
		}
		of := func(fits func(Spot) bool) (found []Spot) {
			for _, s := range spots {
				if s.Count >= least && s.Count < size.below && fits(s) {
					found = append(found, s)
				}
			}
			return found
		}
		p.line(size.wide+10, c.live, 0.4, ends(of(func(s Spot) bool { return s.Live > 0 })), "round")
		off := func(s Spot) bool { return s.Phase == events.Off }
		is := func(way events.Way) []Spot { return of(func(s Spot) bool { return s.way() == way && !off(s) }) }
		p.rimmed(size.wide, c.own, ends(is(events.OwnWork)), "round")
		p.rimmed(size.wide, c.blueprint, ends(is(events.Blueprint)), "square")
		p.triangles(size.wide, c.digital, is(events.Digital))
		p.hollow(size.wide, of(off))
	}
}

// ends is a path of lines without length.
func ends(spots []Spot) []byte {
	var p path
	for _, s := range spots {
		p.move(at(s.Latitude, s.Longitude))
		p.text("h0")
	}
	return p.out
}

func (p *picture) rimmed(wide int, color string, data []byte, end string) {
	if end == "square" {
		wide = wide * 7 / 8 // a square of the same area as the circle
	}
	p.line(wide+3, p.palette.rim, 1, data, end)
	p.line(wide, color, 1, data, end)
}

func (p *picture) line(wide int, color string, opacity float64, data []byte, end string) {
	if len(data) == 0 {
		return
	}
	p.text(`<path fill="none" stroke="`, color, `" stroke-width="`, strconv.Itoa(wide), `" stroke-linecap="`, end, `"`)
	if opacity < 1 {
		p.text(` opacity="`, strconv.FormatFloat(opacity, 'f', -1, 64), `"`)
	}
	p.text(` d="`, string(data), `"/>`)
}

func (p *picture) triangles(wide int, color string, spots []Spot) {
	if len(spots) == 0 {
		return
	}
	half, high := wide*5/8, wide*9/8
	var data path
	for _, s := range spots {
		d := at(s.Latitude, s.Longitude)
		data.move(dot{d.x, d.y - high*5/8})
		data.text("l" + strconv.Itoa(half) + "," + strconv.Itoa(high) + "h-" + strconv.Itoa(2*half) + "z")
	}
	p.text(`<path fill="`, color, `" stroke="`, p.palette.rim, `" paint-order="stroke" stroke-width="3" d="`, string(data.out), `"/>`)
}

// hollow is for what is called off: nothing but a ring.
func (p *picture) hollow(wide int, spots []Spot) {
	data := ends(spots)
	p.line(wide+2, p.palette.soft, 1, data, "round")
	p.line(wide-3, p.palette.land, 1, data, "round")
}
