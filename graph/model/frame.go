package model

import "github.com/microgalleries/actionday/events"

// Frame is the domain's frame, with its numbers as the API cuts them.
type Frame struct {
	events.Frame
}

// Counts is the numbers that changed, nil if none did.
func (f Frame) Counts() *CountsChange {
	if f.Frame.Counts == nil {
		return nil
	}
	return &CountsChange{*f.Frame.Counts}
}
