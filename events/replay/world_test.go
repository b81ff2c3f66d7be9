package replay

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/microgalleries/actionday/events"
)

// What the tests share: a log that is kept as the database keeps it, a second way to tell what it
// says of a moment that is too simple to be wrong, and a reader of the file that knows nothing of how
// it was made.

func edition() events.Edition {
	return events.Edition{
		ID:   events.NewID(events.EditionPrefix, [16]byte{15: 1}),
		Date: events.LocalDate{Year: 2026, Month: time.December, Day: 12},
	}
}

func eventID(n int) events.ID {
	var uuid [16]byte
	binary.BigEndian.PutUint64(uuid[8:], uint64(n)*0x9e3779b97f4a7c15)
	return events.NewID(events.EventPrefix, uuid)
}

// opens is when the window of the edition opens; at is seconds after it.
func opens() time.Time { return edition().OpensAt() }

func at(seconds float64) time.Time {
	return opens().Add(time.Duration(seconds * float64(time.Second))).Truncate(time.Millisecond)
}

func card(latitude, longitude float64, day events.DayState) *events.EventCard {
	return &events.EventCard{
		Way: events.OwnWork, Day: day,
		Place: events.Place{Precision: events.ExactPrecision, Latitude: &latitude, Longitude: &longitude, Country: "NP"},
	}
}

// book is a log as the database keeps it: numbered, folded, redacted.
type book struct {
	mu        sync.Mutex
	epoch     uint32
	all       []events.Activity
	standings map[events.ID]events.Standing
	counts    []events.Counts // item n is after n activities
	reads     int
	failing   error
	blocked   chan struct{} // nil, or readers wait for it
}

func newBook() *book {
	return &book{epoch: 7, standings: map[events.ID]events.Standing{}, counts: []events.Counts{{}}}
}

func sortByTime(log []events.Activity) {
	slices.SortStableFunc(log, func(a, b events.Activity) int { return a.At.Compare(b.At) })
}

// append is write for long logs in which nothing is taken back and nobody asks for old numbers.
func (b *book) append(list []events.Activity) {
	for _, a := range list {
		a.Seq, a.Epoch, a.EditionID = int64(len(b.all))+1, b.epoch, edition().ID
		b.standings[a.EventID], a.Deltas = events.Fold(b.standings[a.EventID], a)
		b.all = append(b.all, a)
	}
}

// write appends to the log and gives what was appended.
func (b *book) write(list ...events.Activity) []events.Activity {
	b.mu.Lock()
	defer b.mu.Unlock()
	from := len(b.all)
	for _, a := range list {
		a.Seq, a.Epoch, a.EditionID = int64(len(b.all))+1, b.epoch, edition().ID
		if !a.EventID.IsZero() {
			b.standings[a.EventID], a.Deltas = events.Fold(b.standings[a.EventID], a)
		}
		for i, earlier := range b.all {
			if earlier.EventID == a.EventID {
				b.all[i] = earlier.Redact(a)
			}
		}
		b.all = append(b.all, a)
		counts := copied(b.counts[len(b.counts)-1])
		counts.Apply(a)
		b.counts = append(b.counts, counts)
	}
	return slices.Clone(b.all[from:])
}

func (b *book) source() Source {
	return Source{
		Edition: func(context.Context, events.ID) (events.Edition, error) { return edition(), nil },
		Head: func(context.Context, events.ID) (events.Position, error) {
			b.mu.Lock()
			defer b.mu.Unlock()
			return events.Position{Epoch: b.epoch, Seq: int64(len(b.all))}, nil
		},
		Past: b.past,
	}
}

