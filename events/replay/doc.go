// Package replay tells how an edition was at any instant of its day, out of its log.
//
// The first time that somebody asks, the edition's log is read from its beginning and wound up into
// a tape; from then on the tape grows with the log, as the counters and the map do. Who asks for
// nothing costs nothing.
//
//	log   1 listed  2 listed  3 live  4 cheered  5 done ...     deltas in each
//	          │         │        │        │         │
//	steps     A UPCOMING  B UPCOMING  A LIVE         A OVER      what the map shows, by the second
//	minutes   12:00 {2 events ...}    12:01 {2 events, 1 live, 1 cheer}    the world's numbers
//	marks     after 1, after 2049, after 4097 ...                all numbers, by position
//
// From steps and minutes comes the replay file, which a page plays without asking again: points in
// Morton order with the seconds at which they change, and the numbers of every minute. From the
// marks comes the answer to Replay: the numbers at an instant are those of the mark before it and the
// deltas of the few thousand activities in between, so that no instant costs more than any other.
//
// A tape takes back what the log takes back. A withdrawn event is in no file from then on, at no
// moment, though what it counted stays counted, as in the log; an event whose place became coarser
// or changed stands at its last place in every moment. A tape that saw a thing taken back and one
// that was read from the log after it are the same, to the byte.
//
// Only public points are on a tape, those of HIDDEN precision never.
package replay
