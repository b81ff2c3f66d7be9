package eventstest

import (
	"encoding/binary"
	"sync/atomic"
	"time"

	"github.com/microgalleries/actionday/events"
)

// idsPerMillisecond is how many ids share one millisecond of the made-up time inside them: the
// twelve bits of rand_a in RFC 9562, section 5.7.
const idsPerMillisecond = 1 << 12

// IDs gives UUIDs of version 7 that always increase and are the same in every run. Sources with
// different seeds never give the same id. It may be used by many goroutines at once.
type IDs struct {
	seed uint32
	last atomic.Uint64
}

// NewIDs is a source of ids.
func NewIDs(seed uint32) *IDs { return &IDs{seed: seed} }

// New makes the next id of a kind.
func (s *IDs) New(prefix events.Prefix) events.ID { return events.NewID(prefix, s.UUID()) }

// UUID makes the next UUID.
func (s *IDs) UUID() (uuid [16]byte) {
	n := s.last.Add(1)
	start := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	milliseconds := uint64(start) + n/idsPerMillisecond
	binary.BigEndian.PutUint64(uuid[:8], milliseconds<<16|0x7000|n%idsPerMillisecond)
	binary.BigEndian.PutUint64(uuid[8:], 1<<63|uint64(s.seed)) // the variant's bits are 10
	return uuid
}
