package events

import (
	"context"
	"time"
)

// Store keeps everything. Every method that finds one object returns ErrNotFound when there is
// none. Text is stored as given; the store never invents times, ids or numbers but Version,
// UpdatedAt and Seq, which it says. Methods are safe for concurrent use.
type Store interface {
	EditionStore
	HostStore
	EventStore
	AttendanceStore
	FlagStore
	LogStore
	AccountStore
}

// EditionStore keeps editions.
type EditionStore interface {
	Edition(ctx context.Context, id ID) (Edition, error)
	EditionBySlug(ctx context.Context, slug string) (Edition, error)
	// Editions lists all editions, latest date first, at most 200.
	Editions(ctx context.Context) ([]Edition, error)
	// SaveEdition inserts an edition whose Version is 0 and else replaces the one with that version;
	// a stale version is a Conflict problem. It raises Version and puts news into the outbox in the
	// same transaction.
	SaveEdition(ctx context.Context, e *Edition, news ...Activity) error
}

// HostStore keeps hosts.
type HostStore interface {
	Host(ctx context.Context, id ID) (Host, error)
	// Hosts finds hosts by id in any order; unknown ids are left out. At most MaxPage ids.
	Hosts(ctx context.Context, ids []ID) ([]Host, error)
	// SaveHost inserts or replaces like SaveEdition.
	SaveHost(ctx context.Context, h *Host) error
}

// Change is everything that one act changes, stored together or not at all.
type Change struct {
	Event       *Event       // Version as loaded, 0 for a new one; the store raises it and sets UpdatedAt to At
	Whereabouts *Whereabouts // nil leaves them as they are
	Host        *Host        // new or changed host, saved first; nil for none
	AccountID   ID           // the account that becomes the owner of Host and gets the role HOST; zero for none
	News        []Activity   // for the outbox, in order
	Clears      FlagKind     // the flag that is taken off the event, if it is there; "" for none
	Audit       AuditEntry
	Receipt     *Receipt // nil when the caller sent no idempotency key
	At          time.Time
}

// AuditEntry says who did what to an event, for stewards.
type AuditEntry struct {
	By     ID     // account; zero for the hub itself
	Act    string // "approve", "revise"...
	Reason string
}

// Receipt remembers the first answer to an act under an idempotency key.
type Receipt struct {
	Scope     string // Actor.Scope
	Key       string // 1 to 200 characters
	Act       string
	InputHash [32]byte
	Answer    []byte // JSON
	At        time.Time
}

// EventStore keeps events with their private whereabouts.
type EventStore interface {
	Event(ctx context.Context, id ID) (Event, error)
	// EventsByID finds events by id in any order; unknown ids are left out. At most MaxPage ids.
	EventsByID(ctx context.Context, ids []ID) ([]Event, error)
	// EventByName finds an event by its slug or its link key, whatever its state.
	EventByName(ctx context.Context, name string) (Event, error)
	// EventBySource finds an imported event of an edition.
	EventBySource(ctx context.Context, edition ID, source, sourceID string) (Event, error)
	// Whereabouts is the private side of an event. Callers must have checked the actor's right.
	Whereabouts(ctx context.Context, event ID) (Whereabouts, error)
	// SaveEvents stores changes in one transaction, all or none. A stale Version and a slug that is
	// taken are Conflict problems; a Receipt whose scope and key exist already gives ErrRepeated and
	// changes nothing.
	SaveEvents(ctx context.Context, changes ...Change) error
	// FindEvents is a checked Query's page. Text matches every word as a prefix, in any script,
	// without regard to case and accents.
	FindEvents(ctx context.Context, q Query) (EventPage, error)
	// CountEvents is how many events a query has in all, ignoring First and After.
	CountEvents(ctx context.Context, q Query) (int64, error)
	// StartsPerHour counts the listed events of an edition by the hour in which they begin: item i is
	// the hour that starts i hours after from. Events without an hour (HIDDEN) are left out.
	StartsPerHour(ctx context.Context, edition ID, from time.Time, hours int) ([]int64, error)
	// EventsDue lists listed events that the clock must start (upcoming with StartsAt <= at) or end
	// (live since the clock and EndsAt <= at, or live since a host and EndsAt <= at - grace), at most
	// limit, of editions that are neither frozen nor archived.
	EventsDue(ctx context.Context, at time.Time, grace time.Duration, limit int) ([]Event, error)
	// Receipt finds the receipt of a scope and key.
	Receipt(ctx context.Context, scope, key string) (Receipt, error)
}

// Attendance is one device that takes part in one event: on site or online.
type Attendance struct {
	ID      ID
	EventID ID
	Kind    AttendanceKind
	Proof   Proof    // how a check-in was proven; the first one of a device stands
	Device  [32]byte // SHA-256 of the device token, never the token
	Key     [32]byte // SHA-256 of the caller's idempotency key; zero for none
	At      time.Time
}

// AttendanceKind is how a device takes part.
type AttendanceKind string

// The kinds of attendance.
const (
	CheckIn AttendanceKind = "CHECK_IN"
	Cheer   AttendanceKind = "CHEER"
)

// Outcome is what became of an attendance.
type Outcome string

// The outcomes. Only Fresh changes a number.
const (
	Fresh          Outcome = "FRESH"
	AlreadyCounted Outcome = "ALREADY_COUNTED" // this device was counted for this event before
	NotOpenNow     Outcome = "NOT_OPEN"        // the event takes no check-ins at this time
	UnknownEvent   Outcome = "UNKNOWN_EVENT"
)

