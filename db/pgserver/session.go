package pgserver

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
)

// session is our own connection to a server, through its socket. It is made when it is needed, and
// anew after a failure.
type session struct {
	mu   sync.Mutex
	conn *pgx.Conn
}

// use lends the connection.
func (s *Server) use(ctx context.Context, act func(*pgx.Conn) error) error {
	s.session.mu.Lock()
	defer s.session.mu.Unlock()
	if s.session.conn == nil {
		config, err := pgx.ParseConfig(s.URL("postgres"))
		if err != nil {
			return fmt.Errorf("pgserver: connect: %w", err)
		}
		// What we say must work also while a standby is away that others wait for.
		config.RuntimeParams["synchronous_commit"] = "local"
		if s.session.conn, err = pgx.ConnectConfig(ctx, config); err != nil {
			s.session.conn = nil
			return fmt.Errorf("pgserver: connect: %w", err)
		}
	}
	err := act(s.session.conn)
	if err != nil {
		_ = s.session.conn.Close(ctx)
		s.session.conn = nil
	}
	return err
}

// hangUp ends our connection, if there is one.
func (s *Server) hangUp(ctx context.Context) {
	s.session.mu.Lock()
	defer s.session.mu.Unlock()
	if s.session.conn != nil {
		_ = s.session.conn.Close(ctx)
		s.session.conn = nil
	}
}

// tell runs statements, each by itself.
func (s *Server) tell(ctx context.Context, statements ...string) error {
	return s.use(ctx, func(conn *pgx.Conn) error {
		for _, statement := range statements {
			if _, err := conn.Exec(ctx, statement); err != nil {
				verb, _, _ := strings.Cut(statement, " ") // the rest may hold a password
				return fmt.Errorf("pgserver: %s: %w", verb, err)
			}
		}
		return nil
	})
}

// ask runs a query that answers with one value.
func (s *Server) ask(ctx context.Context, answer any, query string, args ...any) error {
	return s.use(ctx, func(conn *pgx.Conn) error {
		if err := conn.QueryRow(ctx, query, args...).Scan(answer); err != nil {
			return fmt.Errorf("pgserver: ask %.40q: %w", strings.TrimSpace(query), err)
		}
		return nil
	})
}
