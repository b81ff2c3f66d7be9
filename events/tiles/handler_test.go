package tiles

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/microgalleries/actionday/events"
)

// ask sends a request with headers given as pairs.
func ask(t testing.TB, x *Index, method, path string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	site(x).ServeHTTP(w, r)
	return w.Result()
}

// site serves a map as the program does.
func site(x *Index) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(Pattern, x.Handler())
	return mux
}

func body(t testing.TB, r *http.Response) []byte {
	t.Helper()
	all, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

const world = "/tiles/0/0/0.mvt"

// closeUp is a tile over the town of the tests that is large enough to be zipped.
const closeUp = "/tiles/9/377/215.mvt"

func townMap(t testing.TB) *Index { return loaded(t, town(0, 80, 27.6, 85.3)...) }

func TestTileIsServed(t *testing.T) {
	t.Parallel()
	x := townMap(t)
	for name, accepts := range map[string]string{"zipped": "br;q=1, gzip;q=0.8", "plain": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := ask(t, x, "GET", closeUp, "Accept-Encoding", accepts)
			got := body(t, r)
			if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != ContentType {
				t.Fatalf("%s %s", r.Status, r.Header)
			}
			if r.Header.Get("Cache-Control") != cacheControl || r.Header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("headers are %v", r.Header)
			}
			if zipped := r.Header.Get("Content-Encoding") == "gzip"; zipped != (accepts != "") {
				t.Fatalf("zipped is %t", zipped)
			} else if zipped {
				got = unzip(t, got)
			}
			want, _ := x.Tile(9, 377, 215)
			if len(want) < zipFrom || !bytes.Equal(got, want) {
				t.Errorf("served %d bytes, tile has %d", len(got), len(want))
			}
		})
	}
}

func unzip(t testing.TB, zipped []byte) []byte {
	t.Helper()
	gz, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(gz)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func TestSmallTileIsSentAsItIs(t *testing.T) {
	t.Parallel()
	r := ask(t, loaded(t, card(1, 1, 1)), "GET", world, "Accept-Encoding", "gzip")
	if got := decode(t, body(t, r)); len(got) != 1 || r.Header.Get("Content-Encoding") != "" {
		t.Errorf("%v, encoded as %q", got, r.Header.Get("Content-Encoding"))
	}
}

func TestEmptyTileIsAnAnswer(t *testing.T) {
	t.Parallel()
	r := ask(t, New(edition()), "GET", "/tiles/22/4194303/4194303.mvt", "Accept-Encoding", "gzip")
	if r.StatusCode != http.StatusOK || len(body(t, r)) != 0 || r.Header.Get("Content-Encoding") != "" {
		t.Errorf("%s, %v", r.Status, r.Header)
	}
	if again := ask(t, New(edition()), "GET", world, "If-None-Match", r.Header.Get("ETag")); again.StatusCode != 304 {
		t.Errorf("known empty tile: %s", again.Status)
	}
}

func TestKnownTileIsNotSentAgain(t *testing.T) {
	t.Parallel()
	x := townMap(t)
	plain := ask(t, x, "GET", closeUp).Header.Get("ETag")
	zipped := ask(t, x, "GET", closeUp, "Accept-Encoding", "gzip").Header.Get("ETag")
	if plain == "" || plain == zipped {
		t.Fatalf("ETags are %s and %s; the two forms need one each", plain, zipped)
	}
	for name, c := range map[string]struct {
		accepts, knows string
		status         int
	}{
		"the same":      {"", plain, 304},
		"the same, gz":  {"gzip", zipped, 304},
		"one of many":   {"", `"old", W/` + plain + `, "older"`, 304},
		"any":           {"", "*", 304},
		"another":       {"", `"old"`, 200},
		"another form":  {"gzip", plain, 200},
		"without marks": {"", strings.Trim(plain, `"`), 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := ask(t, x, "GET", closeUp, "Accept-Encoding", c.accepts, "If-None-Match", c.knows)
			if r.StatusCode != c.status {
				t.Errorf("%s, want %d", r.Status, c.status)
			}
			if n := len(body(t, r)); (n == 0) != (c.status == 304) {
				t.Errorf("%d bytes with status %d", n, c.status)
			}
			if r.Header.Get("ETag") == "" || r.Header.Get("Cache-Control") == "" {
				t.Errorf("headers are %v", r.Header)
			}
		})
	}
}

