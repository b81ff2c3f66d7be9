package main

import (
	"container/heap"
	"math"
)

// simplify drops the points of a line that matter least, by Visvalingam and Whyatt ("Line
// generalisation by repeated elimination of points", 1993): again and again the point whose
// triangle with its neighbors is smallest, until all are larger than bend square degrees. Areas
// are shrunk by the cosine of the latitude, so that the north is not kept finer than the tropics.
// The ends stay; a ring keeps at least four points.
func simplify(l line, bend float64) line {
	least := 2
	if len(l) > 1 && l[0] == l[len(l)-1] {
		least = 4
	}
	if len(l) <= least {
		return l
	}
	bends := newBends(l)
	for left := len(l); left > least && bends.Len() > 0 && (*bends)[0].area < bend; left-- {
		bends.drop(l)
	}
	return bends.kept(l)
}

// A corner is an inner point of a line that may be dropped.
type corner struct {
	at, before, after int // indices in the line
	area              float64
	place             int // in the heap
	prior, next       *corner
}

// bends is a heap of corners, the least important first.
type bends []*corner

func newBends(l line) *bends {
	var h bends
	var prior *corner
	for i := 1; i < len(l)-1; i++ {
		c := &corner{at: i, before: i - 1, after: i + 1, place: len(h), prior: prior}
		c.area = triangle(l[i-1], l[i], l[i+1])
		if prior != nil {
			prior.next = c
		}
		h, prior = append(h, c), c
	}
	heap.Init(&h)
	return &h
}

// drop removes the least corner. Its neighbors never become less important than it was, or a
// smooth curve would be eaten from one side.
func (h *bends) drop(l line) {
	c := heap.Pop(h).(*corner)
	if n := c.prior; n != nil {
		n.next, n.after = c.next, c.after
		h.weigh(n, l, c.area)
	}
	if n := c.next; n != nil {
		n.prior, n.before = c.prior, c.before
		h.weigh(n, l, c.area)
	}
}

func (h *bends) weigh(c *corner, l line, least float64) {
	c.area = max(least, triangle(l[c.before], l[c.at], l[c.after]))
	heap.Fix(h, c.place)
}

func (h *bends) kept(l line) line {
	stays := make([]bool, len(l))
	stays[0], stays[len(l)-1] = true, true
	for _, c := range *h {
		stays[c.at] = true
	}
	var out line
	for i, p := range l {
		if stays[i] {
			out = append(out, p)
		}
	}
	return out
}

func triangle(a, b, c point) float64 {
	area := math.Abs((b[0]-a[0])*(c[1]-a[1])-(c[0]-a[0])*(b[1]-a[1])) / 2
	return area * math.Cos(b[1]*math.Pi/180)
}

func (h bends) Len() int           { return len(h) }
func (h bends) Less(i, j int) bool { return h[i].area < h[j].area }

func (h bends) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].place, h[j].place = i, j
}

// Push is for container/heap; nothing is ever pushed.
func (h *bends) Push(c any) { *h = append(*h, c.(*corner)) }

// Pop is for container/heap.
func (h *bends) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
