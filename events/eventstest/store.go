package eventstest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/microgalleries/actionday/events"
)

// maxEditions is how many editions Editions lists.
const maxEditions = 200

// Epoch is the epoch of the logs of every Store in memory.
const Epoch uint32 = 0x5f3a09c1

// Store keeps everything in memory behind one lock. It is for tests: nothing is indexed.
type Store struct {
	mu sync.Mutex

	editions map[events.ID]events.Edition
	hosts    map[events.ID]events.Host
	events   map[events.ID]events.Event
	places   map[events.ID]events.Whereabouts
	receipts map[receiptKey]events.Receipt
	audit    []events.AuditEntry

	attended map[attendance]events.Attendance // the one that was counted
	flags    map[flagKey]events.Flag
	outbox   []events.Activity
	logs     map[events.ID]*editionLog

	accounts map[events.ID]events.Account
	links    map[[32]byte]events.SignInLink
	sessions map[[32]byte]events.Session
	mail     []waitingMail
}

var (
	_ events.Store    = (*Store)(nil)
	_ events.Replayer = (*Store)(nil)
)

// NewStore is an empty store.
func NewStore() *Store {
	return &Store{
		editions: map[events.ID]events.Edition{},
		hosts:    map[events.ID]events.Host{},
		events:   map[events.ID]events.Event{},
		places:   map[events.ID]events.Whereabouts{},
		receipts: map[receiptKey]events.Receipt{},
		attended: map[attendance]events.Attendance{},
		flags:    map[flagKey]events.Flag{},
		logs:     map[events.ID]*editionLog{},
		accounts: map[events.ID]events.Account{},
		links:    map[[32]byte]events.SignInLink{},
		sessions: map[[32]byte]events.Session{},
	}
}

// Edition implements events.EditionStore.
func (s *Store) Edition(_ context.Context, id events.ID) (events.Edition, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return find(s.editions, id, cloneEdition)
}

// EditionBySlug implements events.EditionStore.
func (s *Store) EditionBySlug(_ context.Context, slug string) (events.Edition, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.editions {
		if e.Slug == slug {
			return cloneEdition(e), nil
		}
	}
	return events.Edition{}, missing("edition", slug)
}

// Editions implements events.EditionStore.
func (s *Store) Editions(context.Context) ([]events.Edition, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]events.Edition, 0, len(s.editions))
	for _, e := range s.editions {
		list = append(list, cloneEdition(e))
	}
	slices.SortFunc(list, func(a, b events.Edition) int {
		return cmp.Or(cmp.Compare(b.Date.String(), a.Date.String()), compareIDs(a.ID, b.ID))
	})
	return list[:min(len(list), maxEditions)], nil
}

// SaveEdition implements events.EditionStore.
func (s *Store) SaveEdition(_ context.Context, e *events.Edition, news ...events.Activity) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	stored, exists := s.editions[e.ID]
	if err := checkVersion(e.Version, stored.Version); err != nil {
		return err
	}
	for _, other := range s.editions {
		if other.Slug == e.Slug && other.ID != e.ID {
			return taken(e.Slug)
		}
	}
	saved := cloneEdition(*e)
	saved.Version++
	if exists {
		saved.Seq = stored.Seq
	}
	s.editions[e.ID] = saved
	s.putNews(news)
	e.Version = saved.Version
	return nil
}

// Host implements events.HostStore.
func (s *Store) Host(_ context.Context, id events.ID) (events.Host, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return find(s.hosts, id, cloneHost)
}

// Hosts implements events.HostStore.
func (s *Store) Hosts(_ context.Context, ids []events.ID) ([]events.Host, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return findAll(s.hosts, ids, cloneHost)
}

// SaveHost implements events.HostStore.
func (s *Store) SaveHost(_ context.Context, h *events.Host) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := checkVersion(h.Version, s.hosts[h.ID].Version); err != nil {
		return err
	}
	saved := cloneHost(*h)
	saved.Version++
	s.hosts[h.ID] = saved
	h.Version = saved.Version
	return nil
}

func find[T any](from map[events.ID]T, id events.ID, clone func(T) T) (T, error) {
	object, ok := from[id]
	if !ok {
		var none T
		return none, missing("object", id)
	}
	return clone(object), nil
}

func findAll[T any](from map[events.ID]T, ids []events.ID, clone func(T) T) ([]T, error) {
	if len(ids) > events.MaxPage {
		return nil, fmt.Errorf("eventstest: %d ids asked for at once, more than %d", len(ids), events.MaxPage)
	}
	var list []T
	for i, id := range ids {
		if object, ok := from[id]; ok && !slices.Contains(ids[:i], id) {
			list = append(list, clone(object))
		}
	}
	return list, nil
}

// checkVersion compares the version that a caller loaded with the one that is stored, 0 for none.
func checkVersion(loaded, stored int64) error {
	if loaded == stored {
		return nil
	}
	return events.Problem{
		Code: events.Conflict, Field: "version", Message: "Somebody else changed this meanwhile. Please load it again.",
	}
}

func taken(name string) error {
	return events.Problem{
		Code: events.Conflict, Field: "slug", Message: fmt.Sprintf("%q is taken already.", name),
	}
}

func missing(what string, name any) error {
	return fmt.Errorf("eventstest: find %s %v: %w", what, name, events.ErrNotFound)
}

func compareIDs(a, b events.ID) int {
	left, right := a.UUID(), b.UUID()
	return slices.Compare(left[:], right[:])
}
