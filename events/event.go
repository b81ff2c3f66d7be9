package events

import "time"

// Event is a host's public creative action. All of it may be shown: where and when are already
// coarsened, and the private Whereabouts are kept elsewhere.
type Event struct {
	ID        ID
	EditionID ID
	HostID    ID
	Slug      string // human key, unique; it works once the event is listed
	LinkKey   string // 128 random bits as text: the link of an event that is not listed
	Way       Way
	Title     string
	Summary   string
	Story     string // Markdown
	Media     []Medium
	Themes    []string // slugs of the edition's themes
	Language  string   // BCP 47 tag of title and text
	Place     Place
	Schedule  Schedule
	OnlineURL string
	RSVPURL   string
	Access    []AccessFact
	RainPlan  string

	ExpectedPeople int // the host's guess beforehand, 0 when not told
	DeclaredPeople int // the host's head count on the day or after, 0 when not told
	Permission     string

	// PrintedGeneration is the number that printed check-in codes must carry; older ones are void.
	PrintedGeneration int

	Review       ReviewState
	ReviewReason string // why, for the host; public readers never see it
	Day          DayState
	DayBy        DayBy
	DayReason    string    // a public sentence on why the day state is what it is
	PostponedTo  LocalDate // for POSTPONED
	Source       Source

	CheckIns int64 // confirmed on site, by the log position Seq of the edition or later
	Cheers   int64 // confirmed online

	Version   int64
	Seq       int64
	CreatedAt time.Time
	UpdatedAt time.Time
	ListedAt  time.Time
	LiveAt    time.Time
	DoneAt    time.Time
}

// Source names where an imported event comes from; the zero Source is the hub itself.
type Source struct {
	Name string `json:"name,omitempty"`
	ID   string `json:"id,omitempty"`
	URL  string `json:"url,omitempty"`
}

// Way is one of the three ways to take part.
type Way string

// The three ways in.
const (
	OwnWork   Way = "OWN_WORK"  // the host's own work in any medium
	Blueprint Way = "BLUEPRINT" // an open-source artwork, installed from its instructions
	Digital   Way = "DIGITAL"   // an online response
)

// Medium is what kind of work it is.
type Medium string

// The media that hosts choose from.
const (
	Mural        Medium = "MURAL"
	Performance  Medium = "PERFORMANCE"
	Poster       Medium = "POSTER"
	Projection   Medium = "PROJECTION"
	Reading      Medium = "READING"
	Installation Medium = "INSTALLATION"
	Sculpture    Medium = "SCULPTURE"
	Music        Medium = "MUSIC"
	Dance        Medium = "DANCE"
	Photography  Medium = "PHOTOGRAPHY"
	Film         Medium = "FILM"
	Workshop     Medium = "WORKSHOP"
	Walk         Medium = "WALK"
	Textile      Medium = "TEXTILE"
	DigitalArt   Medium = "DIGITAL_ART"
	OtherMedium  Medium = "OTHER"
)

// AccessFact is something that makes it easier to take part.
type AccessFact string

// The access facts that hosts choose from.
const (
	Wheelchair    AccessFact = "WHEELCHAIR"
	StepFree      AccessFact = "STEP_FREE"
	QuietSpace    AccessFact = "QUIET_SPACE"
	Captions      AccessFact = "CAPTIONS"
	SignLanguage  AccessFact = "SIGN_LANGUAGE"
	Toilets       AccessFact = "TOILETS"
	Seating       AccessFact = "SEATING"
	Shade         AccessFact = "SHADE"
	ChildFriendly AccessFact = "CHILD_FRIENDLY"
)

// ReviewState is how far stewards have come with an event.
type ReviewState string

// The states of review.
const (
	Draft     ReviewState = "DRAFT"      // only its host sees it
	Submitted ReviewState = "SUBMITTED"  // waits in the queue; works by its link
	NeedsInfo ReviewState = "NEEDS_INFO" // a steward asked for a change; works by its link
	LinkOnly  ReviewState = "LINK_ONLY"  // works by its link and is never listed
	Listed    ReviewState = "LISTED"     // public: counts and shows
	Rejected  ReviewState = "REJECTED"   // refused, with a reason
	Hidden    ReviewState = "HIDDEN"     // taken down by a steward
	Withdrawn ReviewState = "WITHDRAWN"  // taken down by its host
)

// DayState is what becomes of an event on the day.
type DayState string

// The states of the day.
const (
	Planned     DayState = "PLANNED"
	Confirmed   DayState = "CONFIRMED"
	Live        DayState = "LIVE"
	Done        DayState = "DONE"
	Documented  DayState = "DOCUMENTED"
	Postponed   DayState = "POSTPONED"    // to a date
	Moved       DayState = "MOVED"        // to another place, same day
	WentDigital DayState = "WENT_DIGITAL" // online instead
	Cancelled   DayState = "CANCELLED"    // with a reason
)

// DayBy tells who set the day state, so that a clock is never mistaken for a report.
type DayBy string

// Who can set the day state.
const (
	ByHost    DayBy = "HOST"
	BySteward DayBy = "STEWARD"
	ByClock   DayBy = "CLOCK" // the hub, because the local hour had come
)

// Phase gathers day states into what a visitor asks for.
type Phase string

// The phases of an event.
const (
	Upcoming Phase = "UPCOMING" // planned, confirmed, moved or gone digital, not begun
	Now      Phase = "LIVE"
	Over     Phase = "OVER" // done or documented
	Off      Phase = "OFF"  // postponed or cancelled
)

// Phase is the event's phase.
func (s DayState) Phase() Phase {
	switch s {
	case Live:
		return Now
	case Done, Documented:
		return Over
	case Postponed, Cancelled:
		return Off
	}
	return Upcoming
}

// DayStates lists the day states that make up a phase.
func (p Phase) DayStates() []DayState {
	switch p {
	case Now:
		return []DayState{Live}
	case Over:
		return []DayState{Done, Documented}
	case Off:
		return []DayState{Postponed, Cancelled}
	}
	return []DayState{Planned, Confirmed, Moved, WentDigital}
}

// IsPublic tells whether everybody may see the event.
func (e Event) IsPublic() bool { return e.Review == Listed }

// WorksByLink tells whether those who have its link may see the event although it is not listed.
func (e Event) WorksByLink() bool {
	return e.Review == Submitted || e.Review == NeedsInfo || e.Review == LinkOnly
}

// VisibleTo tells whether the actor may see the event without its link.
func (e Event) VisibleTo(who Actor) bool {
	return e.IsPublic() || who.Moderates() || who.Owns(e)
}

// Path is the event's page on the hub: by its slug once listed, by its secret link before.
func (e Event) Path() string {
	if e.IsPublic() {
		return "/e/" + e.Slug
	}
	return "/e/" + e.LinkKey
}

// Card is the public summary of the event as it goes into the log, to the map and to viewers.
func (e Event) Card(hostName string) *EventCard {
	return &EventCard{
		ID: e.ID, Slug: e.Slug, Title: e.Title, HostName: hostName, Way: e.Way, Themes: e.Themes,
		Place: e.Place, StartsAt: e.Schedule.StartsAt, EndsAt: e.Schedule.EndsAt,
		Day: e.Day, DayBy: e.DayBy, Declared: int64(e.DeclaredPeople), Version: e.Version,
	}
}
