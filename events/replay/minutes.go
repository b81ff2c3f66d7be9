package replay

import "github.com/microgalleries/actionday/events"

// numbers is how many numbers of the world a minute has: those of a tally, in the order of
// events.Metrics, and the countries.
const numbers = 13

// minutes is the numbers of the world at every whole minute of the window, and how much happened in
// the minute before it.
type minutes struct {
	values [][numbers]int64 // item m is what was true when m minutes had passed
	acts   []int64          // item m is what happened after m-1 minutes and until m
}

// fill writes down what is true until a second, before which nothing more will happen.
func (m *minutes) fill(second uint32, now events.Counts) {
	if uint32(len(m.values))*60 >= second {
		return
	}
	row := rowOf(now)
	for uint32(len(m.values))*60 < second {
		m.values = append(m.values, row)
	}
}

// happened counts an activity, those about people by the people.
func (m *minutes) happened(second uint32, a events.Activity) {
	minute := int(second+59) / 60
	for len(m.acts) <= minute {
		m.acts = append(m.acts, 0)
	}
	if second > 0 { // what happened before the window is no part of its day
		m.acts[minute] += max(1, a.Count)
	}
}

func rowOf(c events.Counts) (row [numbers]int64) {
	world := c.World()
	for i, metric := range events.Metrics() {
		row[i] = *world.Slot(metric)
	}
	row[numbers-1] = int64(c.Countries())
	return row
}
