package events

import "time"

// Host is a person or group that makes events. A moniker is as good as a name: nothing here says
// who the person is, and the account with the e-mail address lives in a private table.
type Host struct {
	ID           ID
	DisplayName  string
	Kind         HostKind
	Country      string   // ISO 3166-1 alpha-2, "" if not told
	Languages    []string // BCP 47 tags
	Links        []string // http or https
	Bio          string
	Pseudonymous bool // the display name is a moniker, chosen for safety or for art
	Trust        Trust
	Version      int64
	UpdatedAt    time.Time
}

// HostKind is what sort of host it is.
type HostKind string

// The kinds of host.
const (
	PersonHost       HostKind = "PERSON"
	GroupHost        HostKind = "GROUP"
	SchoolHost       HostKind = "SCHOOL"
	OrganizationHost HostKind = "ORGANISATION"
)

// Trust is what stewards have learned about a host.
type Trust string

// The degrees of trust. Events of a TRUSTED host skip the queue; a BLOCKED host cannot register.
const (
	NewTrust     Trust = "NEW"
	KnownTrust   Trust = "KNOWN"
	TrustedTrust Trust = "TRUSTED"
	BlockedTrust Trust = "BLOCKED"
)

// Account is a person who can sign in. It is private: no public object leads to it.
type Account struct {
	ID     ID
	Email  string // in lower case
	Roles  []Role
	HostID ID // the account's host profile, zero until the first registration
}

// Role is a power that an account has been given.
type Role string

// The roles. Every account that registers an event is a host; the others are granted.
const (
	HostRole      Role = "HOST"
	StewardRole   Role = "STEWARD"
	PressRole     Role = "PRESS"
	OrganizerRole Role = "ORGANISER"
)

// Actor is who acts: the zero Actor is anybody, not signed in. System is the hub itself.
type Actor struct {
	AccountID ID
	HostID    ID
	Roles     []Role
	System    bool
}

// IsSignedIn tells whether the actor is somebody.
func (a Actor) IsSignedIn() bool { return !a.AccountID.IsZero() }

// Moderates tells whether the actor may review events.
func (a Actor) Moderates() bool { return a.System || a.has(StewardRole) || a.has(OrganizerRole) }

// Organizes tells whether the actor may change editions and grant roles.
func (a Actor) Organizes() bool { return a.System || a.has(OrganizerRole) }

// Owns tells whether the actor is the event's host.
func (a Actor) Owns(e Event) bool { return !a.HostID.IsZero() && a.HostID == e.HostID }

// Scope keeps the idempotency keys of different actors apart.
func (a Actor) Scope() string {
	if a.System {
		return "system"
	}
	return a.AccountID.String()
}

func (a Actor) has(role Role) bool {
	for _, r := range a.Roles {
		if r == role {
			return true
		}
	}
	return false
}
