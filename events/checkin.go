package events

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"
)

// Arrival is somebody who checks in at an event.
type Arrival struct {
	Code   string // what the device read from the host's screen or poster
	Device string // a random token that the device keeps; only its hash is stored
	// Network is whom the address of the device is counted as, "" when it is not known. It is measured
	// for flags and stored nowhere.
	Network string
}

// CheckIn counts one device on site, once per event. It is a public act that needs no account but
// the event's code. Repeating it is harmless.
func (s *Service) CheckIn(ctx context.Context, key string, a Arrival) (Event, Outcome, error) {
	e, k, err := s.scan(ctx, a.Code)
	if err != nil {
		return Event{}, NotOpenNow, err
	}
	outcome, err := s.attend(ctx, key, a.Device, Attendance{EventID: e.ID, Kind: CheckIn, Proof: k.proof}, "code")
	if err == nil && outcome == Fresh {
		s.watch.arrived(e, a.Network)
	}
	return e, outcome, err
}

// Scan tells whether a code counts now, and at which event. When it does not, the event is given
// with the problem if the code was genuine and the event is public.
func (s *Service) Scan(ctx context.Context, text string) (Event, error) {
	e, _, err := s.scan(ctx, text)
	return e, err
}

func (s *Service) scan(ctx context.Context, text string) (Event, code, error) {
	k, genuine := s.codes.read(text)
	if !genuine {
		return Event{}, k, problem(Invalid, "code", "This is not a check-in code. Please scan the one at the event again.")
	}
	e, edition, err := s.doors.at(ctx, k.event)
	if err != nil || !e.IsPublic() {
		return Event{}, k, missing(orNotFound(err), "code", "There is no such event.")
	}
	if err := checkAttendance(CheckIn, e, edition, s.now(), "code"); err != nil {
		return e, k, err
	}
	return e, k, k.check(e, s.now())
}

// CheckInCode is a code that people check in with, ready to be shown.
type CheckInCode struct {
	Code       string
	URL        string    // the page that a phone opens
	Printed    bool      // it does not change, so it may be printed, and passed on
	ValidSince time.Time // the zero time for a printed one, as is ExpiresAt
	ExpiresAt  time.Time // when it counts no more; the next one is shown CodeWindow earlier
}

// CheckInCodes are the codes of an event that count now.
type CheckInCodes struct {
	Rotating CheckInCode
	Printed  CheckInCode
}

// CheckInCodes gives the codes of an event to its host and to stewards.
func (s *Service) CheckInCodes(ctx context.Context, who Actor, event ID) (CheckInCodes, error) {
	e, err := s.entrusted(ctx, who, event)
	if err != nil {
		return CheckInCodes{}, err
	}
	if !s.codes.canSign() {
		return CheckInCodes{}, errors.New("events: this hub has no key for check-in codes")
	}
	window := windowAt(s.now())
	since := time.Unix(int64(window)*int64(CodeWindow/time.Second), 0).UTC()
	rotating := s.codeOf(code{e.ID, RotatingProof, window})
	rotating.ValidSince, rotating.ExpiresAt = since, since.Add(2*CodeWindow)
	return CheckInCodes{
		Rotating: rotating,
		Printed:  s.codeOf(code{e.ID, PrintedProof, uint64(e.PrintedGeneration)}),
	}, nil
}

func (s *Service) codeOf(k code) CheckInCode {
	text := s.codes.write(k)
	return CheckInCode{Code: text, URL: s.site() + "/c/" + text, Printed: k.proof == PrintedProof}
}

// RenewPrintedCode makes all printed codes of an event void, as when a photograph of one goes round.
// It is noticed everywhere within a second.
func (s *Service) RenewPrintedCode(ctx context.Context, who Actor, key string, event ID) (Event, error) {
	return s.change(ctx, act{who, "renewPrintedCode", key, event}, event, func(e *Event) (Change, error) {
		e.PrintedGeneration++
		return Change{}, nil
	})
}

// CheckInProofs tells a host and stewards how the people at an event checked in.
func (s *Service) CheckInProofs(ctx context.Context, who Actor, event ID) (CheckInProofs, error) {
	if _, err := s.entrusted(ctx, who, event); err != nil {
		return CheckInProofs{}, err
	}
	return s.store.CheckInProofs(ctx, event)
}

// CheckInProofs is how many people checked in by each proof.
type CheckInProofs struct {
	Rotating int64
	Printed  int64
}

// entrusted finds an event of the actor's own, or any for stewards.
func (s *Service) entrusted(ctx context.Context, who Actor, event ID) (Event, error) {
	e, err := s.store.Event(ctx, event)
	if err == nil && !who.Owns(e) && !who.Moderates() {
		return Event{}, ErrNotFound
	}
	return e, err
}

// attend checks a device and has it counted.
func (s *Service) attend(ctx context.Context, key, device string, a Attendance, field string) (Outcome, error) {
	if len(device) < MinDeviceToken || len(device) > MaxDeviceToken {
		return "", problem(Invalid, "device", "A device token has %d to %d characters.", MinDeviceToken, MaxDeviceToken)
	}
	if len(key) > maxKey {
		return "", problem(TooLong, "clientMutationId", "An idempotency key has at most %d characters.", maxKey)
	}
	a.ID, a.Device, a.At = s.id(AttendPrefix), sha256.Sum256([]byte(device)), s.now()
	if key != "" {
		a.Key = sha256.Sum256([]byte(device + "\x00" + key))
	}
	outcome, err := s.gather.attend(ctx, a)
	if err == nil && outcome == UnknownEvent { // withdrawn since we looked
		err = problem(NotFound, field, "There is no such event.")
	}
	return outcome, err
}
