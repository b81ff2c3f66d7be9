package replay

import "github.com/microgalleries/actionday/events"

// look is how an event is drawn: its way in the low two bits, its phase in the next two.
type look uint8

const (
	ownWork look = iota
	blueprint
	digital
)

const (
	upcoming look = iota << 2
	live
	over
	off
	gone // not on the map any more, or not yet again
)

func lookOf(card *events.EventCard) look {
	l := ownWork
	switch card.Way {
	case events.Blueprint:
		l = blueprint
	case events.Digital:
		l = digital
	}
	switch card.Day.Phase() {
	case events.Now:
		l |= live
	case events.Over:
		l |= over
	case events.Off:
		l |= off
	}
	return l
}