func TestETagChangesWithTheTileOnly(t *testing.T) {
	t.Parallel()
	cards := town(0, 80, 27.6, 85.3)
	x := loaded(t, cards...)
	before := ask(t, x, "GET", closeUp).Header.Get("ETag")
	far, live := card(900, -30, -60), cards[3]
	live.Day = events.Live
	next := events.Activity{
		Seq: 11, Epoch: 7, EditionID: edition(), Kind: events.EventListed, EventID: far.ID, Card: &far,
	}
	apply(t, x, next)
	if after := ask(t, x, "GET", closeUp).Header.Get("ETag"); after != before {
		t.Errorf("ETag went from %s to %s by news from elsewhere", before, after)
	}
	next.Seq, next.Kind, next.EventID, next.Card = 12, events.DayChanged, live.ID, &live
	apply(t, x, next)
	if after := ask(t, x, "GET", closeUp).Header.Get("ETag"); after == before {
		t.Error("ETag stays though an event in the tile went live")
	}
}

func TestWhatIsNoTile(t *testing.T) {
	t.Parallel()
	x := townMap(t)
	for _, path := range []string{
		"/tiles/23/0/0.mvt", "/tiles/1/2/0.mvt", "/tiles/1/0/2.mvt", "/tiles/-1/0/0.mvt",
		"/tiles/0/0/0", "/tiles/0/0/0.pbf", "/tiles/0/0/.mvt", "/tiles/0/0/0.MVT", "/tiles/0/0/0.mvt.mvt",
		"/tiles/00/0/0.mvt", "/tiles/0/+0/0.mvt", "/tiles/0/0/-0.mvt", "/tiles/0/0x0/0.mvt",
		"/tiles/0/0/1e0.mvt", "/tiles/0/0/%300.mvt", "/tiles/0/0/0%00.mvt", "/tiles/0/0/٠.mvt",
		"/tiles/18446744073709551616/0/0.mvt", "/tiles/0/0", "/tiles/0/0/0/0.mvt", "/tiles/",
	} {
		if r := ask(t, x, "GET", path); r.StatusCode != http.StatusNotFound {
			t.Errorf("GET %s: %s, want 404", path, r.Status)
		}
	}
}

func TestOnlyReadingIsAllowed(t *testing.T) {
	t.Parallel()
	x := townMap(t)
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS"} {
		r := ask(t, x, method, world)
		if r.StatusCode != http.StatusMethodNotAllowed || r.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: %s, Allow %q", method, r.Status, r.Header.Get("Allow"))
		}
	}
	server := httptest.NewServer(site(x))
	t.Cleanup(server.Close)
	r, err := http.Head(server.URL + world)
	if err != nil {
		t.Fatal(err)
	}
	if r.StatusCode != http.StatusOK || r.ContentLength <= 0 || len(body(t, r)) != 0 {
		t.Errorf("HEAD: %s, %d bytes announced", r.Status, r.ContentLength)
	}
}

func TestMapsOfSeveralEditionsShareASite(t *testing.T) {
	t.Parallel()
	maps := map[string]*Index{"2019": loaded(t, card(1, 1, 1)), "2021": loaded(t, card(2, 2, 2))}
	mux := http.NewServeMux()
	mux.HandleFunc("/tiles/{edition}/{z}/{x}/{y}", func(w http.ResponseWriter, r *http.Request) {
		maps[r.PathValue("edition")].Handler().ServeHTTP(w, r)
	})
	for slug, n := range map[string]int{"2019": 1, "2021": 2} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("GET", "/tiles/"+slug+"/0/0/0.mvt", nil))
		got := decode(t, w.Body.Bytes())
		if len(got) != 1 || got[0].Props["id"] != eventID(n).String() {
			t.Errorf("edition %s shows %v", slug, got)
		}
	}
}

