package limits

import (
	"context"
	"crypto/sha256"
	"errors"

	"github.com/99designs/gqlgen/graphql"
	"github.com/maypok86/otter/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/microgalleries/actionday/graph/fault"
)

// The limits of the memory for documents.
const (
	// maxKeptDocument is how many bytes a document has at most to be remembered.
	maxKeptDocument = 4 << 10
	// documentsKept is how many documents are remembered, the good ones and the refused apart.
	documentsKept = 500
)

// Documents reads GraphQL documents: it parses, checks the shape, validates, and remembers what
// came of it. It stands in for the parser of gqlgen's executor as its cache of documents.
type Documents struct {
	schema  *ast.Schema
	rules   *rules.Rules
	good    *otter.Cache[digest, *ast.QueryDocument]
	refused *otter.Cache[digest, gqlerror.List]
}

type digest [sha256.Size]byte

// NewDocuments makes a reader of documents for a schema.
func NewDocuments(schema *ast.Schema) *Documents {
	list := rules.NewDefaultRules()
	// Suggestions compare what was asked with all that there is: dear, and the documentation is open.
	list.ReplaceRule(rules.FieldsOnCorrectTypeRule.Name, rules.FieldsOnCorrectTypeRuleWithoutSuggestions.RuleFunc)
	list.ReplaceRule(rules.ScalarLeafsRule.Name, rules.ScalarLeafsRuleWithoutSuggestions.RuleFunc)
	return &Documents{
		schema:  schema,
		rules:   list,
		good:    otter.Must(&otter.Options[digest, *ast.QueryDocument]{MaximumSize: documentsKept}),
		refused: otter.Must(&otter.Options[digest, gqlerror.List]{MaximumSize: documentsKept}),
	}
}

// Close ends the upkeep of the memory.
func (d *Documents) Close() {
	d.good.StopAllGoroutines()
	d.refused.StopAllGoroutines()
}

// Read gives the validated document of a text, or why it is refused.
func (d *Documents) Read(text string) (*ast.QueryDocument, gqlerror.List) {
	key := digest(sha256.Sum256([]byte(text)))
	if doc, ok := d.good.GetIfPresent(key); ok {
		return doc, nil
	}
	if refusal, ok := d.refused.GetIfPresent(key); ok {
		return nil, copies(refusal)
	}
	doc, refusal := d.read(text)
	if len(text) > maxKeptDocument {
		return doc, refusal
	}
	if refusal != nil {
		_, _ = d.refused.Set(key, copies(refusal))
		return nil, refusal
	}
	d.good.Set(key, doc)
	return doc, nil
}

// copies keeps the remembered errors from being changed on their way out.
func copies(list gqlerror.List) gqlerror.List {
	fresh := make(gqlerror.List, len(list))
	for i, err := range list {
		again := *err
		fresh[i] = &again
	}
	return fresh
}

func (d *Documents) read(text string) (*ast.QueryDocument, gqlerror.List) {
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, MaxTokens)
	if err != nil {
		return nil, gqlerror.List{asBadRequest(err)}
	}
	if err := checkShape(doc); err != nil {
		return nil, gqlerror.List{err}
	}
	if list := validator.ValidateWithRules(d.schema, doc, d.rules); len(list) > 0 {
		list = fault.Bounded(list)
		for i := range list {
			list[i] = asBadRequest(list[i])
		}
		return nil, list
	}
	return doc, nil
}

func asBadRequest(err error) *gqlerror.Error {
	bad := fault.New(fault.BadRequest, "%s", err)
	var located *gqlerror.Error
	if errors.As(err, &located) {
		bad.Message, bad.Locations = fault.New(fault.BadRequest, "%s", located.Message).Message, located.Locations
	}
	return bad
}

// documentKey is where a request's context holds its document until the executor asks for it.
type documentKey struct{}

func withDocument(ctx context.Context, doc *ast.QueryDocument) context.Context {
	return context.WithValue(ctx, documentKey{}, doc)
}

var _ graphql.Cache[*ast.QueryDocument] = (*Documents)(nil)

// Get implements graphql.Cache: it gives the executor the document that the Guard has read.
func (d *Documents) Get(ctx context.Context, _ string) (*ast.QueryDocument, bool) {
	doc, ok := ctx.Value(documentKey{}).(*ast.QueryDocument)
	return doc, ok
}

// Add implements graphql.Cache. There is nothing to add, because Get never misses.
func (d *Documents) Add(context.Context, string, *ast.QueryDocument) {}
