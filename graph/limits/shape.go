package limits

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/microgalleries/actionday/graph/fault"
)

// The limits of a document's shape, held before it is validated.
const (
	// MaxTokens is how many words and signs a document has at most.
	MaxTokens = 1000
	// maxSelections bounds one pair of braces: the validator compares all pairs of fields in it.
	maxSelections = 150
	maxFragments  = 50
	maxOperations = 10
	maxDirectives = 30
)

// checkShape looks at a parsed document without the schema.
func checkShape(doc *ast.QueryDocument) *gqlerror.Error {
	if len(doc.Operations) == 0 {
		return fault.New(fault.BadRequest, "The document holds no operation.")
	}
	if len(doc.Operations) > maxOperations {
		return tooMany("operations", maxOperations)
	}
	if len(doc.Fragments) > maxFragments {
		return tooMany("fragments", maxFragments)
	}
	s := &shape{}
	for _, operation := range doc.Operations {
		s.directives += len(operation.Directives)
		s.walk(operation.SelectionSet)
	}
	for _, fragment := range doc.Fragments {
		s.directives += len(fragment.Directives)
		s.walk(fragment.SelectionSet)
	}
	if s.widest > maxSelections {
		return tooMany("selections in one pair of braces", maxSelections)
	}
	if s.directives > maxDirectives {
		return tooMany("directives", maxDirectives)
	}
	return s.literal
}

func tooMany(what string, limit int) *gqlerror.Error {
	return fault.New(fault.BadRequest, "The document has more than %d %s.", limit, what)
}

type shape struct {
	widest, directives int
	literal            *gqlerror.Error // what is wrong with a literal, if anything
}

// walk visits every selection once as written; MaxTokens bounds how many there are.
func (s *shape) walk(set ast.SelectionSet) {
	s.widest = max(s.widest, len(set))
	for _, selection := range set {
		switch sel := selection.(type) {
		case *ast.Field:
			s.directives += len(sel.Directives)
			s.read(sel.Arguments)
			s.walk(sel.SelectionSet)
		case *ast.InlineFragment:
			s.directives += len(sel.Directives)
			s.walk(sel.SelectionSet)
		case *ast.FragmentSpread:
			s.directives += len(sel.Directives)
		}
	}
}

// read looks into literal arguments: an escape can hide a NUL there.
func (s *shape) read(arguments ast.ArgumentList) {
	for _, argument := range arguments {
		s.value(argument.Value)
	}
}

func (s *shape) value(v *ast.Value) {
	if err := CheckText(v.Raw); err != nil {
		s.literal = err
	}
	for _, child := range v.Children {
		s.value(child.Value)
	}
}
