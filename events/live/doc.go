// Package live carries what happened from the hub that numbered it to every hub, and from there to
// whoever follows: the map, the counters, the viewers.
//
// The truth is an edition's log in Postgres: activities numbered 1, 2, 3... without a gap. NATS
// only makes it quick. It delivers at most once, so each hub keeps the newest part of each log in
// memory, in a ring that takes nothing but the next number:
//
//	sequencer ──Bus.Publish──> NATS ──> Feed.Run ──> ring ──> Follower (viewers)
//	                                       ^           │  └─> Tail (counters, map index)
//	            a hole, or nothing heard:  │           │
//	            Head and Past of Postgres ─┘           └─ older than the ring: pages of Past
//
// A repeated message is dropped. A message from beyond the next number shows a hole, which is read
// from Postgres. A lost last message is found by a slow poll. So with NATS down everything still
// arrives, only later, and no message that is lost, doubled or late can be seen behind the ring.
//
// Those who follow hold a position and nothing else. There is no queue a viewer: one who reads
// slowly is simply further back in the ring, or behind it, where Postgres answers in pages that all
// who need them share. An applier that fails is tried again with the same batch while the others
// go on.
//
// When an activity takes back what earlier ones said of the same event, the ring forgets it too.
//
// What stands on the wire is a public contract: subject.go builds and reads the subjects, wire.go
// the messages.
package live