// Whatever the path, the answer is a tile in its one spelling, a redirect to a clean path, or 404.
func FuzzTilePath(f *testing.F) {
	for _, seed := range []string{
		"0/0/0.mvt", "22/4194303/0.mvt", "5/31/17.mvt", "1/1/1", "-1/0/0.mvt", "01/0/0.mvt", "../../etc",
		"0//0.mvt", "%2e%2e/0/0.mvt", "9999999999999999999/0/0.mvt", "0/0/0.mvt?x=1", "٣/0/0.mvt",
	} {
		f.Add(seed)
	}
	x := loaded(f, card(1, 27.7, 85.3))
	f.Fuzz(func(t *testing.T, rest string) {
		target, err := url.Parse("/tiles/" + rest)
		if err != nil || target.Host != "" || !strings.HasPrefix(target.Path, "/") {
			return
		}
		w := httptest.NewRecorder()
		site(x).ServeHTTP(w, &http.Request{Method: "GET", URL: target, Header: http.Header{}})
		switch w.Code {
		case http.StatusOK:
			decode(t, w.Body.Bytes())
			z, row, _ := strings.Cut(strings.TrimPrefix(target.Path, "/tiles/"), "/")
			if _, ok := decimal(z); !ok || !strings.HasSuffix(row, suffix) {
				t.Errorf("%q is served as a tile", target.Path)
			}
		case http.StatusNotFound, http.StatusMovedPermanently, http.StatusTemporaryRedirect:
		default:
			t.Errorf("%q: status %d", target.Path, w.Code)
		}
	})
}

// Whoever has heard of news gets a tile that includes it, also from a hub that hears of it later; a
// tile that does not include it is kept by nobody.
func TestATileWaitsForTheNewsOfItsAddress(t *testing.T) {
	t.Parallel()
	x, s := New(edition()), story{}
	s.lists(card(1, 27, 85))
	apply(t, x, s.log...)
	s.removes(card(1, 27, 85))
	handler := site(x)
	ask := func(address string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
		return w
	}
	asked := make(chan *httptest.ResponseRecorder)
	go func() { asked <- ask(world + "?seq=2") }()
	apply(t, x, s.log[1:]...)
	if w := <-asked; w.Body.Len() != 0 || w.Header().Get("Cache-Control") != cacheControl {
		t.Errorf("the tile has %d bytes and %v", w.Body.Len(), w.Header())
	}
	for query, want := range map[string]string{"?seq=3": "no-store", "?seq=news": cacheControl, "?seq=-1": cacheControl, "": cacheControl} {
		if got := ask(world + query).Header().Get("Cache-Control"); got != want {
			t.Errorf("%q may be kept %q", query, got)
		}
	}
}

// Only what leaves its place is counted.
func TestWhatIsTakenBackIsCounted(t *testing.T) {
	t.Parallel()
	x, s := New(edition()), story{}
	here, there := card(1, 27, 85), card(1, -33, 151)
	hidden := card(1, -33, 151)
	hidden.Place.Precision = events.HiddenPrecision
	for _, step := range []struct {
		name string
		tell func()
		want uint64
	}{
		{"listed", func() { s.lists(here) }, 0},
		{"live", func() { s.days(here, events.Live) }, 0},
		{"another", func() { s.lists(card(2, 1, 1)) }, 0},
		{"moved", func() { s.lists(there) }, 1},
		{"hidden", func() { s.lists(hidden) }, 2},
		{"listed again", func() { s.lists(here) }, 2},
		{"withdrawn", func() { s.removes(here) }, 3},
		{"withdrawn twice", func() { s.removes(here) }, 3},
	} {
		step.tell()
		apply(t, x, s.log[x.Seq():]...)
		if got := x.TakenBack(); got != step.want {
			t.Errorf("after %s %d were taken back, want %d", step.name, got, step.want)
		}
	}
	if err := x.Load(x.Position(), nil); err != nil || x.TakenBack() != 4 {
		t.Errorf("after a load %d were taken back, %v", x.TakenBack(), err)
	}
}
