package tiles

import (
	"encoding/binary"

	"github.com/microgalleries/actionday/events"
)

// LayerName is the name of the one layer that a tile has.
const LayerName = "events"

// The properties that a feature may have, in the order of the layer's list of keys.
const (
	countKey = iota
	ownWorkKey
	blueprintKey
	digitalKey
	liveKey
	zoomKey
	idKey
	wayKey
	phaseKey
	titleKey
	slugKey
)

func propertyKeys() [11]string {
	return [...]string{
		"count", "ownWork", "blueprint", "digital", "live", "zoom", "id", "way", "phase", "title", "slug",
	}
}

// Protocol buffer tags of the Mapbox Vector Tile specification 2.1, section 4.1: the number of
// a field times eight, plus 2 for what has a length and 0 for a bare number.
const (
	tileLayer     = 3<<3 | 2
	layerVersion  = 15<<3 | 0
	layerName     = 1<<3 | 2
	layerFeature  = 2<<3 | 2
	layerKey      = 3<<3 | 2
	layerValue    = 4<<3 | 2
	layerExtent   = 5<<3 | 0
	featureTags   = 2<<3 | 2
	featureType   = 3<<3 | 0
	featureShape  = 4<<3 | 2
	valueText     = 1<<3 | 2
	valueNumber   = 5<<3 | 0
	typePoint     = 1
	moveToOnePair = 1<<3 | 1
)

// smallNumbers have a place each in a table, because nearly all counts are small. Large ones share the
// places of another: of two that want the same one the first is written again when it comes back.
const smallNumbers = 1024

// A pen writes tiles. It keeps its buffers from one to the next, and is used by one goroutine at
// a time. Everything in a feature is shorter than 128 bytes (at most six properties, each of
// them a key below 128 and a value index of at most three bytes), so that the lengths within it
// are one byte and are filled in afterwards.
type pen struct {
	groups   []group
	features []byte
	values   []byte
	valueLen uint32 // how many values there are

	// Where numbers and marks stand among the values, plus one; 0 for not yet.
	small  [smallNumbers]uint32
	large  [smallNumbers]numbered
	ways   [marks]uint32
	phases [marks]uint32

	zip zipper
}

// A numbered is a number and where it stands among the values, plus one.
type numbered struct{ number, index uint32 }

// draw is the tile as Mapbox Vector Tile bytes, none for a tile without anything.
func (p *pen) draw(s *snapshot, t tile) []byte {
	p.groups = s.groups(t, p.groups[:0])
	return p.write(s, t)
}

// write draws the groups that the pen holds.
func (p *pen) write(s *snapshot, t tile) []byte {
	if len(p.groups) == 0 {
		return nil
	}
	p.features, p.values, p.valueLen = p.features[:0], p.values[:0], 0
	p.small, p.ways, p.phases = [smallNumbers]uint32{}, [marks]uint32{}, [marks]uint32{}
	p.large = [smallNumbers]numbered{}
	for _, g := range p.groups {
		p.feature(s, t, g)
	}
	return p.layer()
}

func (p *pen) layer() []byte {
	var keys []byte
	for _, k := range propertyKeys() {
		keys = appendText(append(keys, layerKey), k)
	}
	head := appendText([]byte{layerVersion, 2, layerName}, LayerName)
	tail := binary.AppendUvarint([]byte{layerExtent}, Extent)
	size := len(head) + len(p.features) + len(keys) + len(p.values) + len(tail)

	out := make([]byte, 0, size+1+binary.MaxVarintLen32)
	out = binary.AppendUvarint(append(out, tileLayer), uint64(size))
	out = append(out, head...)
	out = append(out, p.features...)
	out = append(out, keys...)
	out = append(out, p.values...)
	return append(out, tail...)
}

func (p *pen) feature(s *snapshot, t tile, g group) {
	start := len(p.features)
	p.features = append(p.features, layerFeature, 0, featureTags, 0)
	if g.len() == 1 {
		p.point(s, t, g.lo)
	} else {
		p.cluster(s, t, g)
	}
	p.features[start+3] = byte(len(p.features) - start - 4)
	p.features = append(p.features, featureType, typePoint, featureShape, 0, moveToOnePair)
	shape := len(p.features) - 1
	x, y := t.position(s.keys[g.middle()], g.worlds)
	p.features = binary.AppendVarint(p.features, int64(x))
	p.features = binary.AppendVarint(p.features, int64(y))
	p.features[shape-1] = byte(len(p.features) - shape)
	p.features[start+1] = byte(len(p.features) - start - 2)
}

