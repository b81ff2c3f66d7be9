package eventstest

import (
	"context"
	"slices"
	"time"

	"github.com/microgalleries/actionday/events"
)

type receiptKey struct{ scope, key string }

// Event implements events.EventStore.
func (s *Store) Event(_ context.Context, id events.ID) (events.Event, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return find(s.events, id, cloneEvent)
}

// EventsByID implements events.EventStore.
func (s *Store) EventsByID(_ context.Context, ids []events.ID) ([]events.Event, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return findAll(s.events, ids, cloneEvent)
}

// EventByName implements events.EventStore.
func (s *Store) EventByName(_ context.Context, name string) (events.Event, error) {
	return s.eventWhere(name, func(e events.Event) bool {
		return name != "" && (e.Slug == name || e.LinkKey == name)
	})
}

// EventBySource implements events.EventStore.
func (s *Store) EventBySource(
	_ context.Context, edition events.ID, source, sourceID string,
) (events.Event, error) {
	return s.eventWhere(sourceID, func(e events.Event) bool {
		return sourceID != "" && e.EditionID == edition &&
			e.Source.Name == source && e.Source.ID == sourceID
	})
}

func (s *Store) eventWhere(name string, wanted func(events.Event) bool) (events.Event, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.events {
		if wanted(e) {
			return cloneEvent(e), nil
		}
	}
	return events.Event{}, missing("event", name)
}

// Whereabouts implements events.EventStore.
func (s *Store) Whereabouts(_ context.Context, event events.ID) (events.Whereabouts, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return find(s.places, event, cloneWhereabouts)
}

// Receipt implements events.EventStore.
func (s *Store) Receipt(_ context.Context, scope, key string) (events.Receipt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	receipt, ok := s.receipts[receiptKey{scope, key}]
	if !ok {
		return events.Receipt{}, missing("receipt", key)
	}
	return cloneReceipt(receipt), nil
}

// Audit lists who did what, in the order in which it was stored.
func (s *Store) Audit() []events.AuditEntry {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.audit)
}

// SaveEvents implements events.EventStore.
func (s *Store) SaveEvents(_ context.Context, changes ...events.Change) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var tx undo
	for _, change := range changes {
		if err := s.saveChange(&tx, change); err != nil {
			tx.rollBack()
			return err
		}
	}
	for _, change := range changes {
		s.putNews(change.News)
		s.audit = append(s.audit, change.Audit)
	}
	return nil
}

// saveChange looks at the receipt first: a repeated act is reported as such even when what it
// changed has moved on meanwhile.
func (s *Store) saveChange(tx *undo, c events.Change) error {
	if c.Receipt != nil {
		key := receiptKey{c.Receipt.Scope, c.Receipt.Key}
		if _, exists := s.receipts[key]; exists {
			return events.ErrRepeated
		}
		put(tx, s.receipts, key, cloneReceipt(*c.Receipt))
	}
	if c.Host != nil {
		if err := s.saveOwner(tx, c.Host, c.AccountID); err != nil {
			return err
		}
	}
	if c.Event == nil {
		return nil
	}
	if c.Clears != "" {
		drop(tx, s.flags, flagKey{c.Event.ID, c.Clears})
	}
	if c.Whereabouts != nil {
		put(tx, s.places, c.Event.ID, cloneWhereabouts(*c.Whereabouts))
	}
	return s.saveEvent(tx, c.Event, c.At)
}

func (s *Store) saveOwner(tx *undo, h *events.Host, account events.ID) error {
	if err := checkVersion(h.Version, s.hosts[h.ID].Version); err != nil {
		return err
	}
	set(tx, &h.Version, h.Version+1)
	put(tx, s.hosts, h.ID, cloneHost(*h))
	if account.IsZero() {
		return nil
	}
	owner, err := find(s.accounts, account, cloneAccount)
	if err != nil {
		return err
	}
	owner.HostID, owner.Roles = h.ID, withRoles(owner.Roles, events.HostRole)
	put(tx, s.accounts, account, owner)
	return nil
}

// saveEvent keeps what only the store knows: the position in the log and the people counted.
func (s *Store) saveEvent(tx *undo, e *events.Event, at time.Time) error {
	stored := s.events[e.ID]
	if err := checkVersion(e.Version, stored.Version); err != nil {
		return err
	}
	for _, other := range s.events {
		if other.ID != e.ID && other.Slug == e.Slug {
			return taken(e.Slug)
		}
	}
	set(tx, &e.Version, e.Version+1)
	set(tx, &e.UpdatedAt, at)
	saved := cloneEvent(*e)
	saved.Seq, saved.CheckIns, saved.Cheers = stored.Seq, stored.CheckIns, stored.Cheers
	put(tx, s.events, e.ID, saved)
	return nil
}

func (s *Store) putNews(news []events.Activity) {
	for _, a := range news {
		s.outbox = append(s.outbox, cloneActivity(a))
	}
}

// undo remembers how to take back what a transaction has done so far.
type undo []func()

func (u undo) rollBack() {
	for _, step := range slices.Backward(u) {
		step()
	}
}

func set[T any](tx *undo, variable *T, value T) {
	old := *variable
	*tx = append(*tx, func() { *variable = old })
	*variable = value
}

func put[K comparable, V any](tx *undo, in map[K]V, key K, value V) {
	old, existed := in[key]
	*tx = append(*tx, func() {
		if existed {
			in[key] = old
		} else {
			delete(in, key)
		}
	})
	in[key] = value
}

func drop[K comparable, V any](tx *undo, from map[K]V, key K) {
	if old, existed := from[key]; existed {
		*tx = append(*tx, func() { from[key] = old })
		delete(from, key)
	}
}

func withRoles(roles []events.Role, more ...events.Role) []events.Role {
	for _, role := range more {
		if !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
	}
	return roles
}
