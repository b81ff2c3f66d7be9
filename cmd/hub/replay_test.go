package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"net/http"
	"testing"
	"time"
)

// replayed reads the places of an edition's replay file, which are on the map at some moment.
func (p *person) replayed(slug string) []place {
	p.t.Helper()
	return p.placesIn(p.get("/replay/" + slug + ".bin"))
}

func (p *person) placesIn(a answer) (places []place) {
	p.t.Helper()
	rest, ok := bytes.CutPrefix(a.body, []byte("ADR1"))
	if a.status != http.StatusOK || !ok {
		p.t.Fatalf("the replay file: %d %.100q", a.status, a.body)
	}
	r := bytes.NewReader(rest)
	next := func() uint64 {
		n, err := binary.ReadUvarint(r)
		if err != nil {
			p.t.Fatalf("the replay file ends early: %v", err)
		}
		return n
	}
	var header [8]uint64
	for i := range header {
		header[i] = next()
	}
	events, minutes := int(header[5]), int(header[7])
	for range events + 14*minutes { // how many steps each has, the numbers, the acts
		next()
	}
	keys := make([]uint64, events)
	for shift := range 6 {
		for i := range keys {
			b, _ := r.ReadByte()
			keys[i] |= uint64(b) << (8 * shift)
		}
	}
	key := uint64(0)
	for _, difference := range keys {
		key += difference
		var east, north float64
		for bit := range 24 {
			east += float64(key>>(2*bit)&1) * math.Exp2(float64(bit-24))
			north += float64(key>>(2*bit+1)&1) * math.Exp2(float64(bit-24))
		}
		places = append(places, place{north*180 - 90, east*360 - 180})
	}
	return places
}

// walkReplay holds the replay file against where the events are, and where they are shown.
func (p *person) walkReplay(pr *pair, all []*spot) {
	p.t.Helper()
	const near = 0.005 // km, the grid of the file
	for _, point := range p.replayed(pr.edition.Slug) {
		shown := false
		for _, at := range all {
			if km := at.km(point.latitude, point.longitude); at.precision != "EXACT" && km < 0.05 {
				p.t.Errorf("the replay shows %s where it is, %.0f m off", at.title, km*1000)
			}
			shown = shown || at.place != nil && (&spot{latitude: at.place.latitude, longitude: at.place.longitude}).km(point.latitude, point.longitude) < near
		}
		if !shown {
			p.t.Errorf("the replay shows %+v, where nothing is shown", point)
		}
	}
}

// The file of every hub follows the log; a withdrawn event is in it at no moment.
func TestReplayFileFollowsTheLog(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	birds := p.lists("A wall of birds")
	has := func(h *house, n int) func() bool {
		return func() bool { return len(h.anybody().replayed(p.edition.Slug)) == n }
	}
	eventually(t, "hub a replays one", has(p.a, 1))
	river := p.lists("Letters to the river")
	for _, h := range []*house{p.a, p.b} {
		eventually(t, "both hubs replay two", has(h, 2))
	}
	a := p.b.anybody().get("/replay/" + p.edition.Slug + ".bin")
	if shared, own := a.kept(); shared != 1 || own != 0 || a.header.Get("ETag") == "" {
		t.Errorf("a CDN is told %v", a.header)
	}
	withdrawn := time.Now()
	p.host.must(`mutation ($id: ID!) { withdrawEvent(eventId: $id) `+answered+` }`, "id", river)
	for _, h := range []*house{p.a, p.b} {
		eventually(t, "it is gone from both hubs", has(h, 1))
	}
	t.Logf("withdrawal_to_replay_file_ms %d", time.Since(withdrawn).Milliseconds())
	p.steward.must(`mutation ($id: ID!) { hideEvent(eventId: $id, reason: "Somebody is in danger.") `+answered+` }`, "id", birds)
	eventually(t, "the other, too", has(p.b, 0))

	for _, name := range []string{"none.bin", p.edition.Slug, ".bin", p.edition.Slug + ".BIN"} {
		if a := p.b.anybody().get("/replay/" + name); a.status != http.StatusNotFound {
			t.Errorf("/replay/%s answers %d", name, a.status)
		}
	}
}

// The numbers of every position are told again as they were, by another hub.
func TestReplayTellsWhatCounted(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	const crowd = 12
	birds := p.lists("A wall of birds")
	for n := range crowd {
		p.a.anybody().takesPart("cheer", birds, device(n))
	}
	p.settled(people(0, crowd))
	head := p.a.anybody().must(`{ changes(first: 100) { seq at count kind } }`)
	cheers, latest := int64(0), time.Time{}
	for _, item := range head.get("changes").([]any) {
		a := item.(map[string]any)
		if a["kind"] == "CHEERED" {
			cheers += int64(a["count"].(float64))
		}
		// What commits at the same time may be numbered out of its clock's order.
		if at, err := time.Parse(time.RFC3339Nano, a["at"].(string)); err != nil {
			t.Fatal(err)
		} else if at.After(latest) {
			latest = at
		}
		then := p.b.anybody().must(`query ($at: DateTime!) { replay(at: $at) { counts { asOfSeq world { cheers { value } } } } }`, "at", latest)
		if seq := then.number("replay.counts.asOfSeq"); seq < int64(a["seq"].(float64)) {
			t.Errorf("at %v the log had come to %d, not %v", a["at"], seq, a["seq"])
		}
		if got := then.number("replay.counts.world.cheers.value"); got < cheers {
			t.Errorf("at %v %d had cheered, not %d", a["at"], got, cheers)
		}
	}
	if cheers != crowd {
		t.Error(fmt.Sprint(cheers, " cheers in the log"))
	}
}
