package graph_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// rule looks at a schema and tells what breaks one convention.
type rule struct {
	name   string
	breaks func(*ast.Schema) []string
}

func conventions() []rule {
	return []rule{
		{"everything is described", undescribed},
		{"names have their case", miscased},
		{"words of the inside do not show", inside},
		{"booleans read as predicates", unpredicated},
		{"times end in At", untimed},
		{"lists and their items are not null", nullableLists},
		{"mutations begin with a verb, take a key and answer with problems", badMutations},
		{"connections have one shape", badConnections},
		{"pages have first and after, 20 if left out", badPages},
		{"objects stand where ids could", loneIDs},
		{"inputs are called so", badInputs},
		{"root fields have a price", unpriced},
		{"what is removed says since when and what instead", badDeprecations},
		{"arguments are never one of several", oneOfs},
	}
}

func loadSchema(t *testing.T) *ast.Schema {
	t.Helper()
	files, err := filepath.Glob("schema/*.graphqls")
	if err != nil || len(files) < 4 {
		t.Fatalf("files of the schema: %v %v", files, err)
	}
	var sources []*ast.Source
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: file, Input: string(raw)})
	}
	return gqlparser.MustLoadSchema(sources...)
}

func TestTheSchemaKeepsItsConventions(t *testing.T) {
	t.Parallel()
	schema := loadSchema(t)
	for _, r := range conventions() {
		for _, broken := range r.breaks(schema) {
			t.Errorf("%s: %s", r.name, broken)
		}
	}
}

// Each convention finds its own violation in a schema that has one of each.
func TestTheConventionsBite(t *testing.T) {
	t.Parallel()
	bad := gqlparser.MustLoadSchema(&ast.Source{Input: `
		directive @cost(value: Int!) on FIELD_DEFINITION
		scalar DateTime
		type Query { rows(first: Int = 50): [thing] }
		type Mutation { event_row(input: Stuff): thing }
		type thing {
			redisKey: String
			is_hidden: Boolean!
			deleted: Boolean!
			starts: DateTime
			hostId: ID
			old: Int @deprecated(reason: "unused")
		}
		enum Colour { red }
		input Stuff @oneOf { a: Int b: [Int] }
		type ThingConnection { items: [thing!]! }
	`})
	for _, r := range conventions() {
		if broken := r.breaks(bad); len(broken) == 0 {
			t.Errorf("%q finds nothing wrong", r.name)
		}
	}
}

