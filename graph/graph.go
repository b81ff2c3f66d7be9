package graph

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/graph/auth"
	"github.com/microgalleries/actionday/graph/exec"
	"github.com/microgalleries/actionday/graph/fault"
	"github.com/microgalleries/actionday/graph/limits"
	"github.com/microgalleries/actionday/graph/wire"
)

//go:generate go tool -C .. gqlgen generate

// Parts is what a Handler is made of.
type Parts struct {
	Service *events.Service
	Feed    events.Feed
	Counts  events.CountsReader
	Replay  events.Replayer
	// Truth is the same numbers where the log keeps them, so never those of another epoch: frames
	// begin with them.
	Truth events.CountsReader
	// Limiter counts what each address and account spends; limits.NewLocal counts for one hub.
	Limiter limits.Limiter
	// Rates are what they may spend; the zero Rates are the default ones.
	Rates limits.Rates
	// CountryName is a country's name by its ISO 3166-1 code in a language (BCP 47), in English where
	// the language is not known, "" for an unknown code.
	CountryName func(code, language string) string
	// Places finds towns and countries by the beginning of their name, countries named in a language;
	// nil finds none.
	Places func(text, language string, limit int) []events.FoundPlace
	// Mode is REHEARSAL for a hub whose clock or visitors are made up: every answer then says so,
	// whatever its edition is. The zero Mode leaves it to the editions.
	Mode events.Mode
	Log  *slog.Logger
	// After is time.After, or a test's.
	After func(time.Duration) <-chan time.Time
}

// Handler answers GraphQL for the routes that it is mounted on. It needs the visits of
// auth.Middleware around it.
type Handler struct {
	http.Handler
	wire     *wire.Handler
	closings []func()
}

// New makes a Handler. Close it when the hub stops.
func New(p Parts) *Handler {
	if p.Rates == (limits.Rates{}) {
		p.Rates = limits.DefaultRates()
	}
	if p.After == nil {
		p.After = time.After
	}
	if p.Places == nil {
		p.Places = func(string, string, int) []events.FoundPlace { return nil }
	}
	r := newResolver(p)
	schema := exec.NewExecutableSchema(exec.Config{Resolvers: r})
	documents := limits.NewDocuments(schema.Schema())
	guard := limits.NewGuard(r.executor(schema, documents), documents, p.Limiter, p.Rates.Cost, payer)
	h := wire.New(wire.Options{
		Executor: guard,
		Enter:    r.enter,
		Known:    func(ctx context.Context) bool { return auth.Actor(ctx).IsSignedIn() },
		Address:  address,
		Standing: standing,
		Unseen:   auth.Unseen,
		Now:      p.Service.Now,
	})
	return &Handler{
		Handler:  http.NewCrossOriginProtection().Handler(numbered(h)),
		wire:     h,
		closings: []func(){h.Close, r.pacer.Close, documents.Close, r.almanac.close},
	}
}

// Farewell ends the streams and sockets that stand, and takes no more operations; those that are under
// way are answered. Close does the rest.
func (h *Handler) Farewell() { h.wire.Close() }

// Close ends the streams and sockets that stand, so that their clients come back to another hub, and
// the upkeep of caches.
func (h *Handler) Close() {
	for _, closing := range h.closings {
		closing()
	}
}

// Load is how many sockets and event streams stand, and how many executions serve those of them who
// share one.
func (h *Handler) Load() (standing, shared int) { return h.wire.Load() }

// executor is gqlgen's, with our ways to read documents and to tell errors.
func (r *Resolver) executor(schema graphSchema, documents *limits.Documents) *executor.Executor {
	e := executor.New(schema)
	e.SetQueryCache(documents)
	e.SetErrorPresenter(r.present)
	e.SetRecoverFunc(r.recovered)
	e.Use(openSchema{})
	e.AroundOperations(r.aroundOperation)
	e.AroundResponses(r.aroundResponse)
	e.AroundFields(nullWhenNotTold)
	return e
}

// enter lets a request in that its address may still send. A session that cannot be looked up is not
// taken for nobody's: a page would think that it was signed out.
func (r *Resolver) enter(ctx context.Context) *gqlerror.Error {
	if d := r.limiter.Allow(ctx, r.rates.Requests, address(ctx), 1); !d.Allowed {
		return fault.TooMuch(limits.Seconds(d.RetryAfter))
	}
	if _, err := auth.Find(ctx); err != nil {
		r.log.ErrorContext(ctx, "graph: who is asking", "request", requestID(ctx), "err", err)
		return fault.New(fault.Unavailable, "Your session cannot be checked for the moment. Please try again.")
	}
	return nil
}

// payer is whose bucket an operation is paid from: the account's or the address's.
func payer(ctx context.Context) string {
	if actor := auth.Actor(ctx); actor.IsSignedIn() {
		return actor.AccountID.String()
	}
	return address(ctx)
}

// address is the network of the client. Clients without an address, as in a test, are one.
func address(ctx context.Context) string {
	if network := auth.Network(auth.ClientIP(ctx)); network != (netip.Prefix{}) {
		return network.String()
	}
	return "unknown"
}
