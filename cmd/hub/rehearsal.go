package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"path"
	"sync"
	"time"

	"github.com/microgalleries/actionday/events"
)

// How lively the rehearsal is. Figures are means; chance decides.
const (
	rehearseEvery = 400 * time.Millisecond
	crowdMost     = 6  // people who are counted in one step
	hostEvery     = 25 // steps between two acts of a host
	registerEvery = 60 // steps between two new events
	queueMost     = 12 // events left for the steward who tries the hub out
)

// rehearsal plays hosts and passers-by in a rehearsed edition, so that the page shows a day that
// goes on. It does nothing that people could not do through the same service.
type rehearsal struct {
	hub     *events.Service
	edition events.Edition
	log     *slog.Logger
	dice    *mathrand.Rand
	host    events.Actor
	steps   int
}

func newRehearsal(hub *events.Service, edition events.Edition, log *slog.Logger) (*rehearsal, error) {
	if edition.Mode != events.RehearsalMode {
		return nil, fmt.Errorf("%s is not a rehearsal: nobody is simulated in it", edition.Title)
	}
	return &rehearsal{hub: hub, edition: edition, log: log, dice: mathrand.New(mathrand.NewPCG(1, 2))}, nil
}

// step lets some people take part. It never hurries: the pause between steps is the caller's.
func (r *rehearsal) step(ctx context.Context) (bool, error) {
	r.steps++
	if err := r.crowd(ctx, 1+r.dice.IntN(crowdMost)); err != nil {
		return false, err
	}
	if r.steps%hostEvery == 0 {
		if err := r.report(ctx); err != nil {
			return false, err
		}
	}
	if r.steps%registerEvery == 0 {
		return false, r.register(ctx)
	}
	return false, nil
}

// crowd counts n people at events that are live, all at once.
func (r *rehearsal) crowd(ctx context.Context, n int) error {
	live, err := r.some(ctx, events.Now, 20)
	if err != nil || len(live) == 0 {
		return err
	}
	var all sync.WaitGroup
	failures := make([]error, n)
	for i := range n {
		e, act := live[r.dice.IntN(len(live))], r.checkIn
		if r.dice.IntN(3) == 0 {
			act = r.cheer
		}
		all.Go(func() { _, failures[i] = events.ProblemsIn(act(ctx, e)) })
	}
	all.Wait()
	return errors.Join(failures...)
}

// checkIn scans the code that the host of an event shows.
func (r *rehearsal) checkIn(ctx context.Context, e events.Event) error {
	shown, err := r.hub.CheckInCodes(ctx, events.Actor{System: true}, e.ID)
	if err != nil {
		return err
	}
	_, _, err = r.hub.CheckIn(ctx, "", events.Arrival{Code: shown.Rotating.Code, Device: rand.Text()})
	return err
}

func (r *rehearsal) cheer(ctx context.Context, e events.Event) error {
	_, _, err := r.hub.Cheer(ctx, "", e.ID, rand.Text())
	return err
}

// some finds a few events of a phase, others each time.
func (r *rehearsal) some(ctx context.Context, phase events.Phase, n int) ([]events.Event, error) {
	box := events.Box{West: -180 + 360*r.dice.Float64(), South: -60, North: 75}
	box.East = box.West + 120
	if box.East > 180 {
		box.East -= 360
	}
	page, err := r.hub.Find(ctx, events.Query{First: n, Filter: events.Filter{
		EditionID: r.edition.ID, Phases: []events.Phase{phase}, Box: &box,
	}})
	return page.Events, err
}

// report lets the host of an event say how it goes.
func (r *rehearsal) report(ctx context.Context) error {
	live, err := r.some(ctx, events.Now, 20)
	if err != nil || len(live) == 0 {
		return err
	}
	e := live[r.dice.IntN(len(live))]
	people := e.DeclaredPeople + 5 + r.dice.IntN(40)
	change := events.DayChange{People: &people}
	if r.dice.IntN(4) == 0 {
		change.State = events.Done
	}
	_, err = r.hub.SetDay(ctx, events.Actor{HostID: e.HostID, System: true}, "", e.ID, change)
	_, err = events.ProblemsIn(err)
	return err
}

// register lets the simulated host hand in an event; the stewards' queue is kept short by listing
// one when it is full.
func (r *rehearsal) register(ctx context.Context) error {
	if err := r.signIn(ctx); err != nil {
		return err
	}
	near, err := r.some(ctx, events.Upcoming, 10)
	if err != nil || len(near) == 0 {
		return err
	}
	_, err = r.hub.Register(ctx, r.host, "", r.invent(near[r.dice.IntN(len(near))]))
	if _, err := events.ProblemsIn(err); err != nil {
		return err
	}
	r.host, err = r.refreshed(ctx)
	if err != nil {
		return err
	}
	return r.approve(ctx)
}

func (r *rehearsal) approve(ctx context.Context) error {
	queue, err := r.hub.ReviewQueue(ctx, events.Actor{System: true}, r.edition.ID, events.MaxPage, "")
	if err != nil || len(queue.Events) < queueMost {
		return err
	}
	_, err = r.hub.Approve(ctx, events.Actor{System: true}, "", queue.Events[r.dice.IntN(len(queue.Events))].ID)
	_, err = events.ProblemsIn(err)
	return err
}

// invent makes an event somewhere near another one.
func (r *rehearsal) invent(near events.Event) events.Registration {
	ideas := []struct {
		title string
		way   events.Way
		media events.Medium
	}{
		{"Sea Level 2080: the coming waterline", events.Blueprint, events.Installation},
		{"Golden Repair (The Climate)", events.Blueprint, events.Installation},
		{"Paper boats on the canal", events.OwnWork, events.Installation},
		{"A wall of birds", events.OwnWork, events.Mural},
		{"Letters to the river", events.OwnWork, events.Reading},
		{"Points of no return, projected", events.OwnWork, events.Projection},
		{"A chorus of windows", events.OwnWork, events.Performance},
	}
	idea := ideas[r.dice.IntN(len(ideas))]
	latitude := *near.Place.Latitude + r.dice.Float64()*0.1
	longitude := *near.Place.Longitude + r.dice.Float64()*0.1
	start := events.LocalTime(r.dice.IntN(24) * 60)
	return events.Registration{
		EditionID: r.edition.ID, Way: idea.way, Title: idea.title, Media: []events.Medium{idea.media},
		Summary: "An event of the rehearsal; nobody should go there.", StartsAt: &start,
		Place: events.PlaceInput{
			Precision: events.AreaPrecision, Latitude: &latitude, Longitude: &longitude,
			Locality: near.Place.Locality, Country: near.Place.Country,
		},
		Host: &events.HostProfile{DisplayName: "A rehearsing host", Kind: events.GroupHost, Pseudonymous: true},
		Zone: near.Schedule.Zone,
	}
}

// signIn gives the simulated host an account, in the way that people get theirs.
func (r *rehearsal) signIn(ctx context.Context) (err error) {
	if r.host.IsSignedIn() {
		return nil
	}
	r.host, err = r.refreshed(ctx)
	return err
}

func (r *rehearsal) refreshed(ctx context.Context) (events.Actor, error) {
	if r.host.IsSignedIn() && !r.host.HostID.IsZero() {
		return r.host, nil
	}
	link, err := r.hub.InviteLink(ctx, "rehearsal@host.invalid", time.Minute, events.HostRole)
	if err != nil {
		return events.Actor{}, err
	}
	_, session, err := r.hub.SignIn(ctx, path.Base(link), "")
	if err != nil {
		return events.Actor{}, err
	}
	return r.hub.ActorOf(ctx, session)
}
