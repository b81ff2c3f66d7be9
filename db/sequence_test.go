package db_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/microgalleries/actionday/db"
	"github.com/microgalleries/actionday/db/dbtest"
	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// Three hubs sequence while writers write, and again and again Postgres throws everybody out in
// the middle of whatever they do. In the end the log is dense, nothing that was acknowledged is
// missing or doubled, the news of each event is in order, and the counters are right.
func TestTheLogSurvivesCrashes(t *testing.T) {
	t.Parallel()
	const (
		writers    = 4
		sequencers = 3
		acts       = 60
		crashes    = 25
	)
	address := dbtest.New(t)
	w := newWorld(t, openAt(t, address))
	storm := &storm{world: w}
	storm.grew.L = &storm.mu
	var writing, sequencing sync.WaitGroup
	for seed := range writers {
		writing.Go(func() { storm.write(rand.New(rand.NewPCG(1, uint64(seed))), acts) })
	}
	done := make(chan struct{})
	for range sequencers {
		hub := openAt(t, address)
		sequencing.Go(func() { storm.sequence(hub, done) })
	}
	for crash := range crashes { // spread over the writing
		storm.await(crash * writers * acts / crashes)
		throwOut(t, address)
	}
	writing.Wait()
	close(done)
	sequencing.Wait()
	w.Store = openAt(t, address) // none of its connections was cut
	w.drain()
	storm.check()
}

// throwOut ends every other connection to the database.
func throwOut(t *testing.T, address string) {
	t.Helper()
	query(t, address, `
		select pg_terminate_backend(pid)::text from pg_stat_activity
		where datname = current_database() and pid <> pg_backend_pid() and state is not null`)
}

// storm writes through crashes and remembers what was acknowledged.
type storm struct {
	*world
	mu    sync.Mutex
	acked []events.Activity
	grew  sync.Cond // acked did
}

// write makes events of its own and changes them, each act until it is acknowledged under its
// idempotency key, as a client would.
func (s *storm) write(random *rand.Rand, acts int) {
	var own []events.Event
	for act := range acts {
		if act < 3 {
			change := s.listing()
			s.save(change)
			own = append(own, *change.Event)
			continue
		}
		e := &own[random.IntN(len(own))]
		e.Day, e.DeclaredPeople = events.Live, act
		news := eventstest.News(s.ids, events.DayChanged, *e, s.host, eventstest.Morning())
		s.save(events.Change{Event: e, News: []events.Activity{news}, At: eventstest.Morning()})
	}
}

func (s *storm) save(change events.Change) {
	change.Receipt = &events.Receipt{
		Scope: "storm", Key: change.News[0].ID.String(), Act: "save", Answer: []byte("{}"), At: change.At,
	}
	version := change.Event.Version
	for s.Context().Err() == nil {
		err := s.SaveEvents(s.Context(), change)
		if errors.Is(err, events.ErrRepeated) { // it was stored, only the answer was lost
			change.Event.Version, err = version+1, nil
		}
		if err == nil {
			s.mu.Lock()
			s.acked = append(s.acked, change.News...)
			s.mu.Unlock()
			s.grew.Broadcast()
			return
		}
	}
}

// await waits until so many acts have been acknowledged. It asks the database nothing: that would
// take its time from those who write.
func (s *storm) await(acts int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.acked) < acts {
		s.grew.Wait()
	}
}

func (s *storm) sequence(hub *db.Store, done <-chan struct{}) {
	for {
		select {
		case <-done:
			return
		default:
		}
		_, _ = hub.Sequence(s.Context(), 5) // it may be thrown out at any moment
	}
}

func (s *storm) check() {
	s.Helper()
	place := map[events.ID]int64{}
	var replayed events.Counts
	versions := map[events.ID]int64{}
	log := s.log()
	for i, a := range log {
		if a.Seq != int64(i)+1 {
			s.Fatalf("activity %d of the log has number %d", i+1, a.Seq)
		}
		if place[a.ID] != 0 {
			s.Errorf("activity %s stands at %d and %d", a.ID, place[a.ID], a.Seq)
		}
		place[a.ID] = a.Seq
		if a.Card.Declared < versions[a.EventID] {
			s.Errorf("activity %d tells of an event as it was before", a.Seq)
		}
		versions[a.EventID] = a.Card.Declared
		replayed.Apply(a)
	}
	for _, a := range s.acked {
		if place[a.ID] == 0 {
			s.Errorf("activity %s was acknowledged and is lost", a.ID)
		}
	}
	if len(log) != len(s.acked) {
		s.Errorf("%d activities in the log, %d were acknowledged", len(log), len(s.acked))
	}
	s.sameCounts(replayed)
}

// sameCounts checks counters and recount against wanted counts.
func (w *world) sameCounts(want events.Counts) {
	w.Helper()
	counts, err := w.Counts(w.Context(), w.edition.ID)
	w.ok(err)
	recount, err := w.Recount(w.Context(), w.edition.ID)
	w.ok(err)
	for scope, tally := range want.Tallies {
		if tally == (events.Tally{}) {
			delete(want.Tallies, scope)
		}
	}
	if diff := cmp.Diff(want, counts, eventstest.Compare()...); diff != "" {
		w.Errorf("counters (-replayed +stored):\n%s", diff)
	}
	if diff := cmp.Diff(want, recount, eventstest.Compare()...); diff != "" {
		w.Errorf("recount (-replayed +stored):\n%s", diff)
	}
}

