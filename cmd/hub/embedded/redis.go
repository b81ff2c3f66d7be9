package embedded

import (
	"context"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

const (
	// expireEvery is the shortest step in which the time of keys passes.
	expireEvery = 50 * time.Millisecond
	// expireRest is how many times longer than a step took the next one is waited for.
	expireRest = 50
)

// Redis is a Redis within this process. It forgets everything when it stops, which costs nothing
// but time: whatever the hub keeps in Redis can be rebuilt. It knows plain commands and Lua
// scripts, and lacks functions, sharded subscriptions, client tracking and BITFIELD.
//
// A key may expire a moment early or late, see [Redis.expire].
type Redis struct {
	server *miniredis.Miniredis

	stopOnce sync.Once
	stop     chan struct{} // closed to end expire
	stopped  chan struct{} // closed when it has ended
}

// StartRedis returns a Redis that is ready for connections.
func StartRedis() (*Redis, error) {
	m := miniredis.NewMiniRedis()
	// The first connection starts the server, without a listener.
	first, err := m.Dial()
	if err != nil {
		return nil, fmt.Errorf("embedded: start Redis: %w", err)
	}
	if err := first.Close(); err != nil {
		return nil, fmt.Errorf("embedded: start Redis: %w", err)
	}
	r := &Redis{server: m, stop: make(chan struct{}), stopped: make(chan struct{})}
	go r.expire()
	return r, nil
}

// ListenRedis returns a Redis that is reached at an address of this machine, such as
// 127.0.0.1:16379, by other processes.
func ListenRedis(address string) (*Redis, error) {
	m := miniredis.NewMiniRedis()
	if err := m.StartAddr(address); err != nil {
		return nil, fmt.Errorf("embedded: start Redis: %w", err)
	}
	r := &Redis{server: m, stop: make(chan struct{}), stopped: make(chan struct{})}
	go r.expire()
	return r, nil
}

// expire lets the time of keys pass, which miniredis leaves to the tests that it is made for. Its
// own switch for a real clock (ClockTTL) sorts all keys at every command: with ten thousand keys
// a command takes milliseconds. Here it happens in steps, rarer when there are many keys.
func (r *Redis) expire() {
	defer close(r.stopped)
	last := time.Now()
	step := time.NewTimer(expireEvery)
	defer step.Stop()
	for {
		select {
		case <-r.stop:
			return
		case <-step.C:
		}
		now := time.Now()
		r.server.FastForward(now.Sub(last))
		last = now
		step.Reset(max(expireEvery, expireRest*time.Since(now)))
	}
}

// Dial opens a connection. It has the form of go-redis' Options.Dialer, so that a caller can put
// a connection of its own around it; network and address do not matter.
func (r *Redis) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := r.server.Server()
	if s == nil {
		return nil, fmt.Errorf("embedded: connect to Redis: %w", net.ErrClosed)
	}
	client, server := newConn()
	s.ServeConn(server)
	return client, nil
}

// Connect returns a client, which the caller closes. It gives up as soon as its context ends and
// hardly retries: within a process, what failed once fails again.
func (r *Redis) Connect() *redis.Client {
	return redis.NewClient(&redis.Options{
		Addr:                  "embedded",
		Dialer:                r.Dial,
		ContextTimeoutEnabled: true,
		DialerRetries:         1,
		MaxRetries:            1,
		MaintNotificationsConfig: &maintnotifications.Config{
			Mode: maintnotifications.ModeDisabled,
		},
	})
}

// Stop ends all connections and the server, and returns when it has ended.
func (r *Redis) Stop() {
	r.stopOnce.Do(func() { close(r.stop) })
	<-r.stopped
	r.server.Close()
}
