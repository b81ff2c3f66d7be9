package main

import (
	"fmt"
	"strings"
	"testing"
)

const (
	someEdition = "edn_1"
	someEvent   = "evt_1"
)

// acquitted is a record and a truth that agree.
func acquitted() (*record, truth, []view) {
	r := newRecord()
	t := truth{
		present: map[presence]int{}, events: map[string][]storedEvent{}, listed: map[string]int{someEvent: 1},
		declared: map[declaration]int{{someEvent, 1}: 1, {someEvent, 2}: 1}, loggedSum: map[string]int64{someEvent: 10},
		log: map[int64]string{},
	}
	for n := range 10 {
		who := presence{someEvent, "CHEER", fmt.Sprint("device ", n)}
		r.ack("cheer", func() { r.counted[who] = true })
		t.present[who] = 1
	}
	r.ack("register", func() { r.events["Wall"], r.versions[someEvent] = someEvent, 3 })
	t.events["Wall"] = []storedEvent{{someEvent, 3}}
	r.ack("approve", func() { r.listings[someEvent]++ })
	r.ack("day", func() { r.people[someEvent] = []int64{1, 2} })
	for seq := int64(1); seq <= 5; seq++ {
		t.log[seq] = fmt.Sprint("act_", seq)
		r.show(someEdition, seq, t.log[seq])
	}
	return r, t, []view{{name: "viewer", last: 5, seen: 5}}
}

func TestTheJudgeAcquits(t *testing.T) {
	t.Parallel()
	r, truth, views := acquitted()
	if v := judge(r, truth, views, someEdition); !v.good() {
		t.Errorf("%+v", v)
	}
}

// Whatever can go wrong, the judge says so, and names it rightly.
func TestTheJudgeFinds(t *testing.T) {
	t.Parallel()
	device := presence{someEvent, "CHEER", "device 3"}
	for name, crime := range map[string]struct {
		commit func(*record, *truth, []view)
		want   string // lost doubled gaps repeats vanished off
	}{
		"a lost cheer":                      {func(_ *record, t *truth, _ []view) { delete(t.present, device); t.loggedSum[someEvent]-- }, "1 0 0 0 0 0"},
		"a cheer that the log lost":         {func(_ *record, t *truth, _ []view) { t.loggedSum[someEvent]-- }, "1 0 0 0 0 0"},
		"a doubled cheer":                   {func(_ *record, t *truth, _ []view) { t.present[device]++; t.loggedSum[someEvent]++ }, "0 1 0 0 0 0"},
		"a cheer that is double in the log": {func(_ *record, t *truth, _ []view) { t.loggedSum[someEvent]++ }, "0 1 0 0 0 0"},
		"a cheer of nobody": {func(_ *record, t *truth, _ []view) {
			t.present[presence{someEvent, "CHEER", "ghost"}]++
			t.loggedSum[someEvent]++
		}, "0 1 0 0 0 0"},
		"a lost registration":             {func(_ *record, t *truth, _ []view) { delete(t.events, "Wall") }, "1 0 0 0 0 0"},
		"a registration under another id": {func(_ *record, t *truth, _ []view) { t.events["Wall"][0].id = "evt_2" }, "1 0 0 0 0 0"},
		"a doubled registration": {func(_ *record, t *truth, _ []view) {
			t.events["Wall"] = append(t.events["Wall"], storedEvent{"evt_2", 1})
		}, "0 1 0 0 0 0"},
		"a change that was undone":           {func(_ *record, t *truth, _ []view) { t.events["Wall"][0].version = 2 }, "1 0 0 0 0 0"},
		"a lost listing":                     {func(_ *record, t *truth, _ []view) { t.listed[someEvent] = 0 }, "1 0 0 0 0 0"},
		"a doubled listing":                  {func(_ *record, t *truth, _ []view) { t.listed[someEvent] = 2 }, "0 1 0 0 0 0"},
		"a lost head count":                  {func(_ *record, t *truth, _ []view) { delete(t.declared, declaration{someEvent, 1}) }, "1 0 0 0 0 0"},
		"a gap":                              {func(_ *record, _ *truth, v []view) { v[0].gaps = 1 }, "0 0 1 0 0 0"},
		"a viewer who never came to the end": {func(_ *record, _ *truth, v []view) { v[0].last = 4 }, "0 0 1 0 0 0"},
		"a repeat":                           {func(_ *record, _ *truth, v []view) { v[0].repeats = 1 }, "0 0 0 1 0 0"},
		"something shown that vanished":      {func(_ *record, t *truth, _ []view) { t.log[3] = "act_7" }, "0 0 0 0 1 0"},
		"a counter off by one":               {func(_ *record, t *truth, _ []view) { t.findings = []string{"doctor: world: 10 is not 11"} }, "0 0 0 0 0 1"},
		"two answers at one position":        {func(r *record, _ *truth, _ []view) { r.tell(5, "ten"); r.tell(5, "eleven") }, "0 0 0 0 0 0"},
		"another answer under the same key":  {func(r *record, _ *truth, _ []view) { r.wrong("another answer") }, "0 0 0 0 0 0"},
	} {
		r, truth, views := acquitted()
		crime.commit(r, &truth, views)
		v := judge(r, truth, views, someEdition)
		got := fmt.Sprint(v.lost, v.doubled, v.gaps, v.repeats, v.vanished, v.off)
		if v.good() || got != crime.want {
			t.Errorf("%s: good is %v, counted %s, want %s: %s", name, v.good(), got, crime.want, strings.Join(v.notes, "; "))
		}
	}
}

