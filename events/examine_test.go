package events

import (
	"strings"
	"testing"
)

func TestAPlaceIsGivenAway(t *testing.T) {
	t.Parallel()
	lat, lon, otherLat := 27.672813, 85.325147, 27.7
	truth := Whereabouts{Precision: CityPrecision, Latitude: &lat, Longitude: &lon}
	public := Place{Precision: CityPrecision, Latitude: &otherLat, Longitude: &lon}
	for name, shown := range map[string]struct {
		place Place
		want  bool
	}{
		"as it is public":             {public, false},
		"coarser, from before":        {Place{Precision: HiddenPrecision}, false},
		"finer":                       {Place{Precision: AreaPrecision, Latitude: &otherLat, Longitude: &lon}, true},
		"the pin":                     {Place{Precision: CityPrecision, Latitude: &lat, Longitude: &lon}, true},
		"another town, from a change": {Place{Precision: CityPrecision, Latitude: &otherLat, Longitude: &otherLat}, false},
	} {
		if got := truth.isGivenAway(shown.place, public); got != shown.want {
			t.Errorf("%s: given away is %v", name, got)
		}
	}
	town := truth
	town.Latitude = &otherLat
	if town.isGivenAway(public, public) {
		t.Error("a pin in the middle of its town gives nothing away")
	}
}

func TestExaminerSaysOnlySoMuch(t *testing.T) {
	t.Parallel()
	x := NewExaminer()
	for range 10 * maxFindings {
		x.Read(Activity{Seq: 7, ID: NewID(ActivityPrefix, [16]byte{1})})
	}
	if len(x.Findings) != maxFindings || !strings.HasPrefix(x.Findings[0], "The log goes from 0 to 7") {
		t.Errorf("%d findings, first %q", len(x.Findings), x.Findings[0])
	}
}
