package graph_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
)

// sight is what a test reads of a frame.
type sight struct {
	Position, From string
	Counts         *struct {
		AsOfSeq int64
		IsWhole bool
		World   struct{ Events, Live int64 }
		ByTheme []struct{ Theme string }
	}
	Activities []struct {
		Seq  int64
		Kind string
		Card *struct{ Title string }
	}
	Omitted            int64
	Removed, Relocated []string
	SnapshotRequired   bool
}

const frameFields = `{ position from counts { asOfSeq isWhole world { events live } byTheme { theme } }
	activities { seq kind card { title } } omitted removed relocated snapshotRequired }`

// frameIn reads what an event or message says of a frame.
func frameIn(t testing.TB, data string) sight {
	t.Helper()
	var answer struct {
		Data       struct{ Frames sight }
		Errors     []any
		Extensions struct{ Position string }
	}
	if err := json.Unmarshal([]byte(data), &answer); err != nil || len(answer.Errors) > 0 {
		t.Fatalf("%v: %s", err, data)
	}
	if answer.Extensions.Position != answer.Data.Frames.Position {
		t.Errorf("the answer stands at %s: %s", answer.Extensions.Position, data)
	}
	return answer.Data.Frames
}

// seqs are the numbers of a frame's activities.
func (f sight) seqs() string {
	var list []string
	for _, a := range f.Activities {
		list = append(list, fmt.Sprint(a.Seq))
	}
	return strings.Join(list, " ")
}

// The first frame comes at once with all numbers; then one comes after each pause, if something has
// happened, and however much that was.
func TestFramesComeAtMostOnceAPause(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org")
	ana.listed("Wall 1")
	_, all := h.anonymous().stream(t.Context(), `subscription { frames `+frameFields+` }`, "")
	first := frameIn(t, within(t, "the first frame", all).data)
	if first.Counts == nil || !first.Counts.IsWhole || first.Counts.World.Events != 1 || len(first.Activities) > 0 || first.Position != "5f3a09c1-1" {
		t.Errorf("at first %+v", first)
	}
	ana.listed("Wall 2")
	second := frameIn(t, within(t, "a frame after quiet", all).data)
	if second.From != first.Position || second.seqs() != "2" || second.Counts.World.Events != 2 || second.Counts.IsWhole {
		t.Errorf("then %+v", second)
	}
	for i := range 30 {
		ana.listed(fmt.Sprintf("Another wall %d", i))
	}
	select {
	case e := <-all:
		t.Errorf("before the pause was over: %+v", e)
	case h.pauses <- time.Time{}:
	}
	last, told := second, int64(2)
	for told < 32 {
		var next sight
		select {
		case e := <-all:
			next = frameIn(t, e.data)
		case h.pauses <- time.Time{}:
			continue
		}
		told += int64(len(next.Activities)) + next.Omitted
		if next.From != last.Position || next.Position != fmt.Sprintf("5f3a09c1-%d", told) || next.Counts.World.Events != told {
			t.Errorf("after %s came %+v", last.Position, next)
		}
		last = next
	}
}

// framesUpTo reads frames up to a position, lets the pace go on meanwhile, and gives them.
func (h *house) framesUpTo(all <-chan event, position string) (list []sight) {
	h.t.Helper()
	patience := time.After(10 * time.Second)
	for {
		select {
		case e, ok := <-all:
			if !ok {
				h.t.Fatal("the stream has ended")
			}
			list = append(list, frameIn(h.t, e.data))
			if list[len(list)-1].Position == position {
				return list
			}
		case h.pauses <- time.Time{}:
		case <-patience:
			h.t.Fatalf("%s was never reached: %+v", position, list)
		}
	}
}

