package limits

import (
	"encoding/json"
	"math"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/graph/fault"
)

// The limits of one operation with all its fragments spread out.
const (
	MaxCost = 5000

	maxDepth         = 12
	maxSchemaDepth   = 20 // below __schema and __type, whose lists the validator bounds
	maxFields        = 500
	maxSchemaFields  = 1000 // below __schema and __type; GraphiQL asks for some 150
	maxAliases       = 30
	maxRoots         = 20
	maxSchemaRoots   = 1
	maxAllDirectives = 50
)

// Size is how big an operation is.
type Size struct {
	Cost int
	// each is the cost of one item of the list that the selection is the connection of; it is
	// multiplied by the connection's `first` where that is known.
	each int

	depth, schemaDepth   int
	fields, schemaFields int
	aliases, directives  int
}

func (s Size) plus(other Size) Size {
	return Size{
		Cost: add(s.Cost, other.Cost), each: add(s.each, other.each),
		depth: max(s.depth, other.depth), schemaDepth: max(s.schemaDepth, other.schemaDepth),
		fields: add(s.fields, other.fields), schemaFields: add(s.schemaFields, other.schemaFields),
		aliases: add(s.aliases, other.aliases), directives: add(s.directives, other.directives),
	}
}

// add and times saturate: a sum past the limits stays past them.
func add(a, b int) int { return min(a+b, math.MaxInt32) }

func times(a, b int) int {
	if a != 0 && b > math.MaxInt32/a {
		return math.MaxInt32
	}
	return a * b
}

// Measure sizes an operation with its variables and refuses one past the limits. The document must
// be valid.
func Measure(op *ast.OperationDefinition, variables map[string]any) (Size, *gqlerror.Error) {
	m := &measuring{variables: variables, known: map[string]Size{}}
	size := m.set(op.SelectionSet)
	size.directives = add(size.directives, len(op.Directives))
	roots, schemaRoots := m.roots(op.SelectionSet, map[string]rootCount{})
	for _, limit := range []struct {
		what       string
		is, atMost int
	}{
		{"levels", size.depth, maxDepth},
		{"levels of introspection", size.schemaDepth, maxSchemaDepth},
		{"fields", size.fields, maxFields},
		{"fields of introspection", size.schemaFields, maxSchemaFields},
		{"aliases", size.aliases, maxAliases},
		{"directives", size.directives, maxAllDirectives},
		{"fields at the top", roots, maxRoots},
		{"introspections", schemaRoots, maxSchemaRoots},
	} {
		if limit.is > limit.atMost {
			return size, fault.New(fault.BadRequest, "The operation has more than %d %s.", limit.atMost, limit.what)
		}
	}
	if size.Cost > MaxCost {
		return size, fault.New(fault.BadRequest,
			"The operation costs %d, more than the %d that one may cost: ask for smaller pages.", size.Cost, MaxCost)
	}
	return size, nil
}

type measuring struct {
	variables map[string]any
	known     map[string]Size // by fragment; a fragment costs the same wherever it is spread
}

func (m *measuring) set(set ast.SelectionSet) (size Size) {
	for _, selection := range set {
		switch sel := selection.(type) {
		case *ast.Field:
			size = size.plus(m.field(sel))
		case *ast.InlineFragment:
			size = size.plus(m.set(sel.SelectionSet)).plus(Size{directives: len(sel.Directives)})
		case *ast.FragmentSpread:
			size = size.plus(m.fragment(sel.Definition)).plus(Size{directives: len(sel.Directives)})
		}
	}
	return size
}

func (m *measuring) fragment(f *ast.FragmentDefinition) Size {
	if size, ok := m.known[f.Name]; ok {
		return size
	}
	m.known[f.Name] = Size{} // a valid document has no cycles; this ends one all the same
	size := m.set(f.SelectionSet)
	m.known[f.Name] = size
	return size
}

func (m *measuring) field(f *ast.Field) Size {
	below := m.set(f.SelectionSet)
	size := Size{
		aliases: below.aliases, directives: add(below.directives, len(f.Directives)),
		depth: below.depth, schemaDepth: below.schemaDepth,
		fields: below.fields, schemaFields: below.schemaFields,
	}
	if f.Alias != f.Name {
		size.aliases = add(size.aliases, 1)
	}
	if isOfSchema(f) {
		size.schemaDepth, size.schemaFields = below.schemaDepth+1, add(below.schemaFields, 1)
	} else {
		size.depth, size.fields = below.depth+1, add(below.fields, 1)
	}
	return m.costed(f, below, size)
}

// costed adds the cost. A list costs its items as often as it can be long: by its own `first`, by
// that of the connection that it belongs to, else a default page.
func (m *measuring) costed(f *ast.Field, below, size Size) Size {
	own, items := value(f), below.Cost
	first, hasFirst := m.first(f)
	switch {
	case hasFirst && isList(f):
		items = times(first, below.Cost)
	case hasFirst: // a connection: what stands for one item is told by its lists
		items = add(below.Cost, times(first, below.each))
	case isList(f) && isConnection(f.ObjectDefinition):
		size.each = below.Cost
		items = 0
	case isList(f):
		items = times(events.DefaultPage, below.Cost)
	}
	size.Cost = add(own, items)
	return size
}

func value(f *ast.Field) int {
	if f.Definition == nil {
		return 0
	}
	cost := f.Definition.Directives.ForName("cost")
	if cost == nil {
		return 0
	}
	n, _ := cost.ArgumentMap(nil)["value"].(int64)
	return int(n)
}

// first is how many items the field asks for, within what a page can hold.
func (m *measuring) first(f *ast.Field) (int, bool) {
	if f.Definition == nil || f.Definition.Arguments.ForName("first") == nil {
		return 0, false
	}
	given, ok := whole(f.ArgumentMap(m.variables)["first"])
	if !ok {
		return events.DefaultPage, true
	}
	return int(max(1, min(given, events.MaxPage))), true
}

// whole is a whole number as literals and variables hold it.
func whole(value any) (int64, bool) {
	switch v := value.(type) {
	case int64:
		return v, true
	case int:
		return int64(v), true
	case float64:
		return int64(v), true
	case json.Number:
		n, err := v.Int64()
		return n, err == nil
	}
	return 0, false
}

func isList(f *ast.Field) bool { return f.Definition != nil && f.Definition.Type.Elem != nil }

func isConnection(parent *ast.Definition) bool {
	return parent != nil && strings.HasSuffix(parent.Name, "Connection")
}

// isOfSchema tells whether a field is of the schema's own description.
func isOfSchema(f *ast.Field) bool {
	return f.Name == "__schema" || f.Name == "__type" ||
		f.ObjectDefinition != nil && strings.HasPrefix(f.ObjectDefinition.Name, "__")
}

type rootCount struct{ all, schema int }

// roots counts the fields at the top, with fragments spread out.
func (m *measuring) roots(set ast.SelectionSet, known map[string]rootCount) (all, schema int) {
	for _, selection := range set {
		switch sel := selection.(type) {
		case *ast.Field:
			all = add(all, 1)
			if sel.Name == "__schema" || sel.Name == "__type" {
				schema = add(schema, 1)
			}
		case *ast.InlineFragment:
			a, s := m.roots(sel.SelectionSet, known)
			all, schema = add(all, a), add(schema, s)
		case *ast.FragmentSpread:
			count, ok := known[sel.Name]
			if !ok {
				known[sel.Name] = rootCount{}
				count.all, count.schema = m.roots(sel.Definition.SelectionSet, known)
				known[sel.Name] = count
			}
			all, schema = add(all, count.all), add(schema, count.schema)
		}
	}
	return all, schema
}
