package wire

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const followLog = `subscription ($after: String) { log(after: $after) }`

func after(seq int64) map[string]any { return map[string]any{"after": position(seq)} }

// Whoever asks for the same is told the same, by one execution, over both transports.
func TestManyReadersShareOneExecution(t *testing.T) { everyWay(t, manyReadersShareOneExecution) }

func manyReadersShareOneExecution(t *testing.T, s *stage) {
	var all []*reader
	for i := range 20 {
		who := fmt.Sprint("reader ", i)
		all = append(all, s.socket(who, followLog, after(0)), s.events(who, `subscription { log(after: "`+position(0)+`") }`, ""))
	}
	s.standsIn(40)
	s.write(numbers(1, 50)...)
	for _, r := range all {
		for want := 1; want <= 50; want++ {
			if got := r.must(); got != fmt.Sprint(want) {
				t.Fatalf("got %s, want %d", got, want)
			}
		}
	}
	if shared, own := s.shared.Load(), s.own.Load(); shared != 1 || own != 0 {
		t.Errorf("%d shared executions and %d others", shared, own)
	}
}

// standsIn waits until so many operations are in the audiences.
func (s *stage) standsIn(n int) {
	s.t.Helper()
	eventually(s.t, func() bool {
		members := 0
		for _, sh := range s.shards {
			count := make(chan int)
			sh.post(func() {
				all := 0
				for _, a := range sh.audiences {
					all += len(a.members)
				}
				count <- all
			})
			members += <-count
		}
		return members == n
	})
}

// eventually waits until something has come about.
func eventually(t testing.TB, yes func() bool) {
	t.Helper()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(patience); !yes(); <-look.C {
		if time.Now().After(end) {
			t.Fatal("it never came about")
		}
	}
}

// What depends on its reader is executed for each, and what is shared knows of none.
func TestNobodyGetsWhatIsAnothers(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, who := range []string{"Ana", "Ben", "Ana"} {
		for _, r := range []*reader{s.socket(who, `subscription { mine }`, nil), s.events(who, `subscription { mine }`, "")} {
			if got := r.must(); !strings.HasPrefix(got, who+" ") && got != who {
				t.Errorf("%s got what is %s's", who, got)
			}
			if _, err := r.next(); err != io.EOF {
				t.Errorf("then %v", err)
			}
		}
	}
	if s.shared.Load() != 0 || s.own.Load() != 6 {
		t.Errorf("%d shared executions and %d others, want none and 6", s.shared.Load(), s.own.Load())
	}
}

func TestASharedOperationKnowsNothingOfItsReader(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	keys := map[string][]string{}
	for name, c := range map[string]struct{ query, operation string }{
		"now":           {`subscription { log }`, ""},
		"literal":       {`subscription { log(after: "` + position(3) + `") }`, ""},
		"variable":      {`subscription ($after: String) { log(after: $after) }`, ""},
		"other spaces":  {"subscription($after:String){log(after:$after,)}# from here", ""},
		"other name":    {`subscription ($a: String) { log(after: $a) }`, ""},
		"of all":        {`subscription ($after: String) { log(after: $after, of: "all") }`, ""},
		"alias":         {`subscription ($after: String) { l: log(after: $after) }`, ""},
		"named":         {`subscription Now ($after: String) { log(after: $after) }`, "Now"},
		"twice":         {`subscription ($after: String) { log(after: $after, of: $after) }`, ""},
		"state":         {`subscription { state }`, ""},
		"mine":          {`subscription { mine }`, ""},
		"in a fragment": {`subscription { ...F } fragment F on Subscription { log }`, ""},
		"skipped":       {`subscription ($s: Boolean = false) { log @skip(if: $s) }`, ""},
	} {
		params := paramsOf(c.query, c.operation, map[string]any{"after": position(5), "a": position(6)})
		op, list := s.CreateOperationContext(t.Context(), params)
		if list != nil {
			t.Fatalf("%s: %v", name, list)
		}
		shared, ok := sharingOf(op)
		if !ok {
			keys["not shared"] = append(keys["not shared"], name)
			continue
		}
		bare := shared.bare()
		if bare.Headers != nil || strings.Contains(fmt.Sprint(bare.RawQuery, bare.Variables), position(5)[:8]) != (name == "twice") {
			t.Errorf("%s: shared as %q with %v and %v", name, bare.RawQuery, bare.Variables, bare.Headers)
		}
		keys[shared.key] = append(keys[shared.key], name)
	}
	if len(keys["not shared"]) != 3 {
		t.Errorf("not shared are %v", keys["not shared"])
	}
	together := 0
	for _, names := range keys {
		if len(names) > 1 && names[0] != keys["not shared"][0] {
			together = len(names)
		}
	}
	if together != 5 || len(keys) != 7 {
		t.Errorf("these are shared: %v", keys)
	}
}

