package db

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"runtime"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/microgalleries/actionday/events"
)

// The limits of the connection pool.
const (
	// connectionsPerCore: more connections than twice the cores only lengthen the queue inside
	// Postgres.
	connectionsPerCore = 2
	// leastConnections leaves room for the sequencer beside the writers on the smallest machine.
	leastConnections = 4
	// connectionLifetime spreads connections over servers that join behind one address.
	connectionLifetime = 30 * time.Minute
	connectionIdle     = 5 * time.Minute
	connectLimit       = 5 * time.Second
	// DefaultStatementTimeout is how long one statement may take.
	DefaultStatementTimeout = 5 * time.Second
	// idleInTransaction ends the transaction of a hub that has stopped in the middle of it: a frozen
	// hub must not hold the sequencer's lock for ever.
	idleInTransaction = 5 * time.Second
	// cancelLimit is how long a cancelled statement may take to stop before its connection is cut.
	cancelLimit = time.Second
)

// Options tunes a Store. The zero Options serve.
type Options struct {
	Connections      int           // most at once; 0 is twice the cores, at least 4
	StatementTimeout time.Duration // for each statement; 0 is DefaultStatementTimeout
	// Dial connects to the server in place of the network; nil is the network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Store keeps everything in one Postgres database. It is safe for concurrent use.
type Store struct {
	db *bun.DB
}

var _ events.Store = (*Store)(nil)

// Open connects to the database of a Postgres URL and fails if it does not answer. It does not
// migrate it.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("db: read the database address: %w", err)
	}
	o = o.withDefaults()
	o.configure(config)
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(o.Connections)
	pool.SetMaxIdleConns(o.Connections)
	pool.SetConnMaxLifetime(connectionLifetime)
	pool.SetConnMaxIdleTime(connectionIdle)
	s := &Store{bun.NewDB(pool, dialect{pgdialect.New()})}
	if err := s.Ping(ctx); err != nil {
		_ = s.Close() // the first error tells more
		return nil, err
	}
	return s, nil
}

func (o Options) withDefaults() Options {
	if o.Connections == 0 {
		o.Connections = max(leastConnections, connectionsPerCore*runtime.GOMAXPROCS(0))
	}
	if o.StatementTimeout == 0 {
		o.StatementTimeout = DefaultStatementTimeout
	}
	return o
}

func (o Options) configure(config *pgx.ConnConfig) {
	// bun writes arguments into the text, so no text comes twice and preparing it would be waste.
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	config.ConnectTimeout = connectLimit
	config.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: conn, DeadlineDelay: cancelLimit}
	}
	if o.Dial != nil {
		config.DialFunc = o.Dial
	}
	config.RuntimeParams["application_name"] = "actionday"
	config.RuntimeParams["timezone"] = "UTC"
	config.RuntimeParams["statement_timeout"] = milliseconds(o.StatementTimeout)
	config.RuntimeParams["idle_in_transaction_session_timeout"] = milliseconds(idleInTransaction)
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// Close ends all connections. Running statements fail.
func (s *Store) Close() error { return s.db.Close() }

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.db.PingContext(ctx); err != nil {
		return failure(ctx, "reach the database", err)
	}
	return nil
}

// maxTries is how often a transaction is tried that another one got in the way of.
const maxTries = 4

// inTx runs act in a transaction, which is undone when act fails. When another transaction was in
// the way (a deadlock), act runs again from its beginning.
func (s *Store) inTx(ctx context.Context, act func(ctx context.Context, tx bun.Tx) error) error {
	for try := 1; ; try++ {
		err := s.db.RunInTx(ctx, nil, act)
		if err == nil || try == maxTries || !mayPass(err) {
			return err
		}
	}
}

// inSnapshot runs reads that all see one moment.
func (s *Store) inSnapshot(ctx context.Context, act func(ctx context.Context, tx bun.Tx) error) error {
	options := &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	return s.db.RunInTx(ctx, options, act)
}
