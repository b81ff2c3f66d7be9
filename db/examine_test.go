package db_test

import (
	"strings"
	"testing"

	"github.com/microgalleries/actionday/db/dbtest"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// lived is an edition in which everything has happened that an examination looks at.
func lived(t *testing.T) (w *world, address string) {
	t.Helper()
	address = dbtest.New(t)
	w = newWorld(t, openAt(t, address))
	wall := w.list(eventstest.Titled("Wall of birds"))
	w.checkIn(wall, 3)
	w.drain()
	_, err := w.Attend(t.Context(), []events.Attendance{w.attendance(wall, events.Cheer, 1)}, w.ids.UUID)
	w.ok(err)
	wall.Day, wall.DeclaredPeople = events.Live, 12
	w.ok(w.tell(&wall, events.DayChanged))
	w.drain()

	hidden := w.list(eventstest.Titled("Hidden wall"))
	w.checkIn(hidden, 2)
	w.drain()
	hidden.Review = events.Hidden
	w.ok(w.tell(&hidden, events.EventRemoved))
	w.drain()

	where := eventstest.Whereabouts(eventstest.Shown(events.CityPrecision))
	coarse := w.listing(eventstest.Titled("Coarse wall"), eventstest.Placed(w.edition, where))
	coarse.Whereabouts = &where
	w.ok(w.SaveEvents(t.Context(), coarse))
	w.drain()
	w.checkIn(*coarse.Event, 1) // waits
	return w, address
}

func TestExaminationOfAHealthyEdition(t *testing.T) {
	t.Parallel()
	w, _ := lived(t)
	for _, moment := range []string{"while news waits", "when all is numbered"} {
		x, err := w.Examine(t.Context(), w.edition.ID)
		w.ok(err)
		if len(x.Findings) > 0 {
			t.Errorf("%s: %q", moment, x.Findings)
		}
		if x.Events != 3 || x.Standings != 3 || x.Attendances != 7 || x.Activities < 7 || x.Counters < 10 {
			t.Errorf("%s: too little was looked at: %+v", moment, x)
		}
		w.drain()
	}
}

// Each of these has to be found, or the examination proves nothing.
func TestExaminationFindsWhatIsBroken(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]struct{ how, finding string }{
		"a row of the log is gone":       {"delete from activities where seq = 2", "The log goes from 1 to 3"},
		"the last row is gone":           {"delete from activities where seq = (select max(seq) from activities)", "The head stands at"},
		"people count double in the log": {"update activities set count = count * 2 where seq = 2", "3 devices are counted"},
		"a device is gone":               {"delete from attendances where ctid = (select min(ctid) from attendances)", "devices are counted"},
		"a counter is off":               {"update counters set value = value + 1 where scope = 'country' and metric = 'checkIns'", "not the sum of the log"},
		"a counter and the log are off":  {"with a as (update activities set deltas = (select jsonb_agg(case when d->>'metric' = 'events' then jsonb_set(d, '{by}', '2') else d end) from jsonb_array_elements(deltas) d) where seq = 1) update counters set value = value + 1 where metric = 'events'", "what events and attendances give"},
		"a standing is off":              {"update standings set cheers = cheers + 1 where check_ins = 3", "The standing of"},
		"a standing is gone":             {"delete from standings where check_ins = 3", "have a standing"},
		"the head is off":                {"update heads set seq = seq + 1", "The head stands at"},
		"an id comes twice":              {"update activities set id = (select id from activities where seq = 1) where seq = 3", "in the log twice"},
		"news comes twice":               {"update outbox set activity_id = (select id from activities where seq = 1)", "waits although"},
		"a payload is back":              {"update activities set card = (select card from activities where seq = 1), tombstone = false where seq = (select max(seq) - 2 from activities)", "still tells of"},
		"a payload follows its tombstone": {
			"update activities set card = (select card from activities where seq = 1) where kind = 'EVENT_REMOVED'",
			"after it was taken back",
		},
		"an event is hidden without news": {"update events set review = 'HIDDEN' where title = 'Wall of birds'", "which is not public"},
		"the pin is given away": {
			"update activities set card = jsonb_set(card, '{place,precision}', '\"EXACT\"') where card->>'title' = 'Coarse wall'",
			"more exactly than its host wants",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, address := lived(t)
			query(t, address, broken.how)
			x, err := w.Examine(t.Context(), w.edition.ID)
			w.ok(err)
			if all := strings.Join(x.Findings, "\n"); !strings.Contains(all, broken.finding) {
				t.Errorf("it found %q", all)
			}
		})
	}
}

func TestEarlierCounts(t *testing.T) {
	t.Parallel()
	w, _ := lived(t)
	w.drain()
	var replayed events.Counts
	for _, a := range w.log() {
		replayed.Apply(a)
		counts, err := w.CountsAt(t.Context(), w.edition.ID, a.Seq)
		w.ok(err)
		if err := counts.Differs(replayed); err != nil || counts.AsOfSeq != a.Seq {
			t.Errorf("at %d (told as %d): %v", a.Seq, counts.AsOfSeq, err)
		}
	}
}
