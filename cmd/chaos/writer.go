package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// What the writers do, out of a hundred acts.
const (
	registersOf100 = 2
	daysOf100      = 4
	repeatsOf100   = 5  // ask again under the same key, after the answer
	doublesOf100   = 10 // press twice, at two hubs at once
	keysOf100      = 60 // send an idempotency key with a cheer or check-in
	onSiteOf100    = 40 // check in by the poster's code instead of cheering
)

// writer is one person who acts again and again.
type writer struct {
	name    int
	random  *rand.Rand
	people  *client // anybody
	host    *client
	steward *client
	edition string
	record  *record
	stage   *stage
	breath  time.Duration  // between two acts
	aside   chan struct{}  // second clicks that are under way, at most so many
	clicks  sync.WaitGroup // and all of them
	made    int
	own     string // the event whose people this host counts
	counted int64
}

// work acts until load ends. What was begun is finished.
func (w *writer) work(load, all context.Context) {
	defer w.clicks.Wait()
	for load.Err() == nil {
		if w.random.IntN(200) == 0 {
			w.people.from = anyAddress()
		}
		var err error
		switch die := w.random.IntN(100); {
		case die < registersOf100:
			err = w.registers(all)
		case die < registersOf100+daysOf100:
			err = w.countsPeople(all)
		default:
			err = w.takesPart(all)
		}
		if err != nil && !errors.Is(err, errRefused) {
			w.record.wrong("writer %d gave up: %v", w.name, err)
			return
		}
		if w.breath > 0 {
			_ = rest(load, w.breath)
		}
	}
}

// phone is a device as it presents itself, and as it is kept.
type phone struct {
	presence
	token string
}

func newcomer(event, kind string) phone {
	token := "device-" + uuid.NewString()
	kept := sha256.Sum256([]byte(token))
	return phone{presence{event, kind, hex.EncodeToString(kept[:])}, token}
}

const cheerMutation = `mutation ($id: ID!, $device: String!, $key: String) {
	cheer(eventId: $id, device: $device, clientMutationId: $key) { outcome problems { code message } } }`

const checkInMutation = `mutation ($code: String!, $device: String!, $key: String) {
	checkIn(code: $code, device: $device, clientMutationId: $key) { outcome problems { code message } } }`

// takesPart counts a device that nobody has seen before.
func (w *writer) takesPart(ctx context.Context) error {
	event, kind := w.stage.pick(w.random), "CHEER"
	if w.random.IntN(100) < onSiteOf100 {
		kind = "CHECK_IN"
	}
	who := newcomer(event, kind)
	key := ""
	if w.random.IntN(100) < keysOf100 {
		key = uuid.NewString()
	}
	if w.random.IntN(100) < doublesOf100 {
		w.again(ctx, who, key)
	}
	if err := w.presses(ctx, w.people, who, key); err != nil {
		return err
	}
	if key != "" && w.random.IntN(100) < repeatsOf100 {
		w.again(ctx, who, key)
	}
	return nil
}

// maxAside is how many second clicks of one writer are under way at most.
const maxAside = 8

// again presses once more, at another hub, while this writer goes on: somebody else's hub may be
// frozen just now.
func (w *writer) again(ctx context.Context, who phone, key string) {
	select {
	case w.aside <- struct{}{}:
	default:
		return
	}
	other := w.people.elsewhere()
	w.clicks.Go(func() {
		defer func() { <-w.aside }()
		if err := w.presses(ctx, other, who, key); err != nil && !errors.Is(err, errRefused) {
			w.record.wrong("a second click of writer %d was never answered: %v", w.name, err)
		}
	})
}

func (w *writer) presses(ctx context.Context, c *client, who phone, key string) error {
	mutation, variables := cheerMutation, map[string]any{"id": who.event, "device": who.token}
	if who.kind == "CHECK_IN" {
		mutation, variables = checkInMutation, map[string]any{"code": w.stage.poster(who.event), "device": who.token}
	}
	if key != "" {
		variables["key"] = key
	}
	answer := map[string]struct{ Outcome string }{}
	_, err := c.insist(ctx, mutation, variables, &answer)
	if err != nil {
		w.record.doubt(who.presence)
		return err
	}
	for act, told := range answer {
		if key != "" && told.Outcome != "FRESH" { // I2: a repeated key gets the first answer
			w.record.wrong("%s of %v under its key %s was answered %s", act, who.presence, key, told.Outcome)
		}
	}
	w.record.ack(strings.ToLower(who.kind), func() { w.record.counted[who.presence] = true })
	return nil
}

const registerMutation = `mutation ($r: RegisterEventInput!, $key: String) {
	registerEvent(registration: $r, clientMutationId: $key) { event { id version } problems { code message } } }`

const approveMutation = `mutation ($id: ID!, $key: String) {
	approveEvent(eventId: $id, clientMutationId: $key) { event { id version } problems { code message } } }`

