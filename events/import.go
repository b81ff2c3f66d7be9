package events

import (
	"context"
	"crypto/sha256"
	"errors"
	"reflect"
	"strings"
)

// Import is one event from elsewhere, ready to be listed under its source's id.
type Import struct {
	Registration Registration // EditionID, Host and all that the source tells
	Source       Source       // Name and ID are needed
	People       int          // the host's head count, 0 when not told
	// CountryGuessed says that nobody named the country: it was taken from pin, title or town.
	CountryGuessed bool
}

// Imported is what became of one Import.
type Imported struct {
	Event  Event
	Result ImportResult
	Err    error // Problem or Problems, for ImportRefused
}

// ImportResult says what an import did.
type ImportResult string

// The results of an import. A second run of the same input gives only ImportUnchanged.
const (
	ImportCreated   ImportResult = "CREATED"
	ImportUpdated   ImportResult = "UPDATED"
	ImportUnchanged ImportResult = "UNCHANGED"
	ImportRefused   ImportResult = "REFUSED"
)

// importBatch is how many events are stored in one transaction.
const importBatch = 200

// Import lists events from elsewhere in an edition, each once under its source id: new ones are
// created, changed ones updated, and nothing is counted twice. The hosts are made from the names,
// without an account. Refused events do not hold up the others.
func (s *Service) Import(ctx context.Context, who Actor, edition ID, items []Import) ([]Imported, error) {
	if !who.Organizes() {
		return nil, ErrNotAllowed
	}
	ed, err := s.store.Edition(ctx, edition)
	if err != nil {
		return nil, err
	}
	done := make([]Imported, 0, len(items))
	hosts := map[ID]Host{}
	var changes []Change
	for _, item := range items {
		imported, change, err := s.importOne(ctx, ed, item, hosts)
		if err != nil {
			return nil, err
		}
		done = append(done, imported)
		if change != nil {
			changes = append(changes, *change)
		}
		if len(changes) == importBatch {
			if err := s.store.SaveEvents(ctx, changes...); err != nil {
				return nil, err
			}
			changes = nil
		}
	}
	return done, s.store.SaveEvents(ctx, changes...)
}

func (s *Service) importOne(ctx context.Context, ed Edition, item Import, hosts map[ID]Host) (Imported, *Change, error) {
	item.Registration.EditionID = ed.ID
	host, isNew, err := s.importHost(ctx, item, hosts)
	if err != nil {
		return Imported{}, nil, err
	}
	old, err := s.store.EventBySource(ctx, ed.ID, item.Source.Name, item.Source.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Imported{}, nil, err
	}
	e, where, err := s.draft(ed, host, item.Registration)
	if ps, other := ProblemsIn(err); other != nil {
		return Imported{}, nil, other
	} else if len(ps) > 0 {
		return Imported{Result: ImportRefused, Err: ps}, nil, nil
	}
	e.Source, e.DeclaredPeople = item.Source, item.People
	where.CountryGuessed = item.CountryGuessed
	change := &Change{Event: &e, Whereabouts: &where, Audit: AuditEntry{Act: "import"}, At: s.now()}
	if isNew {
		hosts[host.ID] = host
		change.Host = &host
	}
	if old.ID.IsZero() {
		change.News = s.list(&e, host)
		return Imported{Event: e, Result: ImportCreated}, change, nil
	}
	if sameContent(old, e) {
		return Imported{Event: old, Result: ImportUnchanged}, nil, nil
	}
	e = updated(old, e)
	if e.IsPublic() {
		news := s.news(EventRevised, e, host.DisplayName)
		news.Redacts = RedactPlace
		change.News = []Activity{news}
	}
	return Imported{Event: e, Result: ImportUpdated}, change, nil
}

// updated is the old event with the content of the new one; what happened to it here stays.
func updated(old, e Event) Event {
	e.ID, e.Slug, e.LinkKey, e.Version, e.Seq = old.ID, old.Slug, old.LinkKey, old.Version, old.Seq
	e.Review, e.ReviewReason, e.ListedAt, e.CreatedAt = old.Review, old.ReviewReason, old.ListedAt, old.CreatedAt
	e.Day, e.DayBy, e.DayReason, e.LiveAt, e.DoneAt = old.Day, old.DayBy, old.DayReason, old.LiveAt, old.DoneAt
	e.CheckIns, e.Cheers, e.PostponedTo = old.CheckIns, old.Cheers, old.PostponedTo
	return e
}

// sameContent compares what a source can tell.
func sameContent(a, b Event) bool {
	b = updated(a, b)
	b.UpdatedAt = a.UpdatedAt
	for _, e := range []*Event{&a, &b} { // empty and missing lists are the same
		if len(e.Media) == 0 {
			e.Media = nil
		}
		if len(e.Themes) == 0 {
			e.Themes = nil
		}
		if len(e.Access) == 0 {
			e.Access = nil
		}
		e.Schedule.StartsAt, e.Schedule.EndsAt = e.Schedule.StartsAt.UTC(), e.Schedule.EndsAt.UTC()
	}
	return reflect.DeepEqual(a, b)
}

// importHost finds or makes the host of an imported event. Its ID follows from source and name, so
// that the same organizers are one host in every run.
func (s *Service) importHost(ctx context.Context, item Import, hosts map[ID]Host) (Host, bool, error) {
	profile := HostProfile{DisplayName: item.Source.Name, Kind: GroupHost}
	if item.Registration.Host != nil {
		profile = *item.Registration.Host
	}
	h := Host{Trust: KnownTrust}.with(profile)
	sum := sha256.Sum256([]byte(item.Source.Name + "\x00" + strings.ToLower(h.DisplayName)))
	uuid := [16]byte(sum[:16])
	uuid[6], uuid[8] = uuid[6]&0x0f|0x80, uuid[8]&0x3f|0x80 // RFC 9562, version 8
	h.ID = NewID(HostPrefix, uuid)
	if known, ok := hosts[h.ID]; ok {
		return known, false, nil
	}
	known, err := s.store.Host(ctx, h.ID)
	if errors.Is(err, ErrNotFound) {
		return h, true, nil
	}
	if err == nil {
		hosts[h.ID] = known
	}
	return known, false, err
}
