package wire

import (
	"encoding/json"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
)

// The marks in the schema by which operations are shared.
const (
	sharedDirective   = "shared"   // on a subscription whose answers depend on nobody
	personalDirective = "personal" // on a field whose answer depends on who asks
	afterArgument     = "after"    // of a subscription that follows a log: where its reader goes on
)

// sharing is a subscription as it can be executed once for all who asked for it.
type sharing struct {
	// key is the same for all who are told the same: it holds the operation's name, its text in one
	// form, and its variables as they were coerced, in the order of their names.
	key string
	// bare makes the operation for one execution. It knows nothing of who asked: no header, no bill,
	// no position to go on from.
	bare func() *graphql.OperationContext
	// logged is whether the subscription follows a log, so that its answers can be joined by their
	// positions. Otherwise each answer replaces the one before.
	logged bool
	after  string // the position to go on from, "" for from now on
}

// sharingOf tells how an operation is shared; ok is false for one that must be executed for its
// reader alone.
func sharingOf(op *graphql.OperationContext) (s sharing, ok bool) {
	field, ok := onlyField(op.Operation)
	if !ok || field.Definition.Directives.ForName(sharedDirective) == nil || isPersonal(op.Operation.SelectionSet, op.Doc.Fragments) {
		return sharing{}, false
	}
	s.logged = field.Definition.Arguments.ForName(afterArgument) != nil
	if s.after, ok = positionIn(field, op.Variables); !ok {
		return sharing{}, false
	}
	operation, variables := withoutPosition(op, field)
	doc := &ast.QueryDocument{Operations: ast.OperationList{operation}, Fragments: op.Doc.Fragments}
	text := textOf(doc)
	values, err := json.Marshal(variables) // sorts the names
	if err != nil {
		return sharing{}, false
	}
	s.key = op.OperationName + "\x00" + text + "\x00" + string(values)
	s.bare = func() *graphql.OperationContext {
		return &graphql.OperationContext{
			RawQuery: text, Variables: variables, OperationName: op.OperationName,
			Doc: doc, Operation: operation,
			DisableIntrospection: op.DisableIntrospection, RecoverFunc: op.RecoverFunc,
			ResolverMiddleware: op.ResolverMiddleware, RootResolverMiddleware: op.RootResolverMiddleware,
		}
	}
	return s, true
}

// onlyField is the field of a subscription, which has one, unless it stands in a fragment.
func onlyField(operation *ast.OperationDefinition) (*ast.Field, bool) {
	if operation.Operation != ast.Subscription || len(operation.SelectionSet) != 1 {
		return nil, false
	}
	field, ok := operation.SelectionSet[0].(*ast.Field)
	return field, ok && field.Definition != nil && len(field.Directives) == 0
}

// isPersonal is whether anything in a selection depends on who asks. A validated document names no
// fragment within itself; each is looked at once.
func isPersonal(selection ast.SelectionSet, fragments ast.FragmentDefinitionList) bool {
	looked := map[string]bool{}
	var in func(ast.SelectionSet) bool
	in = func(selection ast.SelectionSet) bool {
		for _, one := range selection {
			var below ast.SelectionSet
			switch one := one.(type) {
			case *ast.Field:
				if one.Definition == nil || one.Definition.Directives.ForName(personalDirective) != nil {
					return true
				}
				below = one.SelectionSet
			case *ast.InlineFragment:
				below = one.SelectionSet
			case *ast.FragmentSpread:
				definition := fragments.ForName(one.Name)
				if definition == nil {
					return true
				}
				if looked[one.Name] {
					continue
				}
				looked[one.Name] = true
				below = definition.SelectionSet
			}
			if in(below) {
				return true
			}
		}
		return false
	}
	return in(selection)
}

// positionIn reads the position to go on from out of a field's arguments.
func positionIn(field *ast.Field, variables map[string]any) (text string, ok bool) {
	argument := field.Arguments.ForName(afterArgument)
	if argument == nil {
		return "", true
	}
	value, err := argument.Value.Value(variables)
	if err != nil {
		return "", false
	}
	if value == nil {
		return "", true
	}
	text, ok = value.(string)
	return text, ok
}

// withoutPosition is an operation and its variables without the position to go on from, which is a
// reader's own.
func withoutPosition(op *graphql.OperationContext, field *ast.Field) (*ast.OperationDefinition, map[string]any) {
	operation, only := *op.Operation, *field
	operation.SelectionSet = ast.SelectionSet{&only}
	argument := field.Arguments.ForName(afterArgument)
	if argument == nil {
		return &operation, op.Variables
	}
	only.Arguments = nil
	for _, other := range field.Arguments {
		if other != argument {
			only.Arguments = append(only.Arguments, other)
		}
	}
	if argument.Value.Kind != ast.Variable {
		return &operation, op.Variables
	}
	return withoutVariable(op, &operation, argument.Value.Raw)
}

// withoutVariable leaves a variable out, unless something else needs it.
func withoutVariable(
	op *graphql.OperationContext, operation *ast.OperationDefinition, name string,
) (*ast.OperationDefinition, map[string]any) {
	stripped := *operation
	stripped.VariableDefinitions = nil
	for _, definition := range operation.VariableDefinitions {
		if definition.Variable != name {
			stripped.VariableDefinitions = append(stripped.VariableDefinitions, definition)
		}
	}
	text := textOf(&ast.QueryDocument{Operations: ast.OperationList{&stripped}, Fragments: op.Doc.Fragments})
	if strings.Contains(text, "$"+name) { // perhaps only a longer name: then less is shared
		return operation, op.Variables
	}
	variables := make(map[string]any, len(op.Variables))
	for other, value := range op.Variables {
		if other != name {
			variables[other] = value
		}
	}
	return &stripped, variables
}

func textOf(doc *ast.QueryDocument) string {
	var text strings.Builder
	formatter.NewFormatter(&text).FormatQueryDocument(doc)
	return text.String()
}
