package pgserver

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
)

const (
	// tailLines is how many of the server's last lines an error may quote.
	tailLines = 12
	// lineLimit is where a line is cut, in bytes.
	lineLimit = 4096
)

// logTail hands the server's log to slog line by line and remembers the last lines for errors.
type logTail struct {
	log *slog.Logger

	mu      sync.Mutex
	partial []byte
	lines   []string
}

func newLogTail(log *slog.Logger) *logTail {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &logTail{log: log}
}

// Write never fails: a server must not suffer from its log.
func (t *logTail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(p)
	for {
		line, rest, found := bytes.Cut(p, []byte("\n"))
		if room := lineLimit - len(t.partial); len(line) > room {
			line = line[:room]
		}
		t.partial = append(t.partial, line...)
		if !found {
			return n, nil
		}
		t.add(strings.TrimSpace(string(t.partial)))
		t.partial = t.partial[:0]
		p = rest
	}
}

func (t *logTail) add(line string) {
	if line == "" {
		return
	}
	if len(t.lines) == tailLines {
		t.lines = t.lines[1:]
	}
	t.lines = append(t.lines, line)
	level := slog.LevelDebug
	if strings.HasPrefix(line, "FATAL:") || strings.HasPrefix(line, "PANIC:") {
		level = slog.LevelWarn
	}
	t.log.Log(context.Background(), level, "postgres", "said", line)
}

// last joins the remembered lines into one.
func (t *logTail) last() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.lines) == 0 {
		return "it said nothing"
	}
	return strings.Join(t.lines, " | ")
}

func (t *logTail) contains(text string) bool { return strings.Contains(t.last(), text) }

func (t *logTail) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = nil
}
