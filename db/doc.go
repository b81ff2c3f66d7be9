// Package db keeps everything in Postgres, through bun. Its Store is the events.Store that the hub
// runs on.
//
// Three ideas carry the package:
//
//   - A write never waits for the live side. It is one transaction that stores the change and puts
//     the news of it into the outbox. The sequencer, of which one is active however many hubs there
//     are, moves news into the log afterwards (drawn below). A number is thus given only after the
//     order of commits is known: the log has no gap and no repeat, and the counters change with it
//     in the same transaction.
//
//   - What is private lives in a Postgres schema of that name, and only the files about a person's
//     own data name it. Every query that serves the public reads tables in which exact places and
//     addresses do not exist.
//
//   - Lists are pages by key, never by offset, and every text, page, batch and wait has a limit
//     with a name.
//
// The way of a fact into the log:
//
//	SaveEvents, Attend ──> outbox ──> Sequence ──┬─> activities  1, 2, 3... in each edition
//	(many at once)                (one at a time) ├─> standings   what each event contributes
//	                                              ├─> counters    sums, true at the log's head
//	                                              └─> heads       the last number
//
// Only this package knows what SQLSTATEs mean; failure.go turns those that a person can mend into
// Problems. Text search does not depend on the server's dictionaries: package words makes the
// lexemes. Only features of Postgres 15 are used, and no extensions.
package db
