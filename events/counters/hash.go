package counters

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/microgalleries/actionday/events"
)

// The hash of an edition's counts. Its key is "hub:{edn_...}:counts", where the braces keep it on one
// node of a cluster. Its fields:
//
//	_epoch                 the log's epoch in eight hexadecimal digits
//	_seq                   the last activity that is counted, decimal
//	_at                    when that happened, RFC 3339 in UTC; empty before the first
//	scope|key|metric       a number: "world||events", "country|NP|checkIns"
//
// It has no expiry, is owned by Board, and can be deleted at any time: it is then rebuilt.
const (
	epochField = "_epoch"
	seqField   = "_seq"
	atField    = "_at"
	separator  = "|"
)

func hashKey(edition events.ID) string { return "hub:{" + edition.String() + "}:counts" }

func field(scope events.Scope, metric events.Metric) string {
	return string(scope.Kind) + separator + scope.Key + separator + string(metric)
}

func parseField(name string) (scope events.Scope, metric events.Metric, ok bool) {
	kind, rest, _ := strings.Cut(name, separator)
	last := strings.LastIndex(rest, separator)
	if last < 0 {
		return events.Scope{}, "", false
	}
	return events.Scope{Kind: events.ScopeKind(kind), Key: rest[:last]}, events.Metric(rest[last+1:]), true
}

func formatEpoch(epoch uint32) string { return fmt.Sprintf("%08x", epoch) }

func formatTime(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339Nano)
}

// parsePosition reads where a hash stands. It is not ok if the hash is not there or is not ours.
func parsePosition(epoch, seq string) (at events.Position, ok bool) {
	e, errEpoch := strconv.ParseUint(epoch, 16, 32)
	s, errSeq := strconv.ParseInt(seq, 10, 64)
	return events.Position{Epoch: uint32(e), Seq: s}, errEpoch == nil && errSeq == nil && s >= 0
}

// parseCounts reads a whole hash. Scopes in which every number is 0 are left out. It is not ok if
// the hash is not there or is not ours.
func parseCounts(fields map[string]string) (counts events.Counts, ok bool) {
	at, ok := parsePosition(fields[epochField], fields[seqField])
	if !ok {
		return events.Counts{}, false
	}
	counts.AsOfSeq = at.Seq
	if text := fields[atField]; text != "" {
		var err error
		if counts.AsOf, err = time.Parse(time.RFC3339Nano, text); err != nil {
			return events.Counts{}, false
		}
	}
	counts.Tallies = make(map[events.Scope]events.Tally)
	for name, text := range fields {
		if name == epochField || name == seqField || name == atField || text == "0" {
			continue
		}
		if !parseNumber(counts.Tallies, name, text) {
			return events.Counts{}, false
		}
	}
	return counts, true
}

// parseNumber adds one field to the tallies. A metric that this hub does not know, because a newer
// one counts it, is left out.
func parseNumber(tallies map[events.Scope]events.Tally, name, text string) (ok bool) {
	scope, metric, ok := parseField(name)
	value, err := strconv.ParseInt(text, 10, 64)
	if !ok || err != nil {
		return false
	}
	tally := tallies[scope]
	if slot := tally.Slot(metric); slot != nil {
		*slot = value
		tallies[scope] = tally
	}
	return true
}

// values lists the fields of counts that are not 0 and their values, as a script takes them.
func values(counts events.Counts) []any {
	var list []any
	for scope, tally := range counts.Tallies {
		for _, metric := range events.Metrics() {
			if value := *tally.Slot(metric); value != 0 {
				list = append(list, field(scope, metric), value)
			}
		}
	}
	return list
}

// sums adds up what activities change, so that Redis changes each field once however many they are.
func sums(activities []events.Activity) []any {
	type number struct {
		events.Scope
		metric events.Metric
	}
	total := map[number]int64{}
	for _, a := range activities {
		for _, d := range a.Deltas {
			total[number{d.Scope, d.Metric}] += d.By
		}
	}
	maps.DeleteFunc(total, func(_ number, by int64) bool { return by == 0 })
	list := make([]any, 0, 2*len(total))
	for n, by := range total {
		list = append(list, field(n.Scope, n.metric), by)
	}
	return slices.Clip(list)
}
