package wire

// WriteEach has every answer written by itself, as it comes: for measurements beside programs that do
// not gather answers.
func (h *Handler) WriteEach() {
	for _, s := range h.shards {
		s.post(func() { s.gather = 0 })
	}
}

// MoreByAddress lets one address have as many connections as a measurement needs.
func (h *Handler) MoreByAddress(n int) { h.standing.mostOfOne = n }
