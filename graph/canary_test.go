package graph_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/graph/exec"
)

// everything writes a selection of all fields of a type, each type once on the way down.
func everything(schema *ast.Schema, name string, path ...string) string {
	if slices.Contains(path, name) || len(path) > 6 {
		return ""
	}
	return "{ " + strings.Join(fieldByField(schema, name, path...), "") + "}"
}

// fieldByField is everything with each field of the type apart, for one that is too large to be asked
// for at once.
func fieldByField(schema *ast.Schema, name string, path ...string) (fields []string) {
	path = append(slices.Clone(path), name)
	for _, field := range schema.Types[name].Fields {
		if strings.HasPrefix(field.Name, "__") || slices.ContainsFunc(field.Arguments, isNeeded) {
			continue
		}
		inner := ""
		if kind := schema.Types[field.Type.Name()]; kind.IsCompositeType() {
			if inner = everything(schema, kind.Name, path...); inner == "" {
				continue
			}
		}
		fields = append(fields, fmt.Sprintf("%s %s ", field.Name, inner))
	}
	return fields
}

func inBraces(fields []string) []string {
	for i := range fields {
		fields[i] = "{ " + fields[i] + "}"
	}
	return fields
}

func isNeeded(a *ast.ArgumentDefinition) bool { return a.Type.NonNull && a.DefaultValue == nil }

// secrets are what must not be found in any answer to the public, and where each was put.
type secrets map[string]string

// hide fills the house with events of every precision and state, full of what is nobody's business.
func (s secrets) hide(h *house) (ids, names []string) {
	ctx, system := context.Background(), events.Actor{System: true}
	email := "canary-email@example.org"
	owner := h.signedIn(email)
	s[email], s[owner.actor.AccountID.String()], s[owner.cookie[4:]] = "e-mail", "account", "session"
	for i, precision := range []events.Precision{
		events.ExactPrecision, events.AreaPrecision, events.CityPrecision, events.CountryPrecision, events.HiddenPrecision,
	} {
		for state := range 3 {
			n := i*3 + state
			latitude, longitude := 27.61234+float64(n)/1000, 85.41234+float64(n)/1000
			e := owner.registered(fmt.Sprintf("Wall %d", n), func(r *events.Registration) {
				r.Place.Precision, r.Place.Latitude, r.Place.Longitude = precision, &latitude, &longitude
				r.Place.Address, r.Permission = fmt.Sprintf("CANARY-address-%d", n), fmt.Sprintf("CANARY-permission-%d", n)
				if precision == events.CountryPrecision || precision == events.HiddenPrecision {
					r.Place.Locality = fmt.Sprintf("CANARY-town-%d", n)
				}
				if state == 1 {
					r.Title = fmt.Sprintf("CANARY-unlisted-%d", n)
				}
			})
			s[e.LinkKey] = "link key of " + e.Title
			if precision != events.ExactPrecision || state == 1 {
				s[fmt.Sprintf("%.4f", latitude)], s[fmt.Sprintf("%.4f", longitude)] = "latitude of "+e.Title, "longitude of "+e.Title
			}
			switch state {
			case 1:
				h.done(h.service.Reject(ctx, system, "", e.ID, "CANARY-reason for refusing it"))
			case 2: // has a reason from before, and a past under another place
				h.done(h.service.RequestChanges(ctx, system, "", e.ID, "CANARY-question about it"))
				fallthrough
			default:
				h.done(h.service.Approve(ctx, system, "", e.ID))
			}
			ids, names = append(ids, e.ID.String(), e.HostID.String()), append(names, e.Slug)
		}
	}
	s["CANARY"] = "a canary"
	h.sequence()
	return ids, names
}

func (s secrets) lookIn(t *testing.T, where string, text []byte) {
	t.Helper()
	for secret, what := range s {
		if strings.Contains(string(text), secret) {
			t.Errorf("%s shows the %s (%s):\n%.2000s", where, what, secret, text)
		}
	}
}

func TestNothingPrivateIsReachable(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := secrets{}
	ids, names := s.hide(h)
	other := h.signedIn("other-host@example.org")
	other.registered("Another host's wall")

	schema := exec.NewExecutableSchema(exec.Config{}).Schema()
	arguments := map[string][]string{"node": nil, "event": nil, "eventBySlug": nil}
	for _, id := range append(ids, h.edition.ID.String()) {
		arguments["node"] = append(arguments["node"], fmt.Sprintf("(id: %q)", id))
		arguments["event"] = append(arguments["event"], fmt.Sprintf("(id: %q)", id))
	}
	arguments["replay"] = []string{`(at: "2099-01-01T00:00:00Z")`}
	for _, name := range names {
		arguments["eventBySlug"] = append(arguments["eventBySlug"], fmt.Sprintf("(slug: %q)", name))
	}
	bytes := 0
	for _, field := range schema.Query.Fields {
		if strings.HasPrefix(field.Name, "__") {
			continue
		}
		given, listed := arguments[field.Name]
		if !listed {
			given = []string{""}
		}
		if field.Name == "places" {
			given = []string{`(text: "CANARY")`, `(text: "Lalitpur")`}
		} else if field.Arguments.ForName("first") != nil {
			given = []string{"(first: 50)"}
		}
		for _, argument := range given {
			inner := []string{everything(schema, field.Type.Name())}
			switch field.Name {
			case "node":
				name := map[string]string{"evt": "Event", "hst": "Host", "edn": "Edition"}[argument[6:9]]
				inner[0] = "{ ... on " + name + " " + everything(schema, name) + " }"
			case "viewer":
				inner = inBraces(fieldByField(schema, "Viewer"))
			}
			for _, v := range []*visitor{h.anonymous(), other} {
				if field.Name == "viewer" && v == other {
					continue // their own
				}
				for _, selection := range inner {
					answer := v.must("{ " + field.Name + argument + " " + selection + " }")
					s.lookIn(t, v.name+" asking "+field.Name+argument, answer.body)
					bytes += len(answer.body)
				}
			}
		}
	}
	// The walk would see a secret if it were shown: its host sees what nobody else does.
	mine := h.signedIn("canary-email@example.org").must(`query ($id: ID!) { viewer { whereabouts(eventId: $id) { address } } }`, "id", ids[0])
	if mine.get(t, "viewer.whereabouts.address") != "CANARY-address-0" {
		t.Errorf("the host sees %s", mine.Data)
	}
	if bytes < 100_000 {
		t.Errorf("only %d bytes were looked at", bytes)
	}
	s.lookIn(t, "the log", []byte(h.log.String()))
}

