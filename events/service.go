package events

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// Service is what people can do with the hub. Its methods load, let the pure rules decide, and
// save; each takes the Actor and checks the actor's right itself, so that no edge can forget to.
//
// Errors are Problem or Problems (for the person), ErrNotSignedIn, ErrNotAllowed, ErrNotFound,
// *BusyError, or a wrapped failure of the store.
type Service struct {
	store  Store
	atlas  Atlas
	now    func() time.Time
	newID  func() [16]byte
	random io.Reader
	site   func() string
	gather *gatherer
	doors  *doors
	codes  codes
	watch  *watcher
	zones  func() []*time.Location // every zone, loaded when first asked for
}

// Parts is what a Service is made of. All are needed but the last two.
type Parts struct {
	Store  Store
	Atlas  Atlas
	Now    func() time.Time // the clock that the whole hub goes by
	NewID  func() [16]byte  // UUIDs, version 7
	Random io.Reader        // crypto/rand.Reader
	Site   func() string    // the hub's public address without a slash at the end, for links in mails and codes
	// CodeKey is the secret that check-in codes are made and known by, at least 32 random bytes, the
	// same for all hubs. With less, no code is made or known.
	CodeKey []byte
	Meter   Meter // nil raises no flags
}

// New makes a Service.
func New(p Parts) *Service {
	s := &Service{store: p.Store, atlas: p.Atlas, now: p.Now, newID: p.NewID, random: p.Random, site: p.Site}
	s.gather = newGatherer(p.Store.Attend, p.NewID)
	s.zones = sync.OnceValue(loadZones)
	s.doors = newDoors(s.eventAndEdition, p.Now)
	s.codes = codes{p.CodeKey}
	s.watch = &watcher{meter: p.Meter, raise: p.Store.RaiseFlags, now: p.Now}
	return s
}

// Now is the time that the hub goes by; a rehearsal may have set it.
func (s *Service) Now() time.Time { return s.now() }

func (s *Service) id(prefix Prefix) ID { return NewID(prefix, s.newID()) }

// randomBits gives 128 random bits as 26 characters.
func (s *Service) randomBits() (string, error) {
	var bits [16]byte
	if _, err := io.ReadFull(s.random, bits[:]); err != nil {
		return "", fmt.Errorf("events: read randomness: %w", err)
	}
	return idEncoding().EncodeToString(bits[:]), nil
}

// maxKey is how many characters an idempotency key may have.
const maxKey = 200

// act is one thing that somebody does to one event, ready to be stored once.
type act struct {
	who   Actor
	name  string // for the audit and the receipt
	key   string // idempotency key, "" for none
	input any    // what the key stands for
}

// once runs do unless the act was stored before under the same key; then it gives the first
// answer again. The same key with another act or input is a Problem.
func (s *Service) once(ctx context.Context, a act, do func() (Change, error)) (Event, error) {
	if a.key == "" {
		change, err := do()
		if err != nil {
			return Event{}, err
		}
		if err := s.save(ctx, a, change, nil); err != nil {
			return Event{}, err
		}
		return *change.Event, nil
	}
	if len(a.key) > maxKey {
		return Event{}, problem(TooLong, "clientMutationId", "An idempotency key has at most %d characters.", maxKey)
	}
	input, err := json.Marshal(a.input)
	if err != nil {
		return Event{}, fmt.Errorf("events: hash the input of %s: %w", a.name, err)
	}
	receipt := Receipt{
		Scope: a.who.Scope(), Key: a.key, Act: a.name, InputHash: sha256.Sum256(input), At: s.now(),
	}
	if first, err := s.firstAnswer(ctx, receipt); !errors.Is(err, ErrNotFound) {
		return first, err
	}
	change, err := do()
	if err != nil {
		return Event{}, err
	}
	err = s.save(ctx, a, change, &receipt)
	if errors.Is(err, ErrRepeated) { // the twin of this request was faster
		return s.firstAnswer(ctx, receipt)
	}
	if err != nil {
		return Event{}, err
	}
	return *change.Event, nil
}

func (s *Service) firstAnswer(ctx context.Context, again Receipt) (Event, error) {
	first, err := s.store.Receipt(ctx, again.Scope, again.Key)
	if err != nil {
		return Event{}, err
	}
	if first.Act != again.Act || first.InputHash != again.InputHash {
		return Event{}, problem(KeyReused, "clientMutationId",
			"This idempotency key was used before for something else: use a new one.")
	}
	var e Event
	if err := json.Unmarshal(first.Answer, &e); err != nil {
		return Event{}, fmt.Errorf("events: read the receipt of %s: %w", again.Act, err)
	}
	return e, nil
}

func (s *Service) save(ctx context.Context, a act, change Change, receipt *Receipt) error {
	change.At = s.now()
	if change.Host != nil {
		change.Host.UpdatedAt = change.At
	}
	change.Audit.By, change.Audit.Act = a.who.AccountID, a.name
	if receipt != nil {
		answer := *change.Event // as it will be once stored
		answer.Version, answer.UpdatedAt = answer.Version+1, change.At
		raw, err := json.Marshal(answer)
		if err != nil {
			return fmt.Errorf("events: write the receipt of %s: %w", a.name, err)
		}
		receipt.Answer = raw
		change.Receipt = receipt
	}
	return s.store.SaveEvents(ctx, change)
}

// news makes an activity about an event as it is after the change.
func (s *Service) news(kind ActivityKind, e Event, hostName string) Activity {
	return Activity{
		ID: s.id(ActivityPrefix), EditionID: e.EditionID, Kind: kind, EventID: e.ID,
		At: s.now(), Card: e.Card(hostName),
	}
}

// tombstone makes the activity that takes an event out of the public log.
func (s *Service) tombstone(e Event) Activity {
	return Activity{
		ID: s.id(ActivityPrefix), EditionID: e.EditionID, Kind: EventRemoved, EventID: e.ID,
		At: s.now(), Tombstone: true, Redacts: RedactAll,
	}
}
