package limits

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/microgalleries/actionday/graph/fault"
)

// Guard is a GraphQL executor that lets no operation through before it has been read, measured and
// paid for.
type Guard struct {
	graphql.GraphExecutor
	documents *Documents
	limiter   Limiter
	rate      Rate
	payer     func(context.Context) string
}

var _ graphql.GraphExecutor = (*Guard)(nil)

// NewGuard stands before an executor whose cache of documents is the given one. Operations are paid
// at a rate from the bucket that payer names.
func NewGuard(
	next graphql.GraphExecutor, documents *Documents,
	limiter Limiter, rate Rate, payer func(context.Context) string,
) *Guard {
	return &Guard{next, documents, limiter, rate, payer}
}

// CreateOperationContext implements graphql.GraphExecutor.
func (g *Guard) CreateOperationContext(
	ctx context.Context, params *graphql.RawParams,
) (*graphql.OperationContext, gqlerror.List) {
	none := &graphql.OperationContext{}
	if err := CheckText(params.Query); err != nil {
		return none, gqlerror.List{err}
	}
	if err := CheckVariables(params.Variables); err != nil {
		return none, gqlerror.List{err}
	}
	doc, refusal := g.documents.Read(params.Query)
	if refusal != nil {
		return none, refusal
	}
	op, list := g.GraphExecutor.CreateOperationContext(withDocument(ctx, doc), params)
	if len(list) > 0 {
		for i := range list {
			list[i] = asBadRequest(list[i])
		}
		return none, fault.Bounded(list)
	}
	if err := g.pay(ctx, op); err != nil {
		return op, gqlerror.List{err}
	}
	return op, nil
}

func (g *Guard) pay(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	size, err := Measure(op.Operation, op.Variables)
	if err != nil {
		return err
	}
	decision := g.limiter.Allow(ctx, g.rate, g.payer(ctx), size.Cost)
	op.Stats.SetExtension(bill, Bill{size.Cost, g.rate, decision})
	if !decision.Allowed {
		return fault.TooMuch(Seconds(decision.RetryAfter))
	}
	return nil
}

// Bill is what an operation cost and what is left.
type Bill struct {
	Cost     int
	Rate     Rate
	Decision Decision
}

const bill = "actionday.bill"

// BillOf is the bill of the operation in the context; false before it is measured.
func BillOf(ctx context.Context) (Bill, bool) {
	if !graphql.HasOperationContext(ctx) {
		return Bill{}, false
	}
	paid, ok := graphql.GetOperationContext(ctx).Stats.GetExtension(bill).(Bill)
	return paid, ok
}
