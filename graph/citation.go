package graph

import (
	"context"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/graph/limits"
	"github.com/microgalleries/actionday/graph/wire"
)

// citation gathers what an answer says about itself, so that it can be cited: as of when and up to
// which position of which edition's log it holds.
type citation struct {
	mu    sync.Mutex
	page  page
	about events.ID // the edition asked for, zero until one is
}

type citationKey struct{}

// aroundOperation opens the citation with the current edition before anything is read, and the
// company of hosts that the operation will ask for.
func (r *Resolver) aroundOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	c := &citation{}
	if graphql.GetOperationContext(ctx).Operation.Operation != ast.Subscription {
		c.page, _ = r.almanac.open(ctx, events.ID{}) // without it the answer says less
	}
	ctx = context.WithValue(ctx, citationKey{}, c)
	ctx = context.WithValue(ctx, companyKey{}, newCompany(r.service.Hosts))
	return next(ctx)
}

// cite says which edition an answer is about; the first that is asked for counts.
func (r *Resolver) cite(ctx context.Context, edition events.ID) {
	c, ok := ctx.Value(citationKey{}).(*citation)
	if !ok {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.about.IsZero() {
		return
	}
	c.about = edition
	if c.page.edition.ID != edition {
		if p, err := r.almanac.open(ctx, edition); err == nil {
			c.page = p
		}
	}
}

// eventKey is where the context of one answer of a subscription holds its log position.
type eventKey struct{}

// aroundResponse adds the citation and the cost.
func (r *Resolver) aroundResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if response == nil {
		return nil
	}
	if response.Extensions == nil {
		response.Extensions = map[string]any{}
	}
	if c, ok := ctx.Value(citationKey{}).(*citation); ok {
		r.quote(ctx, c, response.Extensions)
	}
	if bill, ok := limits.BillOf(ctx); ok {
		response.Extensions["cost"] = wire.Cost{
			Used: bill.Cost, Limit: bill.Rate.Limit, Remaining: bill.Decision.Remaining,
			Reset: limits.Seconds(bill.Decision.ResetAfter),
		}
	}
	return response
}

func (r *Resolver) quote(ctx context.Context, c *citation, extensions map[string]any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	mode, head, at := c.page.edition.Mode, c.page.head, c.page.at
	if position, ok := ctx.Value(eventKey{}).(events.Position); ok {
		head, at = position, time.Time{}
	}
	if r.mode != "" {
		mode = r.mode
	}
	if mode != "" {
		extensions["mode"] = mode
	}
	if at.IsZero() {
		at = r.service.Now()
	}
	extensions["asOf"] = at.UTC().Format(time.RFC3339)
	if head != (events.Position{}) {
		extensions["seq"], extensions["position"] = head.Seq, head.String()
	}
	if licence := c.page.edition.Licence; licence != "" {
		extensions["licence"] = licence
	}
}