// A viewer notices by itself what it is shown in the wrong order.
func TestAViewerNotices(t *testing.T) {
	t.Parallel()
	w := &watcher{name: "viewer", edition: someEdition, record: newRecord()}
	answer := func(seq int) []byte {
		return fmt.Appendf(nil, `"payload":{"data":{"activity":{"seq":%d,"position":"00000001-%d","id":"act_%d"}}}}`, seq, seq, seq)
	}
	for _, seq := range []int{1, 2, 3, 3, 5, 6} {
		if err := w.see(answer(seq)); err != nil {
			t.Fatal(err)
		}
	}
	v := w.result()
	if v.gaps != 1 || v.repeats != 1 || v.last != 6 || *w.position.Load() != "00000001-6" {
		t.Errorf("%+v", v)
	}
	if err := w.see([]byte(`{"data":{"activity":{"seq":9,"position":"00000001-9","id":null}}}`)); err == nil {
		t.Error("a viewer was told to start anew and did not mind")
	}
}

func TestTheBar(t *testing.T) {
	t.Parallel()
	kinds := map[string]fault{}
	for _, f := range faults() {
		if _, twice := kinds[f.name]; twice {
			t.Errorf("%s is in the table twice", f.name)
		}
		kinds[f.name] = f
	}
	pass := func(change func(*result)) bool {
		r := &result{verdict: &verdict{}, base: size{100, 100 << 20}, end: size{100, 100 << 20}, failed: map[string]int{}}
		change(r)
		return r.passed(options{})
	}
	if !pass(func(*result) {}) {
		t.Error("nothing is wrong, and it does not pass")
	}
	for name, change := range map[string]func(*result){
		"lost":                  func(r *result) { r.verdict.lost++ },
		"a race":                func(r *result) { r.races = []string{"DATA RACE"} },
		"slow to settle":        func(r *result) { r.settle = settleBar + 1 },
		"a long pause of a hub": func(r *result) { r.faults = []happened{{fault: kinds["hub killed"], pause: second}} },
		"a read without Redis":  func(r *result) { r.failed["redis killed"]++ },
		"leaked goroutines":     func(r *result) { r.end.goroutines *= 2 },
		"leaked memory":         func(r *result) { r.end.heapBytes *= 2 },
		"a hub that never came": func(r *result) { r.troubles = []string{"it does not start"} },
	} {
		if pass(change) {
			t.Errorf("%s passes", name)
		}
	}
	if !pass(func(r *result) {
		r.faults = []happened{{fault: kinds["Postgres crashes"], pause: 3 * second, lasted: 2 * second}}
	}) {
		t.Error("Postgres may pause as long as it is gone and a second more")
	}
	if !pass(func(r *result) { r.failed["hub killed"]++ }) {
		t.Error("a read at a hub that is gone has to fail")
	}
}
