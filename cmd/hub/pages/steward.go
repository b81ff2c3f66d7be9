package pages

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"github.com/microgalleries/actionday/events"
)

const (
	queuePage = 20 // events of the queue on one page
	flagsPage = 10 // flags on the page
	twinPage  = 10 // listed events that are looked through for a twin of one that waits
	twinKm    = 50 // the farthest that the same event registered twice may lie apart
)

// stewardView is the queue.
type stewardView struct {
	*page
	Edition *events.Edition
	Items   []queued
	Flags   []flagged
	Waiting int64
	Next    string
	Done    *doneAct
	Wrong   string // why the last act did not work
}

// doneAct is what the steward just did, so that it can be undone.
type doneAct struct {
	Text  string
	Event events.Event
	Undo  bool
	Key   string
}

// flagged is something odd about the check-ins at an event.
type flagged struct {
	events.FlaggedEvent
	Proofs      events.CheckInProofs
	First, Last string // in UTC
	Key         string
}

// queued is one event that waits.
type queued struct {
	events.Event
	Host  events.Host
	Where events.Whereabouts
	When  when
	Left  string // time until the local start
	Late  bool
	Twins []twin
	Notes []string
	Key   string
}

// twin is a listed or waiting event that may be the same one.
type twin struct {
	Title, Path string
	SameHost    bool
	Km          int // apart, -1 when not known
}

// stewardPage shows what waits, least time left first, wherever on earth it is.
func (s *site) stewardPage(w http.ResponseWriter, r *http.Request) error {
	return s.showQueue(w, r, http.StatusOK, "")
}

