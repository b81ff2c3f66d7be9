// Package counters keeps what must be counted and shared quickly in Redis: the live numbers of an
// edition, and who has asked for how much.
//
// Redis is never the truth here. The numbers follow from the log, in which every activity carries
// the changes that it makes; Postgres folds them in the same transaction that numbers the activity.
// Board repeats that fold in Redis, so that all hubs can read the numbers without Postgres:
//
//	tail of hub A ──┐ Apply(8, 9)   ┌─────────────────────────────┐
//	                ├─────────────> │ hub:{edn_...}:counts        │ ──> Counts
//	tail of hub B ──┘ Apply(8, 9)   │   _epoch 5f3a09c1   _seq 7  │
//	                                │   world||events   160  ...  │
//	Postgres ─────────Rebuild─────> └─────────────────────────────┘
//
// Every hub offers every batch, and one script applies a batch only if it follows _seq: the first
// hub counts, the others change nothing. What does not follow, because Redis lost its memory or woke
// up with an old one, is rebuilt from one snapshot of Postgres. A reader gets all numbers of one
// position, from Redis or else from Postgres, never a mixture.
//
// Limiter holds rates over all hubs by the same Redis, and each hub's own where Redis does not
// answer.
//
// Both may lose Redis at any moment: the one then costs Postgres a query four times a second, the
// other counts by hub.
package counters