// A hub that stands still in the middle of sequencing holds the lock: the others pass it by at
// once, writers do not wait, and when its connection ends another takes over.
func TestOneSequencerAtATime(t *testing.T) {
	t.Parallel()
	address := dbtest.New(t)
	w := newWorld(t, openAt(t, address))
	w.list()
	frozen, err := pgx.Connect(t.Context(), address)
	w.ok(err)
	_, err = frozen.Exec(t.Context(), "begin; select seq from heads for update")
	w.ok(err)

	moved, err := w.Sequence(t.Context(), 10)
	w.ok(err)
	if len(moved) != 0 {
		t.Errorf("%d activities moved beside another sequencer", len(moved))
	}
	w.list() // does not wait for the sequencer either
	w.ok(frozen.Close(t.Context()))
	for moved = nil; len(moved) < 2; { // Postgres takes a moment to notice that it is gone
		w.ok(t.Context().Err())
		moved = append(moved, w.drain()...)
	}
}

// One edition's sequencer does not hold up another's.
func TestEditionsAreSequencedApart(t *testing.T) {
	t.Parallel()
	address := dbtest.New(t)
	w := newWorld(t, openAt(t, address))
	w.list()
	busy := w.edition
	w.edition = eventstest.Edition(w.ids)
	w.ok(w.SaveEdition(t.Context(), &w.edition))
	e := w.list()

	hub, err := pgx.Connect(t.Context(), address)
	w.ok(err)
	_, err = hub.Exec(t.Context(), "begin")
	w.ok(err)
	_, err = hub.Exec(t.Context(), "select from heads where edition_id = $1 for update", busy.ID.UUID())
	w.ok(err)
	moved, err := w.Sequence(t.Context(), 10)
	w.ok(err)
	if len(moved) != 1 || moved[0].EventID != e.ID {
		t.Errorf("%d activities moved beside the busy edition, want 1", len(moved))
	}
	w.ok(hub.Close(t.Context()))
	for moved = nil; len(moved) == 0; {
		w.ok(t.Context().Err())
		moved = w.drain()
	}
	if len(moved) != 1 || moved[0].EditionID != busy.ID {
		t.Errorf("%d activities moved afterwards, want 1 of the other edition", len(moved))
	}
}

// A database that forgets the connection in the middle of a commit leaves the batch whole: either
// all of it is in the log or none.
func TestSequencingIsAllOrNothing(t *testing.T) {
	t.Parallel()
	address := dbtest.New(t)
	w := newWorld(t, openAt(t, address))
	e := w.list()
	for range 4 {
		w.ok(w.tell(&e, events.EventRevised))
	}
	for budget := int64(500); ; budget += 700 {
		hub, err := db.Open(t.Context(), address, db.Options{Connections: 1, Dial: cutAfter(budget)})
		if err != nil {
			continue
		}
		moved, err := hub.Sequence(t.Context(), 10)
		_ = hub.Close() // the connection may be broken
		n := len(w.log())
		if n != 0 && n != 5 {
			t.Fatalf("after %d bytes, %d of 5 activities are in the log", budget, n)
		}
		if n == 5 {
			break
		}
		if err == nil && len(moved) != 0 { // none: Postgres has not noticed the last one's end yet
			t.Fatalf("%d activities moved without an error, none is in the log", len(moved))
		}
	}
	replayed := events.Counts{}
	for _, a := range w.log() {
		replayed.Apply(a)
	}
	w.sameCounts(replayed)
}

// cutAfter dials connections that break once so many bytes have been written.
func cutAfter(budget int64) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		var dialer net.Dialer
		conn, err := dialer.DialContext(ctx, network, address)
		return &fragile{Conn: conn, left: budget}, err
	}
}

type fragile struct {
	net.Conn
	left int64
}

func (f *fragile) Write(b []byte) (int, error) {
	if f.left -= int64(len(b)); f.left < 0 {
		return 0, errors.Join(net.ErrClosed, f.Close())
	}
	return f.Conn.Write(b)
}

func TestAnotherEpochAfterARestore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, open(t))
	w.list()
	before := w.drain()[0].Position()
	seen := map[uint32]bool{before.Epoch: true}
	for range 20 {
		epoch, err := w.NewEpoch(t.Context())
		w.ok(err)
		if epoch == 0 || seen[epoch] {
			t.Fatalf("epoch %d is none or was there before", epoch)
		}
		seen[epoch] = true
		head, err := w.Head(t.Context(), w.edition.ID)
		w.ok(err)
		if head.Epoch != epoch || head.Seq != before.Seq {
			t.Errorf("head is %v, want epoch %08x at %d", head, epoch, before.Seq)
		}
		if a := w.log()[0]; a.Epoch != epoch {
			t.Errorf("the log is told under epoch %08x", a.Epoch)
		}
	}
}
