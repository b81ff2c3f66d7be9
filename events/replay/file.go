package replay

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// ContentType is what the replay file is served as. Its format is the hub's own; web/src/tape.ts
// reads it:
//
//	"ADR1"  then numbers as LEB128 varints:
//	epoch, seq                  the position in the log that the file includes
//	opens, span, until          the window in Unix seconds, its length, and how far the file tells
//	events, steps, minutes      how many there are of each
//	events x number of steps
//	13 x minutes x number       column by column, differences as zigzag: the 12 metrics, countries
//	minutes x acts              what happened in the minute before
//	6 x events bytes            48-bit Morton numbers, ascending, as differences: all lowest bytes,
//	                            then all second lowest...
//	steps x look                one byte each: way in bits 0-1, phase from bit 2 on
//	3 x 3 x steps bytes         of the first step of each event, then of the second of those that have
//	                            one, then of all others: all hours, all minutes, all seconds; of the
//	                            first since opens, of the others since the one before
//
// Bytes that are alike stand together, which packs a quarter smaller than varints do.
const ContentType = "application/octet-stream"

const magic = "ADR1"

// file writes the tape down as it stands. The same log makes the same bytes on every hub.
func (t *tape) file() []byte {
	points := t.points()
	changes := 0
	for _, p := range points {
		changes += len(p.steps)
	}
	until := min(t.window.second(t.latest), t.window.span)
	rows := t.rows(until)
	b := make([]byte, 0, len(magic)+64+len(points)*7+changes*4+len(rows)*2*numbers)
	b = append(b, magic...)
	for _, n := range []uint64{
		uint64(t.at.Epoch), uint64(t.at.Seq), uint64(t.window.opens.Unix()), uint64(t.window.span), uint64(until),
		uint64(len(points)), uint64(changes), uint64(len(rows)),
	} {
		b = binary.AppendUvarint(b, n)
	}
	for _, p := range points {
		b = binary.AppendUvarint(b, uint64(len(p.steps)))
	}
	b = t.appendMinutes(b, rows)
	b = appendPlaces(b, points)
	return appendSteps(b, points)
}

// point is an event that is on the map at some moment.
type point struct {
	at    place
	steps []step
}

// points lists the events that have a place, in Morton order and with the steps that make a
// difference.
func (t *tape) points() []point {
	ends := make([]int, len(t.places)+1)
	for _, s := range t.steps {
		ends[s.slot+1]++
	}
	for i := range t.places {
		ends[i+1] += ends[i]
	}
	sorted, next := make([]step, len(t.steps)), slices.Clone(ends)
	for _, s := range t.steps {
		sorted[next[s.slot]] = s
		next[s.slot]++
	}
	points := make([]point, 0, len(t.slots))
	for slot, at := range t.places {
		if at == nowhere {
			continue
		}
		if steps := telling(sorted[ends[slot]:ends[slot+1]]); len(steps) > 0 {
			points = append(points, point{at, steps})
		}
	}
	slices.SortFunc(points, point.order)
	return points
}

// telling drops the steps that no moment shows: those that are followed by another within their
// second, and those that then change nothing.
func telling(all []step) []step {
	kept := all[:0]
	shown := gone
	for i, s := range all {
		if i+1 < len(all) && all[i+1].second == s.second || s.look == shown {
			continue
		}
		kept, shown = append(kept, s), s.look
	}
	return kept
}

func (p point) order(q point) int {
	if c := cmp.Compare(p.at, q.at); c != 0 {
		return c
	}
	return slices.CompareFunc(p.steps, q.steps, func(a, b step) int {
		return cmp.Or(cmp.Compare(a.second, b.second), cmp.Compare(a.look, b.look))
	})
}

// placeBytes is how many bytes a Morton number has.
const placeBytes = 2 * placeBits / 8

func appendPlaces(b []byte, points []point) []byte {
	for shift := range placeBytes {
		last := place(0)
		for _, p := range points {
			b = append(b, byte((p.at-last)>>(8*shift)))
			last = p.at
		}
	}
	return b
}

func appendSteps(b []byte, points []point) []byte {
	for _, p := range points {
		for _, s := range p.steps {
			b = append(b, byte(s.look))
		}
	}
	for _, rank := range []func([]step) (from, to int){
		func(all []step) (int, int) { return 0, 1 },
		func(all []step) (int, int) { return 1, min(2, len(all)) },
		func(all []step) (int, int) { return min(2, len(all)), len(all) },
	} {
		for _, part := range []func(seconds uint32) byte{
			func(seconds uint32) byte { return byte(seconds / 3600) },
			func(seconds uint32) byte { return byte(seconds / 60 % 60) },
			func(seconds uint32) byte { return byte(seconds % 60) },
		} {
			for _, p := range points {
				from, to := rank(p.steps)
				for i := from; i < to; i++ {
					b = append(b, part(p.since(i)))
				}
			}
		}
	}
	return b
}

// since is how many seconds step i is after the one before it.
func (p point) since(i int) uint32 {
	if i == 0 {
		return p.steps[0].second
	}
	return p.steps[i].second - p.steps[i-1].second
}

// rows is the numbers of every whole minute until a second, and of the one that ends it.
func (t *tape) rows(until uint32) [][numbers]int64 {
	rows := slices.Clone(t.minutes.values)
	now := rowOf(t.counts)
	for uint32(len(rows)) <= (until+59)/60 {
		rows = append(rows, now)
	}
	return rows
}

func (t *tape) appendMinutes(b []byte, rows [][numbers]int64) []byte {
	for column := range numbers {
		last := int64(0)
		for _, row := range rows {
			b = binary.AppendVarint(b, row[column]-last)
			last = row[column]
		}
	}
	for minute := range rows {
		happened := int64(0)
		if minute < len(t.minutes.acts) {
			happened = t.minutes.acts[minute]
		}
		b = binary.AppendUvarint(b, uint64(happened))
	}
	return b
}
