package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
)

// The sizes of the icons that phones put on their home screens, in pixels.
func iconSizes() []int { return []int{180, 192, 512} }

// addIcons draws the hub's sign, the one of static/favicon.svg, as PNG for what takes no SVG.
func (b *bundle) addIcons() error {
	for _, size := range iconSizes() {
		var out bytes.Buffer
		encoder := png.Encoder{CompressionLevel: png.BestCompression}
		if err := encoder.Encode(&out, icon(size)); err != nil {
			return fmt.Errorf("web: draw icon: %w", err)
		}
		sum := sha256.Sum256(out.Bytes())
		name := fmt.Sprintf("icon-%d-%s.png", size, hex.EncodeToString(sum[:4]))
		b.files[name] = out.Bytes()
		b.manifest[fmt.Sprintf("icon-%d.png", size)] = name
	}
	return nil
}

// finer is how many samples a pixel has in each direction.
const finer = 4

// icon is the sign on a ground that fills the square, because phones cut it to shapes of their own.
func icon(size int) image.Image {
	picture := image.NewRGBA(image.Rect(0, 0, size, size))
	unit := 32 / float64(size*finer)
	for y := range size {
		for x := range size {
			var sum [3]int
			for i := range finer * finer {
				px, py := float64(x*finer+i%finer)+0.5, float64(y*finer+i/finer)+0.5
				c := signAt(px*unit, py*unit)
				sum[0], sum[1], sum[2] = sum[0]+int(c.R), sum[1]+int(c.G), sum[2]+int(c.B)
			}
			const n = finer * finer
			picture.SetRGBA(x, y, color.RGBA{uint8(sum[0] / n), uint8(sum[1] / n), uint8(sum[2] / n), 255})
		}
	}
	return picture
}

// signAt is the sign's color at a point of its 32 by 32 units, shrunk to four fifths so that every
// shape of phones leaves it whole.
func signAt(x, y float64) color.RGBA {
	x, y = (x-16)/0.8+16, (y-16)/0.8+16
	within := func(cx, cy, r float64) bool { return math.Hypot(x-cx, y-cy) <= r }
	switch {
	case within(11, 13, 2):
		return color.RGBA{0x56, 0xb4, 0xe9, 255}
	case within(10, 20, 1.6):
		return color.RGBA{0xe5, 0x8f, 0xc0, 255}
	case within(16, 16, 12) && x >= 16, within(16, 16, 13) && !within(16, 16, 11):
		return color.RGBA{0xf0, 0xa8, 0x30, 255}
	}
	return color.RGBA{0x0b, 0x12, 0x20, 255}
}
