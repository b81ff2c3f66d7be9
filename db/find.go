package db

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"github.com/microgalleries/actionday/events"
)

// FindEvents implements events.EventStore. A page costs the same wherever it is in the list: it
// starts at the key of its cursor, by a comparison of rows that an index answers.
func (s *Store) FindEvents(ctx context.Context, q events.Query) (page events.EventPage, err error) {
	q, err = q.Check()
	if err != nil {
		return page, err
	}
	c, err := s.conditionsOf(ctx, q)
	if err != nil {
		return page, err
	}
	order := orderOf(q)
	if q.After != "" {
		cursor, err := events.ParseCursor(q.After, q.Order)
		if err != nil {
			return page, err
		}
		c.add(order.after(cursor))
	}
	query := "select" + eventColumns + ", " + order.km.text + " as km from" + eventTables +
		c.where() + order.by() + " limit ?"
	args := append(append(append([]any{}, order.km.args...), c.args...), order.key.args...)
	var rows []eventRow
	if err := s.db.NewRaw(query, append(args, q.First+1)...).Scan(ctx, &rows); err != nil {
		return page, failure(ctx, "find events", err)
	}
	page.HasNext = len(rows) > q.First
	rows = rows[:min(len(rows), q.First)]
	page.Events = eventsOf(rows)
	for i, row := range rows {
		page.Cursors = append(page.Cursors, events.NewCursor(q.Order, page.Events[i], row.Km).Text())
	}
	return page, nil
}

// CountEvents implements events.EventStore. It counts rows rather than trust the counters, which
// are a moment behind; without conditions that is a walk along one index.
func (s *Store) CountEvents(ctx context.Context, q events.Query) (n int64, err error) {
	q.First, q.After = 0, ""
	q, err = q.Check()
	if err != nil {
		return 0, err
	}
	c, err := s.conditionsOf(ctx, q)
	if err != nil {
		return 0, err
	}
	err = s.db.NewRaw("select count(*) from events e"+c.where(), c.args...).Scan(ctx, &n)
	return n, failure(ctx, "count events", err)
}

// clause is a piece of a statement and the arguments that it holds places for.
type clause struct {
	text string
	args []any
}

// conditions add up.
type conditions struct {
	texts []string
	args  []any
}

func (c *conditions) add(condition clause) {
	c.texts = append(c.texts, condition.text)
	c.args = append(c.args, condition.args...)
}

func (c conditions) where() string { return " where " + strings.Join(c.texts, " and ") }

func (s *Store) conditionsOf(ctx context.Context, q events.Query) (c conditions, err error) {
	f := q.Filter
	c.add(reviewed(q.Reviews))
	if !f.EditionID.IsZero() {
		c.add(clause{"e.edition_id = ?", []any{uid(f.EditionID)}})
	}
	if !f.HostID.IsZero() {
		c.add(clause{"e.host_id = ?", []any{uid(f.HostID)}})
	}
	if len(f.Countries) > 0 {
		c.add(clause{"e.country in (?)", []any{bun.List(f.Countries)}})
	}
	if len(f.Phases) > 0 {
		c.add(clause{"e.day in (?)", []any{bun.List(dayStates(f.Phases))}})
	}
	if len(f.Ways) > 0 {
		c.add(clause{"e.way in (?)", []any{bun.List(f.Ways)}})
	}
	if len(f.Themes) > 0 {
		c.add(clause{"e.themes && ?::text[]", []any{textList(f.Themes)}})
	}
	if len(f.Languages) > 0 {
		c.add(inLanguages(f.Languages))
	}
	if len(f.Access) > 0 {
		c.add(clause{"e.access @> ?", []any{texts(f.Access)}})
	}
	if !f.UpdatedSince.IsZero() {
		c.add(clause{"e.updated_at >= ?", []any{f.UpdatedSince}})
	}
	if f.Box != nil {
		c.add(inBox(*f.Box))
	}
	if f.Near != nil {
		c.add(isNear(*f.Near))
	}
	if strings.TrimSpace(f.Text) == "" {
		return c, nil
	}
	spelled, err := s.spelled(ctx, f.Text)
	c.add(spelled)
	return c, err
}

// inLanguages finds each language with its varieties. A tag that was checked holds no wildcard.
func inLanguages(tags []string) clause {
	own, varieties := make([]string, len(tags)), make([]string, len(tags))
	for i, tag := range tags {
		own[i] = strings.ToLower(tag)
		varieties[i] = own[i] + "-%"
	}
	return clause{
		"(lower(e.language) in (?) or lower(e.language) like any (?))", []any{bun.List(own), textList(varieties)},
	}
}

// reviewed names the state literally where it can, because the indexes of public lists hold listed
// events only.
func reviewed(states []events.ReviewState) clause {
	if len(states) == 0 {
		return clause{text: "e.review = 'LISTED'"}
	}
	return clause{"e.review in (?)", []any{bun.List(states)}}
}

func dayStates(phases []events.Phase) (states []events.DayState) {
	for _, phase := range phases {
		states = append(states, phase.DayStates()...)
	}
	return states
}

// order is how a list is sorted: by a key and then by id, both up or both down.
type order struct {
	key  clause
	km   clause // the distance to be given with each event
	down bool
	at   func(events.Cursor) any // the key in a cursor
}

func orderOf(q events.Query) order {
	byTime := func(column string, down bool) order {
		at := func(c events.Cursor) any { return c.At }
		return order{key: clause{text: column}, km: clause{text: "0::float8"}, down: down, at: at}
	}
	switch q.Order {
	case events.ByListed:
		return byTime("e.listed_at", true)
	case events.ByUpdated:
		return byTime("e.updated_at", true)
	case events.ByDistance:
		km := kmFrom(*q.Filter.Near)
		return order{key: km, km: km, at: func(c events.Cursor) any { return c.Km }}
	}
	return byTime("e.starts_at", false)
}

// by is the order clause; its arguments are those of the key.
func (o order) by() string {
	if o.down {
		return " order by " + o.key.text + " desc, e.id desc"
	}
	return " order by " + o.key.text + ", e.id"
}

// after is the condition that an event comes after a cursor.
func (o order) after(c events.Cursor) clause {
	comparison := " > "
	if o.down {
		comparison = " < "
	}
	args := append(append([]any{}, o.key.args...), o.at(c), uid(c.ID))
	return clause{"(" + o.key.text + ", e.id)" + comparison + "(?, ?)", args}
}
