package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// settleLimit is how long it is waited for, which is far longer than the bar.
	settleLimit = 30 * time.Second
	settleLook  = 20 * time.Millisecond
	viewerLimit = 30 * time.Second
	// calmFor lets connections that nobody needs any more go, before they are counted.
	calmFor = 6 * time.Second
)

// settle waits until nothing waits for its number, and Redis and all hubs tell the counts of the end
// of the log.
func (s *show) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, settleLimit)
	defer cancel()
	conn, err := s.database(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	c := newClient(s.hubs, 0)
	for {
		err := s.settled(ctx, conn, c)
		if err == nil {
			return nil
		}
		if rest(ctx, settleLook) != nil {
			return fmt.Errorf("it does not settle: %w", err)
		}
	}
}

func (s *show) settled(ctx context.Context, conn *pgx.Conn, c *client) error {
	var head, waiting int64
	err := conn.QueryRow(ctx, "select (select seq from heads), (select count(*) from outbox)").Scan(&head, &waiting)
	if err != nil {
		return err
	}
	stored, err := s.redis.HGet(ctx, s.counts(), "_seq").Int64()
	if err != nil {
		return err
	}
	if waiting > 0 || stored != head {
		return fmt.Errorf("%d wait, Redis is at %d of %d", waiting, stored, head)
	}
	for _, hub := range s.hubs {
		if seq, err := s.readCounts(ctx, c, hub); err != nil || seq != head {
			return fmt.Errorf("%s is at %d of %d: %w", hub, seq, head, errors.Join(err))
		}
	}
	return nil
}

// awaitViewers waits until every viewer has seen the end of the log.
func (s *show) awaitViewers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, viewerLimit)
	defer cancel()
	conn, err := s.database(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	for {
		var head int64
		if err := conn.QueryRow(ctx, "select seq from heads").Scan(&head); err != nil {
			return err
		}
		behind := 0
		for _, w := range s.rig.watch {
			if w.seq.Load() < head {
				behind++
			}
		}
		if behind == 0 {
			return nil
		}
		if rest(ctx, settleLook) != nil {
			return fmt.Errorf("%d viewers are behind %d", behind, head)
		}
	}
}

// size is what the hubs take together.
type size struct{ goroutines, heapBytes float64 }

// measure looks at all hubs when they are calm, after a collection of garbage.
func (s *show) measure(ctx context.Context) (all size, err error) {
	if err := rest(ctx, s.calmFor()); err != nil {
		return all, err
	}
	for _, address := range s.ops {
		if _, err := ask(ctx, "http://"+address+"/debug/pprof/heap?gc=1"); err != nil {
			return all, err
		}
		told, err := ask(ctx, "http://"+address+"/metrics")
		if err != nil {
			return all, err
		}
		all.goroutines += gauge(told, "go_goroutines ")
		all.heapBytes += gauge(told, "go_memstats_heap_alloc_bytes ")
	}
	return all, nil
}

func (s *show) calmFor() time.Duration {
	if s.options.Once {
		return calmFor / 6
	}
	return calmFor
}

func ask(ctx context.Context, url string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*attemptLimit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	var text strings.Builder
	lines := bufio.NewReader(http.MaxBytesReader(nil, response.Body, 64<<20))
	_, err = lines.WriteTo(&text)
	return text.String(), err
}

func gauge(told, name string) float64 {
	for line := range strings.Lines(told) {
		if value, ok := strings.CutPrefix(line, name); ok {
			number, _ := strconv.ParseFloat(strings.TrimSpace(value), 64)
			return number
		}
	}
	return 0
}

// races lists the logs in which the race detector has spoken.
func (r *rig) races() (found []string, err error) {
	files, err := filepath.Glob(filepath.Join(r.disk(), "*.log*"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for _, sign := range []string{"DATA RACE", "panic: ", "fatal error: "} {
			if i := strings.Index(string(text), sign); i >= 0 {
				found = append(found, fmt.Sprintf("%s: %.3000s", filepath.Base(file), text[i:]))
			}
		}
	}
	return found, nil
}
