package graph_test

import (
	"strings"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
)

const checkIn = `mutation ($code: String!, $device: String!) {
	checkIn(code: $code, device: $device) { outcome event { title } problems { code field message } } }`

func TestTheHostsCodesCount(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	host := h.signedIn("ana@example.org")
	e := host.listed("Wall of birds")
	h.clock.Set(e.Schedule.StartsAt)
	const codes = `query ($id: ID!) { viewer { checkInCodes(eventId: $id) {
		rotating { code url printed validSince expiresAt } printed { code url printed validSince expiresAt } }
		checkInProofs(eventId: $id) { rotating printed } } }`
	shown := host.must(codes, "id", e.ID)
	rotating := shown.get(t, "viewer.checkInCodes.rotating.code")
	if shown.get(t, "viewer.checkInCodes.rotating.validSince") == nil || shown.get(t, "viewer.checkInCodes.printed.validSince") != nil ||
		shown.get(t, "viewer.checkInCodes.printed.printed") != true || shown.get(t, "viewer.checkInCodes.rotating.printed") != false {
		t.Errorf("codes: %s", shown.Data)
	}
	printed := shown.get(t, "viewer.checkInCodes.printed.code")
	for i, code := range []any{rotating, printed, printed} {
		got := h.anonymous().must(checkIn, "code", code, "device", "a-long-device-token-"+string(rune('a'+i)))
		if got.get(t, "checkIn.outcome") != "FRESH" || got.get(t, "checkIn.event.title") != "Wall of birds" {
			t.Errorf("code %d: %s", i, got.Data)
		}
	}
	split := host.must(codes, "id", e.ID)
	if split.get(t, "viewer.checkInProofs.rotating") != 1.0 || split.get(t, "viewer.checkInProofs.printed") != 2.0 {
		t.Errorf("proofs: %s", split.Data)
	}

	renewed := host.must(`mutation ($id: ID!) { renewPrintedCode(eventId: $id) { event { id } problems { code } } }`, "id", e.ID)
	if renewed.get(t, "renewPrintedCode.event.id") != e.ID.String() {
		t.Errorf("renewed: %s", renewed.Data)
	}
	h.clock.Advance(2 * events.CodeWindow)
	for _, old := range []any{rotating, printed} {
		got := h.anonymous().must(checkIn, "code", old, "device", "another-long-device")
		if text := string(got.Data); !strings.Contains(text, `"code":"CODE_EXPIRED","field":"code"`) {
			t.Errorf("an old code: %s", text)
		}
	}
}

// Whether an event that is not public exists cannot be learned by making codes up.
func TestInventedCodesAllGetOneAnswer(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	host := h.signedIn("ana@example.org")
	waiting, listed := host.registered("Secret wall"), host.listed("Wall of birds")
	h.clock.Set(listed.Schedule.StartsAt)
	first := ""
	for _, event := range []events.ID{waiting.ID, listed.ID, h.ids.New(events.EventPrefix)} {
		code := "V1." + strings.ToUpper(strings.TrimPrefix(event.String(), "evt_")) + ".P0.0123456789ABCDEF"
		got := string(h.anonymous().must(checkIn, "code", code, "device", "a-long-device-token").Data)
		if first == "" {
			first = got
		}
		if got != first || !strings.Contains(got, "INVALID") {
			t.Errorf("%s\nis not %s", got, first)
		}
	}
}

func TestAFullHubSaysWhenToComeBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	e := h.signedIn("ana@example.org").listed("Wall of birds")
	h.clock.Set(e.Schedule.StartsAt)
	h.store.fail("attend", &events.BusyError{RetryAfter: 3})
	got := h.anonymous().ask(checkIn, "code", h.code(e), "device", "a-long-device-token")
	if got.code() != "RATE_LIMITED" || !strings.Contains(string(got.body), `"retryAfter":3`) {
		t.Errorf("%s", got.body)
	}
}

func TestStewardsSeeFlags(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	e := h.signedIn("ana@example.org").listed("Wall of birds")
	at := h.clock.Now()
	flag := events.Flag{EventID: e.ID, Kind: events.ManyFromOneNetwork, FirstAt: at, LastAt: at.Add(time.Minute), Count: 12}
	if err := h.store.RaiseFlags(t.Context(), []events.Flag{flag}); err != nil {
		t.Fatal(err)
	}
	steward := h.signedIn("s@example.org", events.StewardRole)
	const flags = `{ viewer { checkInFlags { kind count firstAt lastAt event { title host { displayName } } } } }`
	if got := string(steward.must(flags).Data); !strings.Contains(got, `"kind":"MANY_FROM_ONE_NETWORK","count":12`) || !strings.Contains(got, "Wall of birds") {
		t.Errorf("flags: %s", got)
	}
	cleared := steward.must(`mutation ($id: ID!) { clearCheckInFlag(eventId: $id, kind: MANY_FROM_ONE_NETWORK) { event { id } problems { code } } }`, "id", e.ID)
	if cleared.get(t, "clearCheckInFlag.event.id") != e.ID.String() {
		t.Errorf("cleared: %s", cleared.Data)
	}
	if got := string(steward.must(flags).Data); got != `{"viewer":{"checkInFlags":[]}}` {
		t.Errorf("afterwards: %s", got)
	}
}
