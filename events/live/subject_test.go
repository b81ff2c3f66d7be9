package live

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events"
)

func TestSubjectTellsEditionKindAndCell(t *testing.T) {
	t.Parallel()
	a := listed(1, "Wall of birds")
	a.EditionID = edition(7)
	if got, want := SubjectOf(a).String(), "activity."+edition(7).String()+".event_listed.1.2.3.1.3.1"; got != want {
		t.Errorf("subject = %s, want %s", got, want)
	}
	a.Card.Place.Latitude = nil
	if got, want := SubjectOf(a).String(), "activity."+edition(7).String()+".event_listed.none"; got != want {
		t.Errorf("subject without a point = %s, want %s", got, want)
	}
}

func TestSubjectIsReadAsItWasBuilt(t *testing.T) {
	t.Parallel()
	kinds := []events.ActivityKind{events.EventListed, events.CheckedIn, events.EditionChanged}
	rapid.Check(t, func(t *rapid.T) {
		want := Subject{
			Edition: edition(rapid.Int().Draw(t, "edition")),
			Kind:    rapid.SampledFrom(kinds).Draw(t, "kind"),
			Cell:    rapid.SampledFrom([]string{"", "000000", "123123", "333333"}).Draw(t, "cell"),
		}
		got, err := ParseSubject(want.String())
		if err != nil || got != want {
			t.Fatalf("ParseSubject(%s) = %+v, %v", want, got, err)
		}
	})
}

func TestSubjectsOfOthersAreRefused(t *testing.T) {
	t.Parallel()
	good := Subject{edition(1), events.Cheered, "012301"}.String()
	for _, text := range []string{
		"", "activity", "weather.x.y.z", "activity.nonsense.cheered.none", good + ".2", good[:len(good)-2],
		strings.Replace(good, "cheered", "Cheered", 1), strings.Replace(good, ".3.", ".4.", 1),
		strings.Replace(good, "0.1.2", "012", 1),
		strings.Replace(good, "edn_", "evt_", 1),
	} {
		if s, err := ParseSubject(text); err == nil {
			t.Errorf("ParseSubject(%q) = %+v", text, s)
		}
	}
}

// The tiles that maps are made of must be the cells that partners follow.
func TestCellIsTheMapsTile(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lat := rapid.Float64Range(-85, 85).Draw(t, "latitude")
		lon := rapid.Float64Range(-180, 179.9999).Draw(t, "longitude")
		depth := rapid.IntRange(1, 12).Draw(t, "depth")
		tile := maptile.At(orb.Point{lon, lat}, maptile.Zoom(depth))
		want := ""
		for bit := depth - 1; bit >= 0; bit-- {
			want += fmt.Sprint(tile.X>>bit&1 + 2*(tile.Y>>bit&1))
		}
		if got := Cell(lat, lon, depth); got != want {
			t.Fatalf("Cell(%v, %v, %d) = %s, the tile is %s", lat, lon, depth, got, want)
		}
	})
	if north, south := Cell(90, 180, 3), Cell(-90, -180, 3); north != "111" || south != "222" {
		t.Errorf("poles are in %s and %s", north, south)
	}
}

func TestPartnersFollowByWildcard(t *testing.T) {
	t.Parallel()
	conn := newNewsroom(t).connect(t)
	here, there := edition(1), edition(2)
	books := newBook(here, there)
	cheer := cheers(1)[0]
	news := append(books.write(here, listed(1, "Wall of birds"), cheer), books.write(there, listed(2, "Lanterns"))...)

	nepal, err := CellPattern(here, "123")
	if err != nil {
		t.Fatal(err)
	}
	exactly, _ := CellPattern(here, "123131")
	elsewhere, _ := CellPattern(here, "0")
	for _, c := range []struct {
		pattern string
		want    []events.ID
	}{
		{WorldPattern(), []events.ID{news[0].ID, news[1].ID, news[2].ID}},
		{EditionPattern(here), []events.ID{news[0].ID, news[1].ID}},
		{KindPattern(here, events.Cheered), []events.ID{news[1].ID}},
		{nepal, []events.ID{news[0].ID}},
		{exactly, []events.ID{news[0].ID}},
		{elsewhere, nil},
	} {
		t.Run(c.pattern, func(t *testing.T) {
			heard := make(chan *nats.Msg, 10)
			sub, err := conn.ChanSubscribe(c.pattern, heard)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = sub.Unsubscribe() }()
			if err := New(conn, testLog(t)).Publish(t.Context(), news); err != nil {
				t.Fatal(err)
			}
			if err := conn.FlushTimeout(10 * time.Second); err != nil {
				t.Fatal(err)
			}
			var got []events.ID
			for range len(heard) {
				a, err := decode((<-heard).Data)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, a.ID)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("heard %v, want %v", got, c.want)
			}
		})
	}
	for _, cell := range []string{"", "4", "1230123", "1.2", "*"} {
		if pattern, err := CellPattern(here, cell); err == nil {
			t.Errorf("CellPattern(%q) = %s", cell, pattern)
		}
	}
}

func TestMessageIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	books := newBook(edition(1))
	news := books.write(edition(1), append(cheers(1), listed(1, "Vögel ║ 鳥 <b>"))...)
	for _, want := range news {
		data, err := encode(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := decode(data)
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(events.ID{})); err != nil || diff != "" {
			t.Errorf("decode: %v\n%s", err, diff)
		}
	}
}

func TestMessageIdIsTheActivitys(t *testing.T) {
	t.Parallel()
	conn := newNewsroom(t).connect(t)
	sub, err := conn.SubscribeSync(WorldPattern())
	if err != nil {
		t.Fatal(err)
	}
	news := newBook(edition(1)).write(edition(1), cheers(3)...)
	if err := New(conn, testLog(t)).Publish(t.Context(), news); err != nil {
		t.Fatal(err)
	}
	for _, a := range news {
		m, err := sub.NextMsg(10 * time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if id := m.Header.Get(nats.MsgIdHdr); id != a.ID.String() {
			t.Errorf("message id = %s, want %s", id, a.ID)
		}
	}
}

func TestPublishingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	conn := newNewsroom(t).connect(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := New(conn, testLog(t)).Publish(ctx, newBook(edition(1)).write(edition(1), cheers(1)...)); err == nil {
		t.Error("published after the context had ended")
	}
}

func FuzzDecode(f *testing.F) {
	data, err := encode(newBook(edition(1)).write(edition(1), listed(1, "Wall of birds"))[0])
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"v":2,"seq":1}`))
	f.Add([]byte(`{"v":1,"seq":-1}`))
	f.Add([]byte(`nonsense`))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := decode(data)
		if err == nil && (a.Seq < 1 || a.EditionID.IsZero()) {
			t.Errorf("decode(%s) = %+v", data, a)
		}
	})
}