// AttendanceStore counts people.
type AttendanceStore interface {
	// Attend stores attendances in one transaction and tells for each, in order, whether it was
	// fresh. One device counts once per event and kind; a repeat under the Key (not zero) that the
	// counted one came with is answered Fresh again and counts nothing. Per event and kind with fresh attendances one
	// activity with their Count goes into the outbox. Events that are not listed are UnknownEvent.
	// newID gives the activity's UUID.
	Attend(ctx context.Context, all []Attendance, newID func() [16]byte) ([]Outcome, error)
	// CheckInProofs counts the check-ins of an event by their proof.
	CheckInProofs(ctx context.Context, event ID) (CheckInProofs, error)
}

// FlagStore keeps what stewards should look at. Change.Clears takes a flag off.
type FlagStore interface {
	// RaiseFlags adds to the flags of some events in one transaction, and makes those that are not
	// there: the earliest FirstAt, the latest LastAt and the sum of Count stand.
	RaiseFlags(ctx context.Context, flags []Flag) error
	// Flags lists flags, last seen first, then by event and kind, at most limit: those of an edition's
	// events and of one event. A zero id means all.
	Flags(ctx context.Context, edition, event ID, limit int) ([]Flag, error)
}

// Meter measures how fast things happen, for flags. It never fails: one that cannot ask its store
// goes by what it knows itself.
type Meter interface {
	// Over counts n things under a key and tells how many of them were more than the pace allows.
	// It keeps no key longer than the pace needs, and none in the clear.
	Over(ctx context.Context, key string, pace Pace, n int) int
}

// Pace is how many things may happen in a time; as many may happen at once.
type Pace struct {
	Most int
	Per  time.Duration
}

// LogStore is the public log, written through the outbox by the sequencer.
type LogStore interface {
	// Sequence moves outbox rows into the logs with the next numbers, folds them into the counters in
	// the same transaction, and gives what it moved, by edition in log order, at most limit. Check-ins
	// and cheers get the card of their event as it is at that moment, if it is listed. It gives none
	// when another hub is the active sequencer or nothing waits.
	Sequence(ctx context.Context, limit int) ([]Activity, error)
	// Head is the position of an edition's last activity.
	Head(ctx context.Context, edition ID) (Position, error)
	// Changes lists an edition's activities after seq in log order, at most limit, redacted.
	Changes(ctx context.Context, edition ID, after int64, limit int) ([]Activity, error)
	// Counts is the counters of an edition with the position that they include, in one snapshot.
	Counts(ctx context.Context, edition ID) (Counts, error)
	// Recount computes the same from the events and attendances themselves, for events whose news
	// has been sequenced. It is slow and there to prove Counts right.
	Recount(ctx context.Context, edition ID) (Counts, error)
	// Cards lists the cards of all listed and mapped events of an edition and the log position that
	// they include, in one snapshot: what a map starts from.
	Cards(ctx context.Context, edition ID) ([]EventCard, Position, error)
}

// SignInLink is a single-use way to sign in. Only hashes are stored.
type SignInLink struct {
	TokenHash   [32]byte
	BrowserHash [32]byte // of the browser's nonce; zero when the link may be used in any browser
	Email       string
	Roles       []Role // granted to the account when the link is used
	ExpiresAt   time.Time
}

// Session is a signed-in browser or program.
type Session struct {
	TokenHash [32]byte
	Account   Account
	ExpiresAt time.Time
}

// AccountStore keeps accounts, sign-in links, sessions and mail that waits to be sent.
type AccountStore interface {
	// SaveSignInLink stores the link, makes older unused links of the same address useless, and puts
	// the mail (if any) into the mail queue, in one transaction.
	SaveSignInLink(ctx context.Context, link SignInLink, mail *Mail) error
	// UseSignInLink uses a link up and gives its account, made under newAccount if the address has
	// none. A used, replaced, expired or unknown link is a LinkExpired problem; one that belongs to
	// another browser a WrongBrowser problem, which does not use it up.
	UseSignInLink(ctx context.Context, token, browser [32]byte, newAccount ID, now time.Time) (Account, error)
	Account(ctx context.Context, id ID) (Account, error)
	SaveSession(ctx context.Context, s Session) error
	// Session finds a session that has not expired, with the account as it is now.
	Session(ctx context.Context, token [32]byte, now time.Time) (Session, error)
	EndSession(ctx context.Context, token [32]byte) error
	// TakeMail leases the oldest mail that is due for the given time, so that no other hub takes it.
	// Failed attempts wait twice as long each time; after MaxMailAttempts a mail is given up.
	TakeMail(ctx context.Context, now time.Time, lease time.Duration) (Mail, error)
	// MailSent removes a mail that was sent.
	MailSent(ctx context.Context, id ID) error
}

// MaxMailAttempts is how often the hub tries to send a mail.
const MaxMailAttempts = 8

// Mail is a message to one person.
type Mail struct {
	ID       ID
	To       string
	Subject  string
	Text     string
	Attempts int
	At       time.Time // when it was written
}

// Feed lets viewers follow an edition's log as it grows.
type Feed interface {
	// Follow starts after a position; the zero Position starts with what happens next. A position of
	// another epoch or of the future yields one SnapshotRequired activity and then io.EOF.
	Follow(edition ID, after Position) Follower
}

// Follower is one viewer's place in the log. It holds nothing but its position, so a slow viewer
// costs nothing. It is used by one goroutine and needs no closing.
type Follower interface {
	// Next waits for the activities after the last ones given, at most a few hundred, in log order
	// without gap or repeat. It ends with ctx.
	Next(ctx context.Context) ([]Activity, error)
}

// CountsReader gives counters quickly, from a cache.
type CountsReader interface {
	Counts(ctx context.Context, edition ID) (Counts, error)
}
