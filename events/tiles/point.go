package tiles

import (
	"bytes"
	"cmp"
	"unicode/utf8"

	"github.com/microgalleries/actionday/events"
)

const (
	// maxTitle is how many bytes of a title a tile carries; the page has the rest.
	maxTitle = 96
	// maxSlug is the longest slug, in bytes, that a tile carries. A longer one is left out, because
	// part of it would lead nowhere; the id is always there.
	maxSlug = 120
)

// A point is one event on the map, as it goes into a snapshot.
type point struct {
	id    [16]byte
	key   key
	mark  mark
	title string
	slug  string
}

// pointOf is what the map shows of a card. It is not ok when the card must not be drawn: no
// public point, HIDDEN precision, or a point that is not on the earth.
func pointOf(card *events.EventCard) (p point, ok bool) {
	place := card.Place
	if place.Precision == events.HiddenPrecision || !place.IsMapped() {
		return point{}, false
	}
	k, ok := keyAt(*place.Latitude, *place.Longitude)
	if !ok {
		return point{}, false
	}
	p = point{
		id: card.ID.UUID(), key: k, mark: markOf(card.Way, card.Day.Phase()),
		title: clip(card.Title, maxTitle), slug: card.Slug,
	}
	if len(p.slug) > maxSlug {
		p.slug = ""
	}
	return p, true
}

// clip cuts text to at most limit bytes, never within a character.
func clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}

// order sorts points as a snapshot keeps them: by key, and those of one place by id, so that
// every hub makes the same tile of the same events.
func (p point) order(q point) int { return order(p.key, p.id, q.key, q.id) }

func order(k key, id [16]byte, l key, other [16]byte) int {
	if c := cmp.Compare(k, l); c != 0 {
		return c
	}
	return bytes.Compare(id[:], other[:])
}

// A mark is how a point looks: its way in the low two bits, its phase in the next two.
type mark uint8

const (
	ownWork mark = iota
	blueprint
	digital
)

const (
	upcoming mark = iota << 2
	live
	over
	off
)

const (
	wayBits   mark = 0b0011
	phaseBits mark = 0b1100
	marks          = 16 // how many different marks there can be
)

func markOf(way events.Way, phase events.Phase) mark {
	m := ownWork
	switch way {
	case events.Blueprint:
		m = blueprint
	case events.Digital:
		m = digital
	}
	switch phase {
	case events.Now:
		m |= live
	case events.Over:
		m |= over
	case events.Off:
		m |= off
	}
	return m
}

func (m mark) way() events.Way {
	switch m & wayBits {
	case blueprint:
		return events.Blueprint
	case digital:
		return events.Digital
	}
	return events.OwnWork
}

func (m mark) phase() events.Phase {
	switch m & phaseBits {
	case live:
		return events.Now
	case over:
		return events.Over
	case off:
		return events.Off
	}
	return events.Upcoming
}
