package live

import (
	"errors"
	"net"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/microgalleries/actionday/events"
)

// What a partner may follow is said in the NATS server's settings, by the same patterns that it
// subscribes to: one account name a partner.
const (
	partnerByCell = "kathmandu"
	partnerByKind = "counting"
	partnersWord  = "a partner's word"
	hubsName      = "hub"
)

// bureau is a NATS server that hubs and partners share, each with its own rights.
type bureau struct {
	options *server.Options
	server  *server.Server
}

func openBureau(t *testing.T, edition events.ID, cell string) *bureau {
	t.Helper()
	inCell, err := CellPattern(edition, cell)
	if err != nil {
		t.Fatal(err)
	}
	follows := func(pattern string) *server.Permissions {
		return &server.Permissions{
			Subscribe: &server.SubjectPermission{Allow: []string{pattern}},
			Publish:   &server.SubjectPermission{Deny: []string{">"}},
		}
	}
	o := &server.Options{
		DontListen: true, NoLog: true, NoSigs: true,
		LeafNode: server.LeafNodeOpts{Host: "127.0.0.1", Port: server.RANDOM_PORT},
		Users: []*server.User{
			{Username: hubsName, Password: partnersWord},
			{Username: partnerByCell, Password: partnersWord, Permissions: follows(inCell)},
			{Username: partnerByKind, Password: partnersWord, Permissions: follows(KindPattern(edition, events.Cheered))},
		},
	}
	return &bureau{o, serve(t, o)}
}

func serve(t *testing.T, o *server.Options) *server.Server {
	t.Helper()
	s, err := server.NewServer(o)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("NATS does not start")
	}
	return s
}

// leaf is a partner's own server, which joins by the partner's name.
func (b *bureau) leaf(t *testing.T, name string) *server.Server {
	t.Helper()
	at := net.JoinHostPort("127.0.0.1", strconv.Itoa(b.options.LeafNode.Port)) // the server has put it there
	s := serve(t, &server.Options{
		DontListen: true, NoLog: true, NoSigs: true,
		LeafNode: server.LeafNodeOpts{ReconnectInterval: 10 * time.Millisecond, Remotes: []*server.RemoteLeafOpts{{
			URLs: []*url.URL{{Scheme: "nats-leaf", User: url.UserPassword(name, partnersWord), Host: at}},
		}}},
	})
	waitFor(t, func() bool { return s.NumLeafNodes() == 1 && b.server.NumLeafNodes() == 1 })
	return s
}

// awaitLeaf waits until a leaf has said that it follows a pattern. Connections of our own server are
// known when they have flushed.
func (b *bureau) awaitLeaf(t *testing.T, pattern string) {
	t.Helper()
	waitFor(t, func() bool {
		joined, err := b.server.Leafz(&server.LeafzOptions{Subscriptions: true})
		return err == nil && len(joined.Leafs) == 1 && slices.Contains(joined.Leafs[0].Subs, pattern)
	})
}

// reader is a partner's program: what it was given, and what it was refused.
type reader struct {
	t    *testing.T
	conn *nats.Conn

	mu       sync.Mutex
	got      []int64 // the positions, in the order in which they came
	refusals int
}

func reads(t *testing.T, s *server.Server, name string) *reader {
	t.Helper()
	r := &reader{t: t}
	conn, err := nats.Connect("", nats.InProcessServer(s), nats.UserInfo(name, partnersWord),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			r.mu.Lock()
			defer r.mu.Unlock()
			if errors.Is(err, nats.ErrPermissionViolation) {
				r.refusals++
			}
		}))
	if err != nil {
		t.Fatal(err)
	}
	closed := make(chan struct{})
	conn.SetClosedHandler(func(*nats.Conn) { close(closed) })
	t.Cleanup(func() { conn.Close(); <-closed })
	r.conn = conn
	return r
}

