package events_test

import (
	"encoding/base64"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

func TestQueryCompletesItself(t *testing.T) {
	t.Parallel()
	q, err := events.Query{}.Check()
	if err != nil || q.Order != events.ByStart || q.First != events.DefaultPage {
		t.Errorf("an empty query became %+v, %v", q, err)
	}
	q, err = events.Query{
		Order: events.ByDistance, First: events.MaxPage,
		Filter: events.Filter{
			Text: strings.Repeat("壁", events.MaxSearchText), Countries: make([]string, 50), Themes: make([]string, 50),
			Box:  &events.Box{West: 180, South: -90, East: -180, North: 90},
			Near: &events.Near{Latitude: -90, Longitude: 180, WithinKm: 20_100},
		},
	}.Check()
	if err != nil || q.First != events.MaxPage {
		t.Errorf("a query at all its limits: %v", err)
	}
}

func TestQueryRefusesWhatIsOutOfBounds(t *testing.T) {
	t.Parallel()
	nan, infinite := math.NaN(), math.Inf(1)
	for name, c := range map[string]struct {
		q     events.Query
		field string
		code  events.ProblemCode
	}{
		"no events":          {events.Query{First: -1}, "first", events.OutOfRange},
		"too many events":    {events.Query{First: 101}, "first", events.OutOfRange},
		"distance from what": {events.Query{Order: events.ByDistance}, "filter.near", events.Required},
		"long text":          {textQuery(strings.Repeat("a", 201)), "filter.text", events.TooLong},
		"NUL in text":        {textQuery("wall\x00bird"), "filter.text", events.Invalid},
		"51 countries": {
			events.Query{Filter: events.Filter{Countries: make([]string, 51)}}, "filter", events.TooLong,
		},
		"51 themes":        {events.Query{Filter: events.Filter{Themes: make([]string, 51)}}, "filter", events.TooLong},
		"upside down":      {boxQuery(0, 10, 10, 5), "filter.box", events.OutOfRange},
		"beyond the pole":  {boxQuery(0, 0, 10, 90.01), "filter.box", events.OutOfRange},
		"below the pole":   {boxQuery(0, -91, 10, 0), "filter.box", events.OutOfRange},
		"swapped degrees":  {boxQuery(-33, 151, -32, 152), "filter.box", events.OutOfRange},
		"too far west":     {boxQuery(-181, 0, 0, 10), "filter.box", events.OutOfRange},
		"too far east":     {boxQuery(0, 0, 181, 10), "filter.box", events.OutOfRange},
		"no number":        {boxQuery(nan, 0, 0, 10), "filter.box", events.OutOfRange},
		"no number north":  {boxQuery(0, 0, 0, nan), "filter.box", events.OutOfRange},
		"near nowhere":     {nearQuery(91, 0, 1), "filter.near", events.OutOfRange},
		"near no number":   {nearQuery(nan, 0, 1), "filter.near", events.OutOfRange},
		"near far east":    {nearQuery(0, 200, 1), "filter.near", events.OutOfRange},
		"within nothing":   {nearQuery(0, 0, 0), "filter.near.withinKm", events.OutOfRange},
		"within less":      {nearQuery(0, 0, -5), "filter.near.withinKm", events.OutOfRange},
		"within all":       {nearQuery(0, 0, 20_101), "filter.near.withinKm", events.OutOfRange},
		"within infinity":  {nearQuery(0, 0, infinite), "filter.near.withinKm", events.OutOfRange},
		"within no number": {nearQuery(0, 0, nan), "filter.near.withinKm", events.OutOfRange},
	} {
		_, err := c.q.Check()
		problems, other := events.ProblemsIn(err)
		if other != nil || len(problems) != 1 || problems[0].Field != c.field || problems[0].Code != c.code {
			t.Errorf("%s: %+v, want one %s problem of %s", name, problems, c.code, c.field)
		}
	}
}

func textQuery(text string) events.Query {
	return events.Query{Filter: events.Filter{Text: text}}
}

func boxQuery(west, south, east, north float64) events.Query {
	return events.Query{Filter: events.Filter{Box: &events.Box{West: west, South: south, East: east, North: north}}}
}

func nearQuery(latitude, longitude, km float64) events.Query {
	near := &events.Near{Latitude: latitude, Longitude: longitude, WithinKm: km}
	return events.Query{Filter: events.Filter{Near: near}}
}

func TestQueryTellsAllThatIsWrongAtOnce(t *testing.T) {
	t.Parallel()
	q := nearQuery(91, 0, 0)
	q.First, q.Filter.Text, q.Filter.Box = 1000, strings.Repeat("a", 300), &events.Box{South: 1}
	_, err := q.Check()
	if problems, other := events.ProblemsIn(err); other != nil || len(problems) != 5 {
		t.Errorf("%d problems at once, want 5: %v", len(problems), err)
	}
}

func TestBoxContainsAcrossTheAntimeridian(t *testing.T) {
	t.Parallel()
	fiji := events.Box{West: 176, South: -20, East: -178, North: -15}
	europe := events.Box{West: -10, South: 35, East: 30, North: 70}
	for _, c := range []struct {
		box                 events.Box
		latitude, longitude float64
		want                bool
	}{
		{fiji, -18, 178, true},
		{fiji, -18, -179, true},
		{fiji, -18, 180, true},
		{fiji, -18, -180, true},
		{fiji, -18, 176, true},
		{fiji, -18, -178, true},
		{fiji, -18, 175.9, false},
		{fiji, -18, -177.9, false},
		{fiji, -18, 0, false},
		{fiji, -14.9, 178, false},
		{fiji, -15, 178, true},
		{fiji, -20.1, 178, false},
		{europe, 52, 13, true},
		{europe, 52, -11, false},
		{europe, 52, 31, false},
		{europe, 52, 180, false},
		{europe, 34, 13, false},
		{europe, 70, 30, true},
	} {
		if got := c.box.Contains(c.latitude, c.longitude); got != c.want {
			t.Errorf("%+v contains %v, %v: %v", c.box, c.latitude, c.longitude, got)
		}
	}
}

func TestDistanceOverTheEarth(t *testing.T) {
	t.Parallel()
	half := math.Pi * events.EarthRadiusKm
	for _, c := range []struct {
		why                    string
		lat1, lon1, lat2, lon2 float64
		km, within             float64
	}{
		{"the same point", 27.7, 85.3, 27.7, 85.3, 0, 0},
		{"pole to pole", 90, 0, -90, 0, half, 1e-6},
		{"to the antipodes", 10, 20, -10, -160, half, 1e-3},
		{"all points of a pole are one", 90, 0, 90, 123, 0, 1e-6},
		{"a quarter round", 0, 0, 0, 90, half / 2, 1e-6},
		{"over the antimeridian", -17, 179.9, -17, -179.9, 21.267, 0.01},
		{"Berlin to Paris", 52.52, 13.405, 48.8566, 2.3522, 878, 1},
		{"one meter", 0, 0, 0.000008993, 0, 0.001, 1e-5},
	} {
		got := events.DistanceKm(c.lat1, c.lon1, c.lat2, c.lon2)
		if math.Abs(got-c.km) > c.within {
			t.Errorf("%s: %v km, want %v", c.why, got, c.km)
		}
	}
}

func TestDistanceIsOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := latitudes().Draw(t, "a"), latitudes().Draw(t, "b")
		c, d := longitudes().Draw(t, "c"), longitudes().Draw(t, "d")
		there, back := events.DistanceKm(a, c, b, d), events.DistanceKm(b, d, a, c)
		if there != back || !(there >= 0 && there <= math.Pi*events.EarthRadiusKm) {
			t.Errorf("there %v km, back %v km", there, back)
		}
		if turned := events.DistanceKm(a, c+360, b, d); math.Abs(turned-there) > 1e-4 {
			t.Errorf("once round the earth the distance is %v km, not %v", turned, there)
		}
	})
}