// own lists what we have defined ourselves.
func own(schema *ast.Schema) (list []*ast.Definition) {
	for _, def := range schema.Types {
		if !def.BuiltIn && !strings.HasPrefix(def.Name, "__") {
			list = append(list, def)
		}
	}
	slices.SortFunc(list, func(a, b *ast.Definition) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// eachField visits the fields of objects, interfaces and inputs.
func eachField(schema *ast.Schema, visit func(def *ast.Definition, field *ast.FieldDefinition)) {
	for _, def := range own(schema) {
		for _, field := range def.Fields {
			if !strings.HasPrefix(field.Name, "__") {
				visit(def, field)
			}
		}
	}
}

// fieldsThat lists the fields that a test finds wrong.
func fieldsThat(schema *ast.Schema, wrong func(def *ast.Definition, field *ast.FieldDefinition) bool) (broken []string) {
	eachField(schema, func(def *ast.Definition, field *ast.FieldDefinition) {
		if wrong(def, field) {
			broken = append(broken, def.Name+"."+field.Name)
		}
	})
	return broken
}

func isRoot(def *ast.Definition) bool {
	return def.Name == "Query" || def.Name == "Mutation" || def.Name == "Subscription"
}

var sentence = regexp.MustCompile(`(?s)^[A-Z0-9-].*[.]$`)

func undescribed(schema *ast.Schema) (broken []string) {
	check := func(name, description string) {
		if !sentence.MatchString(strings.TrimSpace(description)) {
			broken = append(broken, fmt.Sprintf("%s is described as %q", name, description))
		}
	}
	for _, def := range own(schema) {
		if !isRoot(def) {
			check(def.Name, def.Description)
		}
		for _, value := range def.EnumValues {
			check(def.Name+"."+value.Name, value.Description)
		}
	}
	eachField(schema, func(def *ast.Definition, field *ast.FieldDefinition) {
		check(def.Name+"."+field.Name, field.Description)
		for _, argument := range field.Arguments {
			check(def.Name+"."+field.Name+"("+argument.Name+")", argument.Description)
		}
	})
	return broken
}

func miscased(schema *ast.Schema) (broken []string) {
	pascal, camel, snake := regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`), regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`), regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
	check := func(form *regexp.Regexp, name, where string) {
		if !form.MatchString(name) {
			broken = append(broken, where+name)
		}
	}
	for _, def := range own(schema) {
		check(pascal, def.Name, "")
		for _, value := range def.EnumValues {
			check(snake, value.Name, def.Name+".")
		}
	}
	eachField(schema, func(def *ast.Definition, field *ast.FieldDefinition) {
		check(camel, field.Name, def.Name+".")
		for _, argument := range field.Arguments {
			check(camel, argument.Name, def.Name+"."+field.Name+" ")
		}
	})
	return broken
}

// inside finds words of tables, queues and caches.
func inside(schema *ast.Schema) []string {
	words := regexp.MustCompile(`(?i)redis|nats|postgres|sql|cache|queue[A-Z]|table|column|row|outbox|uuid|json|index`)
	return fieldsThat(schema, func(def *ast.Definition, field *ast.FieldDefinition) bool {
		return words.MatchString(field.Name) || words.MatchString(def.Name)
	})
}

// unpredicated finds booleans that do not read as a predicate: hasMore, isOpen, allDay, guessed. A
// participle alone reads as one only where it is known to.
func unpredicated(schema *ast.Schema) []string {
	predicate := regexp.MustCompile(`^(is|has|can|may|takes)[A-Z]|^(allDay|tombstone|pseudonymous|countryGuessed|draft|linkOnly|printed|snapshotRequired)$`)
	return fieldsThat(schema, func(_ *ast.Definition, field *ast.FieldDefinition) bool {
		return field.Type.Name() == "Boolean" && !predicate.MatchString(field.Name)
	})
}

// untimed finds instants that are not called so. "When" of an activity or wave is `at`, a condition
// is `updatedSince`, and `asOf` says as of when a number is.
func untimed(schema *ast.Schema) []string {
	return fieldsThat(schema, func(_ *ast.Definition, field *ast.FieldDefinition) bool {
		timed := strings.HasSuffix(field.Name, "At") || field.Name == "at" || field.Name == "asOf" || strings.HasSuffix(field.Name, "Since")
		return field.Type.Name() == "DateTime" && !timed
	})
}

func nullableLists(schema *ast.Schema) []string {
	return fieldsThat(schema, func(def *ast.Definition, field *ast.FieldDefinition) bool {
		if field.Type.Elem == nil {
			return false
		}
		return !field.Type.Elem.NonNull || def.Kind != ast.InputObject && !field.Type.NonNull
	})
}

func badMutations(schema *ast.Schema) (broken []string) {
	verbs := strings.Fields("request sign register revise submit approve reject hide withdraw set check cheer renew clear")
	for _, field := range schema.Mutation.Fields {
		verb := regexp.MustCompile(`^[a-z]+`).FindString(field.Name)
		payload := strings.ToUpper(field.Name[:1]) + field.Name[1:] + "Payload"
		def := schema.Types[payload]
		switch {
		case !slices.Contains(verbs, verb):
			broken = append(broken, field.Name+" does not begin with a known verb")
		case field.Type.String() != payload+"!":
			broken = append(broken, field.Name+" gives "+field.Type.String())
		case field.Arguments.ForName("clientMutationId") == nil:
			broken = append(broken, field.Name+" takes no clientMutationId")
		case def.Fields.ForName("problems") == nil || def.Fields.ForName("problems").Type.String() != "[Problem!]!":
			broken = append(broken, payload+" has no problems")
		}
		if def == nil {
			continue
		}
		for _, part := range def.Fields {
			if part.Name != "problems" && part.Type.NonNull {
				broken = append(broken, payload+"."+part.Name+" cannot be null")
			}
		}
	}
	return broken
}

func badConnections(schema *ast.Schema) (broken []string) {
	for _, def := range own(schema) {
		item, is := strings.CutSuffix(def.Name, "Connection")
		if !is {
			continue
		}
		for name, want := range map[string]string{
			"edges": "[" + item + "Edge!]!", "nodes": "[" + item + "!]!", "pageInfo": "PageInfo!", "totalCount": "Int64",
		} {
			if field := def.Fields.ForName(name); field == nil || field.Type.String() != want {
				broken = append(broken, def.Name+" has no "+name+": "+want)
			}
		}
		if total := def.Fields.ForName("totalCount"); total != nil && total.Directives.ForName("cost") == nil {
			broken = append(broken, def.Name+".totalCount has no price")
		}
		edge := schema.Types[item+"Edge"]
		if edge == nil || edge.Fields.ForName("cursor") == nil || edge.Fields.ForName("node") == nil {
			broken = append(broken, item+"Edge has no cursor and node")
		}
	}
	return broken
}

func badPages(schema *ast.Schema) (broken []string) {
	eachField(schema, func(def *ast.Definition, field *ast.FieldDefinition) {
		first, name := field.Arguments.ForName("first"), def.Name+"."+field.Name
		isConnection := strings.HasSuffix(field.Type.Name(), "Connection")
		switch {
		case first == nil && isConnection:
			broken = append(broken, name+" has no first")
		case first == nil:
		case isConnection && (field.Arguments.ForName("after") == nil || first.DefaultValue == nil || first.DefaultValue.Raw != "20"):
			broken = append(broken, name+" takes other than first: Int = 20 and after")
		case !strings.Contains(first.Description, "1 to 100"):
			broken = append(broken, name+" does not tell the size of its pages")
		}
		for _, backward := range []string{"last", "before", "offset", "limit"} {
			if field.Arguments.ForName(backward) != nil {
				broken = append(broken, name+" takes "+backward)
			}
		}
	})
	return broken
}

// loneIDs finds fields that give an id instead of the object. An activity may: the event can be gone.
func loneIDs(schema *ast.Schema) []string {
	return fieldsThat(schema, func(def *ast.Definition, field *ast.FieldDefinition) bool {
		return def.Kind != ast.InputObject && strings.HasSuffix(field.Name, "Id") && def.Name+"."+field.Name != "Activity.eventId"
	})
}

func badInputs(schema *ast.Schema) (broken []string) {
	for _, def := range own(schema) {
		named := strings.HasSuffix(def.Name, "Input") || strings.HasSuffix(def.Name, "Filter")
		if (def.Kind == ast.InputObject) != named {
			broken = append(broken, def.Name)
		}
	}
	return broken
}

func unpriced(schema *ast.Schema) []string {
	return fieldsThat(schema, func(def *ast.Definition, field *ast.FieldDefinition) bool {
		return isRoot(def) && field.Directives.ForName("cost") == nil
	})
}

func badDeprecations(schema *ast.Schema) []string {
	told := regexp.MustCompile(`(?i)use .+ \d{4}-\d{2}-\d{2}`)
	return fieldsThat(schema, func(_ *ast.Definition, field *ast.FieldDefinition) bool {
		deprecated := field.Directives.ForName("deprecated")
		return deprecated != nil && !told.MatchString(deprecated.Arguments.ForName("reason").Value.Raw)
	})
}

func oneOfs(schema *ast.Schema) (broken []string) {
	for _, def := range own(schema) {
		if def.Directives.ForName("oneOf") != nil {
			broken = append(broken, def.Name)
		}
	}
	return broken
}

// Subscriptions that are shared among viewers are those whose answer depends on nobody; anything
// below `viewer` does.
func TestNoSharedSubscriptionReachesTheViewer(t *testing.T) {
	t.Parallel()
	schema := loadSchema(t)
	for _, field := range schema.Subscription.Fields {
		if field.Directives.ForName("shared") == nil {
			continue
		}
		if text := everything(schema, field.Type.Name()); strings.Contains(text, "viewer") || strings.Contains(text, "reviewReason") {
			t.Errorf("%s reaches %s", field.Name, text)
		}
	}
}

// Fields that read who is asking say so, and then no operation that asks for them is shared.
func TestPersonalFieldsAreMarked(t *testing.T) {
	t.Parallel()
	schema := loadSchema(t)
	for name, of := range map[string][]string{"Query": {"viewer", "rateLimit"}, "Event": {"reviewReason"}} {
		for _, field := range of {
			if schema.Types[name].Fields.ForName(field).Directives.ForName("personal") == nil {
				t.Errorf("%s.%s is not marked as personal", name, field)
			}
		}
	}
}
