package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/microgalleries/actionday/events"
)

// judge looks at everything in the end.
func (s *show) judge(ctx context.Context) error {
	conn, err := s.database(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	t, err := readTruth(ctx, conn)
	if err != nil {
		return err
	}
	t.findings = s.doctor(ctx)
	var views []view
	for _, w := range s.rig.watch {
		v := w.result()
		views = append(views, v)
		s.result.seen += v.seen
		s.result.cuts += v.cuts
	}
	s.result.verdict = judge(s.record, t, views, s.edition)
	if s.result.races, err = s.races(); err != nil {
		return err
	}
	s.record.mu.Lock()
	defer s.record.mu.Unlock()
	s.result.acked, s.result.kinds = s.record.acked, s.record.kinds
	s.result.reads, s.result.failed, s.result.failures = s.record.reads, s.record.failed, s.record.failures
	return nil
}

// doctor is what `hub doctor` finds, with every hub asked.
func (s *show) doctor(ctx context.Context) (findings []string) {
	args := []string{"doctor"}
	for _, hub := range s.hubs {
		args = append(args, "--hub", "http://"+hub)
	}
	printed, err := s.hub(ctx, args...)
	s.result.doctor = printed
	for line := range strings.Lines(printed) {
		if _, finding, broken := strings.Cut(line, "BROKEN: "); broken {
			findings = append(findings, "doctor: "+strings.TrimSpace(finding))
		}
	}
	if err != nil && len(findings) == 0 {
		findings = []string{err.Error()}
	}
	return findings
}

// readTruth reads what the database has.
func readTruth(ctx context.Context, conn *pgx.Conn) (truth, error) {
	t := truth{
		present: map[presence]int{}, events: map[string][]storedEvent{}, listed: map[string]int{},
		declared: map[declaration]int{}, loggedSum: map[string]int64{}, log: map[int64]string{},
	}
	id := func(prefix events.Prefix, raw [16]byte) string { return events.NewID(prefix, raw).String() }
	var event, activity [16]byte
	var kind, text string
	var n, seq int64
	for _, look := range []struct {
		query string
		into  []any
		take  func()
	}{
		{
			"select event_id, kind, encode(device, 'hex') from attendances",
			[]any{&event, &kind, &text},
			func() { t.present[presence{id(events.EventPrefix, event), kind, text}]++ },
		},
		{
			"select id, title, version from events",
			[]any{&event, &text, &n},
			func() { t.events[text] = append(t.events[text], storedEvent{id(events.EventPrefix, event), n}) },
		},
		{
			"select seq, id from activities",
			[]any{&seq, &activity},
			func() { t.log[seq] = id(events.ActivityPrefix, activity) },
		},
		{
			"select event_id, count(*) from activities where kind = 'EVENT_LISTED' group by 1",
			[]any{&event, &n},
			func() { t.listed[id(events.EventPrefix, event)] = int(n) },
		},
		{
			"select event_id, sum(count)::bigint from activities where kind in ('CHEERED', 'CHECKED_IN') group by 1",
			[]any{&event, &n},
			func() { t.loggedSum[id(events.EventPrefix, event)] = n },
		},
		{
			"select event_id, (card->>'declared')::bigint from activities where kind = 'DAY_CHANGED' and card->>'dayBy' = 'HOST' and card ? 'declared'",
			[]any{&event, &n},
			func() { t.declared[declaration{id(events.EventPrefix, event), n}]++ },
		},
	} {
		rows, err := conn.Query(ctx, look.query)
		if err != nil {
			return t, err
		}
		_, err = pgx.ForEachRow(rows, look.into, func() error { look.take(); return nil })
		if err != nil {
			return t, fmt.Errorf("%.40s: %w", look.query, err)
		}
	}
	return t, nil
}