func (p *pen) cluster(s *snapshot, t tile, g group) {
	n, sum := uint32(g.len()), s.tally(g.span)
	p.tag(countKey, p.number(n))
	p.tag(ownWorkKey, p.number(sum.ownWork))
	p.tag(blueprintKey, p.number(sum.blueprint))
	p.tag(digitalKey, p.number(n-sum.ownWork-sum.blueprint))
	p.tag(liveKey, p.number(sum.live))
	if zoom := s.splitZoom(g.span, int(t.z)); zoom <= MaxZoom {
		p.tag(zoomKey, p.number(uint32(zoom)))
	}
}

func (p *pen) point(s *snapshot, t tile, at int) {
	p.tag(idKey, p.id(s.ids[at]))
	p.tag(wayKey, p.way(s.marks[at]))
	p.tag(phaseKey, p.phase(s.marks[at]))
	if t.z < titlesFrom {
		return
	}
	title, slug := s.shelf.at(s.texts[at])
	p.tag(titleKey, p.text(title))
	if len(slug) > 0 {
		p.tag(slugKey, p.text(slug))
	}
}

func (p *pen) tag(key byte, value uint32) {
	p.features = binary.AppendUvarint(append(p.features, key), uint64(value))
}

// number gives the index of a number among the values.
func (p *pen) number(n uint32) uint32 {
	if n < smallNumbers {
		if p.small[n] == 0 {
			p.small[n] = p.newNumber(n)
		}
		return p.small[n] - 1
	}
	at := &p.large[n%smallNumbers]
	if at.number != n {
		*at = numbered{n, p.newNumber(n)}
	}
	return at.index - 1
}

// newNumber writes a number as a value and gives its index plus one.
func (p *pen) newNumber(n uint32) uint32 {
	start := len(p.values)
	p.values = append(p.values, layerValue, 0, valueNumber)
	p.values = binary.AppendUvarint(p.values, uint64(n))
	p.values[start+1] = byte(len(p.values) - start - 2)
	p.valueLen++
	return p.valueLen
}

func (p *pen) way(m mark) uint32 {
	m &= wayBits
	if p.ways[m] == 0 {
		p.ways[m] = p.text([]byte(m.way())) + 1
	}
	return p.ways[m] - 1
}

func (p *pen) phase(m mark) uint32 {
	m &= phaseBits
	if p.phases[m] == 0 {
		p.phases[m] = p.text([]byte(m.phase())) + 1
	}
	return p.phases[m] - 1
}

// text writes a string as a value and gives its index.
func (p *pen) text(s []byte) uint32 {
	p.values = append(p.values, layerValue, byte(len(s)+2), valueText, byte(len(s)))
	p.values = append(p.values, s...)
	p.valueLen++
	return p.valueLen - 1
}

// id writes the text form of an event's id as a value and gives its index.
func (p *pen) id(id [16]byte) uint32 {
	const length = byte(len(events.EventPrefix) + 1 + 26)
	p.values = append(p.values, layerValue, length+2, valueText, length)
	p.values = append(append(p.values, events.EventPrefix...), '_')
	p.values = appendBase32(p.values, id)
	p.valueLen++
	return p.valueLen - 1
}

// appendBase32 is the base32hex of events.ID without its allocations: five bits a letter, the
// last letter made full with zeros.
func appendBase32(to []byte, id [16]byte) []byte {
	const letters = "0123456789abcdefghijklmnopqrstuv"
	bits, have := uint(0), 0
	for _, b := range id {
		bits, have = bits<<8|uint(b), have+8
		for have >= 5 {
			have -= 5
			to = append(to, letters[bits>>have&31])
		}
	}
	return append(to, letters[bits<<(5-have)&31])
}

func appendText(to []byte, text string) []byte {
	return append(append(to, byte(len(text))), text...)
}
