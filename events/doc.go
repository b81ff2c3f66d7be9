// Package events is the domain of the hub: one worldwide day of public creative actions, told in
// Go values and rules, with nothing of the network or the database in it.
//
// An Edition is one calendar date. Because a date travels round the globe, an edition is open for
// fifty hours while each place has its own day of 23 to 25 hours; day.go holds that arithmetic.
// A Host registers an Event, a steward lists it, the day makes it live, passers-by are counted.
// An event moves along two independent axes:
//
//	review   DRAFT ─> SUBMITTED ─> LISTED ─> HIDDEN (steward) or WITHDRAWN (host)
//	              └─> LINK_ONLY      ^
//	                  NEEDS_INFO ────┘        REJECTED
//
//	day      PLANNED ─> CONFIRMED ─> LIVE ─> DONE ─> DOCUMENTED
//	         rescue: POSTPONED, MOVED, WENT_DIGITAL, CANCELLED
//
// Three ideas carry the package:
//
//   - A decision is pure. Methods such as Event.Approve take values and return the changed event
//     and the news of it; Service loads, decides and saves.
//   - What is public is made in one place. Whereabouts is the private truth about where and when;
//     its method Public is the only code that turns it into the Place and Schedule that an Event,
//     and so every reader, can see.
//   - Every public fact is an Activity in one dense, append-only log per edition. Counters, map,
//     viewers and replay are all folds over that log; counts.go holds the fold. A Frame is a stretch
//     of it cut to what a map shows, so that watching a busy day costs what a quiet one does.
//
// The package imports the standard library only. What it needs from outside stands in ports.go as
// small interfaces; the rules that their implementations must keep are run by eventstest.
package events
