package replay

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"

	"github.com/microgalleries/actionday/events"
)

func get(t *testing.T, l *Library, header http.Header) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/replay/day.bin", nil)
	r.Header = header
	w := httptest.NewRecorder()
	l.ServeFile(w, r, edition().ID)
	return w.Result()
}

// file is the replay file as a client without compression gets it.
func file(t *testing.T, l *Library) roll {
	t.Helper()
	answer := get(t, l, http.Header{})
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("the file: %s %s %v", answer.Status, body, err)
		return roll{}
	}
	v, err := read(body)
	if err != nil {
		t.Errorf("the file does not read: %v", err)
	}
	return v
}

func TestFileForACDN(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.write(cheers(300)...)
	l := library(b)
	plain, err := io.ReadAll(get(t, l, http.Header{}).Body)
	if err != nil {
		t.Fatal(err)
	}
	unzip := func(r io.Reader) io.Reader {
		unzipped, err := gzip.NewReader(r)
		if err != nil {
			t.Error(err)
		}
		return unzipped
	}
	as := func(r io.Reader) io.Reader { return r }
	for accept, unpack := range map[string]func(io.Reader) io.Reader{
		"gzip, deflate, br;q=0.9": unzip, "br, GZIP;q=0.5": unzip, "gzip;q=x": unzip,
		"identity": as, "br": as, "gzip;q=0": as,
	} {
		answer := get(t, l, http.Header{"Accept-Encoding": {accept}})
		body, err := io.ReadAll(unpack(answer.Body))
		if err != nil || !bytes.Equal(body, plain) {
			t.Errorf("%s: %d bytes of %d, %v", accept, len(body), len(plain), err)
		}
		want := map[string]string{
			"Cache-Control": cacheControl, "Vary": "Accept-Encoding", "Content-Type": ContentType,
			"X-Content-Type-Options": "nosniff",
		}
		for name, value := range want {
			if got := answer.Header.Get(name); got != value {
				t.Errorf("%s: %s is %q", accept, name, got)
			}
		}
		again := get(t, l, http.Header{"Accept-Encoding": {accept}, "If-None-Match": {answer.Header.Get("ETag")}})
		if again.StatusCode != http.StatusNotModified {
			t.Errorf("%s: asked again with %s: %s", accept, answer.Header.Get("ETag"), again.Status)
		}
	}
}

// A file is good for some seconds while the day goes on, but not for a moment after something was
// taken back.
func TestAFileLastsUntilSomethingIsTakenBack(t *testing.T) {
	t.Parallel()
	b := newBook()
	clock := at(10)
	l := New(b.source(), func() time.Time { return clock }, slog.New(slog.DiscardHandler))
	apply := func(list ...events.Activity) {
		t.Helper()
		if err := l.Apply(t.Context(), b.write(list...)); err != nil {
			t.Fatal(err)
		}
	}
	apply(cheers(2)...)
	if v := file(t, l); v.seq != 2 {
		t.Fatalf("the first file is of %d", v.seq)
	}
	apply(cheers(2)[1])
	if v := file(t, l); v.seq != 2 {
		t.Errorf("a moment later it is of %d already", v.seq)
	}
	clock = clock.Add(fileLasts)
	if v := file(t, l); v.seq != 3 {
		t.Errorf("after %v it is of %d still", fileLasts, v.seq)
	}
	apply(cheers(2)[1])
	coarse := card(1.5, 1.5, events.Live)
	apply(events.Activity{Kind: events.EventRevised, EventID: eventID(1), At: at(11), Card: coarse, Redacts: events.RedactPlace})
	if v := file(t, l); v.seq != 5 || !cmp.Equal(v.points[0].at, placeOf(coarse.Place)) {
		t.Errorf("after a place was taken back it is of %d: %+v", v.seq, v.points)
	}
	apply(events.Activity{Kind: events.EventRemoved, EventID: eventID(1), At: at(12), Tombstone: true, Redacts: events.RedactAll})
	if v := file(t, l); v.seq != 6 || len(v.points) != 0 {
		t.Errorf("after a withdrawal it is of %d with %+v", v.seq, v.points)
	}
}

func TestAFileThatCannotBeHad(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.failing = errors.New("down")
	answer := get(t, library(b), http.Header{})
	if answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" ||
		answer.Header.Get("Cache-Control") != "no-store" || answer.Header.Get("ETag") != "" {
		t.Errorf("%s %v", answer.Status, answer.Header)
	}
}

// Whoever has heard that something was taken back gets a file that goes as far, though the last one is
// still good for others; one that does not go as far is kept by nobody.
func TestAFileWaitsForTheNewsOfItsAddress(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.write(cheers(2)...)
	l := library(b)
	ask := func(v string) *http.Response {
		w := httptest.NewRecorder()
		l.ServeFile(w, httptest.NewRequest(http.MethodGet, "/replay/day.bin?v="+v, nil), edition().ID)
		return w.Result()
	}
	seqOf := func(answer *http.Response) uint64 {
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Error(err)
		}
		v, err := read(body)
		if err != nil {
			t.Error(err)
		}
		return v.seq
	}
	if got := seqOf(ask("0")); got != 2 {
		t.Fatalf("the first file is of %d", got)
	}
	l.reels[0].printer.last.printed = time.Now().Add(-printEvery)
	asked := make(chan *http.Response)
	go func() { asked <- ask("3") }()
	if err := l.Apply(t.Context(), b.write(cheers(2)[1])); err != nil {
		t.Fatal(err)
	}
	if answer := <-asked; seqOf(answer) != 3 || answer.Header.Get("Cache-Control") != cacheControl {
		t.Errorf("who wants 3 gets %v", answer.Header)
	}
	if answer := ask("4"); seqOf(answer) != 3 || answer.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("who wants 4 gets %v", answer.Header)
	}
	for _, v := range []string{"", "all", "-3"} {
		if got := ask(v).Header.Get("Cache-Control"); got != cacheControl {
			t.Errorf("?v=%s may be kept %q", v, got)
		}
	}
}
