package wire

import "sync"

// crowd counts who stands where, so that no address and not all of them together take more than
// their share of connections.
type crowd struct {
	most, mostOfOne int

	mu   sync.Mutex
	all  int
	ones map[string]int
}

func newCrowd(most, mostOfOne int) *crowd {
	return &crowd{most: most, mostOfOne: mostOfOne, ones: map[string]int{}}
}

// enter counts one more of an address, or says that there is no room. Who enters must leave.
func (c *crowd) enter(one string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all >= c.most || c.ones[one] >= c.mostOfOne {
		return false
	}
	c.all++
	c.ones[one]++
	return true
}

func (c *crowd) leave(one string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all--
	if c.ones[one]--; c.ones[one] == 0 {
		delete(c.ones, one)
	}
}

func (c *crowd) size() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.all
}
