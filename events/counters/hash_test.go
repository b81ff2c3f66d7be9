package counters

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events"
)

func TestFieldsAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		scope := events.Scope{
			Kind: rapid.SampledFrom([]events.ScopeKind{"world", "country", "way", "theme"}).Draw(t, "kind"),
			Key:  rapid.String().Draw(t, "key"),
		}
		metric := rapid.SampledFrom(events.Metrics()).Draw(t, "metric")
		gotScope, gotMetric, ok := parseField(field(scope, metric))
		if !ok || gotScope != scope || gotMetric != metric {
			t.Fatalf("%+v %s became %+v %s", scope, metric, gotScope, gotMetric)
		}
	})
}

func TestAHashThatIsNotOursIsNoCounts(t *testing.T) {
	t.Parallel()
	good := func() map[string]string {
		return map[string]string{
			"_epoch": "5f3a09c1", "_seq": "7", "_at": "2026-12-12T00:00:00Z",
			"world||events": "3", "world||dreams": "8", "country|NP|events": "0",
		}
	}
	counts, ok := parseCounts(good())
	want := events.Counts{
		AsOfSeq: 7, AsOf: time.Date(2026, 12, 12, 0, 0, 0, 0, time.UTC),
		Tallies: map[events.Scope]events.Tally{{Kind: events.WorldScope}: {Events: 3}},
	}
	if !ok {
		t.Fatal("a good hash is refused")
	}
	same(t, counts, want)
	for name, bad := range map[string]string{
		"_epoch": "nonsense", "_seq": "-1", "_at": "yesterday", "world||events": "many", "nonsense": "1",
	} {
		fields := good()
		fields[name] = bad
		if counts, ok := parseCounts(fields); ok {
			t.Errorf("%s = %s gave %+v", name, bad, counts)
		}
	}
	if !strings.HasPrefix(hashKey(testID(events.EditionPrefix, 1)), "hub:{edn_") {
		t.Error("the key has no hash tag")
	}
}
