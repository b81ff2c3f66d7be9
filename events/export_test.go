package events

// The limits of group commit, for tests.
const (
	GatherFor   = gatherFor
	GatherQueue = gatherQueue
)
