package frames

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/microgalleries/actionday/events"
)

func TestAFrameComesAtOnceAfterQuiet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBook()
		b.write(listed(1, 27))
		h := b.hub(t)
		v := h.watch(t, Wish{Greet: true})
		first := v.must(t)
		if first.Position != b.position(1) || first.From != first.Position || !first.Counts.Whole || first.Counts.World().Events != 1 || len(first.Activities) > 0 {
			t.Errorf("the first frame is %+v", first)
		}
		v.nothing(t, time.Hour)
		b.write(listed(2, 27))
		begin := time.Now()
		f := v.must(t)
		if took := time.Since(begin); took != 0 || f.From != first.Position || f.Position != b.position(2) || len(f.Activities) != 1 || f.Counts.Whole || f.Counts.World().Events != 2 {
			t.Errorf("after %v came %+v", took, f)
		}
		b.write(events.Activity{Kind: events.EditionChanged})
		begin = time.Now()
		if f := v.must(t); time.Since(begin) != pause || f.Counts != nil {
			t.Errorf("after %v came %+v", time.Since(begin), f)
		}
	})
}

// However busy the day is, there are two frames a second, they are as large as any, and what they
// show and what they leave out adds up. All end at the same cuts.
func TestABusyLogComesTwiceASecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBook()
		h := b.hub(t)
		north, south := &events.Area{Zoom: 1, X: 1}, &events.Area{Zoom: 1, X: 1, Y: 1}
		all := []*Viewer{h.watch(t, Wish{}), h.watch(t, Wish{Area: north}), h.watch(t, Wish{Area: south})}
		const aSecond, seconds = 1000, 10
		go func() {
			for i := range aSecond * seconds {
				time.Sleep(time.Second / aSecond)
				latitude := 27.0
				if i%4 == 0 {
					latitude = -27
				}
				b.write(listed(i, latitude))
			}
		}()
		var told [3]int64
		frames, begin := 0, time.Now()
		for all[0].Position().Seq < aSecond*seconds {
			frames++
			var cut events.Position
			for i, v := range all {
				f := v.must(t)
				if cut = f.Position; cut != all[0].Position() {
					t.Fatalf("viewer %d is told up to %s, the first up to %s", i, cut, all[0].Position())
				}
				if len(f.Activities) > events.MaxFrameActivities || f.Counts.World().Events != cut.Seq {
					t.Fatalf("%d activities, %d events at %s", len(f.Activities), f.Counts.World().Events, cut)
				}
				told[i] += int64(len(f.Activities)) + f.Omitted
			}
		}
		if most := int(time.Since(begin)/pause) + 1; frames > most || frames < most-2 {
			t.Errorf("%d frames in %v", frames, time.Since(begin))
		}
		if want := [3]int64{aSecond * seconds, aSecond * seconds * 3 / 4, aSecond * seconds / 4}; told != want {
			t.Errorf("told or counted %v, want %v", told, want)
		}
	})
}

// Whoever goes from hub to hub, at whatever moment, is told everything exactly once, though each hub
// cuts in its own time.
func TestNothingIsMissedFromHubToHub(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBook()
		hubs := []*hub{b.hub(t), b.hub(t)}
		stay := []*Viewer{hubs[0].watch(t, Wish{})}
		time.Sleep(123 * time.Millisecond)
		stay = append(stay, hubs[1].watch(t, Wish{}))
		const all = 300
		go func() {
			for i := range all {
				time.Sleep(time.Duration(20+i*37%90) * time.Millisecond)
				b.write(listed(i, 27))
			}
		}()
		var seqs []int64
		at := b.position(0)
		for round := 0; at.Seq < all; round++ {
			v := hubs[round%2].watch(t, Wish{After: at, Greet: true})
			for range 1 + round%3 {
				f := v.must(t)
				if f.From != at || f.SnapshotRequired || f.Omitted > 0 {
					t.Fatalf("after %s came %+v", at, f)
				}
				for _, a := range f.Activities {
					seqs = append(seqs, a.Seq)
				}
				if at = f.Position; at.Seq == all {
					break
				}
			}
		}
		for i, seq := range seqs {
			if seq != int64(i)+1 {
				t.Fatalf("activity %d came in the place of %d", seq, i+1)
			}
		}
		var cuts [2][]int64
		for i, v := range stay {
			for v.Position().Seq < all {
				cuts[i] = append(cuts[i], v.must(t).Position.Seq)
			}
		}
		if slices.Equal(cuts[0], cuts[1]) {
			t.Log("both hubs cut at the same positions: the test shows less than it could")
		}
	})
}

// What comes back late gets one frame up to the newest cut and stands there with all others.
func TestWhoComesBackGetsOneFrame(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBook()
		h := b.hub(t)
		h.watch(t, Wish{})
		for i := range 1000 {
			b.write(listed(i, 27))
		}
		time.Sleep(time.Minute)
		f := h.watch(t, Wish{After: b.position(3), Greet: true}).must(t)
		if f.From != b.position(3) || f.Position != b.position(1000) || f.Omitted != 997-events.MaxFrameActivities || f.Counts.Whole {
			t.Errorf("got %+v", f)
		}
	})
}

