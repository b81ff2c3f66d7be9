package poster

import "strconv"

// A path writes the data of an SVG path in as few bytes as whole numbers allow: every step is
// relative to the last, and a minus is its own separator.
type path struct {
	out  []byte
	here dot
}

// move begins a new line at d.
func (p *path) move(d dot) {
	p.step('m', d)
}

// line goes on to d, unless it is there already.
func (p *path) line(d dot) {
	if d != p.here {
		p.step('l', d)
	}
}

// text appends commands that end where they began.
func (p *path) text(commands string) { p.out = append(p.out, commands...) }

func (p *path) step(command byte, d dot) {
	p.out = append(p.out, command)
	p.out = strconv.AppendInt(p.out, int64(d.x-p.here.x), 10)
	if dy := d.y - p.here.y; dy >= 0 {
		p.out = append(p.out, ',')
	}
	p.out = strconv.AppendInt(p.out, int64(d.y-p.here.y), 10)
	p.here = d
}

// ring is a closed line. After it the path stands where the ring began, as SVG has it.
func (p *path) ring(dots []dot) {
	if len(dots) < 3 {
		return
	}
	p.move(dots[0])
	for _, d := range dots[1:] {
		p.line(d)
	}
	p.text("z")
	p.here = dots[0]
}
