package db

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/microgalleries/actionday/events"
)

// head is the end of an edition's log.
type head struct {
	EditionID  uuid.UUID
	Seq        int64
	EditionSeq int64
	at         time.Time
	moved      bool
}

// heads are those that this transaction holds.
type heads map[uuid.UUID]*head

// lockHeads locks the heads of the editions that have news and no other sequencer at work.
func lockHeads(ctx context.Context, tx bun.Tx) (heads, error) {
	var rows []head
	err := tx.NewRaw(`
		select h.edition_id, h.seq, h.edition_seq from heads h
		where exists (select from outbox o where o.edition_id = h.edition_id)
		for update skip locked`).Scan(ctx, &rows)
	held := make(heads, len(rows))
	for i := range rows {
		held[rows[i].EditionID] = &rows[i]
	}
	return held, err
}

func (h heads) editions() []uuid.UUID {
	list := make([]uuid.UUID, 0, len(h))
	for id := range h {
		list = append(list, id)
	}
	return list
}

// number gives an activity the next place in its edition's log.
func (h heads) number(a *events.Activity, epoch uint32) {
	head := h[uid(a.EditionID)]
	head.Seq++
	head.at, head.moved = a.At, true
	if a.Kind == events.EditionChanged {
		head.EditionSeq = head.Seq
	}
	a.Seq, a.Epoch = head.Seq, epoch
}

func (h heads) save(ctx context.Context, tx bun.Tx) error {
	var ids []uuid.UUID
	var seqs, editionSeqs []int64
	var at []time.Time
	for id, head := range h {
		if head.moved {
			ids, at = append(ids, id), append(at, head.at)
			seqs, editionSeqs = append(seqs, head.Seq), append(editionSeqs, head.EditionSeq)
		}
	}
	_, err := tx.NewRaw(`
		update heads h set seq = n.seq, edition_seq = n.edition_seq, at = n.at
		from unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::timestamptz[]) n(id, seq, edition_seq, at)
		where h.edition_id = n.id`, pgdialect.Array(ids), pgdialect.Array(seqs),
		pgdialect.Array(editionSeqs), pgdialect.Array(at)).Exec(ctx)
	return err
}
