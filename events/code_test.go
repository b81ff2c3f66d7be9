package events_test

import (
	"strings"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/eventstest"
)

// open is a stage in the middle of a listed event.
func open(t *testing.T) (*stage, events.Event) {
	t.Helper()
	s := newStage(t)
	e := s.listed()
	s.clock.Set(e.Schedule.StartsAt.Truncate(events.CodeWindow))
	return s, e
}

func (s *stage) scan(code string) error {
	_, err := s.Scan(s.t.Context(), code)
	return err
}

func TestARotatingCodeCountsInItsWindowAndTheOnesBeside(t *testing.T) {
	t.Parallel()
	s, e := open(t)
	shown := s.codes(e).Rotating
	start := s.clock.Now()
	if !shown.ValidSince.Equal(start) || !shown.ExpiresAt.Equal(start.Add(2*events.CodeWindow)) || shown.Printed {
		t.Errorf("shown at %s: %+v", start, shown)
	}
	s.clock.Set(start.Add(events.CodeWindow - time.Microsecond))
	if got := s.codes(e).Rotating; got != shown {
		t.Errorf("at the end of its window it has become %+v", got)
	}
	s.clock.Set(start.Add(events.CodeWindow))
	if got := s.codes(e).Rotating; got.Code == shown.Code {
		t.Error("in the next window the code is the same")
	}
	for _, c := range []struct {
		name string
		at   time.Duration
		good bool
	}{
		{"two windows before", -events.CodeWindow - time.Microsecond, false},
		{"the window before, by a hub whose clock is behind", -events.CodeWindow, true},
		{"the begin", 0, true},
		{"the end of the window after", 2*events.CodeWindow - time.Microsecond, true},
		{"two windows after", 2 * events.CodeWindow, false},
	} {
		s.clock.Set(start.Add(c.at))
		err := s.scan(shown.Code)
		if c.good && err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if !c.good {
			wantProblem(t, err, events.CodeExpired, "code")
		}
	}
}

func TestAPrintedCodeStaysUntilItIsRenewed(t *testing.T) {
	t.Parallel()
	s, e := open(t)
	old := s.codes(e).Printed
	if !old.Printed || !old.ValidSince.IsZero() || !old.ExpiresAt.IsZero() {
		t.Errorf("printed: %+v", old)
	}
	s.clock.Advance(5 * events.CodeWindow)
	if got := s.codes(e).Printed; got != old || s.scan(old.Code) != nil {
		t.Errorf("later it is %+v, %v", got, s.scan(old.Code))
	}
	for range 2 { // the same tap twice is one renewal
		if _, err := s.RenewPrintedCode(t.Context(), s.host, "tap", e.ID); err != nil {
			t.Fatal(err)
		}
	}
	s.clock.Advance(time.Second)
	wantProblem(t, s.scan(old.Code), events.CodeExpired, "code")
	renewed := s.codes(e).Printed
	if err := s.scan(renewed.Code); err != nil {
		t.Errorf("the new one: %v", err)
	}
	if _, err := s.RenewPrintedCode(t.Context(), s.host, "", e.ID); err != nil {
		t.Fatal(err)
	}
	s.clock.Advance(time.Second)
	wantProblem(t, s.scan(renewed.Code), events.CodeExpired, "code")
	if err := s.scan(s.codes(e).Rotating.Code); err != nil {
		t.Errorf("the rotating one has nothing to do with it: %v", err)
	}
}

// Every character counts, and none can be put in another way.
func TestATamperedCodeIsNone(t *testing.T) {
	t.Parallel()
	s, e := open(t)
	for _, code := range []string{s.codes(e).Rotating.Code, s.codes(e).Printed.Code} {
		if err := s.scan(code); err != nil {
			t.Fatal(err)
		}
		if err := s.scan(strings.ToLower(code)); err != nil {
			t.Errorf("in small letters: %v", err)
		}
		for i := range code {
			for _, other := range "0189AVWZaz.-+ =\x00é" {
				changed := code[:i] + string(other) + code[i+1:]
				if strings.EqualFold(changed, code) {
					continue
				}
				wantProblem(t, s.scan(changed), events.Invalid, "code")
			}
			wantProblem(t, s.scan(code[:i]), events.Invalid, "code")
			wantProblem(t, s.scan(code[:i]+code[i+1:]), events.Invalid, "code")
		}
		for _, longer := range []string{code + "0", code + ".", " " + code, strings.Replace(code, ".R", ".R0", 1) + "0", code + strings.Repeat("=", 40)} {
			wantProblem(t, s.scan(longer), events.Invalid, "code")
		}
	}
}

