package limits_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/microgalleries/actionday/graph/limits"
)

func schema() *ast.Schema {
	return gqlparser.MustLoadSchema(&ast.Source{Input: `
		directive @cost(value: Int!, list: Boolean = false) on FIELD_DEFINITION
		type Query {
			house: House @cost(value: 1)
			houses(first: Int = 20): HouseConnection! @cost(value: 2)
			news(first: Int = 100): [Room!]! @cost(value: 3, list: true)
			free: Int
		}
		type HouseConnection { nodes: [House!]! edges: [HouseEdge!]! totalCount: Int @cost(value: 10) }
		type HouseEdge { node: House! }
		type House { name: String next: House rooms: [Room!]! @cost(value: 4) owner: Owner @cost(value: 1) }
		type Room { name: String doors: [Door!]! photo: String @cost(value: 5) house: House }
		type Door { name: String @cost(value: 1) }
		type Owner { name: String }
		type Subscription { news: Room! @cost(value: 10) }
	`})
}

func measured(t *testing.T, query string, variables map[string]any) (limits.Size, error) {
	t.Helper()
	doc, list := gqlparser.LoadQuery(schema(), query)
	if len(list) > 0 {
		t.Fatalf("%s: %v", query, list)
	}
	size, err := limits.Measure(doc.Operations[0], variables)
	if err != nil {
		return size, err
	}
	return size, nil
}

func TestCost(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]int{
		"{free}":                                                          0,
		"{house{name}}":                                                   1,
		"{house{owner{name}}}":                                            2,
		"{a:house{name} b:house{name}}":                                   2,
		"{house{rooms{name}}}":                                            1 + 4,
		"{house{rooms{photo}}}":                                           1 + 4 + 20*5, // a list without a size is a page
		"{house{rooms{doors{name}}}}":                                     1 + 4 + 20*20*1,
		"{houses{nodes{name}}}":                                           2,
		"{houses{nodes{owner{name}}}}":                                    2 + 20*1,
		"{houses(first:50){nodes{owner{name}}}}":                          2 + 50*1,
		"{houses(first:50){edges{node{owner{name}}}}}":                    2 + 50*1,
		"{houses(first:50){totalCount}}":                                  2 + 10, // once, not once an item
		"{houses(first:50){totalCount nodes{owner{name}}}}":               2 + 10 + 50,
		"{houses(first:50){nodes{owner{name}} edges{node{owner{name}}}}}": 2 + 50 + 50,
		"{houses(first:10){nodes{rooms{photo}}}}":                         2 + 10*(4+20*5),
		"{news(first:7){photo}}":                                          3 + 7*5,
		"{news(first:7){house{owner{name}}}}":                             3 + 7*1,
		"{news{photo}}":                                                   3 + 100*5,
		"{houses(first:0){nodes{owner{name}}}}":                           2 + 1, // it will be refused for another reason
		"{houses(first:5000000){nodes{owner{name}}}}":                     2 + 100,
		"{houses(first:null){nodes{owner{name}}}}":                        2 + 20,
		"{...F ...F} fragment F on Query{house{name}}":                    2,
		"{houses(first:3){...C}} fragment C on HouseConnection{nodes{owner{name}}}":                                      2 + 3,
		"{a:houses(first:3){...C} b:houses(first:5){...C}} fragment C on HouseConnection{nodes{owner{name}} totalCount}": 2 + 3 + 10 + 2 + 5 + 10,
		"{houses(first:3){...on HouseConnection{nodes{...on House{owner{name}}}}}}":                                      2 + 3,
		"subscription{news{photo}}": 15,
	} {
		if size, err := measured(t, query, nil); err != nil || size.Cost != want {
			t.Errorf("%s costs %d, want %d (%v)", query, size.Cost, want, err)
		}
	}
}

func TestCostOfVariables(t *testing.T) {
	t.Parallel()
	const query = "query($n: Int = 30){houses(first:$n){nodes{owner{name}}}}"
	for name, c := range map[string]struct {
		n    any
		cost int
	}{
		"int64":      {int64(7), 9},
		"int":        {7, 9},
		"JSON":       {json.Number("7"), 9},
		"float":      {7.0, 9},
		"too many":   {int64(1 << 40), 102},
		"too few":    {int64(-7), 3},
		"no number":  {"seven", 22},
		"bad number": {json.Number("1e99"), 22},
	} {
		if size, _ := measured(t, query, map[string]any{"n": c.n}); size.Cost != c.cost {
			t.Errorf("%s: costs %d, want %d", name, size.Cost, c.cost)
		}
	}
}

