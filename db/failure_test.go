package db_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/microgalleries/actionday/db"
	"github.com/microgalleries/actionday/db/dbtest"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// What a person can mend comes as a sentence; nothing of the database shows in it.
func TestWhatAPersonCanMendIsAProblem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, open(t))
	taken := w.list(func(e *events.Event) { e.Source = events.Source{Name: "partner", ID: "7"} })
	nowhere := 91.0
	for what, c := range map[string]struct {
		change func(*events.Event)
		code   events.ProblemCode
		field  string
	}{
		"slug taken":          {func(e *events.Event) { e.Slug = taken.Slug }, events.Conflict, "slug"},
		"link key taken":      {func(e *events.Event) { e.LinkKey = taken.LinkKey }, events.Conflict, "linkKey"},
		"imported before":     {func(e *events.Event) { e.Source = taken.Source }, events.Conflict, "source"},
		"id taken":            {func(e *events.Event) { e.ID = taken.ID }, events.Conflict, ""},
		"unknown host":        {func(e *events.Event) { e.HostID = w.ids.New(events.HostPrefix) }, events.NotFound, ""},
		"the character 0":     {func(e *events.Event) { e.Title = "a\x00b" }, events.Invalid, ""},
		"a place off the map": {func(e *events.Event) { e.Place.Latitude = &nowhere }, events.Invalid, ""},
	} {
		err := w.SaveEvents(t.Context(), w.listing(c.change))
		problems, other := events.ProblemsIn(err)
		if other != nil || len(problems) != 1 || problems[0].Code != c.code || problems[0].Field != c.field {
			t.Errorf("%s: %v", what, err)
			continue
		}
		if m := problems[0].Message; !strings.HasSuffix(m, ".") || strings.Contains(m, "SQLSTATE") {
			t.Errorf("%s: %q is not a sentence for a person", what, m)
		}
	}
}

// A statement that takes too long is stopped in the database and reported as busy.
func TestSlowStatementsAreStopped(t *testing.T) {
	t.Parallel()
	address := dbtest.New(t)
	w := newWorld(t, openAt(t, address))
	e := w.list()
	hasty, err := db.Open(t.Context(), address, db.Options{StatementTimeout: 50 * time.Millisecond})
	w.ok(err)
	t.Cleanup(func() { w.ok(hasty.Close()) })
	holdLock(t, address, "lock table events in access exclusive mode")

	_, err = hasty.Event(t.Context(), e.ID)
	var busy *events.BusyError
	if !errors.As(err, &busy) || busy.RetryAfter < 1 {
		t.Errorf("a statement that had to wait: %v, want busy", err)
	}
}

// A caller that goes away takes its statement with it: no work is left behind in the database.
func TestACallerThatGoesAwayStopsItsStatement(t *testing.T) {
	t.Parallel()
	address := dbtest.New(t)
	w := newWorld(t, openAt(t, address))
	e := w.list()
	holdLock(t, address, "lock table events in access exclusive mode")
	ctx, leave := context.WithCancel(t.Context())
	result := make(chan error, 1)
	go func() { _, err := w.Event(ctx, e.ID); result <- err }()
	const waiting = `select 'waiting' from pg_stat_activity
		where datname = current_database() and wait_event_type = 'Lock'`
	for len(query(t, address, waiting)) == 0 {
		if t.Context().Err() != nil {
			t.Fatal("the statement never got to the lock")
		}
	}
	leave()
	if err := <-result; !errors.Is(err, context.Canceled) {
		t.Errorf("the caller that left got %v", err)
	}
	if left := query(t, address, waiting); len(left) != 0 {
		t.Error("the statement still waits in the database")
	}
}

// holdLock runs a statement in a transaction that stays open as long as the test.
func holdLock(t *testing.T, address, statement string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	if _, err := conn.Exec(t.Context(), "begin; "+statement); err != nil {
		t.Fatal(err)
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for what, url := range map[string]string{
		"no address":  "postgres://%zz",
		"nobody home": "postgres:///hub?host=/nonexistent-folder&connect_timeout=1",
	} {
		store, err := db.Open(t.Context(), url, db.Options{})
		if err == nil {
			t.Errorf("%s: opened %v", what, store)
			continue
		}
		if !strings.HasPrefix(err.Error(), "db: ") {
			t.Errorf("%s: %v does not say where it comes from", what, err)
		}
	}
}

// Sweeping takes what has lost its use and nothing else.
func TestSweep(t *testing.T) {
	t.Parallel()
	address := dbtest.New(t)
	w := newWorld(t, openAt(t, address))
	now := eventstest.Morning()
	for i, expires := range []time.Time{now.Add(-time.Hour), now.Add(time.Hour)} {
		email := []string{"old@example.org", "new@example.org"}[i]
		link := events.SignInLink{TokenHash: [32]byte{byte(i + 1)}, Email: email, ExpiresAt: now.Add(time.Hour)}
		mail := events.Mail{ID: w.ids.New(events.MailPrefix), To: email, At: now.Add(-4 * 24 * time.Hour)}
		w.ok(w.SaveSignInLink(t.Context(), link, &mail))
		account, err := w.UseSignInLink(t.Context(), link.TokenHash, [32]byte{}, w.ids.New(events.AccountPrefix), now)
		w.ok(err)
		w.ok(w.SaveSession(t.Context(), events.Session{TokenHash: [32]byte{byte(i + 1)}, Account: account, ExpiresAt: expires}))
		link.ExpiresAt = expires
		w.ok(w.SaveSignInLink(t.Context(), link, nil))
		change := w.listing()
		change.Receipt = &events.Receipt{Scope: "s", Key: email, Act: "a", At: expires.Add(-db.ReceiptsLast)}
		w.ok(w.SaveEvents(t.Context(), change))
	}
	query(t, address, "update private.mails set attempts = 8 where recipient = 'old@example.org'")

	swept, err := w.Sweep(t.Context(), now)
	w.ok(err)
	if swept != 4 {
		t.Errorf("%d rows were swept, want a session, a link, a receipt and a mail", swept)
	}
	if swept, err := w.Sweep(t.Context(), now); err != nil || swept != 0 {
		t.Errorf("sweeping again took %d rows: %v", swept, err)
	}
	if _, err := w.Session(t.Context(), [32]byte{2}, now); err != nil {
		t.Errorf("the session that lasts is gone: %v", err)
	}
	if _, err := w.Receipt(t.Context(), "s", "new@example.org"); err != nil {
		t.Errorf("the receipt that lasts is gone: %v", err)
	}
}

// A server that is stopped throws everybody out. That was told as a fault of the hub, which nobody
// tries again.
func TestAServerThatStopsIsBusy(t *testing.T) {
	t.Parallel()
	address := dbtest.New(t)
	w := newWorld(t, openAt(t, address))
	holdLock(t, address, "lock table events in access exclusive mode")
	failed := make(chan error, 1)
	go func() {
		_, err := w.CountEvents(context.WithoutCancel(t.Context()), events.Query{Filter: events.Filter{EditionID: w.edition.ID}})
		failed <- err
	}()
	for len(query(t, address, "select pg_terminate_backend(pid)::text from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")) == 0 {
	}
	var busy *events.BusyError
	if err := <-failed; !errors.As(err, &busy) || !db.IsAway(err) {
		t.Errorf("a statement of a server that stops: %v", err)
	}
}
