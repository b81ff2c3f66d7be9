package graph_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/graph/exec"
)

// What somebody can get. Whoever may not know of an object gets the same as if it were not there.
const (
	yes      = "yes"
	null     = "null"
	notFound = "NOT_FOUND"
	signIn   = "UNAUTHENTICATED"
	no       = "FORBIDDEN"
)

// roles are who asks, in the order of the columns of rights.
var roles = []string{"anonymous", "other host", "owner", "steward", "organizer"}

// right is one operation and what comes of it for each role.
type right struct {
	ask   string                     // the field with its arguments and selection; $id is the event's
	state func(*house, events.Event) // moves the submitted event to where the operation makes sense
	gets  [5]string
}

const answered = "{ event { id } problems { code message } }"

// rights has a row for every field of Query, Mutation and Viewer. An operation without a row fails the
// test: say who may do it before it exists.
func rights() map[string]right {
	mine := [5]string{signIn, notFound, yes, yes, yes}
	stewards := [5]string{signIn, no, no, yes, yes}
	all := [5]string{yes, yes, yes, yes, yes}
	hidden := [5]string{null, null, yes, yes, yes}
	return map[string]right{
		"Query.node":        {ask: "node(id: $id) { id }", gets: hidden},
		"Query.event":       {ask: "event(id: $id) { id }", gets: hidden},
		"Query.eventBySlug": {ask: `eventBySlug(slug: "$slug") { id }`, gets: hidden},
		"Query.viewer":      {ask: "viewer { email }", gets: [5]string{null, yes, yes, yes, yes}},
		"Query.rateLimit":   {ask: "rateLimit { cost }", gets: all},
		"Query.edition":     {ask: "edition { id }", gets: all},
		"Query.editions":    {ask: "editions { id }", gets: all},
		"Query.wave":        {ask: "wave { at }", gets: all},
		"Query.events":      {ask: "events { nodes { id } }", gets: all},
		"Query.counts":      {ask: "counts { countries }", gets: all},
		"Query.places":      {ask: `places(text: "Nepal") { name }`, gets: all},
		"Query.changes":     {ask: "changes { seq }", gets: all},
		"Query.replay":      {ask: `replay(at: "2026-12-12T12:00:00Z") { at activities { seq } }`, gets: all},

		"Viewer.email":       {ask: "viewer { email }", gets: [5]string{null, yes, yes, yes, yes}},
		"Viewer.roles":       {ask: "viewer { roles }", gets: [5]string{null, yes, yes, yes, yes}},
		"Viewer.host":        {ask: "viewer { host { id } }", gets: [5]string{null, yes, yes, null, null}},
		"Viewer.events":      {ask: "viewer { events { nodes { id } } }", gets: [5]string{null, yes, yes, yes, yes}},
		"Viewer.whereabouts": {ask: "viewer { whereabouts(eventId: $id) { address } }", gets: [5]string{null, null, yes, yes, yes}},
		"Viewer.checkInCodes": {
			ask:  "viewer { checkInCodes(eventId: $id) { rotating { url } printed { url } } }",
			gets: [5]string{null, null, yes, yes, yes},
		},
		"Viewer.checkInProofs": {
			ask:  "viewer { checkInProofs(eventId: $id) { rotating printed } }",
			gets: [5]string{null, null, yes, yes, yes},
		},
		"Viewer.checkInFlags": {ask: "viewer { checkInFlags(eventId: $id) { count } }", gets: [5]string{null, no, no, yes, yes}},
		"Viewer.reviewQueue":  {ask: "viewer { reviewQueue { nodes { id } } }", gets: [5]string{null, no, no, yes, yes}},

		"Mutation.requestSignIn": {ask: `requestSignIn(email: "new@example.org") { problems { code } }`, gets: all},
		"Mutation.signIn": {
			ask:  `signIn(token: "guess") { viewer { email } problems { code } }`,
			gets: [5]string{"LINK_EXPIRED", "LINK_EXPIRED", "LINK_EXPIRED", "LINK_EXPIRED", "LINK_EXPIRED"},
		},
		"Mutation.signOut": {ask: "signOut { problems { code } }", gets: all},
		"Mutation.registerEvent": {
			ask: `registerEvent(registration: {editionId: "$edition", way: OWN_WORK, title: "Another wall",
			host: {displayName: "Somebody"}, place: {latitude: 27.7, longitude: 85.3, country: "NP"}}) ` + answered,
			gets: [5]string{signIn, yes, yes, yes, yes},
		},
		"Mutation.reviseEvent":   {ask: `reviseEvent(eventId: $id, revision: {title: "Wall of cranes"}) ` + answered, gets: mine},
		"Mutation.submitEvent":   {ask: "submitEvent(eventId: $id) " + answered, state: withdrawn, gets: mine},
		"Mutation.withdrawEvent": {ask: "withdrawEvent(eventId: $id) " + answered, gets: mine},
		"Mutation.setEventDay":   {ask: "setEventDay(eventId: $id, day: {state: CONFIRMED}) " + answered, gets: mine},

		"Mutation.renewPrintedCode": {ask: "renewPrintedCode(eventId: $id) " + answered, gets: mine},

		"Mutation.clearCheckInFlag": {
			ask:  "clearCheckInFlag(eventId: $id, kind: MANY_AT_ONE_EVENT) " + answered,
			gets: stewards,
		},
		"Mutation.approveEvent":   {ask: "approveEvent(eventId: $id) " + answered, gets: stewards},
		"Mutation.requestChanges": {ask: `requestChanges(eventId: $id, reason: "Which wall?") ` + answered, gets: stewards},
		"Mutation.rejectEvent":    {ask: `rejectEvent(eventId: $id, reason: "An advertisement.") ` + answered, gets: stewards},
		"Mutation.hideEvent":      {ask: `hideEvent(eventId: $id, reason: "Somebody is in danger.") ` + answered, state: listed, gets: stewards},

		"Mutation.checkIn": { // whether the event of a code exists shows to none who have no genuine one
			ask:  `checkIn(code: "V1.$code", device: "a-device-of-16-or-more") { outcome problems { code } }`,
			gets: [5]string{"INVALID", "INVALID", "INVALID", "INVALID", "INVALID"},
		},
		"Mutation.cheer": {
			ask:  `cheer(eventId: $id, device: "a-device-of-16-or-more") { outcome problems { code } }`,
			gets: [5]string{notFound, notFound, notFound, notFound, notFound},
		},
	}
}

