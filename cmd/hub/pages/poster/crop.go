package poster

// A Window is a part of the bare picture, in its pixels.
type Window struct{ X, Y, Wide, High int }

// nearest is how wide a window is at least: closer, the land would show how coarse it is.
const nearest = 300

// overlooked is how many degrees beyond the antimeridian a window may leave out.
const overlooked = 20

// Around is the window of the picture's own proportions that shows a box of degrees with some room
// around it. At the antimeridian, where the picture ends at both sides, it shows the side that has
// more of the box; where both have much, it is the whole world.
func Around(west, south, east, north float64) Window {
	whole := Window{0, worldTop, Width, worldHigh}
	if west > east {
		switch before, behind := 180-west, east+180; {
		case behind <= min(before, overlooked):
			east = 180
		case before <= min(behind, overlooked):
			west = -180
		default:
			return whole
		}
	}
	left, right, top, bottom := Width, 0, Height, 0
	for _, latitude := range []float64{south, (south + north) / 2, north} {
		for _, longitude := range []float64{west, east} {
			d := at(latitude, longitude)
			x, y := Width/2+d.x/2, middleY+d.y/2
			left, right, top, bottom = min(left, x), max(right, x), min(top, y), max(bottom, y)
		}
	}
	wide := max(nearest, (right-left)*5/4, (bottom-top)*5/4*Width/worldHigh)
	if wide >= Width {
		return whole
	}
	high := wide * worldHigh / Width
	x, y := (left+right-wide)/2, (top+bottom-high)/2
	return Window{
		max(0, min(Width-wide, x)), max(worldTop, min(worldTop+worldHigh-high, y)), wide, high,
	}
}