func (s *site) showQueue(w http.ResponseWriter, r *http.Request, status int, wrong string) error {
	who, err := actor(r)
	if err != nil {
		return err
	}
	if !who.Moderates() {
		return events.ErrNotAllowed
	}
	v := stewardView{page: s.page(w, r, "steward.title"), Wrong: wrong}
	v.NoIndex, v.private, v.Section = true, true, "steward"
	edition, err := s.Hub.EditionBySlug(r.Context(), who, "")
	if errors.Is(err, events.ErrNotFound) {
		return s.render(w, r, status, "steward", v)
	}
	if err != nil {
		return err
	}
	v.Edition, v.Rehearsal = &edition, edition.Mode == events.RehearsalMode
	if v.Waiting, err = s.Hub.CountReviewQueue(r.Context(), who, edition.ID); err != nil {
		return err
	}
	found, err := s.Hub.ReviewQueue(r.Context(), who, edition.ID, queuePage, r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	if v.Items, err = s.queue(r.Context(), v.page, who, edition, found.Events); err != nil {
		return err
	}
	if v.Flags, err = s.flags(r.Context(), v.page, who, edition); err != nil {
		return err
	}
	if found.HasNext {
		v.Next = "/steward?after=" + url.QueryEscape(found.Cursors[len(found.Cursors)-1])
	}
	if v.Done, err = s.doneAct(r, v.page, who); err != nil {
		return err
	}
	return s.render(w, r, status, "steward", v)
}

// flags lists what is odd, last seen first.
func (s *site) flags(ctx context.Context, p *page, who events.Actor, ed events.Edition) ([]flagged, error) {
	found, err := s.Hub.Flags(ctx, who, ed.ID, events.ID{}, flagsPage)
	if err != nil {
		return nil, err
	}
	list := make([]flagged, 0, len(found))
	for _, f := range found {
		proofs, err := s.Hub.CheckInProofs(ctx, who, f.EventID)
		if err != nil {
			return nil, err
		}
		last := p.moment(f.LastAt.UTC())
		if dateOf(f.FirstAt.UTC()) == dateOf(f.LastAt.UTC()) {
			last = f.LastAt.UTC().Format(clockForm)
		}
		list = append(list, flagged{f, proofs, p.moment(f.FirstAt.UTC()), last, newKey()})
	}
	return list, nil
}

func (s *site) queue(
	ctx context.Context, p *page, who events.Actor, ed events.Edition, found []events.Event,
) ([]queued, error) {
	hosts, err := s.hosts(ctx, found)
	if err != nil {
		return nil, err
	}
	items := make([]queued, 0, len(found))
	for _, e := range found {
		item := queued{Event: e, Host: hosts[e.HostID], When: p.when(e)}
		until := e.Schedule.StartsAt.Sub(s.Hub.Now())
		item.Left, item.Late = p.Left(until), until <= 0
		if item.Where, err = s.Hub.Whereabouts(ctx, who, e.ID); err != nil {
			return nil, err
		}
		item.Notes = item.Where.ClockNotes(ed.Date)
		if item.Twins, err = s.twins(ctx, e, found); err != nil {
			return nil, err
		}
		item.Key = newKey()
		items = append(items, item)
	}
	return items, nil
}

// twins finds events that may be the same one registered twice: with the same title, folded, by
// the same host or near. It looks through the listed ones and those that wait on this page.
func (s *site) twins(ctx context.Context, e events.Event, waiting []events.Event) (list []twin, err error) {
	words := []rune(e.Title)
	words = words[:min(len(words), events.MaxSearchText)]
	found, err := s.Hub.Find(ctx, events.Query{
		Filter: events.Filter{EditionID: e.EditionID, Text: string(words)}, First: twinPage,
	})
	if err != nil {
		return nil, err
	}
	title := folded(e.Title)
	for _, other := range append(found.Events, waiting...) {
		km := apart(e, other)
		sameHost := other.HostID == e.HostID
		if other.ID != e.ID && folded(other.Title) == title && (sameHost || km >= 0 && km <= twinKm) {
			list = append(list, twin{other.Title, pathOf(other), sameHost, km})
		}
	}
	return list, nil
}

// apart is the distance of the public places in kilometers, -1 where one has none.
func apart(a, b events.Event) int {
	if !a.Place.IsMapped() || !b.Place.IsMapped() {
		return -1
	}
	from, to := a.Place, b.Place
	return int(events.DistanceKm(*from.Latitude, *from.Longitude, *to.Latitude, *to.Longitude))
}

// folded is a title without case, accents, punctuation and spaces.
func folded(title string) string {
	noMarks := transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	plain, _, err := transform.String(noMarks, title)
	if err != nil {
		plain = title
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, plain)
}

// decide is the stewards' five buttons.
func (s *site) decide(w http.ResponseWriter, r *http.Request) error {
	who, err := actor(r)
	if err != nil {
		return err
	}
	if !who.Moderates() {
		return events.ErrNotAllowed
	}
	id, err := eventID(r)
	if err != nil {
		return err
	}
	values, err := readForm(w, r, smallForm)
	if err != nil {
		return err
	}
	act, key, reason := values.Get("act"), values.Get("key"), unixLines(values.Get("reason"))
	switch act {
	case "approve":
		_, err = s.Hub.Approve(r.Context(), who, key, id)
	case "changes":
		_, err = s.Hub.RequestChanges(r.Context(), who, key, id, reason)
	case "reject":
		_, err = s.Hub.Reject(r.Context(), who, key, id, reason)
	case "hide":
		_, err = s.Hub.Hide(r.Context(), who, key, id, reason)
	case "clear":
		_, err = s.Hub.ClearFlag(r.Context(), who, key, id, events.FlagKind(values.Get("kind")))
	default:
		return events.Problem{Code: events.Invalid, Message: "Please choose what to do with this event."}
	}
	ps, other := events.ProblemsIn(err)
	switch {
	case other != nil:
		return other
	case len(ps) > 0 && ps[0].Code == events.NotFound:
		return events.ErrNotFound
	case len(ps) > 0:
		return s.showQueue(w, r, http.StatusUnprocessableEntity, s.tongue(w, r).Problem(ps[0]))
	}
	return seeOther(w, r, fmt.Sprintf("/steward?done=%s&event=%s", act, id))
}

// doneAct reads from the address what was just done; only what is true of the event is shown.
func (s *site) doneAct(r *http.Request, p *page, who events.Actor) (*doneAct, error) {
	act := r.URL.Query().Get("done")
	if !p.Has("steward.done." + act) {
		return nil, nil
	}
	id, err := events.ParseID(r.URL.Query().Get("event"))
	if err != nil { // an address that somebody mistyped shows the queue alone
		return nil, nil //nolint:nilerr // nothing went wrong
	}
	e, err := s.Hub.Event(r.Context(), who, id)
	if errors.Is(err, events.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	undo := e.Review == events.NeedsInfo || e.Review == events.Rejected || e.Review == events.Hidden
	return &doneAct{Text: p.T("steward.done." + act), Event: e, Undo: undo, Key: newKey()}, nil
}
