package graph

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/graph/auth"
	"github.com/microgalleries/actionday/graph/fault"
	"github.com/microgalleries/actionday/graph/frames"
	"github.com/microgalleries/actionday/graph/limits"
	"github.com/microgalleries/actionday/graph/model"
)

// Resolver answers fields by asking the domain.
type Resolver struct {
	service     *events.Service
	feed        events.Feed
	numbers     events.CountsReader
	past        events.Replayer
	limiter     limits.Limiter
	rates       limits.Rates
	countryName func(code, language string) string
	places      func(text, language string, limit int) []events.FoundPlace
	mode        events.Mode
	log         *slog.Logger
	after       func(time.Duration) <-chan time.Time
	almanac     *almanac
	pacer       *frames.Pacer
}

func newResolver(p Parts) *Resolver {
	return &Resolver{
		p.Service, p.Feed, p.Counts, p.Replay, p.Limiter, p.Rates, p.CountryName, p.Places, p.Mode, p.Log, p.After,
		newAlmanac(p.Service),
		frames.New(frames.Source{Feed: p.Feed, Head: p.Service.Head, Counts: p.Truth.Counts}, p.After, p.Log),
	}
}

// actor is who is asking. Operations whose answer depends on it fail when that cannot be told.
func actor(ctx context.Context) events.Actor { return auth.Actor(ctx) }

// idempotencyHeader carries the key of all mutations of a request.
const idempotencyHeader = "Idempotency-Key"

// key is the idempotency key of a mutation: its argument, or the header. Where one header stands for
// several mutations of a document, each has its own key by the place where its answer stands.
func key(ctx context.Context, argument *string) string {
	if argument != nil && *argument != "" {
		return *argument
	}
	op := graphql.GetOperationContext(ctx)
	header := op.Headers.Get(idempotencyHeader)
	if header == "" || len(op.Operation.SelectionSet) == 1 {
		return header
	}
	return header + ":" + graphql.GetFieldContext(ctx).Path().String()
}

// edition finds the edition that an argument names, or the current one. It is nil when there is none
// that the actor may see.
func (r *Resolver) edition(ctx context.Context, id *events.ID) (*events.Edition, error) {
	return r.editionFor(ctx, actor(ctx), id)
}

// editionFor is edition for an actor whom the context need not know.
func (r *Resolver) editionFor(ctx context.Context, who events.Actor, id *events.ID) (*events.Edition, error) {
	if id == nil || id.IsZero() {
		return r.cited(ctx)(found(r.service.EditionBySlug(ctx, who, "")))
	}
	return r.cited(ctx)(found(r.service.Edition(ctx, who, *id)))
}

func (r *Resolver) cited(ctx context.Context) func(*events.Edition, error) (*events.Edition, error) {
	return func(ed *events.Edition, err error) (*events.Edition, error) {
		if ed != nil {
			r.cite(ctx, ed.ID)
		}
		return ed, err
	}
}

