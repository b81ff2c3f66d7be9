package db

import (
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/words"
)

// eventRow is an event as it is stored: its public side only.
type eventRow struct {
	bun.BaseModel `bun:"table:events"`

	ID             uuid.UUID `bun:"id,pk"`
	EditionID      uuid.UUID
	HostID         uuid.UUID
	Slug           string
	LinkKey        string
	Way            events.Way
	Title          string
	Summary        string
	Story          string
	Media          textList
	Themes         textList
	Language       string
	Precision      events.Precision
	Latitude       *float64
	Longitude      *float64
	Locality       string
	Country        string
	StartsAt       time.Time
	EndsAt         time.Time
	AllDay         bool
	Zone           string
	OffsetSeconds  int
	OnlineURL      string
	RSVPURL        string `bun:"rsvp_url"`
	Access         textList
	RainPlan       string
	ExpectedPeople int
	DeclaredPeople int
	Permission     string
	Review         events.ReviewState
	ReviewReason   string
	Day            events.DayState
	DayBy          events.DayBy
	DayReason      string
	PostponedTo    date
	SourceName     string
	SourceID       string
	SourceURL      string
	Version        int64
	CreatedAt      time.Time
	UpdatedAt      time.Time
	ListedAt       time.Time
	LiveAt         time.Time
	DoneAt         time.Time
	OwnWords       lexemes
	HostWords      lexemes

	PrintedGeneration int // of the check-in code that counts

	// What the log tells of the event, from its standing, and how far it is from where was asked.
	Seq      int64   `bun:",scanonly"`
	CheckIns int64   `bun:",scanonly"`
	Cheers   int64   `bun:",scanonly"`
	Km       float64 `bun:",scanonly"`
}

// eventColumns is what an event is read from: e is events, s the standings, left joined. Words are
// never read back.
const eventColumns = `
	e.id, e.edition_id, e.host_id, e.slug, e.link_key, e.way, e.title, e.summary, e.story, e.media,
	e.themes, e.language, e.precision, e.latitude, e.longitude, e.locality, e.country, e.starts_at,
	e.ends_at, e.all_day, e.zone, e.offset_seconds, e.online_url, e.rsvp_url, e.access, e.rain_plan,
	e.expected_people, e.declared_people, e.permission, e.printed_generation, e.review, e.review_reason, e.day, e.day_by,
	e.day_reason, e.postponed_to, e.source_name, e.source_id, e.source_url, e.version, e.created_at,
	e.updated_at, e.listed_at, e.live_at, e.done_at, coalesce(s.seq, 0) as seq,
	coalesce(s.check_ins, 0) as check_ins, coalesce(s.cheers, 0) as cheers`

const eventTables = ` events e left join standings s on s.event_id = e.id `

// newEventRow is the row of an event at its next version.
func newEventRow(e events.Event, hostName string) eventRow {
	return eventRow{
		ID: uid(e.ID), EditionID: uid(e.EditionID), HostID: uid(e.HostID), Slug: e.Slug,
		LinkKey: e.LinkKey, Way: e.Way, Title: e.Title, Summary: e.Summary, Story: e.Story,
		Media: texts(e.Media), Themes: texts(e.Themes), Language: e.Language,
		Precision: e.Place.Precision, Latitude: e.Place.Latitude, Longitude: e.Place.Longitude,
		Locality: e.Place.Locality, Country: e.Place.Country,
		StartsAt: e.Schedule.StartsAt, EndsAt: e.Schedule.EndsAt, AllDay: e.Schedule.AllDay,
		Zone: e.Schedule.Zone, OffsetSeconds: e.Schedule.Offset,
		OnlineURL: e.OnlineURL, RSVPURL: e.RSVPURL, Access: texts(e.Access), RainPlan: e.RainPlan,
		ExpectedPeople: e.ExpectedPeople, DeclaredPeople: e.DeclaredPeople, Permission: e.Permission,
		PrintedGeneration: e.PrintedGeneration, Review: e.Review, ReviewReason: e.ReviewReason,
		Day: e.Day, DayBy: e.DayBy, DayReason: e.DayReason, PostponedTo: date{e.PostponedTo},
		SourceName: e.Source.Name, SourceID: e.Source.ID, SourceURL: e.Source.URL,
		Version: e.Version + 1, CreatedAt: e.CreatedAt, UpdatedAt: e.UpdatedAt,
		ListedAt: e.ListedAt, LiveAt: e.LiveAt, DoneAt: e.DoneAt,
		OwnWords:  words.Document(e.Title, e.Summary, e.Place.Locality, e.Story),
		HostWords: words.Document(hostName),
	}
}

func (r eventRow) event() events.Event {
	return events.Event{
		ID:        events.NewID(events.EventPrefix, r.ID),
		EditionID: events.NewID(events.EditionPrefix, r.EditionID),
		HostID:    events.NewID(events.HostPrefix, r.HostID),
		Slug:      r.Slug, LinkKey: r.LinkKey, Way: r.Way, Title: r.Title, Summary: r.Summary,
		Story: r.Story, Media: listOf[events.Medium](r.Media), Themes: listOf[string](r.Themes),
		Language: r.Language, Place: r.place(), Schedule: r.schedule(),
		OnlineURL: r.OnlineURL, RSVPURL: r.RSVPURL, Access: listOf[events.AccessFact](r.Access),
		RainPlan: r.RainPlan, ExpectedPeople: r.ExpectedPeople, DeclaredPeople: r.DeclaredPeople,
		Permission: r.Permission, PrintedGeneration: r.PrintedGeneration, Review: r.Review, ReviewReason: r.ReviewReason,
		Day: r.Day, DayBy: r.DayBy, DayReason: r.DayReason, PostponedTo: r.PostponedTo.day,
		Source:   events.Source{Name: r.SourceName, ID: r.SourceID, URL: r.SourceURL},
		CheckIns: r.CheckIns, Cheers: r.Cheers, Version: r.Version, Seq: r.Seq,
		CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(), ListedAt: r.ListedAt.UTC(),
		LiveAt: r.LiveAt.UTC(), DoneAt: r.DoneAt.UTC(),
	}
}

func (r eventRow) place() events.Place {
	return events.Place{
		Precision: r.Precision, Latitude: r.Latitude, Longitude: r.Longitude,
		Locality: r.Locality, Country: r.Country,
	}
}

func (r eventRow) schedule() events.Schedule {
	return events.Schedule{
		StartsAt: r.StartsAt.UTC(), EndsAt: r.EndsAt.UTC(), AllDay: r.AllDay,
		Zone: r.Zone, Offset: r.OffsetSeconds,
	}
}
