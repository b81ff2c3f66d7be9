package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/microgalleries/actionday/events"
)

type graphSchema = graphql.ExecutableSchema

// openSchema lets everybody read the schema: it is the documentation.
type openSchema struct{}

var _ graphql.OperationContextMutator = openSchema{}

// ExtensionName implements graphql.HandlerExtension.
func (openSchema) ExtensionName() string { return "OpenSchema" }

// Validate implements graphql.HandlerExtension.
func (openSchema) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext implements graphql.OperationContextMutator.
func (openSchema) MutateOperationContext(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
	op.DisableIntrospection = false
	return nil
}

// nullWhenNotTold makes null of what the domain leaves empty, wherever the schema allows null. The
// domain has no pointers for texts and numbers that were not told; the API has no empty texts for
// them. One place for all fields spares a resolver, and its goroutine, for each.
func nullWhenNotTold(ctx context.Context, next graphql.Resolver) (any, error) {
	value, err := next(ctx)
	if err != nil || graphql.GetFieldContext(ctx).Field.Definition.Type.NonNull {
		return value, err
	}
	switch v := value.(type) {
	case *string:
		if v == nil || *v == "" {
			return nil, nil
		}
	case string:
		if v == "" {
			return nil, nil
		}
	case int:
		if v == 0 {
			return nil, nil
		}
	case int64:
		if v == 0 {
			return nil, nil
		}
	case events.Source:
		if v == (events.Source{}) {
			return nil, nil
		}
	}
	return value, nil
}