func TestWhatIsTooMuch(t *testing.T) {
	t.Parallel()
	deep := func(n int) string { return "{house{" + strings.Repeat("next{", n-2) + "name" + strings.Repeat("}", n) }
	for query, want := range map[string]string{
		deep(12): "",
		deep(13): "more than 12 levels",
		"{house{" + strings.Repeat("...F ", 100) + "}} fragment F on House{name a:name b:name next{name}}": "fields",
		aliases(30): "",
		aliases(31): "more than 30 aliases",
		"{...F}" + "fragment F on Query{" + aliases(31)[1:]: "more than 30 aliases",
		roots(20): "",
		roots(21): "more than 20 fields at the top",
		"{...F ...F ...F} fragment F on Query{a:free b:free c:free d:free e:free f:free g:free}": "more than 20 fields at the top",
		"{free" + strings.Repeat(" ... @skip(if:false){free}", 19) + "}":                         "",
		directives(51):                "more than 50 directives",
		"{__schema{queryType{name}}}": "",
		"{__schema{queryType{name}} __type(name:\"A\"){name}}": "more than 1 introspections",
		"{houses(first:100){nodes{rooms{photo}}}}":             "costs 10402, more than the 5000",
	} {
		_, err := measured(t, query, nil)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%.100s: want %q, got %v", query, want, err)
		}
	}
}

func aliases(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " a%d:name", i)
	}
	return "{house{" + b.String() + "}}"
}

func roots(n int) string { return "{" + strings.Repeat(" free", n) + "}" }

func directives(n int) string {
	return "{house{" + strings.Repeat("...F ", n) + "}} fragment F on House{name @skip(if:false)}"
}

// Twice as many spreads in each of forty fragments would be 2^40 fields; measuring walks forty.
func TestDoublingFragmentsAreMeasuredInNoTime(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("{house{...F0}}")
	for i := range 40 {
		fmt.Fprintf(&b, " fragment F%d on House{...F%d ...F%d}", i, i+1, i+1)
	}
	b.WriteString(" fragment F40 on House{rooms{photo}}")
	doc, list := gqlparser.LoadQuery(schema(), b.String())
	if len(list) > 0 {
		t.Fatal(list)
	}
	size, err := limits.Measure(doc.Operations[0], nil)
	if err == nil || size.Cost < 1<<30 {
		t.Errorf("costs %d, %v: want a sum that saturates", size.Cost, err)
	}
}

func TestTheQueryOfGraphiQLPasses(t *testing.T) {
	t.Parallel()
	if _, err := measured(t, introspection, nil); err != nil {
		t.Error(err)
	}
}

// introspection is what GraphQL tools ask first (graphql-js, getIntrospectionQuery).
const introspection = `query IntrospectionQuery { __schema {
	description queryType { name kind } mutationType { name kind } subscriptionType { name kind } types { ...FullType }
	directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } }
fragment FullType on __Type { kind name description specifiedByURL isOneOf
	fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
	inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
	enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
	ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }`

// FuzzMeasure holds that no document makes measuring fail, and that it stays within its bounds.
func FuzzMeasure(f *testing.F) {
	for _, seed := range []string{"{free}", aliases(3), "{...F} fragment F on Query{houses{nodes{...on House{next{name}}}}}", introspection} {
		f.Add(seed, int64(7))
	}
	documents := limits.NewDocuments(schema())
	f.Cleanup(documents.Close)
	f.Fuzz(func(t *testing.T, query string, n int64) {
		doc, refusal := documents.Read(query)
		if (doc == nil) == (refusal == nil) {
			t.Fatalf("%q gives %v and %v", query, doc, refusal)
		}
		if refusal != nil {
			return
		}
		for _, op := range doc.Operations {
			size, err := limits.Measure(op, map[string]any{"n": n})
			if size.Cost < 0 || err == nil && size.Cost > limits.MaxCost {
				t.Errorf("%q costs %d, %v", query, size.Cost, err)
			}
		}
	})
}

func BenchmarkDocuments(b *testing.B) {
	s := schema()
	query := "{houses(first:50){totalCount nodes{name owner{name} rooms{name doors{name}}}}}"
	b.Run("remembered", func(b *testing.B) {
		documents := limits.NewDocuments(s)
		defer documents.Close()
		for b.Loop() {
			documents.Read(query)
		}
	})
	b.Run("new", func(b *testing.B) {
		documents := limits.NewDocuments(s)
		defer documents.Close()
		i := 0
		for b.Loop() {
			i++
			documents.Read(fmt.Sprintf("%s # %d", query, i))
		}
	})
	doc, _ := gqlparser.LoadQuery(s, query)
	b.Run("measure", func(b *testing.B) {
		for b.Loop() {
			_, _ = limits.Measure(doc.Operations[0], nil)
		}
	})
}