func TestCursorComesBackFromItsText(t *testing.T) {
	t.Parallel()
	ids := eventstest.NewIDs(1)
	edition, host := eventstest.Edition(ids), eventstest.Host(ids)
	rapid.Check(t, func(t *rapid.T) {
		order := rapid.SampledFrom(orders()).Draw(t, "order")
		micros := rapid.Int64Range(0, 4e15).Draw(t, "micros")
		e := eventstest.Event(ids, edition, host)
		when := time.UnixMicro(micros).UTC()
		e.Schedule.StartsAt, e.ListedAt, e.UpdatedAt = when, when.Add(time.Hour), when.Add(2*time.Hour)
		want := events.NewCursor(order, e, rapid.Float64Range(0, 20_015).Draw(t, "km"))
		got, err := events.ParseCursor(want.Text(), order)
		if err != nil || !got.At.Equal(want.At) || got.Km != want.Km || got.ID != e.ID {
			t.Fatalf("%+v came back as %+v, %v", want, got, err)
		}
		for _, other := range orders() {
			if _, err := events.ParseCursor(want.Text(), other); (err == nil) != (other == order) {
				t.Fatalf("a cursor by %s under %s: %v", order, other, err)
			}
		}
	})
}

func orders() []events.Order {
	return []events.Order{
		events.ByStart, events.ByListed, events.ByUpdated, events.ByDistance, events.ByDue,
	}
}

