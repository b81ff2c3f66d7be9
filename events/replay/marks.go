package replay

import (
	"sort"
	"time"

	"github.com/microgalleries/actionday/events"
)

const (
	// firstSpacing is how many activities lie between two marks, and so how many are read at most to
	// tell the numbers at an instant. It doubles whenever there are maxMarks, which is at half a
	// million activities for the first time.
	firstSpacing = 2048
	// maxMarks bounds what the marks of a tape take: 24 kB each where 250 countries take part.
	maxMarks = 256
)

// mark is all numbers at a position of the log.
type mark struct {
	counts events.Counts
	latest time.Time // when the last activity until then happened
}

// mark keeps the numbers as they are now, if it is time for that.
func (t *tape) mark() {
	if t.at.Seq%t.spacing != 0 {
		return
	}
	t.marks = append(t.marks, mark{copied(t.counts), t.latest})
	if len(t.marks) < maxMarks {
		return
	}
	t.spacing *= 2
	kept := make([]mark, 0, maxMarks)
	for _, m := range t.marks {
		if m.counts.AsOfSeq%t.spacing == 0 {
			kept = append(kept, m)
		}
	}
	t.marks = kept
}

// before is the last mark of which nothing happened after an instant; the zero mark is the beginning
// of the log.
func (t *tape) before(at time.Time) mark {
	after := sort.Search(len(t.marks), func(i int) bool { return t.marks[i].latest.After(at) })
	if after == 0 {
		return mark{}
	}
	return t.marks[after-1]
}