// found makes nil of what is not there: a missing object is null, not an error.
func found[T any](value T, err error) (*T, error) {
	if errors.Is(err, events.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &value, nil
}

// foundEvent is found for an event on its way out.
func (r *Resolver) foundEvent(ctx context.Context) func(events.Event, error) (*events.Event, error) {
	return func(e events.Event, err error) (*events.Event, error) {
		shown, err := found(e, err)
		if shown != nil {
			r.cite(ctx, e.EditionID)
			expect(ctx, e)
		}
		return shown, err
	}
}

// eventPayload is the answer to a mutation: the event, or the problems.
func (r *Resolver) eventPayload(ctx context.Context) func(events.Event, error) (*model.EventPayload, error) {
	return func(e events.Event, err error) (*model.EventPayload, error) {
		problems, err := events.ProblemsIn(err)
		if err != nil {
			return nil, err
		}
		if len(problems) > 0 {
			return &model.EventPayload{Problems: problems}, nil
		}
		expect(ctx, e)
		return &model.EventPayload{Event: &e}, nil
	}
}

// attendancePayload is the answer to somebody who was counted, or the problems.
func (r *Resolver) attendancePayload(
	ctx context.Context,
) func(events.Event, events.Outcome, error) (*model.AttendancePayload, error) {
	return func(e events.Event, outcome events.Outcome, err error) (*model.AttendancePayload, error) {
		answer, err := r.eventPayload(ctx)(e, err)
		if err != nil || answer.Event == nil {
			return &model.AttendancePayload{Problems: problemsOf(answer)}, err
		}
		return &model.AttendancePayload{Event: answer.Event, Outcome: &outcome}, nil
	}
}

func problemsOf(answer *model.EventPayload) []events.Problem {
	if answer == nil {
		return nil
	}
	return answer.Problems
}

// problemsPayload is the answer to a mutation that gives nothing back.
func problemsPayload(err error) (*model.ProblemsPayload, error) {
	problems, err := events.ProblemsIn(err)
	return &model.ProblemsPayload{Problems: problems}, err
}

// connection is a page of events and the way to count them all.
func connection(
	ctx context.Context, page events.EventPage, err error, after *string, count func(context.Context) (int64, error),
) (*model.EventConnection, error) {
	if err != nil {
		return nil, err
	}
	expect(ctx, page.Events...)
	return model.NewEventConnection(page, value(after), count), nil
}

// counts reads the numbers of an edition. They may fail alone.
func (r *Resolver) counts(ctx context.Context, edition events.ID) (*model.Counts, error) {
	counts, err := r.numbers.Counts(ctx, edition)
	if err != nil {
		return nil, r.unavailable(ctx, err, "The numbers cannot be had for the moment.")
	}
	return &model.Counts{Counts: counts}, nil
}

// replay tells how an edition was at an instant, at the latest now. It may fail alone.
func (r *Resolver) replay(ctx context.Context, edition events.ID, at time.Time) (*model.Replay, error) {
	if now := r.service.Now(); at.After(now) {
		at = now
	}
	replay, err := r.past.Replay(ctx, edition, at)
	if err != nil {
		return nil, r.unavailable(ctx, err, "The replay cannot be had for the moment. Please try again.")
	}
	return &model.Replay{Replay: replay}, nil
}

// spend takes one from each of some buckets, or says when to come again.
func (r *Resolver) spend(ctx context.Context, buckets ...bucket) error {
	for _, b := range buckets {
		if d := r.limiter.Allow(ctx, b.rate, b.key, 1); !d.Allowed {
			return fault.TooMuch(limits.Seconds(d.RetryAfter))
		}
	}
	return nil
}

type bucket struct {
	rate limits.Rate
	key  string
}

// mailbox is an address in the form under which its sign-in links are counted.
func mailbox(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// value is what an optional argument holds, or nothing.
func value[T any](argument *T) (v T) {
	if argument != nil {
		v = *argument
	}
	return v
}

// nobody counts the events of an edition that does not exist.
func nobody(context.Context) (int64, error) { return 0, nil }

// node is an object that may be missing as the interface that all objects share: a nil pointer in an
// interface would not be nil.
func node[T any](object *T, err error) (model.Node, error) {
	if object == nil {
		return nil, err
	}
	return object, err
}

// hostOf finds the host of an event, together with those of all events of the operation.
func hostOf(ctx context.Context, e *events.Event) (*events.Host, error) {
	return ctx.Value(companyKey{}).(*company).host(ctx, e.HostID)
}

// themesOf lists the themes of an edition that an event takes up, in the edition's order.
func themesOf(ed events.Edition, slugs []string) (themes []events.Theme) {
	for _, theme := range ed.Themes {
		if slices.Contains(slugs, theme.Slug) {
			themes = append(themes, theme)
		}
	}
	return themes
}

// pageSize is how many items a page is to have. To the domain 0 means the default, to a client it
// is as wrong as any other size that is out of bounds.
func pageSize(first *int) int {
	switch {
	case first == nil:
		return events.DefaultPage
	case *first == 0:
		return -1
	}
	return *first
}

// checkChanges holds the size of a page of changes, which the domain allows to be larger than the
// API does.
func checkChanges(first *int) (int, error) {
	if first == nil {
		return events.MaxPage, nil
	}
	if *first < 1 || *first > events.MaxPage {
		return 0, fault.New(fault.BadRequest, "Ask for 1 to %d changes at once.", events.MaxPage)
	}
	return *first, nil
}
