package poster

import "testing"

func TestWindowsStayAtTheEndOfThePicture(t *testing.T) {
	t.Parallel()
	whole := Window{0, worldTop, Width, worldHigh}
	for name, c := range map[string]struct {
		west, south, east, north float64
		left, right              bool // where the window ends with the picture
	}{
		"Fiji":  {177.4, -19, -179.9, -16, false, true},
		"Samoa": {179.5, -15, -170, -13, true, false},
		"Nepal": {80, 26, 88, 30, false, false},
	} {
		w := Around(c.west, c.south, c.east, c.north)
		if w == whole || w.Wide > Width/2 {
			t.Errorf("%s is shown as %+v", name, w)
		}
		if left, right := w.X == 0, w.X+w.Wide == Width; left != c.left || right != c.right {
			t.Errorf("%s is shown from %d to %d", name, w.X, w.X+w.Wide)
		}
	}
	if w := Around(120, -50, -80, 50); w != whole {
		t.Errorf("both sides of the Pacific are shown as %+v", w)
	}
}