// The filters are readers, too: what they find must follow from what is shown.
func TestFiltersKnowOnlyWhatIsShown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := secrets{}
	s.hide(h)
	for _, filter := range []string{
		`{text: "CANARY"}`, `{text: "address"}`, `{text: "canary-email"}`,
		`{box: {west: 85.4, south: 27.6, east: 85.5, north: 27.7}}`,
		`{near: {latitude: 27.62, longitude: 85.42, withinKm: 5}}`,
	} {
		answer := h.anonymous().must(`{ events(filter: ` + filter + `, first: 100) { nodes { title place { precision } } } }`)
		s.lookIn(t, filter, answer.body)
		for _, precision := range []string{"COUNTRY", "HIDDEN"} {
			if strings.Contains(string(answer.Data), precision) {
				t.Errorf("%s finds an event of precision %s: %s", filter, precision, answer.Data)
			}
		}
	}
}

// So are the areas of frames: however small the area in which somebody looks for a place, what is
// found there follows from what is shown. The numbers are those of the whole day.
func TestAreasKnowOnlyWhatIsShown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := secrets{}
	s.hide(h)
	schema := exec.NewExecutableSchema(exec.Config{}).Schema()
	seen := 0
	for zoom := -1; zoom <= events.MaxAreaZoom; zoom++ {
		areas := []string{""}
		if zoom >= 0 { // those around 27.6 N 85.4 E, where all of them are
			for d := range 9 {
				n := 1 << zoom
				x, y := int(85.4/360*float64(n)+float64(n)/2)+d%3-1, int(0.4199*float64(n))+d/3-1
				if x >= 0 && y >= 0 && x < n && y < n {
					areas = append(areas, fmt.Sprintf(", area: {zoom: %d, x: %d, y: %d}", zoom, x, y))
				}
			}
		}
		for _, area := range areas[min(zoom+1, 1):] {
			_, all := h.anonymous().stream(t.Context(), `subscription { frames(after: "5f3a09c1-0"`+area+`) `+everything(schema, "Frame")+` }`, "")
			frame := within(t, "a frame", all).data
			s.lookIn(t, "frames"+area, []byte(frame))
			if strings.Contains(frame, `"errors"`) {
				t.Errorf("frames%s: %s", area, frame)
			}
			if area != "" && (strings.Contains(frame, `"HIDDEN"`) || strings.Contains(frame, `"COUNTRY"`)) {
				t.Errorf("frames%s find an event that shows no place: %s", area, frame)
			}
			seen += strings.Count(frame, `"card":{`)
			if !strings.Contains(frame, `"world":{"events":10,`) {
				t.Errorf("frames%s have other numbers: %s", area, frame)
			}
		}
	}
	if seen < 10+5*events.MaxAreaZoom { // or it has looked elsewhere
		t.Errorf("only %d events were found", seen)
	}
}

func TestTheReasonIsForTheHostAndStewards(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	owner := h.signedIn("owner@example.org")
	e := owner.registered("Wall of birds", func(r *events.Registration) { r.LinkOnly = true })
	h.done(h.service.Reject(t.Context(), events.Actor{System: true}, "", e.ID, "Which wall is it?"))
	h.done(h.service.Approve(t.Context(), events.Actor{System: true}, "", e.ID))
	h.done(h.service.RequestChanges(t.Context(), events.Actor{System: true}, "", e.ID, "Which wall is it?"))
	const query = `query ($slug: String!) { eventBySlug(slug: $slug) { slug path review reviewReason } }`

	if got := owner.must(query, "slug", e.LinkKey); got.get(t, "eventBySlug.reviewReason") != "Which wall is it?" {
		t.Errorf("its host sees %s", got.Data)
	}
	byLink := h.anonymous().must(query, "slug", e.LinkKey)
	if byLink.get(t, "eventBySlug.review") != "NEEDS_INFO" || byLink.get(t, "eventBySlug.reviewReason") != nil || byLink.get(t, "eventBySlug.slug") != nil {
		t.Errorf("somebody with the link sees %s", byLink.Data)
	}
	if got := h.anonymous().must(query, "slug", e.Slug); got.get(t, "eventBySlug") != nil {
		t.Errorf("by its slug an event that is not listed shows %s", got.Data)
	}
}