func (b *book) past(ctx context.Context, _ events.ID, after int64, limit int) ([]events.Activity, error) {
	b.mu.Lock()
	blocked := b.blocked
	b.mu.Unlock()
	if blocked != nil {
		select {
		case <-blocked:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reads++
	if b.failing != nil {
		return nil, b.failing
	}
	rest := b.all[min(int(after), len(b.all)):]
	return slices.Clone(rest[:min(len(rest), limit)]), nil
}

// until is how many activities belong to a moment.
func (b *book) until(moment time.Time) int {
	for i, a := range b.all {
		if a.At.After(moment) {
			return i
		}
	}
	return len(b.all)
}

// dot is a point as it shows at a moment.
type dot struct {
	at   place
	look look
}

// dots is the map after the first n activities, as the log tells it now: by the cards alone.
func (b *book) dots(n int) []dot {
	shown := map[events.ID]dot{}
	for _, a := range b.all[:n] {
		switch {
		case a.Kind == events.EventRemoved:
			delete(shown, a.EventID)
		case a.Card != nil && a.Kind != events.CheckedIn && a.Kind != events.Cheered:
			delete(shown, a.EventID)
			if at := placeOf(a.Card.Place); at != nowhere {
				shown[a.EventID] = dot{at, lookOf(a.Card)}
			}
		}
	}
	list := make([]dot, 0, len(shown))
	for _, d := range shown {
		list = append(list, d)
	}
	return sortedDots(list)
}

func sortedDots(list []dot) []dot {
	slices.SortFunc(list, func(a, b dot) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.look, b.look)) })
	return list
}

// roll is a replay file read back.
type roll struct {
	epoch, seq, opens, span, until uint64
	points                         []point
	minutes                        [][numbers]int64
	acts                           []uint64
}

func read(file []byte) (roll, error) {
	rest, ok := bytes.CutPrefix(file, []byte("ADR1"))
	if !ok {
		return roll{}, fmt.Errorf("it begins with %q", file[:min(4, len(file))])
	}
	r := bytes.NewReader(rest)
	var failed error
	next := func() uint64 {
		n, err := binary.ReadUvarint(r)
		failed = cmp.Or(failed, err)
		return n
	}
	v := roll{epoch: next(), seq: next(), opens: next(), span: next(), until: next()}
	v.points = make([]point, next())
	steps := next()
	v.minutes = make([][numbers]int64, next())
	for i := range v.points {
		v.points[i].steps = make([]step, next())
		steps -= uint64(len(v.points[i].steps))
	}
	for column := range numbers {
		value := int64(0)
		for minute := range v.minutes {
			n, err := binary.ReadVarint(r)
			failed = cmp.Or(failed, err)
			value += n
			v.minutes[minute][column] = value
		}
	}
	for range v.minutes {
		v.acts = append(v.acts, next())
	}
	one := func() byte {
		b, err := r.ReadByte()
		failed = cmp.Or(failed, err)
		return b
	}
	for shift := range placeBytes {
		for i := range v.points {
			v.points[i].at |= place(one()) << (8 * shift)
		}
	}
	for i := range v.points {
		for j := range v.points[i].steps {
			v.points[i].steps[j].look = look(one())
		}
	}
	for rank := range 3 {
		for _, unit := range []uint32{3600, 60, 1} {
			for i := range v.points {
				for j := range v.points[i].steps {
					if min(j, 2) == rank {
						v.points[i].steps[j].second += uint32(one()) * unit
					}
				}
			}
		}
	}
	for i := range v.points { // differences become values
		if i > 0 {
			v.points[i].at += v.points[i-1].at
		}
		for j := range v.points[i].steps {
			if j > 0 {
				v.points[i].steps[j].second += v.points[i].steps[j-1].second
			}
		}
	}
	if steps != 0 || r.Len() > 0 {
		failed = cmp.Or(failed, fmt.Errorf("%d steps and %d bytes are left over", steps, r.Len()))
	}
	return v, failed
}

// dots is what a page draws at a second.
func (v roll) dots(second uint32) []dot {
	list := []dot{}
	for _, p := range v.points {
		shown := gone
		for _, s := range p.steps {
			if s.second <= second {
				shown = s.look
			}
		}
		if shown != gone {
			list = append(list, dot{p.at, shown})
		}
	}
	return sortedDots(list)
}

func library(b *book) *Library {
	return New(b.source(), time.Now, slog.New(slog.DiscardHandler))
}
