package graph_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
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
func frameIn(t *testing.T, data string) sight {
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