func withdrawn(h *house, e events.Event) {
	h.done(h.service.Withdraw(context.Background(), events.Actor{System: true}, "", e.ID, ""))
}

func listed(h *house, e events.Event) {
	h.done(h.service.Approve(context.Background(), events.Actor{System: true}, "", e.ID))
}

func (h *house) done(_ events.Event, err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	table := rights()
	schema := exec.NewExecutableSchema(exec.Config{}).Schema()
	for _, parent := range []*ast.Definition{schema.Query, schema.Mutation, schema.Types["Viewer"]} {
		for _, field := range parent.Fields {
			name := parent.Name + "." + field.Name
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			row, ok := table[name]
			if !ok {
				t.Errorf("%s has no row: say who may do it", name)
				continue
			}
			delete(table, name)
			for column, role := range roles {
				t.Run(name+"/"+role, func(t *testing.T) {
					t.Parallel()
					checkRight(t, parent.Name == "Mutation", row, column)
				})
			}
		}
	}
	for name := range table {
		t.Errorf("the row of %s is of no operation", name)
	}
}

func checkRight(t *testing.T, mutation bool, row right, column int) {
	h := newHouse(t)
	owner := h.signedIn("owner@example.org")
	e := owner.registered("Wall of birds")
	if row.state != nil {
		row.state(h, e)
	}
	other := h.signedIn("other@example.org")
	other.registered("Another host's wall")
	who := []*visitor{
		h.anonymous(), other, owner,
		h.signedIn("steward@example.org", events.StewardRole), h.signedIn("organizer@example.org", events.OrganizerRole),
	}[column]

	kind := "query"
	if mutation {
		kind = "mutation"
	}
	asked := strings.NewReplacer("$slug", e.Slug, "$edition", h.edition.ID.String(), "$code", strings.TrimPrefix(e.ID.String(), "evt_")+".P0.0000000000000000", "$id", fmt.Sprintf("%q", e.ID)).Replace(row.ask)
	if got := outcome(t, who.ask(kind+" { "+asked+" }")); got != row.gets[column] {
		t.Errorf("%s gets %s, want %s", roles[column], got, row.gets[column])
	}
}

// outcome tells what came: an error's code, a problem's code, null or yes.
func outcome(t *testing.T, answer reply) string {
	if code := answer.code(); code != "" {
		return code
	}
	data := string(answer.Data)
	if _, rest, found := strings.Cut(data, `"code":"`); found {
		code, _, _ := strings.Cut(rest, `"`)
		return code
	}
	if strings.HasSuffix(data, ":null}") || strings.HasSuffix(data, ":null}}") {
		return null
	}
	if answer.status != 200 {
		t.Fatalf("%d %s", answer.status, answer.body)
	}
	return yes
}

func TestTheOwnersEventAnswersLikeNoneToOthers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	e := h.signedIn("owner@example.org").registered("Wall of birds")
	other := h.signedIn("other@example.org")
	other.registered("Another wall")
	const mutation = `mutation ($id: ID!) { withdrawEvent(eventId: $id) { event { id } problems { code message field } } }`
	foreign := other.must(mutation, "id", e.ID)
	absent := other.must(mutation, "id", h.ids.New(events.EventPrefix))
	if string(foreign.Data) != string(absent.Data) {
		t.Errorf("somebody else's event: %s\nno event:            %s", foreign.Data, absent.Data)
	}
}