func TestPositionsThatCannotBeGoneOnFrom(t *testing.T) {
	t.Parallel()
	for name, after := range map[string]events.Position{
		"another epoch": {Epoch: 3, Seq: 10}, "the future": {Epoch: 7, Seq: 1 << 40}, "too far back": {Epoch: 7},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBook()
				h := b.hub(t)
				for i := range events.MaxFrameSpan + 1 {
					b.write(listed(i, 27))
				}
				v := h.watch(t, Wish{After: after, Greet: true})
				f := v.must(t)
				if !f.SnapshotRequired || f.From != after || f.Position != b.position(events.MaxFrameSpan+1) || !f.Counts.Whole || len(f.Activities) > 0 {
					t.Errorf("got %+v", f)
				}
				b.write(listed(0, 27))
				if next := v.must(t); next.SnapshotRequired || next.From != f.Position || len(next.Activities) != 1 {
					t.Errorf("then %+v", next)
				}
			})
		})
	}
}

// Another hub has told more than this one has heard yet.
func TestAPositionAheadOfTheHubIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBook()
		h := b.hub(t)
		h.watch(t, Wish{})
		b.change(func() { h.heard = 0 })
		b.write(listed(1, 27), listed(2, 27), listed(3, 27))
		v := h.watch(t, Wish{After: b.position(2), Greet: true})
		v.nothing(t, time.Minute)
		b.change(func() { h.heard = 1 })
		v.nothing(t, time.Minute)
		b.change(func() { h.heard = -1 })
		if f := v.must(t); f.From != b.position(2) || f.Position != b.position(3) || f.SnapshotRequired {
			t.Errorf("got %+v", f)
		}
		if b.heads > 20 {
			t.Errorf("the head was asked for %d times", b.heads)
		}
	})
}

func TestAPaceGoesOnInANewEpoch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBook()
		b.write(listed(1, 27), listed(2, 27), listed(3, 27))
		h := b.hub(t)
		v := h.watch(t, Wish{})
		before := v.Position()
		b.restore(2)
		if f := v.must(t); !f.SnapshotRequired || f.From != before || f.Position != b.position(2) || f.Counts.World().Events != 2 {
			t.Errorf("got %+v", f)
		}
		b.write(listed(4, 27))
		if f := v.must(t); f.SnapshotRequired || f.Position != b.position(3) {
			t.Errorf("then %+v", f)
		}
	})
}

// A hub that has lost its database says so to who comes, and goes on with who is there.
func TestFailuresEndNoStream(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBook()
		h := b.hub(t)
		b.away = true
		if _, err := h.Pacer.Follow(t.Context(), edition, Wish{}); err == nil {
			t.Error("there was nothing to begin with")
		}
		b.change(func() { b.away = false })
		v := h.watch(t, Wish{Greet: true})
		v.must(t)
		b.write(listed(1, 27))
		v.must(t)
		b.change(func() { b.away = true })
		v.nothing(t, time.Minute)
		b.write(listed(2, 27))
		b.change(func() { b.away = false })
		if f := v.must(t); f.Position != b.position(2) || len(f.Activities) != 1 {
			t.Errorf("after the outage %+v", f)
		}
	})
}

// What is taken back is told of before the next cut, so that nothing remembered shows it any more;
// and it is in no frame that is made from then on.
func TestWhatIsTakenBackIsForgottenAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBook()
		h := b.hub(t)
		var forgotten []events.Position
		v := h.watch(t, Wish{Forget: func(at events.Position) { forgotten = append(forgotten, at) }})
		b.write(listed(1, 27))
		v.must(t)
		b.write(removed(1))
		synctest.Wait()
		if !slices.Equal(forgotten, []events.Position{b.position(2)}) {
			t.Errorf("forgotten: %v", forgotten)
		}
		late := h.watch(t, Wish{After: b.position(0), Greet: true}).must(t)
		if late.Position != b.position(1) || late.Activities[0].Card != nil || !slices.Equal(late.Removed, []events.ID{eventNo(1)}) {
			t.Errorf("who comes before the cut is told %+v", late)
		}
		if f := v.must(t); !slices.Equal(f.Removed, []events.ID{eventNo(1)}) || f.Counts.World().Events != 0 || f.Counts.By(events.CountryScope)[0].Key != "NP" {
			t.Errorf("then %+v", f)
		}
	})
}

func TestAPaceEndsSomeTimeAfterItsLastViewer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBook()
		h := b.hub(t)
		ctx, leave := context.WithCancel(t.Context())
		if _, err := h.Pacer.Follow(ctx, edition, Wish{}); err != nil {
			t.Fatal(err)
		}
		leave()
		time.Sleep(linger - time.Second)
		ctx, leave = context.WithCancel(t.Context())
		if _, err := h.Pacer.Follow(ctx, edition, Wish{}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * linger)
		paces := func() int { h.Pacer.mu.Lock(); defer h.Pacer.mu.Unlock(); return len(h.paces) }
		if paces() != 1 {
			t.Error("the pace has ended though somebody watches")
		}
		leave()
		time.Sleep(linger + time.Second)
		if paces() != 0 {
			t.Error("the pace goes on for nobody")
		}
		b.write(listed(1, 27), listed(2, 27)) // which nobody was told of
		f := h.watch(t, Wish{After: b.position(1), Greet: true}).must(t)
		if f.From != b.position(1) || f.Position != b.position(2) || !f.Counts.Whole {
			t.Errorf("who comes back gets %+v", f)
		}
	})
}

func TestAClosedHubGivesNoFrames(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newBook().hub(t)
		v := h.watch(t, Wish{})
		h.Close()
		if _, err := v.Next(t.Context()); err == nil {
			t.Error("a frame came")
		}
		if _, err := h.Pacer.Follow(t.Context(), edition, Wish{}); err == nil {
			t.Error("somebody may watch")
		}
	})
}
