// Package dbtest gives every test a real Postgres database of its own.
//
// A test binary that needs databases says so once, and says how an empty database becomes one
// of ours:
//
//	func TestMain(m *testing.M) { dbtest.Main(m, db.Migrate) }
//
// The first test that asks starts a private server on an empty folder and migrates one database,
// the template. Every test then gets a copy of the template's files, which takes some
// milliseconds, and no test sees what another does. Tests never touch a server that they did not
// start: no setting leads them to one.
//
// The server forgoes all durability. A test about what survives a crash starts its own with
// [github.com/microgalleries/actionday/db/pgserver].
package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

const (
	// connections is the server's limit: many parallel tests, each with a small pool.
	connections = 300
	// poolSize is how many connections the pool of Open has at most.
	poolSize = 8
	// startLimit bounds the start of the server and the migration of the template.
	startLimit = 2 * time.Minute
	// dropLimit bounds the removal of a test's database and the stop of the server.
	dropLimit = 30 * time.Second
)

// Migrate makes an empty database one of ours.
type Migrate func(ctx context.Context, db *sql.DB) error

// tests is the one piece of state: testing hands TestMain's findings to no test, so the tests of
// a binary can only meet here. Main sets it before any of them runs.
var tests *cluster

// Main runs the tests of a binary and ends the program with their result. It stops the server, if
// one was started, and removes its folder. A nil migrate leaves the databases empty. The tests are a
// *testing.M, or one that does more before and after.
func Main(m interface{ Run() int }, migrate Migrate) {
	tests = newCluster(migrate)
	code := m.Run()
	if err := tests.stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// New makes a migrated database for this test alone and returns its URL. It is dropped when the
// test ends, whoever is still connected.
func New(t testing.TB) string {
	t.Helper()
	if tests == nil {
		t.Fatal("dbtest: TestMain of this package must call dbtest.Main")
	}
	name, err := tests.create(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tests.drop(name); err != nil {
			t.Error(err)
		}
	})
	return tests.server.URL(name)
}

// Open is New with a small connection pool on the database, closed when the test ends.
func Open(t testing.TB) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", New(t))
	if err != nil {
		t.Fatalf("dbtest: open database: %v", err)
	}
	db.SetMaxOpenConns(poolSize)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("dbtest: close database: %v", err)
		}
	})
	return db
}
