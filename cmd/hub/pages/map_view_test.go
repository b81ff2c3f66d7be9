package pages

import "testing"

func TestNumbersAreGroupedByThousands(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{
		0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -100: "-100", -1000: "-1,000",
	} {
		if got := (MapView{}).Number(n); got != want {
			t.Errorf("Number(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestPlaceLeavesOutWhatIsNotPublic(t *testing.T) {
	t.Parallel()
	for want, row := range map[string]MapRow{
		"Lalitpur, Nepal": {Locality: "Lalitpur", Country: "Nepal"},
		"Nepal":           {Country: "Nepal"},
		"Lalitpur":        {Locality: "Lalitpur"},
		"":                {},
	} {
		if got := row.Place(); got != want {
			t.Errorf("Place() = %q, want %q", got, want)
		}
	}
}

func TestHoursGoIntoOneAttribute(t *testing.T) {
	t.Parallel()
	if got := (MapView{Hours: []int64{0, 12, 3}}).HourList(); got != "0,12,3" {
		t.Errorf("HourList() = %q", got)
	}
	if got := (MapView{}).HourList(); got != "" {
		t.Errorf("without hours HourList() = %q", got)
	}
}
