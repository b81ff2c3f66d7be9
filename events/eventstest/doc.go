// Package eventstest is what tests of the domain play with: a store in memory, objects with
// sensible defaults, a clock that is set by hand, ids that come out the same every time and a
// small atlas of made-up certainty.
//
// Its heart is StoreSuite, which asserts every promise that package events asks of a Store. The
// store in memory passes it, and so must any other: a test that was written against the one then
// holds for the other. Where ports.go leaves something open (the order of ids among equal keys,
// the moment at which a check-in shows in an event), the suite leaves it open too.
//
//	store := eventstest.NewStore()
//	ids := eventstest.NewIDs(1)
//	edition := eventstest.Edition(ids)
//	host := eventstest.Host(ids, func(h *events.Host) { h.DisplayName = "Kathmandu Wall" })
//	event := eventstest.Event(ids, edition, host, eventstest.Titled("Sea Level 2080"))
//
// The package is imported by tests only.
package eventstest
