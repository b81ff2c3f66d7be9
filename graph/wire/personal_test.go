package wire

import (
	"fmt"
	"io"
	"strings"
	"testing"
)

// A field that depends on who asks turns sharing off for the whole operation, wherever it stands.
func TestWhatIsPersonalIsExecutedForEach(t *testing.T) { everyWay(t, whatIsPersonalIsExecutedForEach) }

func whatIsPersonalIsExecutedForEach(t *testing.T, s *stage) {
	const each = 4 // viewers, by each transport
	asked := int32(0)
	for _, query := range []string{
		`subscription { mine }`, // not marked as shared
		`subscription { note { own } }`,
		`subscription { note { text own } }`,
		`subscription { note { text about { text about { own } } } }`,
		`subscription { note { ... on Note { about { own } } } }`,
		`subscription { note { ...A } } fragment A on Note { text about { ...B } } fragment B on Note { own }`,
		`subscription { note { secret: own @skip(if: true) text } }`,
	} {
		var all []*reader
		names := map[*reader]string{}
		for i := range each {
			for _, way := range []func(string) *reader{
				func(who string) *reader { return s.socket(who, query, nil) },
				func(who string) *reader { return s.events(who, query, "") },
			} {
				who := fmt.Sprintf("viewer%d", i)
				r := way(who)
				all, names[r] = append(all, r), who
			}
		}
		for _, r := range all {
			if got := r.must(); strings.Fields(got)[0] != names[r] {
				t.Errorf("%s: %s got what is of %s", query, names[r], got)
			}
			if _, err := r.next(); err != io.EOF {
				t.Errorf("%s: then %v", query, err)
			}
		}
		asked += int32(len(all))
		if shared, own := s.shared.Load(), s.own.Load(); shared != 0 || own != asked {
			t.Errorf("%s: %d shared executions, and %d for one viewer, want %d", query, shared, own, asked)
		}
	}
}

// What stands beside such fields in the schema is shared as long as nobody asks for them, and knows
// of nobody.
func TestWhatIsNotPersonalIsShared(t *testing.T) { everyWay(t, whatIsNotPersonalIsShared) }

func whatIsNotPersonalIsShared(t *testing.T, s *stage) {
	query := `subscription { note { ...A ...A about { ... on Note { __typename text } } } } fragment A on Note { text }`
	for _, r := range []*reader{s.socket("Ana", query, nil), s.events("Ben", query, "")} {
		if got := r.must(); got != nobody {
			t.Errorf("got %s", got)
		}
	}
	if s.own.Load() != 0 {
		t.Errorf("%d executions knew their viewer", s.own.Load())
	}
}
