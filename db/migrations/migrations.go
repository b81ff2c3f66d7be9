// Package migrations holds the steps that build the database, one subject a step, each with its
// way back. They are plain SQL for Postgres 15 and newer, without extensions. A step that has left
// this repository is never edited: what must change, changes in a new one.
package migrations

import "embed"

// Files is every step: <number>_<subject>.tx.up.sql and .tx.down.sql, each run in a transaction.
//
//go:embed *.sql
var Files embed.FS
