package poster

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/microgalleries/actionday/events"
)

// A Scene is what one picture shows. All texts are plain: they are escaped here.
type Scene struct {
	Lang, Dir  string // BCP 47, and "ltr" or "rtl"
	Dark       bool
	Bare       bool // the world alone, for pages that have the texts beside it
	Title, Day string
	Numbers    []Number
	AsOf       string // how old the numbers are
	Credit     string
	Note       string // such as that it is only a rehearsal, "" for none
	Date       events.LocalDate
	Now        time.Time
	Spots      []Spot
}

// A Number is a counter with its name.
type Number struct{ Value, Name string }

// The picture's size in pixels. The world stands in the middle of it; Bare shows nothing else.
const (
	Width  = 1200
	Height = 720

	worldTop, worldHigh = 106, 574 // of the bare picture
	middleY             = worldTop + worldHigh/2
	margin              = 28
	maxTitle            = 70 // characters of the title, the rest is cut
)

// A picture is one drawing in the making.
type picture struct {
	bytes.Buffer
	palette palette
	scene   Scene
}

// SVG draws a scene. The same scene makes the same bytes.
func (w *World) SVG(s Scene) []byte {
	p := &picture{palette: paletteOf(s.Dark), scene: s}
	top, high := 0, Height
	if s.Bare {
		top, high = worldTop, worldHigh
	}
	p.text(fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 %d %d %d" width="%d" height="%d" role="img" lang="`, top, Width, high, Width, high), escaped(s.Lang), `" xml:lang="`, escaped(s.Lang), `">`)
	p.text(`<title>`, escaped(s.Title), `</title><desc>`, escaped(p.summary()), `</desc>`)
	if !s.Bare {
		p.text(fmt.Sprintf(`<rect width="%d" height="%d" fill="%s"/>`, Width, Height, p.palette.ground))
	}
	p.text(fmt.Sprintf(`<g transform="translate(%d %d) scale(.5)">`, Width/2, middleY))
	p.world(w)
	p.marks(s.Spots)
	p.text(`</g>`)
	if !s.Bare {
		p.texts()
	}
	p.text(`</svg>`)
	return p.Bytes()
}

func (p *picture) text(parts ...string) {
	for _, part := range parts {
		_, _ = p.WriteString(part)
	}
}

// summary is the picture in words.
func (p *picture) summary() string {
	parts := []string{p.scene.Day}
	for _, n := range p.scene.Numbers {
		parts = append(parts, n.Name+": "+n.Value)
	}
	return strings.Join(append(parts, p.scene.AsOf), ". ")
}

// world is the sea, the date over it, the land, and the night over both.
func (p *picture) world(w *World) {
	c := p.palette
	p.text(`<defs><path id="h" d="`, string(w.half), `"/><path id="m" fill="none" vector-effect="non-scaling-stroke" d="`, string(w.meridian), `"/></defs>`)
	p.half(c.sea, 1)
	p.half(c.sea, -1)
	p.bands()
	p.text(`<path fill="`, c.land, `" fill-opacity=".78" stroke="`, c.coast, `" stroke-opacity=".8" stroke-width="1.4" stroke-linejoin="round" d="`, string(w.land), `"/>`)
	p.midnights()
	p.text(`<g fill="`, c.night, `" fill-opacity="`, strconv.FormatFloat(c.nightOpacity, 'f', -1, 64), `">`)
	at := sunAt(p.scene.Now.Truncate(time.Minute))
	for _, height := range dusks() {
		if data := at.night(height); len(data) > 0 {
			p.text(`<path d="`, string(data), `"/>`)
		}
	}
	p.text(`</g>`)
}

// half paints the world from the central meridian to one that lies so far along the way to 180
// degrees, to the west if it is negative.
func (p *picture) half(color string, along float64) {
	p.text(`<use href="#h" fill="`, color, `" transform="scale(`, strconv.FormatFloat(along, 'f', 4, 64), ` 1)"/>`)
}

// zoneWide is how many degrees an hour is wide at sea.
const zoneWide = 15.0

// bands tints the sea by how much of the date has passed there.
func (p *picture) bands() {
	p.text(`<g opacity="`, strconv.FormatFloat(p.palette.bandOpacity, 'f', -1, 64), `">`)
	for _, side := range []float64{1, -1} {
		painted := ""
		for zone := 12; zone >= 0; zone-- {
			color := p.palette.tint(p.progress(side * float64(zone)))
			if color != painted {
				p.half(color, side*min(1, (float64(zone)+0.5)*zoneWide/180))
			}
			painted = color
		}
	}
	p.text(`</g>`)
}

// progress is how much of the date has passed where the clock is so many hours ahead of UTC. The
// hub's clock is looked at once a minute: a picture stays the same for that long.
func (p *picture) progress(ahead float64) float64 {
	d := p.scene.Date
	begins := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
	return (p.scene.Now.Truncate(time.Minute).Sub(begins).Hours() + ahead) / 24
}

// midnights are the meridians where the date begins and where it ends.
func (p *picture) midnights() {
	for _, end := range []float64{0, 1} {
		zone := math.Ceil((end - p.progress(0)) * 24) // the westernmost that has passed it
		if zone > -12 && zone <= 12 {
			p.text(`<use href="#m" stroke="`, p.palette.midnight, `" stroke-opacity=".55" stroke-width="1.2" transform="scale(`, strconv.FormatFloat((zone*zoneWide-zoneWide/2)/180, 'f', 4, 64), ` 1)"/>`)
		}
	}
}

// texts stand above and below the world, on the side where the language begins.
func (p *picture) texts() {
	s, c := p.scene, p.palette
	start, end := margin, Width-margin
	if s.Dir == "rtl" {
		start, end = end, start
	}
	p.text(`<g font-family="system-ui,'Noto Sans','Noto Sans Arabic',sans-serif" direction="`, escaped(s.Dir), `">`)
	title := clipped(s.Title, maxTitle)
	p.words(title, start, 56, titleSize(title), c.text, ` font-weight="700"`)
	day := s.Day
	if s.Note != "" {
		day += " · " + s.Note
	}
	p.words(day, start, 88, 18, c.soft, "")
	for i, n := range s.Numbers {
		x := end - (len(s.Numbers)-1-i)*numberWide
		if s.Dir == "rtl" {
			x = end + (len(s.Numbers)-1-i)*numberWide
		}
		p.words(n.Value, x, 56, 34, c.text, ` font-weight="700" text-anchor="end"`)
		p.words(n.Name, x, 84, 15, c.soft, ` text-anchor="end"`)
	}
	p.words(s.AsOf, start, Height-18, 13, c.soft, "")
	p.words(s.Credit, end, Height-18, 13, c.soft, ` text-anchor="end"`)
	p.text(`</g>`)
}

const numberWide = 124 // pixels of one number with its name

// titleSize lets long titles end before the numbers begin.
func titleSize(title string) int {
	return max(16, min(36, 1300/max(1, utf8.RuneCountInString(title))))
}

func (p *picture) words(text string, x, y, size int, color, more string) {
	if text != "" {
		p.text(fmt.Sprintf(`<text x="%d" y="%d" font-size="%d" fill="%s"%s>`, x, y, size, color, more), escaped(text), `</text>`)
	}
}

func clipped(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:most-1])) + "…"
}

// escaped is text that cannot leave its element; what XML does not allow becomes U+FFFD.
func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a strings.Builder does not fail
	return b.String()
}
