package db

import "github.com/uptrace/bun"

// Watch lets a test see every statement.
func (s *Store) Watch(hook bun.QueryHook) { s.db = s.db.WithQueryHook(hook) }