func TestACodeOfAnotherEventOrHubIsNone(t *testing.T) {
	t.Parallel()
	s, a := open(t)
	b := s.listed()
	ofA, ofB := strings.Split(s.codes(a).Rotating.Code, "."), strings.Split(s.codes(b).Rotating.Code, ".")
	ofA[1] = ofB[1] // the event of one with the signature of the other
	wantProblem(t, s.scan(strings.Join(ofA, ".")), events.Invalid, "code")
	got, err := s.Scan(t.Context(), s.codes(b).Rotating.Code)
	if err != nil || got.ID != b.ID {
		t.Errorf("the code of b is for %s: %v", got.ID, err)
	}
	foreign := s.parts(s.store)
	foreign.CodeKey = []byte("another key of codes, of a hub that is not ours")
	codes, err := events.New(foreign).CheckInCodes(t.Context(), events.Actor{System: true}, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	wantProblem(t, s.scan(codes.Printed.Code), events.Invalid, "code")
}

// Without a key nothing is made and nothing is known: no code can be made by guessing "no key".
func TestWithoutAKeyThereAreNoCodes(t *testing.T) {
	t.Parallel()
	s, e := open(t)
	for _, key := range [][]byte{nil, {}, make([]byte, 31)} {
		parts := s.parts(s.store)
		parts.CodeKey = key
		hub := events.New(parts)
		if codes, err := hub.CheckInCodes(t.Context(), s.host, e.ID); err == nil {
			t.Errorf("a key of %d bytes makes %+v", len(key), codes)
		}
		_, err := hub.Scan(t.Context(), s.codes(e).Printed.Code)
		wantProblem(t, err, events.Invalid, "code")
	}
}

// A code must fit a QR code that is read from afar: only characters of its close packing, and an
// address of at most 90 of them, which is version 4 at medium correction.
func TestACodeFitsASmallQRCode(t *testing.T) {
	t.Parallel()
	s, e := open(t)
	for _, code := range []events.CheckInCode{s.codes(e).Rotating, s.codes(e).Printed} {
		if strings.Trim(strings.ToUpper(code.URL), "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:") != "" {
			t.Errorf("%q needs bytes", code.URL)
		}
		if code.URL != "https://hub.example/c/"+code.Code || len(code.URL) > 90 {
			t.Errorf("%q has %d characters", code.URL, len(code.URL))
		}
	}
}

func TestCodesOfAnEventThatIsNotPublic(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	waiting := s.registered()
	s.clock.Set(waiting.Schedule.StartsAt)
	code := s.codes(waiting).Printed.Code
	e, err := s.Scan(t.Context(), code)
	wantProblem(t, err, events.NotFound, "code")
	if !e.ID.IsZero() {
		t.Errorf("the event is given: %+v", e)
	}
	stranger := s.signedIn("stranger@example.org")
	for _, act := range []func() error{
		func() error { _, err := s.CheckInCodes(t.Context(), stranger, waiting.ID); return err },
		func() error { _, err := s.CheckInProofs(t.Context(), stranger, waiting.ID); return err },
		func() error { _, err := s.RenewPrintedCode(t.Context(), stranger, "", waiting.ID); return err },
	} {
		wantProblem(t, act(), events.NotFound, "")
	}
}

func TestTheProofIsRemembered(t *testing.T) {
	t.Parallel()
	s, e := open(t)
	codes := s.codes(e)
	for i, code := range []string{codes.Rotating.Code, codes.Rotating.Code, codes.Printed.Code} {
		device := deviceToken + string(rune('a'+i))
		if _, _, err := s.CheckIn(t.Context(), "", events.Arrival{Code: code, Device: device}); err != nil {
			t.Fatal(err)
		}
	}
	_, outcome, err := s.CheckIn(t.Context(), "", events.Arrival{Code: codes.Printed.Code, Device: deviceToken + "a"})
	if err != nil || outcome != events.AlreadyCounted {
		t.Errorf("with another code: %s, %v", outcome, err)
	}
	got, err := s.CheckInProofs(t.Context(), s.host, e.ID)
	if err != nil || got != (events.CheckInProofs{Rotating: 2, Printed: 1}) {
		t.Errorf("%+v, %v", got, err)
	}
}

// FuzzCheckInCode: whatever is scanned, only codes that this hub made are taken.
func FuzzCheckInCode(f *testing.F) {
	store, clock, ids := eventstest.NewStore(), eventstest.NewClock(eventstest.Morning()), eventstest.NewIDs(3)
	hub := events.New(events.Parts{
		Store: store, Atlas: eventstest.Atlas{}, Now: clock.Now, NewID: ids.UUID,
		Site: func() string { return "https://hub.example" }, CodeKey: eventstest.CodeKey(),
	})
	edition, host := eventstest.Edition(ids), eventstest.Host(ids)
	e := eventstest.Event(ids, edition, host, eventstest.Listed(clock.Now()))
	for _, err := range []error{
		store.SaveEdition(f.Context(), &edition), store.SaveHost(f.Context(), &host),
		store.SaveEvents(f.Context(), events.Change{Event: &e}),
	} {
		if err != nil {
			f.Fatal(err)
		}
	}
	clock.Set(e.Schedule.StartsAt)
	codes, err := hub.CheckInCodes(f.Context(), events.Actor{System: true}, e.ID)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		codes.Rotating.Code, codes.Printed.Code, strings.ToLower(codes.Printed.Code), "", "V1...", "V1.0.R.0",
		"V1.06DNDML801O090000000000004.RZZZZZZZZZZZZZ.0000000000000000", "V2" + codes.Printed.Code[2:], "\xff\x00.ı.ſ.",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := hub.Scan(t.Context(), text)
		for _, code := range []string{codes.Rotating.Code, codes.Printed.Code} {
			if len(text) == len(code) && strings.EqualFold(text, code) {
				if err != nil || got.ID != e.ID {
					t.Errorf("%q: %s, %v", text, got.ID, err)
				}
				return
			}
		}
		wantProblem(t, err, events.Invalid, "code")
	})
}
