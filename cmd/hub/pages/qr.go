package pages

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// quiet is how many modules of white a QR code needs around it (ISO/IEC 18004).
const quiet = 4

// qrCode is a QR code as a drawing: dark modules as one path on a white square.
type qrCode struct {
	Edge int    // modules on a side, the quiet zone included
	Path string // for <path d>
}

// newQRCode draws an address. Host names and our codes may be of either case, so it is written in
// capitals, which a QR code packs in half the space.
func newQRCode(address string) (qrCode, error) {
	code, err := qr.Encode(strings.ToUpper(address), qr.M)
	if err != nil {
		return qrCode{}, fmt.Errorf("pages: draw a QR code: %w", err)
	}
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; {
			run := 0
			for code.Black(x+run, y) { // white outside
				run++
			}
			if run > 0 {
				_, _ = fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
			}
			x += run + 1
		}
	}
	return qrCode{code.Size + 2*quiet, path.String()}, nil
}
