// Package frames cuts the logs of editions into frames, at most two a second, so that following an
// edition costs the same however much happens in it.
//
// Each edition that somebody watches has one pace. It follows the log of this hub, folds every
// activity into a ledger of its own, which is exact at each position, and makes a cut when something
// has happened: at once after quiet, and then every half second. All who watch, whatever area and
// whatever fields, end their frames at these cuts:
//
//	log     1 2 3 4 5 6 7 8 9 ...
//	cuts        |       |   |
//	viewer      |4 5 6 7|8 9|          follows from cut to cut
//	viewer    3 4 5 6 7 |8 9|          comes back: one frame up to the newest cut, then the same
//
// So whoever has caught up stands where all others stand, and is given the very same answers from
// there (see wire). A frame is made of the log each time and never kept here: what was taken back
// meanwhile is not in it.
//
// Positions are the log's, and mean the same on every hub. One that this hub's pace has not reached
// yet is waited for; one that the log does not know, or from which there is too much to tell, is
// answered by a frame that holds all numbers and says that a snapshot is required.
//
// A pace begins with its first viewer, from the numbers in Postgres, and ends some time after the
// last. What it cannot read, it tries again; no failure ends a stream.
package frames
