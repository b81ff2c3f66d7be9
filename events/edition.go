package events

import "time"

// Edition is one worldwide day: a single calendar date, which lasts fifty hours over the globe.
// Every row that the public can see carries Version (1 and up, for optimistic saves), Seq (its
// position in the edition's log at the last change) and UpdatedAt.
type Edition struct {
	ID        ID
	Slug      string // unique, lower case, what people type
	Title     string
	Summary   string // one or two sentences for the page and link previews
	Date      LocalDate
	GraceDays int // days after Date in which reports are still taken, 0 to 60

	// RegistrationOpensAt and RegistrationClosesAt bound when hosts may register; the zero time
	// means not bounded.
	RegistrationOpensAt  time.Time
	RegistrationClosesAt time.Time

	ProgrammeAt time.Time // release of the programme (embargo); zero when there is none
	Licence     string    // licence of the edition's open data, an SPDX name
	Attribution string    // who must be credited with the data, "" if nobody
	Languages   []string  // BCP 47 tags in order of preference
	Mode        Mode
	Stage       Stage   // as set by hand; StageAt adds what the clock knows
	Themes      []Theme // in order
	Version     int64
	Seq         int64
	UpdatedAt   time.Time
}

// Theme is one of an edition's subjects, which events choose from.
type Theme struct {
	Slug  string `json:"slug"` // unique in the edition
	Title string `json:"title"`
}

// Mode tells a real day from one that is only rehearsed.
type Mode string

// The modes of an edition. Every answer about a rehearsal says that it is one.
const (
	LiveMode      Mode = "LIVE"
	RehearsalMode Mode = "REHEARSAL"
)

// Stage is how far an edition has come.
type Stage string

// The stages of an edition. WAVE and CLOSING are never stored: they come from the clock.
const (
	DraftStage     Stage = "DRAFT"     // only organizers see it
	AnnouncedStage Stage = "ANNOUNCED" // public, registration not open yet
	OpenStage      Stage = "OPEN"      // hosts may register
	WaveStage      Stage = "WAVE"      // the date is under way somewhere on earth
	ClosingStage   Stage = "CLOSING"   // the date is over everywhere, reports still come in
	FrozenStage    Stage = "FROZEN"    // nothing changes any more
	ArchivedStage  Stage = "ARCHIVED"
)

// StageAt is the edition's stage at an instant: an open edition is in its wave while its date is
// under way anywhere on earth, and closing after that until it is frozen by hand.
func (e Edition) StageAt(now time.Time) Stage {
	if e.Stage != OpenStage && e.Stage != AnnouncedStage {
		return e.Stage
	}
	opens, closes := e.Date.Window()
	switch {
	case now.Before(opens):
		return e.Stage
	case now.Before(closes):
		return WaveStage
	}
	return ClosingStage
}

// IsPublic tells whether anybody may see the edition.
func (e Edition) IsPublic() bool { return e.Stage != DraftStage }

// OpensAt is the first instant of the edition's date anywhere on earth (UTC+14).
func (e Edition) OpensAt() time.Time { opens, _ := e.Date.Window(); return opens }

// ClosesAt is the last instant of the edition's date anywhere on earth (UTC-12).
func (e Edition) ClosesAt() time.Time { _, closes := e.Date.Window(); return closes }

// HasTheme tells whether slug is one of the edition's themes.
func (e Edition) HasTheme(slug string) bool {
	for _, theme := range e.Themes {
		if theme.Slug == slug {
			return true
		}
	}
	return false
}

// TakesRegistrations tells whether a host may register at an instant. Late registrations on the
// day itself are welcome as long as the window of registration says so; a frozen or archived
// edition takes none.
func (e Edition) TakesRegistrations(now time.Time) bool {
	switch e.StageAt(now) {
	case DraftStage, AnnouncedStage, FrozenStage, ArchivedStage:
		return false
	}
	if !e.RegistrationOpensAt.IsZero() && now.Before(e.RegistrationOpensAt) {
		return false
	}
	return e.RegistrationClosesAt.IsZero() || now.Before(e.RegistrationClosesAt)
}
