package counters

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// pause leaves Redis alone for a while after it has failed, and logs when that begins and ends.
type pause struct {
	now func() time.Time
	log *slog.Logger

	mu     sync.Mutex
	until  time.Time
	failed bool
}

func newPause(now func() time.Time, log *slog.Logger) *pause { return &pause{now: now, log: log} }

// isOn tells whether Redis should not be asked now.
func (p *pause) isOn() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now().Before(p.until)
}

// after is told how a command ended. What a caller broke off, and what Redis itself answered, says
// nothing against Redis.
func (p *pause) after(ctx context.Context, err error) {
	var answered redis.Error
	fine := err == nil || errors.As(err, &answered) || errors.Is(err, errNoCounts)
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case fine && p.failed:
		p.failed = false
		p.log.Info("redis is back")
	case !fine && ctx.Err() == nil:
		if !p.failed {
			p.log.Warn("redis does not answer", "err", err)
		}
		p.failed, p.until = true, p.now().Add(silence)
	}
}
