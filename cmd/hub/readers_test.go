package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/microgalleries/actionday/graph/exec"
)

// readers is everything that anybody can read from a hub, by the name of the door.
type readers map[string]string

// everything writes a selection of all fields of a type that need no argument, each type once on the
// way down.
func everything(schema *ast.Schema, name string, way ...string) string {
	if slices.Contains(way, name) {
		return ""
	}
	way = append(slices.Clone(way), name)
	var b strings.Builder
	for _, field := range schema.Types[name].Fields {
		needs := func(a *ast.ArgumentDefinition) bool { return a.Type.NonNull && a.DefaultValue == nil }
		if strings.HasPrefix(field.Name, "__") || slices.ContainsFunc(field.Arguments, needs) {
			continue
		}
		inner := ""
		if kind := schema.Types[field.Type.Name()]; kind.IsCompositeType() {
			if inner = everything(schema, kind.Name, way...); inner == "" {
				continue
			}
		}
		b.WriteString(field.Name + " " + inner + " ")
	}
	return "{ " + b.String() + "}"
}

func hubSchema() *ast.Schema { return exec.NewExecutableSchema(exec.Config{}).Schema() }

// walk reads everything that a person can ask of a hub about an edition and its events.
func (p *person) walk(pr *pair, all []*spot) readers {
	p.t.Helper()
	found := readers{}
	p.walkQueries(pr, found)
	for _, at := range all {
		p.walkEvent(at, found)
	}
	for _, page := range []string{"/", "/?projection=mercator", "/?q=wall", "/?country=IR", "/?phase=LIVE", "/sitemap.xml", "/robots.txt", "/about/data", "/host", "/steward", "/sign-in", "/dev/mailbox"} {
		found[page] = p.get(page).String()
	}
	p.walkTiles(pr, all, found)
	p.walkReplay(pr, all)
	p.walkErrors(all, found)
	return found
}

// walkQueries asks every root field for everything.
func (p *person) walkQueries(pr *pair, found readers) {
	p.t.Helper()
	schema := hubSchema()
	for _, field := range schema.Query.Fields {
		if strings.HasPrefix(field.Name, "__") || slices.Contains([]string{"node", "event", "eventBySlug"}, field.Name) {
			continue
		}
		arguments := []string{""}
		switch field.Name {
		case "viewer":
			continue // one's own
		case "events":
			arguments = eventArguments()
		case "changes":
			arguments = []string{`(first: 100, since: "` + pr.start() + `")`}
		case "places":
			arguments = []string{`(text: "CANARY")`, `(text: "canarytown")`, `(text: "Lalitpur")`}
		case "replay":
			arguments = []string{`(at: "2099-01-01T00:00:00Z")`}
		}
		for _, argument := range arguments {
			query := "{ " + field.Name + argument + " " + everything(schema, field.Type.Name()) + " }"
			found[field.Name+argument] = withCursors(p.must(query).String())
		}
	}
}

// eventArguments are every order and every filter.
func eventArguments() []string {
	all := []string{
		`(first: 20)`, `(first: 2)`, `(first: 100, orderBy: LISTED_AT)`, `(first: 100, orderBy: UPDATED_AT)`,
		`(first: 20, filter: {phases: [LIVE]})`, `(first: 100, filter: {ways: [OWN_WORK]})`, `(first: 100, filter: {themes: ["emergent-futures"]})`,
		`(first: 20, filter: {updatedSince: "2020-01-01T00:00:00Z"})`,
		`(first: 20, filter: {box: {west: -180, south: -90, east: 180, north: 90}})`,
	}
	for _, country := range []string{"NP", "KE", "BR", "IR", "PS"} {
		all = append(all, `(first: 20, filter: {countries: ["`+country+`"]})`)
	}
	for _, text := range []string{"wall", "CANARY", "canarytown", "address", "permission", "host@example.org", "example"} {
		all = append(all, `(first: 20, filter: {text: "`+text+`"})`)
	}
	for _, at := range spots() {
		all = append(all, fmt.Sprintf(`(first: 20, orderBy: DISTANCE, filter: {near: {latitude: %v, longitude: %v, withinKm: 20100}})`,
			at.latitude+nearMiss*3, at.longitude+nearMiss*3))
	}
	return all
}

// walkEvent opens one event by each of its names.
func (p *person) walkEvent(at *spot, found readers) {
	p.t.Helper()
	inner := everything(hubSchema(), "Event")
	found["event "+at.title] = p.must(`query ($id: ID!) { event(id: $id) `+inner+` }`, "id", at.id).String()
	found["node "+at.title] = p.must(`query ($id: ID!) { node(id: $id) { id ... on Event `+inner+` } }`, "id", at.id).String()
	found["slug "+at.title] = p.must(`query ($slug: String!) { eventBySlug(slug: $slug) `+inner+` }`, "slug", at.slug).String()
	page := p.get("/e/" + at.slug)
	if found["page "+at.title] = page.String(); page.status == http.StatusNotFound { // its links say what was asked for
		found["page "+at.title] = strings.ReplaceAll(page.String(), at.slug, "")
	}
	found["own page "+at.title] = p.get("/host/events/" + at.id).String()
}

const deepest = 14 // the zoom to which tiles are walked

