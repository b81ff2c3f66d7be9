package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"
)

// The patience of a client.
const (
	attemptLimit = 2 * time.Second // for one answer
	retryPause   = 20 * time.Millisecond
	maxAnswer    = 4 << 20
)

// client is somebody who asks hubs. One who is not answered goes on at another hub, with the same
// words, until somebody answers; the next question goes to the first hub again, because else a
// restart of all in turn would leave everybody at one of them.
type client struct {
	http    *http.Client
	hubs    []string // their addresses
	home    int      // the hub that is asked first
	from    string   // the address of this client, as a proxy would tell it
	session string   // the cookie, "" for nobody in particular
}

func newClient(hubs []string, home int) *client {
	return &client{
		http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4, IdleConnTimeout: 5 * time.Second}},
		hubs: hubs, home: home % len(hubs), from: anyAddress(),
	}
}

func anyAddress() string {
	return fmt.Sprintf("10.%d.%d.%d", rand.IntN(256), rand.IntN(256), rand.IntN(256))
}

// elsewhere is the same person with another hub first.
func (c *client) elsewhere() *client {
	other := *c
	other.home = (c.home + 1 + rand.IntN(max(1, len(c.hubs)-1))) % len(c.hubs)
	return &other
}

// errRefused is a hub's answer that trying again will not change.
var errRefused = errors.New("refused")

// insist asks until there is an answer, and tells how often it had to.
func (c *client) insist(ctx context.Context, query string, variables map[string]any, into any) (attempts int, err error) {
	for {
		hub := c.hubs[(c.home+attempts)%len(c.hubs)]
		attempts++
		err := c.ask(ctx, hub, query, variables, into)
		if err == nil || errors.Is(err, errRefused) {
			return attempts, err
		}
		if ctx.Err() != nil {
			return attempts, ctx.Err()
		}
		if attempts%len(c.hubs) == 0 { // all of them
			if err := rest(ctx, retryPause); err != nil {
				return attempts, err
			}
		}
	}
}

func rest(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// ask asks one hub once.
func (c *client) ask(ctx context.Context, hub, query string, variables map[string]any, into any) error {
	ctx, cancel := context.WithTimeout(ctx, attemptLimit)
	defer cancel()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+hub+"/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	raw, err := c.send(r)
	if err != nil {
		return err
	}
	return understand(raw, into)
}

func (c *client) send(r *http.Request) ([]byte, error) {
	r.Header.Set("X-Forwarded-For", c.from)
	if c.session != "" {
		r.AddCookie(&http.Cookie{Name: "hub", Value: c.session})
	}
	response, err := c.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	if response.StatusCode == http.StatusTooManyRequests {
		c.from = anyAddress() // somebody else comes
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%d %.200s", response.StatusCode, raw)
	}
	return raw, nil
}

// understand reads an answer. Errors may pass; problems will not.
func understand(raw []byte, into any) error {
	var answer struct {
		Data   map[string]json.RawMessage
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return fmt.Errorf("not JSON: %w: %.200s", err, raw)
	}
	if len(answer.Errors) > 0 {
		return fmt.Errorf("%s: %s", answer.Errors[0].Extensions.Code, answer.Errors[0].Message)
	}
	for act, data := range answer.Data {
		var payload struct {
			Problems []struct{ Code, Message string }
		}
		if json.Unmarshal(data, &payload) == nil && len(payload.Problems) > 0 {
			p := payload.Problems[0]
			return fmt.Errorf("%w: %s: %s %s", errRefused, act, p.Code, p.Message)
		}
		if string(data) == "null" {
			return fmt.Errorf("%s is null", act)
		}
	}
	if into == nil {
		return nil
	}
	whole, err := json.Marshal(answer.Data)
	if err != nil {
		return err
	}
	return json.Unmarshal(whole, into)
}