func (h *house) head() string {
	h.t.Helper()
	at, err := h.store.Head(h.t.Context(), h.edition.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return at.String()
}

// However many look at the same, each frame is made once for all of them, whether they came with a
// position or without.
func TestManyViewersCostOneFrame(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org")
	ana.listed("Wall 1")
	var all []<-chan event
	for i := range 30 {
		after, greeted := ` `, i%3 == 0
		if !greeted {
			after = `(after: "` + h.head() + `") `
		}
		_, stream := h.anonymous().stream(t.Context(), `subscription { frames`+after+frameFields+` }`, "")
		if greeted {
			if f := frameIn(t, within(t, "the first frame", stream).data); f.Counts == nil || !f.Counts.IsWhole {
				t.Errorf("viewer %d is first told %+v", i, f)
			}
		}
		all = append(all, stream)
	}
	for round := 0; ; round++ {
		before := h.feed.begun()
		ana.listed(fmt.Sprint("Wall of round ", round))
		at := h.head()
		for _, stream := range all {
			for _, f := range h.framesUpTo(stream, at) {
				if len(f.Activities) != 1 || f.Omitted != 0 {
					t.Fatalf("a viewer is told %+v", f)
				}
			}
		}
		made := h.feed.begun() - before
		if made == 1 {
			return
		}
		if round == 20 { // who came last had all the time to join the others
			t.Fatalf("%d viewers cost %d frames", len(all), made)
		}
	}
}

// Who comes late is given what the others had, but nothing that was taken back meanwhile.
func TestARememberedFrameDoesNotShowWhatIsTakenBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org")
	from := h.head()
	ask := `subscription { frames(after: "` + from + `") ` + frameFields + ` }`
	_, first := h.anonymous().stream(t.Context(), `subscription { frames `+frameFields+` }`, "")
	within(t, "the first frame", first)
	e := ana.listed("A wall in danger")
	at := h.head()
	h.framesUpTo(first, at)

	before := h.feed.begun()
	_, second := h.anonymous().stream(t.Context(), ask, "")
	if f := h.framesUpTo(second, at); len(f) != 1 || f[0].Activities[0].Card == nil || h.feed.begun() != before {
		t.Errorf("who comes second is not given what is remembered: %+v", f)
	}
	h.done(h.service.Withdraw(t.Context(), ana.actor, "", e.ID, ""))
	h.sequence()
	gone := h.head()
	told := h.framesUpTo(first, gone)
	if last := told[len(told)-1]; fmt.Sprint(last.Removed) != fmt.Sprint([]string{e.ID.String()}) || last.Counts.World.Events != 0 {
		t.Errorf("who is there is told %+v", last)
	}
	_, third := h.anonymous().stream(t.Context(), ask, "")
	late := h.framesUpTo(third, gone)
	if len(late) != 1 || late[0].From != from || fmt.Sprint(late[0].Removed) != fmt.Sprint([]string{e.ID.String()}) {
		t.Errorf("who comes late is told %+v", late)
	}
	for _, a := range late[0].Activities {
		if a.Card != nil {
			t.Errorf("who comes late is shown %+v", a.Card)
		}
	}
}

func TestFramesGoOnFromASnapshot(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org")
	ana.listed("Wall 1")
	for _, after := range []string{"00000001-5", "5f3a09c1-99"} {
		_, all := h.anonymous().stream(t.Context(), `subscription { frames `+frameFields+` }`, after)
		at := h.head()
		if f := frameIn(t, within(t, "a frame", all).data); !f.SnapshotRequired || f.Position != at || !f.Counts.IsWhole {
			t.Errorf("after %s came %+v", after, f)
		}
		ana.listed("Another wall")
		if f := h.framesUpTo(all, h.head()); f[0].SnapshotRequired || f[0].From != at {
			t.Errorf("after %s and the snapshot came %+v", after, f)
		}
	}
}

func TestWrongFrames(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, arguments := range []string{
		`area: {zoom: 9, x: 0, y: 0}`, `area: {zoom: -1, x: 0, y: 0}`, `area: {zoom: 2, x: 4, y: 0}`, `area: {zoom: 2, x: 0, y: -1}`,
		`after: "nonsense"`, `editionId: "edn_00000000000000000000000000"`,
	} {
		_, all := h.anonymous().stream(t.Context(), `subscription { frames(`+arguments+`) { position } }`, "")
		if e := within(t, "the refusal", all); !strings.Contains(e.data, "BAD_REQUEST") {
			t.Errorf("%s: %+v", arguments, e)
		}
	}
}

// Whoever stands between two cuts, as a page does that was made in between, is given what it has not
// had and no more.
func TestNobodyIsGivenAFrameThatBeginsBeforeTheirPosition(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ana := h.signedIn("ana@example.org")
	_, first := h.anonymous().stream(t.Context(), `subscription { frames `+frameFields+` }`, "")
	within(t, "the first frame", first)
	ana.listed("Wall 1")
	h.framesUpTo(first, "5f3a09c1-1")
	for i := range 3 { // within one pause
		e := ana.registered(fmt.Sprint("Wall ", i))
		h.done(h.service.Approve(t.Context(), events.Actor{System: true}, "", e.ID))
	}
	h.sequence()
	h.framesUpTo(first, "5f3a09c1-4")
	for seq, want := range map[int]string{1: "2 3 4", 2: "3 4", 3: "4"} {
		from := fmt.Sprintf("5f3a09c1-%d", seq)
		_, all := h.anonymous().stream(t.Context(), `subscription { frames(after: "`+from+`") `+frameFields+` }`, "")
		if f := frameIn(t, within(t, "a frame", all).data); f.From != from || f.seqs() != want || f.Position != "5f3a09c1-4" {
			t.Errorf("after %s came %+v", from, f)
		}
	}
}