// walkTiles gets the tiles of every zoom above where each event is and where it is shown. Where
// features are is told apart from the text, in the key.
func (p *person) walkTiles(pr *pair, all []*spot, found readers) {
	p.t.Helper()
	for _, at := range all {
		points := []place{{at.latitude, at.longitude}}
		if at.place != nil {
			points = append(points, *at.place)
		}
		for zoom := range maptile.Zoom(deepest + 1) {
			for _, point := range points {
				for _, feature := range p.tile(pr.edition, zoom, point.latitude, point.longitude) {
					p.checkFeature(feature.Point(), zoom, all)
					text, err := json.Marshal(feature.Properties)
					if err != nil {
						p.t.Fatal(err)
					}
					found[fmt.Sprintf("tile %d above %s", zoom, at.title)] += string(text)
				}
			}
		}
	}
}

// checkFeature: nothing on the map is where an event truly is, but for exact places. From zoom 10 on
// a tile's units are finer than what is looked for.
func (p *person) checkFeature(point orb.Point, zoom maptile.Zoom, all []*spot) {
	p.t.Helper()
	for _, at := range all {
		if km := at.km(point.Lat(), point.Lon()); at.precision != "EXACT" && zoom >= 10 && km < 0.05 {
			p.t.Errorf("zoom %d shows %s where it is, %.0f m off", zoom, at.title, km*1000)
		}
	}
}

// walkErrors collects what the hub says when it refuses.
func (p *person) walkErrors(all []*spot, found readers) {
	p.t.Helper()
	for _, at := range all {
		for _, query := range []string{
			`mutation ($id: ID!) { reviseEvent(eventId: $id, revision: {title: "Mine now"}) ` + answered + ` }`,
			`mutation ($id: ID!) { setEventDay(eventId: $id, day: {state: DONE}) ` + answered + ` }`,
			`mutation ($id: ID!) { submitEvent(eventId: $id) ` + answered + ` }`,
			`mutation ($id: ID!) { approveEvent(eventId: $id) ` + answered + ` }`,
			`mutation ($id: ID!) { cheer(eventId: $id, device: "short") { outcome problems { code message } } }`,
			`mutation ($id: String!) { checkIn(code: $id, device: "short") { outcome problems { code message } } }`,
			`mutation ($id: ID!) { renewPrintedCode(eventId: $id) ` + answered + ` }`,
			`query ($id: ID!) { viewer { checkInCodes(eventId: $id) { printed { code } } checkInProofs(eventId: $id) { printed } } }`,
			`query ($id: ID!) { viewer { checkInFlags(eventId: $id) { count event { id } } } }`,
			`query ($id: ID!) { viewer { whereabouts(eventId: $id) { address latitude longitude } reviewQueue { nodes { id } } } }`,
			`query ($id: ID!) { event(id: $id) { whereabouts { address } linkKey } }`,
			`query ($id: ID!) { events(after: $id) { nodes { id } } }`,
			`query ($id: String!) { changes(since: $id) { seq } }`,
		} {
			found[query+" "+at.title] = p.ask(query, "id", at.id).String()
		}
	}
}

// withCursors adds what the cursors of an answer hold.
func withCursors(text string) string {
	for _, found := range regexp.MustCompile(`[Cc]ursor":"([^"]+)"`).FindAllStringSubmatch(text, -1) {
		for _, encoding := range []*base64.Encoding{base64.RawURLEncoding, base64.URLEncoding, base64.StdEncoding} {
			if raw, err := encoding.DecodeString(found[1]); err == nil {
				text += "\n" + string(raw)
			}
		}
	}
	return text
}

// eavesdropper hears everything that goes over NATS.
type eavesdropper struct {
	mu    sync.Mutex
	heard strings.Builder
}

func (pr *pair) eavesdrop() *eavesdropper {
	pr.t.Helper()
	conn, err := nats.Connect(pr.common.NATSURL)
	if err != nil {
		pr.t.Fatal(err)
	}
	pr.t.Cleanup(conn.Close)
	e := &eavesdropper{}
	if _, err := conn.Subscribe(">", func(m *nats.Msg) {
		e.mu.Lock()
		defer e.mu.Unlock()
		fmt.Fprintln(&e.heard, m.Subject, m.Header, string(m.Data))
	}); err != nil {
		pr.t.Fatal(err)
	}
	if err := conn.FlushTimeout(patience); err != nil {
		pr.t.Fatal(err)
	}
	return e
}

func (e *eavesdropper) String() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.heard.String()
}

// redisContents is every key with its value.
func redisContents(t *testing.T, r *redisServer) string {
	t.Helper()
	ctx, client := t.Context(), r.client()
	var b strings.Builder
	keys := client.Scan(ctx, 0, "*", 1000).Iterator()
	for keys.Next(ctx) {
		key := keys.Val()
		kind := client.Type(ctx, key).Val()
		var value any
		switch kind {
		case "string":
			value = client.Get(ctx, key).Val()
		case "hash":
			value = client.HGetAll(ctx, key).Val()
		case "list":
			value = client.LRange(ctx, key, 0, -1).Val()
		case "set":
			value = client.SMembers(ctx, key).Val()
		case "zset":
			value = client.ZRangeWithScores(ctx, key, 0, -1).Val()
		case "none": // it has expired since it was listed
			continue
		default:
			t.Errorf("the key %s is of an unknown kind %s", key, kind)
		}
		fmt.Fprintln(&b, key, kind, value)
	}
	if err := keys.Err(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