func TestCursorHoldsTheKeyOfItsOrder(t *testing.T) {
	t.Parallel()
	ids := eventstest.NewIDs(1)
	e := eventstest.Event(ids, eventstest.Edition(ids), eventstest.Host(ids))
	e.ListedAt, e.UpdatedAt = utcSecond(1), utcSecond(2)
	for order, want := range map[events.Order]time.Time{
		events.ByStart: e.Schedule.StartsAt, events.ByDue: e.Schedule.StartsAt, events.ByListed: e.ListedAt,
		events.ByUpdated: e.UpdatedAt, events.ByDistance: {},
	} {
		if got := events.NewCursor(order, e, 12).At; !got.Equal(want) {
			t.Errorf("cursor by %s holds %v, want %v", order, got, want)
		}
	}
}

func TestCursorRefusesJunk(t *testing.T) {
	t.Parallel()
	const id = "evt_0697p3c8000000000000000000"
	encode := base64.RawURLEncoding.EncodeToString
	if _, err := events.ParseCursor(encode([]byte(`{"v":1,"o":"STARTS_AT","i":"`+id+`"}`)), events.ByStart); err != nil {
		t.Fatalf("the pattern of the junk is itself refused: %v", err)
	}
	for name, text := range map[string]string{
		"empty": "", "no base64": "'; drop table events; --", "no JSON": encode([]byte("hello")),
		"no id":           encode([]byte(`{"v":1,"o":"STARTS_AT"}`)),
		"another version": encode([]byte(`{"v":2,"o":"STARTS_AT","i":"` + id + `"}`)),
		"another order":   encode([]byte(`{"v":1,"o":"DUE","i":"` + id + `"}`)),
		"an id of junk":   encode([]byte(`{"v":1,"o":"STARTS_AT","i":"evt_x"}`)),
		"a time of junk":  encode([]byte(`{"v":1,"o":"STARTS_AT","t":"now","i":"` + id + `"}`)),
		"a list":          encode([]byte(`[1]`)), "null": encode([]byte(`null`)),
		"deep": encode([]byte(strings.Repeat("[", 20_000))),
	} {
		c, err := events.ParseCursor(text, events.ByStart)
		problems, other := events.ProblemsIn(err)
		if err == nil || other != nil || problems[0].Field != "after" {
			t.Errorf("%s was taken for %+v (%v)", name, c, err)
		}
	}
}

func FuzzParseCursor(f *testing.F) {
	f.Add("eyJ2IjoxfQ")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := events.ParseCursor(text, events.ByStart)
		if err != nil {
			return
		}
		again, err := events.ParseCursor(c.Text(), events.ByStart)
		if err != nil || again.ID != c.ID || !again.At.Equal(c.At) {
			t.Errorf("%q is %+v and then %+v, %v", text, c, again, err)
		}
	})
}
