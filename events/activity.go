package events

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Activity is one public fact in an edition's append-only log. Its payload is public: places are
// already coarsened. When an event is withdrawn, the payloads of all its activities are emptied
// and Tombstone is set; Seq, Kind, EventID and Deltas stay, so that counters can still be replayed.
type Activity struct {
	Seq       int64        `json:"seq"` // dense from 1 in its edition; 0 before it is sequenced
	Epoch     uint32       `json:"epoch"`
	ID        ID           `json:"id"`
	EditionID ID           `json:"edition"`
	Kind      ActivityKind `json:"kind"`
	EventID   ID           `json:"event,omitempty"`
	At        time.Time    `json:"at"`
	Card      *EventCard   `json:"card,omitempty"`
	Count     int64        `json:"count,omitempty"` // how many check-ins or cheers, 1 and up
	Deltas    []Delta      `json:"deltas,omitempty"`
	Tombstone bool         `json:"tombstone,omitempty"`
	// Redacts says that earlier activities of the event must lose their payload or their place.
	Redacts Redaction `json:"redacts,omitempty"`
}

// ActivityKind is what happened.
type ActivityKind string

// The kinds of activity.
const (
	EventListed    ActivityKind = "EVENT_LISTED"    // an event became public
	EventRevised   ActivityKind = "EVENT_REVISED"   // a listed event was changed by its host
	DayChanged     ActivityKind = "DAY_CHANGED"     // a listed event went live, was done, moved...
	CheckedIn      ActivityKind = "CHECKED_IN"      // people on site were counted
	Cheered        ActivityKind = "CHEERED"         // people online were counted
	EventRemoved   ActivityKind = "EVENT_REMOVED"   // hidden, withdrawn or unlisted: a tombstone
	EditionChanged ActivityKind = "EDITION_CHANGED" // title, date, stage or themes of the edition
	// SnapshotRequired is never in the log: it tells a follower that its position belongs to another
	// epoch or to the future, so that it must load a snapshot and follow from there.
	SnapshotRequired ActivityKind = "SNAPSHOT_REQUIRED"
)

// Redaction says what an activity takes back from the earlier ones of the same event.
type Redaction string

// What can be taken back.
const (
	RedactNothing Redaction = ""
	RedactPlace   Redaction = "PLACE" // the event became harder to find: replace place and times
	RedactAll     Redaction = "ALL"   // the event is gone: empty the payload
)

// EventCard is the public summary of an event inside an Activity: enough to draw it on a map or
// in a feed without asking again.
type EventCard struct {
	ID       ID        `json:"id"`
	Slug     string    `json:"slug"`
	Title    string    `json:"title"`
	HostName string    `json:"host,omitempty"`
	Way      Way       `json:"way"`
	Themes   []string  `json:"themes,omitempty"`
	Place    Place     `json:"place"`
	StartsAt time.Time `json:"startsAt"`
	EndsAt   time.Time `json:"endsAt"`
	Day      DayState  `json:"day"`
	DayBy    DayBy     `json:"dayBy,omitempty"`
	Declared int64     `json:"declared,omitempty"`
	Version  int64     `json:"version,omitempty"`
}

// Redact applies the redaction of a later activity to an earlier one of the same event.
func (a Activity) Redact(later Activity) Activity {
	switch later.Redacts {
	case RedactAll:
		a.Card, a.Tombstone = nil, true
	case RedactPlace:
		if a.Card != nil && later.Card != nil {
			card := *a.Card
			card.Place, card.StartsAt, card.EndsAt = later.Card.Place, later.Card.StartsAt, later.Card.EndsAt
			a.Card = &card
		}
	}
	return a
}

// Position is the activity's position in its edition's log.
func (a Activity) Position() Position { return Position{a.Epoch, a.Seq} }

// Position is a place in an edition's log: after activity Seq of the epoch. The epoch changes when
// the database is restored from a backup, which makes older positions invalid. Its text form is
// the epoch in eight hexadecimal digits, a hyphen and the decimal Seq: "5f3a09c1-1234".
type Position struct {
	Epoch uint32
	Seq   int64
}

// ParsePosition reads the text form.
func ParsePosition(text string) (Position, error) {
	epoch, seq, found := strings.Cut(text, "-")
	e, errEpoch := strconv.ParseUint(epoch, 16, 32)
	s, errSeq := strconv.ParseInt(seq, 10, 64)
	if !found || len(epoch) != 8 || errEpoch != nil || errSeq != nil || s < 0 {
		return Position{}, problem(Invalid, "after", "%.40q is not a log position such as 5f3a09c1-1234.", text)
	}
	return Position{uint32(e), s}, nil
}

func (p Position) String() string { return fmt.Sprintf("%08x-%d", p.Epoch, p.Seq) }

// MarshalText implements encoding.TextMarshaler.
func (p Position) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (p *Position) UnmarshalText(text []byte) (err error) {
	*p, err = ParsePosition(string(text))
	return err
}
