package model

import "github.com/microgalleries/actionday/events"

// EventPayload answers every mutation that changes an event.
type EventPayload struct {
	Event    *events.Event // nil when there are problems
	Problems []events.Problem
}

// AttendancePayload answers checkIn and cheer.
type AttendancePayload struct {
	Event    *events.Event   // nil when there are problems
	Outcome  *events.Outcome // nil when there are problems
	Problems []events.Problem
}

// ProblemsPayload answers mutations that give nothing back.
type ProblemsPayload struct {
	Problems []events.Problem
}

// SignInPayload answers signIn.
type SignInPayload struct {
	Viewer   *Viewer // nil when there are problems
	Problems []events.Problem
}

// Viewer is the person who is signed in.
type Viewer struct {
	events.Account
}
