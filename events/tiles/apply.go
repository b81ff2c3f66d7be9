package tiles

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/microgalleries/actionday/events"
)

// ErrGap says that activities are missing before the ones given. The map has not changed: read
// what follows its Position and apply that.
var ErrGap = errors.New("activities are missing")

// ErrSnapshotRequired says that the log has begun a new epoch, so that the map must be loaded
// afresh. Until then it stays as it was.
var ErrSnapshotRequired = errors.New("a snapshot is required")

// Load shows exactly these cards, which must be those of the given log position; what was shown
// before, and how far that had come, is forgotten. Cards without a public point are left out.
// The only error is to have more than about nine million events.
func (x *Index) Load(at events.Position, cards []events.EventCard) error {
	points := make([]point, 0, len(cards))
	for i := range cards {
		if p, ok := pointOf(&cards[i]); ok {
			points = append(points, p)
		}
	}
	return x.replace(at, points)
}

// Apply brings the map up to date with what has happened, in one new snapshot. It takes any order
// within the batch, ignores activities of other editions and those that the map includes already,
// and so may be called again with the same. A batch is applied whole or not at all: ErrGap when it
// leaves a number out, ErrSnapshotRequired when it is of another epoch.
func (x *Index) Apply(ctx context.Context, batch []events.Activity) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("tiles: apply activities: %w", err)
	}
	x.writing.Lock()
	defer x.writing.Unlock()
	position := x.Position()
	news, err := x.newsAfter(position, batch)
	if err != nil || len(news) == 0 {
		return err
	}
	var moves []move
	for _, a := range news {
		if m, ok := moveOf(a); ok {
			moves = append(moves, m)
		}
	}
	return x.merge(news[len(news)-1].Position(), moves)
}

// newsAfter is what of a batch the map does not include yet, in log order without gap.
func (x *Index) newsAfter(p events.Position, batch []events.Activity) ([]events.Activity, error) {
	var news []events.Activity
	for _, a := range batch {
		if a.EditionID != x.edition {
			continue
		}
		if a.Kind == events.SnapshotRequired || (a.Epoch != p.Epoch && p != events.Position{}) {
			return nil, fmt.Errorf("tiles: apply activity %s after %s: %w", a.Position(), p, ErrSnapshotRequired)
		}
		if a.Seq > p.Seq {
			news = append(news, a)
		}
	}
	bySeq := func(a, b events.Activity) int { return cmp.Compare(a.Seq, b.Seq) }
	slices.SortStableFunc(news, bySeq)
	news = slices.CompactFunc(news, func(a, b events.Activity) bool { return a.Seq == b.Seq })
	for i, a := range news {
		if want := p.Seq + 1 + int64(i); a.Seq != want {
			return nil, fmt.Errorf("tiles: apply activity %d, want %d: %w", a.Seq, want, ErrGap)
		}
	}
	return news, nil
}

// moveOf is what an activity does to the map. An event whose payload was taken back, or whose
// new place is not public, leaves it.
func moveOf(a events.Activity) (m move, ok bool) {
	switch a.Kind {
	case events.EventRemoved:
		return move{id: a.EventID.UUID()}, true
	case events.EventListed, events.EventRevised, events.DayChanged:
		m.id = a.EventID.UUID()
		if a.Card == nil || a.Tombstone {
			return m, true
		}
		if p, mapped := pointOf(a.Card); mapped {
			p.id = m.id
			m.to = &p
		}
		return m, true
	}
	return move{}, false
}
