package pages

import (
	"fmt"
	"strings"
	"testing"

	"rsc.io/qr"
)

// The drawing has exactly the dark modules of the code, inside its quiet zone.
func TestTheDrawingIsTheCode(t *testing.T) {
	t.Parallel()
	const address = "https://hub.example/c/V1.06DNDML801O090000000000004.R1S5TI.KU3H3NRIHV8QE82T"
	drawn, err := newQRCode(address)
	if err != nil {
		t.Fatal(err)
	}
	code, err := qr.Encode(strings.ToUpper(address), qr.M)
	if err != nil {
		t.Fatal(err)
	}
	if code.Size > 37 || drawn.Edge != code.Size+2*quiet {
		t.Errorf("%d modules on a side, drawn on %d", code.Size, drawn.Edge)
	}
	dark := map[[2]int]bool{}
	for _, run := range strings.Split(strings.TrimSuffix(drawn.Path, "z"), "z") {
		var x, y, n, back int
		if read, err := fmt.Sscanf(run, "M%d %dh%dv1h-%d", &x, &y, &n, &back); read != 4 || err != nil || back != n {
			t.Fatalf("run %q: %v", run, err)
		}
		for i := range n {
			dark[[2]int{x + i - quiet, y - quiet}] = true
		}
	}
	for y := range code.Size {
		for x := range code.Size {
			if dark[[2]int{x, y}] != code.Black(x, y) {
				t.Fatalf("module %d, %d is drawn %v", x, y, dark[[2]int{x, y}])
			}
			delete(dark, [2]int{x, y})
		}
	}
	for at, is := range dark {
		if is {
			t.Errorf("a dark module outside: %v", at)
		}
	}
}

func TestAnAddressThatIsTooLongIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := newQRCode("https://hub.example/" + strings.Repeat("x", 5000)); err == nil {
		t.Error("it was drawn")
	}
}