func (r *reader) follows(pattern string) {
	r.t.Helper()
	_, err := r.conn.Subscribe(pattern, func(m *nats.Msg) {
		a, err := decode(m.Data)
		if err != nil {
			r.t.Errorf("%s carries %q: %v", m.Subject, m.Data, err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = append(r.got, a.Seq)
	})
	if err == nil {
		err = r.conn.Flush()
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

// sees waits until the partner has the last of the wanted activities, and there must be no other.
func (r *reader) sees(want ...int64) {
	r.t.Helper()
	waitFor(r.t, func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		return slices.Contains(r.got, want[len(want)-1])
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Equal(r.got, want) {
		r.t.Errorf("the partner sees %v, not %v", r.got, want)
	}
}

func (r *reader) refused(times int) {
	r.t.Helper()
	waitFor(r.t, func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.refusals >= times
	})
}

// forges publishes what only hubs may.
func (r *reader) forges(a events.Activity) {
	r.t.Helper()
	data, err := encode(a)
	if err == nil {
		err = r.conn.Publish(SubjectOf(a).String(), data)
	}
	if err == nil {
		err = r.conn.Flush()
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

// aDay is news here and there, in two editions: positions 1, 4 and 6 are in Kathmandu, 3, 4 and 6
// are cheers.
func aDay() []events.Activity {
	at := func(seq int64, kind events.ActivityKind, edition events.ID, place ...float64) events.Activity {
		a := listed(int(seq), "Wall of birds")
		a.ID, a.Seq, a.Kind, a.EditionID = testID(events.ActivityPrefix, int(seq)), seq, kind, edition
		a.Card.Place.Latitude, a.Card.Place.Longitude = nil, nil
		if len(place) == 2 {
			a.Card.Place.Latitude, a.Card.Place.Longitude = &place[0], &place[1]
		}
		return a
	}
	return []events.Activity{
		at(1, events.EventListed, edition(1), 27.7, 85.3),
		at(2, events.EventListed, edition(1), 48.8, 2.3),
		at(3, events.Cheered, edition(1), 48.8, 2.3),
		at(4, events.Cheered, edition(1), 27.7, 85.3),
		at(5, events.Cheered, edition(2), 27.7, 85.3),
		at(6, events.Cheered, edition(1), 27.7, 85.3),
	}
}

func TestAPartnerSeesItsPartOnly(t *testing.T) {
	t.Parallel()
	cell := Cell(27.7, 85.3, 4)
	for _, through := range []string{"its connection", "its leaf node"} {
		t.Run(through, func(t *testing.T) {
			t.Parallel()
			b := openBureau(t, edition(1), cell)
			at := func(name string) *server.Server {
				if through == "its connection" {
					return b.server
				}
				return b.leaf(t, name)
			}
			hub := reads(t, b.server, hubsName)
			hub.follows(WorldPattern())
			pattern, err := CellPattern(edition(1), cell)
			if err != nil {
				t.Fatal(err)
			}
			partner := reads(t, at(partnerByCell), partnerByCell)
			partner.follows(pattern)
			bus := New(hub.conn, testLog(t))
			if through != "its connection" {
				b.awaitLeaf(t, pattern)
			}
			if err := bus.Publish(t.Context(), aDay()); err != nil {
				t.Fatal(err)
			}
			partner.sees(1, 4, 6)
			hub.sees(1, 2, 3, 4, 5, 6)
		})
	}
}

func TestAPartnerMayFollowAKind(t *testing.T) {
	t.Parallel()
	b := openBureau(t, edition(1), "0")
	partner := reads(t, b.server, partnerByKind)
	partner.follows(KindPattern(edition(1), events.Cheered))
	if err := New(reads(t, b.server, hubsName).conn, testLog(t)).Publish(t.Context(), aDay()); err != nil {
		t.Fatal(err)
	}
	partner.sees(3, 4, 6)
}

// A partner who asks for more is given nothing more, and what it says reaches nobody.
func TestAPartnerHasNoOtherRights(t *testing.T) {
	t.Parallel()
	cell := Cell(27.7, 85.3, 4)
	b := openBureau(t, edition(1), cell)
	hub := reads(t, b.server, hubsName)
	hub.follows(WorldPattern())
	pattern, err := CellPattern(edition(1), cell)
	if err != nil {
		t.Fatal(err)
	}
	greedy := reads(t, b.server, partnerByCell)
	wider, err := CellPattern(edition(1), cell[:2])
	if err != nil {
		t.Fatal(err)
	}
	for i, more := range []string{WorldPattern(), EditionPattern(edition(1)), wider, "$SYS.>", ">"} {
		greedy.follows(more)
		greedy.refused(i + 1)
	}
	greedy.follows(pattern)
	leaf := b.leaf(t, partnerByCell)
	regional, wide := reads(t, leaf, partnerByCell), reads(t, leaf, partnerByCell)
	wide.follows(WorldPattern()) // its own server does not mind; ours does
	regional.follows(pattern)
	b.awaitLeaf(t, pattern)

	day := aDay()
	forged := listed(99, "Nobody registered this")
	forged.ID, forged.Seq, forged.EditionID = testID(events.ActivityPrefix, 99), 99, edition(1)
	greedy.forges(forged)
	greedy.refused(6)
	wide.forges(forged)
	regional.sees(99) // its own server carries it, and ours does not take it
	if err := New(hub.conn, testLog(t)).Publish(t.Context(), day); err != nil {
		t.Fatal(err)
	}
	greedy.sees(1, 4, 6)
	regional.sees(99, 1, 4, 6)
	wide.sees(99, 1, 4, 6)
	hub.sees(1, 2, 3, 4, 5, 6)
}
