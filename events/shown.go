package events

import "time"

// PublicSlug is the event's slug once it is listed, and "" before: a slug is the host's title, so
// it must not be given away with the link of an event that is not public.
func (e Event) PublicSlug() string {
	if e.IsPublic() {
		return e.Slug
	}
	return ""
}

// StartsAt is when the event begins, as its precision allows.
func (e Event) StartsAt() time.Time { return e.Schedule.StartsAt }

// EndsAt is when the event ends, as its precision allows.
func (e Event) EndsAt() time.Time { return e.Schedule.EndsAt }

// AllDay tells whether the event lasts the whole local day.
func (e Event) AllDay() bool { return e.Schedule.AllDay }

// Zone is the IANA zone of the event, "" where it would tell more than the precision allows.
func (e Event) Zone() string { return e.Schedule.Zone }

// StartsAtLocal is the begin by the clock of the place with its offset from UTC (RFC 3339), ""
// for an event of HIDDEN precision, which has no hour.
func (e Event) StartsAtLocal() string { return e.localTime(e.Schedule.StartsAt) }

// EndsAtLocal is the end by the clock of the place, with the offset that holds at the end: a clock
// change may lie between.
func (e Event) EndsAtLocal() string { return e.localTime(e.Schedule.EndsAt) }

func (e Event) localTime(at time.Time) string {
	if e.Place.Precision == HiddenPrecision {
		return ""
	}
	zone, err := LoadZone(e.Schedule.Zone)
	if err != nil { // no zone is shown: the offset at the begin is all that may be known
		zone = time.FixedZone("", e.Schedule.Offset)
	}
	return at.In(zone).Format("2006-01-02T15:04:05-07:00")
}

// PublicLiveAt is when the event went live; the zero time for HIDDEN precision, whose host's own LIVE
// would tell the hour, and with it the zone.
func (e Event) PublicLiveAt() time.Time { return e.hourShown(e.LiveAt) }

// PublicDoneAt is when the event was done, as PublicLiveAt.
func (e Event) PublicDoneAt() time.Time { return e.hourShown(e.DoneAt) }

func (e Event) hourShown(at time.Time) time.Time {
	if e.Place.Precision == HiddenPrecision {
		return time.Time{}
	}
	return at
}

// Reached is the larger of the people confirmed and the people that the host declared.
func (e Event) Reached() int64 { return max(e.CheckIns+e.Cheers, int64(e.DeclaredPeople)) }

// ReviewReasonFor is why the event is not listed, for its host and for stewards; "" for others.
func (e Event) ReviewReasonFor(who Actor) string {
	if who.Owns(e) || who.Moderates() {
		return e.ReviewReason
	}
	return ""
}
