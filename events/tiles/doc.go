// Package tiles is the map from memory: an Index holds the public points of one edition's listed
// events and draws them as vector tiles, clustered, in microseconds and without a database.
//
// # The index
//
// A place is one number: its Web Mercator x and y at zoom 31 with their bits interleaved, which is
// Morton's Z order. Sorted by that number, the points of any tile at any zoom are one run, and so
// are those of any cell within the tile:
//
//	zoom 1          zoom 2            keys in order
//	+----+----+     +--+--+--+--+
//	| 00 | 01 |     |00|01|04|05|     0000.. 0001.. 0010.. 0011.. 0100.. ...
//	+----+----+     +--+--+--+--+     \__________ tile 1/0/0 ____/
//	| 10 | 11 |     |02|03|06|07|     \_ cell _/
//	+----+----+     +--+--+--+--+
//
// Beside the keys stand running sums of what is counted. How many events a cell holds, of which
// way, how many live, is then the difference of two sums at the ends of its run, whether it holds
// two events or a million. The ends are found by galloping: doubling steps, then halves.
//
// # Snapshots
//
// A snapshot never changes. News is merged into a new one, which replaces it in one atomic step:
// readers never wait and see every batch whole. News that only changes what points look like (live,
// over) shares the columns of keys and ids with the snapshot before. A tile that was made and
// compressed stays good until news falls within it, which a snapshot can tell from the places of
// the latest changes.
//
// # The tiles
//
// One layer, "events", of points in a square of 4096 units, which a map draws 512 pixels wide (as
// MapLibre does). Events within a cell of 16 pixels up to zoom 2, of 8 pixels from zoom 3, are
// drawn as one feature, put where the middle one of them is. Cells nest: the parts of a cluster at
// the next zoom add up to it. Every feature is in one tile and, whole, in the buffer of those
// neighbors whose edge it is within 32 pixels of; east and west the world goes round. MapLibre
// draws circles over tile edges and ignores the buffer; other engines need it.
//
//	cluster   count, ownWork, blueprint, digital, live: how many events; the first is there only on
//	          clusters, which tells them from points
//	          zoom: the first zoom at which it falls apart, to fly there; absent when its events
//	          are in one place for good, to list them instead
//	point     id (evt_...), way (OWN_WORK, BLUEPRINT, DIGITAL), phase (UPCOMING, LIVE, OVER, OFF)
//	          from zoom 8 also title, cut to 96 bytes, and slug, unless it is longer than 120
//
// # What it promises
//
// The same events make the same bytes on every hub. Only public points are taken in, and those of
// HIDDEN precision never; a removed event is gone from the next snapshot on. Where the map belongs
// in the log is its Position; the gap before news, and a new epoch, are reported, never guessed
// over. Reading the log and filling gaps is left to others.
package tiles