const hideMutation = `mutation ($id: ID!, $key: String) {
	hideEvent(eventId: $id, reason: "an advertisement", clientMutationId: $key) { event { id version } problems { code message } } }`

const dayMutation = `mutation ($id: ID!, $n: Int!, $key: String) {
	setEventDay(eventId: $id, day: {state: LIVE, people: $n}, clientMutationId: $key) { event { id version } problems { code message } } }`

// told is the event in an answer to any of these.
type told struct {
	Event struct {
		ID      string
		Version int64
	}
}

// act sends a mutation under a key until it is answered, and now and then once more.
func (w *writer) act(ctx context.Context, c *client, mutation string, variables map[string]any) (told, error) {
	variables["key"] = uuid.NewString()
	first, _, err := w.once(ctx, c, mutation, variables)
	if err != nil || w.random.IntN(100) >= repeatsOf100 {
		return first, err
	}
	again, _, err := w.once(ctx, c.elsewhere(), mutation, variables)
	if err == nil && again.Event.ID != first.Event.ID {
		w.record.wrong("a repeated key was answered %s and then %s", first.Event.ID, again.Event.ID)
	}
	return first, err
}

func (w *writer) once(ctx context.Context, c *client, mutation string, variables map[string]any) (told, int, error) {
	answer := map[string]told{}
	attempts, err := c.insist(ctx, mutation, variables, &answer)
	for _, t := range answer {
		return t, attempts, err
	}
	return told{}, attempts, err
}

// registers hands an event in, has it approved, and has an older one hidden when there are many.
func (w *writer) registers(ctx context.Context) error {
	id, err := w.registered(ctx)
	if err != nil {
		return err
	}
	if err := w.approves(ctx, id); err != nil {
		return err
	}
	poster, err := w.prints(ctx, id)
	if err != nil || !w.stage.add(id, poster) {
		return err
	}
	return w.hides(ctx)
}

const posterQuery = `query ($id: ID!) { viewer { checkInCodes(eventId: $id) { printed { code } } } }`

// prints gives the code of an event's poster.
func (w *writer) prints(ctx context.Context, id string) (string, error) {
	var answer struct {
		Viewer struct {
			CheckInCodes struct{ Printed struct{ Code string } }
		}
	}
	_, err := w.host.insist(ctx, posterQuery, map[string]any{"id": id}, &answer)
	return answer.Viewer.CheckInCodes.Printed.Code, err
}

func (w *writer) registered(ctx context.Context) (string, error) {
	w.made++
	title := fmt.Sprintf("Wall %d of writer %d", w.made, w.name)
	t, err := w.act(ctx, w.host, registerMutation, map[string]any{"r": map[string]any{
		"editionId": w.edition, "way": "OWN_WORK", "title": title, "allDay": true, "zone": "UTC",
		"host": map[string]any{"displayName": "Studio Patan"},
		"place": map[string]any{
			"precision": []string{"EXACT", "AREA", "CITY", "COUNTRY", "HIDDEN"}[w.random.IntN(5)],
			"latitude":  27.5 + w.random.Float64(), "longitude": 85 + w.random.Float64(), "country": "NP", "locality": "Lalitpur",
		},
	}})
	if err != nil {
		return "", err
	}
	w.record.ack("register", func() {
		w.record.events[title] = t.Event.ID
		w.record.version(t)
	})
	return t.Event.ID, nil
}

func (w *writer) approves(ctx context.Context, id string) error {
	t, err := w.act(ctx, w.steward, approveMutation, map[string]any{"id": id})
	if err != nil {
		return err
	}
	w.record.ack("approve", func() { w.record.listings[id]++; w.record.version(t) })
	return nil
}

func (w *writer) hides(ctx context.Context) error {
	id, ok := w.stage.drop(w.random)
	if !ok {
		return nil
	}
	t, err := w.act(ctx, w.steward, hideMutation, map[string]any{"id": id})
	if err != nil {
		return err
	}
	w.record.ack("hide", func() { w.record.hidden(id); w.record.version(t) })
	return nil
}

// countsPeople has the host say how many have come, one more each time.
func (w *writer) countsPeople(ctx context.Context) error {
	if w.own == "" {
		id, err := w.registered(ctx)
		if err != nil {
			return err
		}
		if err := w.approves(ctx, id); err != nil {
			return err
		}
		w.own, w.counted = id, 0
	}
	w.counted++
	n := w.counted
	t, err := w.act(ctx, w.host, dayMutation, map[string]any{"id": w.own, "n": n})
	if errors.Is(err, errRefused) && strings.Contains(err.Error(), "WRONG_STATE") { // a clock that is off has ended it
		w.own = ""
	}
	if err != nil {
		return err
	}
	w.record.ack("day", func() { w.record.people[w.own] = append(w.record.people[w.own], n); w.record.version(t) })
	return nil
}