// Readers come and go at random, over both transports, and come back to where they were while the
// log grows. Each sees every position once and in order.
func TestWhoComesBackMissesNothing(t *testing.T) { everyWay(t, whoComesBackMissesNothing) }

func whoComesBackMissesNothing(t *testing.T, s *stage) {
	const length, readers, before = 1500, 24, 300
	s.write(numbers(1, before)...)
	var all sync.WaitGroup
	for i := range readers {
		random := rand.New(rand.NewPCG(1, uint64(i)))
		all.Go(func() {
			for at := int64(random.IntN(before)); at < length; {
				at = s.readSome(random, fmt.Sprint(i), at, length)
				if t.Failed() {
					return
				}
			}
		})
	}
	pace := time.NewTicker(time.Millisecond)
	defer pace.Stop()
	for at := before + 1; at <= length; {
		n := min(1+at%7, length+1-at)
		s.write(numbers(at, at+n-1)...)
		at += n
		<-pace.C
	}
	all.Wait()
	t.Logf("%d executions for many and %d for one", s.shared.Load(), s.own.Load())
	if s.own.Load() != 0 {
		t.Errorf("%d executions knew their reader", s.own.Load())
	}
}

// readSome reads for a while from after a position on, and tells how far it came.
func (s *stage) readSome(random *rand.Rand, who string, at, length int64) int64 {
	var r *reader
	if random.IntN(2) == 0 {
		r = s.socket(who, followLog, after(at))
	} else {
		r = s.events(who, `subscription { log }`, position(at))
	}
	defer r.close()
	for range min(int64(random.IntN(400)), length-at) {
		text, err := r.next()
		if err != nil {
			s.t.Errorf("after %d: %v", at, err)
			return at
		}
		if at++; text != strconv.FormatInt(at, 10) {
			s.t.Errorf("%s where %d was to come", text, at)
			return at
		}
	}
	return at
}

func TestAStateIsToldAtOnce(t *testing.T) { everyWay(t, aStateIsToldAtOnce) }

func aStateIsToldAtOnce(t *testing.T, s *stage) {
	s.write("x", "x")
	first := s.socket("a", `subscription { state }`, nil)
	if got := first.must(); got != "2" {
		t.Errorf("the first got %s", got)
	}
	second := s.events("b", `subscription { state }`, "")
	if got := second.must(); got != "2" {
		t.Errorf("the second got %s", got)
	}
	s.write("x")
	if a, b := first.must(), second.must(); a != "3" || b != "3" || s.shared.Load() != 1 {
		t.Errorf("then %s and %s by %d executions", a, b, s.shared.Load())
	}
}

func TestABroadcastEndsForAll(t *testing.T) { everyWay(t, aBroadcastEndsForAll) }

func aBroadcastEndsForAll(t *testing.T, s *stage) {
	all := []*reader{s.socket("a", followLog, nil), s.events("b", followLog, ""), s.socket("c", followLog, after(0))}
	s.standsIn(3)
	s.write("1")
	s.end()
	for _, r := range all {
		if got := r.must(); got != "1" {
			t.Errorf("got %s", got)
		}
		if _, err := r.next(); err != io.EOF {
			t.Errorf("at the end: %v", err)
		}
	}
	s.isIdle()
}

// isIdle waits until no broadcast runs any more.
func (s *stage) isIdle() {
	s.t.Helper()
	eventually(s.t, func() bool {
		s.broadcasts.mu.Lock()
		defer s.broadcasts.mu.Unlock()
		return len(s.broadcasts.byKey) == 0
	})
}

func TestABroadcastEndsWithItsLastReader(t *testing.T) { everyWay(t, aBroadcastEndsWithItsLastReader) }

func aBroadcastEndsWithItsLastReader(t *testing.T, s *stage) {
	s.write(numbers(1, 10)...)
	a, b := s.socket("a", followLog, nil), s.events("b", followLog, position(2))
	if got := b.must(); got != "3" {
		t.Errorf("got %s", got)
	}
	s.standsIn(2)
	a.close()
	s.standsIn(1)
	b.close()
	s.isIdle()
}

func TestAPositionThatIsNotKnown(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.write("1", "2")
	stays := s.socket("stays", followLog, after(1)) // so that there is a broadcast
	if got := stays.must(); got != "2" {
		t.Errorf("got %s", got)
	}
	for name, at := range map[string]string{"another epoch": "00000009-1", "the future": position(9)} {
		for _, r := range []*reader{s.socket("a", followLog, map[string]any{"after": at}), s.events("b", `subscription { log }`, at)} {
			if got := r.must(); got != "lost" {
				t.Errorf("%s: %s", name, got)
			}
			if _, err := r.next(); err != io.EOF {
				t.Errorf("%s: then %v", name, err)
			}
		}
	}
	if got := s.events("c", `subscription { log }`, "nonsense").must(); got != "no position" {
		t.Errorf("nonsense: %s", got)
	}
}

// What was taken back is not given again, though it was sent before.
func TestABroadcastForgets(t *testing.T) {
	t.Parallel()
	b := &broadcast{logged: true, stream: &stream{}, table: &broadcasts{handler: &Handler{}}}
	b.floor.Epoch, b.last.Epoch = stageEpoch, stageEpoch
	add := func(seq int64) {
		p := &prepared{event: make([]byte, 100)}
		p.at.Epoch, p.at.Seq = stageEpoch, seq
		b.remember(p)
	}
	for seq := range int64(10) {
		add(seq + 1)
	}
	at := b.last
	at.Seq = 3
	if missed, known := b.since(at); !known || len(missed) != 7 {
		t.Errorf("%d answers, %t", len(missed), known)
	}
	b.stream.forgets.Store(11)
	add(11)
	if missed, known := b.since(at); known {
		t.Errorf("%d answers are given again", len(missed))
	}
	if missed, known := b.since(b.floor); !known || len(missed) != 1 || b.floor.Seq != 10 {
		t.Errorf("%d answers after %v, %t", len(missed), b.floor, known)
	}
	for seq := int64(12); b.floor.Seq == 10; seq++ {
		add(seq)
	}
	if b.size > memoryOfOne || b.size < memoryOfOne-200 {
		t.Errorf("%d bytes are remembered", b.size)
	}
}

func TestOverTLSAndHTTP2(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]func(*httptest.Server){
		"http/1.1": func(server *httptest.Server) { server.StartTLS() },
		"http/2":   func(server *httptest.Server) { server.EnableHTTP2 = true; server.StartTLS() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, begin)
			all := []*reader{s.events("a", followLog, position(0)), s.socket("b", followLog, after(0))}
			for from := 1; from < 200; from += 10 {
				s.write(numbers(from, from+9)...)
				for _, r := range all {
					for want := from; want < from+10; want++ {
						if got := r.must(); got != fmt.Sprint(want) {
							t.Fatalf("got %s, want %d", got, want)
						}
					}
				}
			}
			s.Close()
			for _, r := range all {
				if _, err := r.next(); err == nil || errors.Is(err, io.EOF) && !errors.Is(err, errBroke) {
					t.Errorf("at the end %v", err)
				}
			}
		})
	}
}
