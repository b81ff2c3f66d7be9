package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/microgalleries/actionday/db/pgserver"
)

func TestMain(m *testing.M) { Main(m, makeWall) }

func makeWall(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, `
		create table wall (id bigint generated always as identity primary key, title text);
		insert into wall (title) values ('Wall of birds')`)
	return err
}

func titles(t *testing.T, db *sql.DB) string {
	t.Helper()
	var all string
	err := db.QueryRowContext(t.Context(), "select string_agg(title, ', ' order by id) from wall").
		Scan(&all)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Tests side by side write into the same table and never see one another.
func TestEveryTestIsAlone(t *testing.T) {
	t.Parallel()
	for i := range 8 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			db := Open(t)
			mine := fmt.Sprintf("Mural %d", i)
			if _, err := db.ExecContext(t.Context(), "insert into wall (title) values ($1)", mine); err != nil {
				t.Fatal(err)
			}
			if got, want := titles(t, db), "Wall of birds, "+mine; got != want {
				t.Errorf("titles = %q, want %q", got, want)
			}
		})
	}
}

func TestDatabaseIsDroppedWithTheTest(t *testing.T) {
	t.Parallel()
	var url string
	t.Run("a test that leaves a connection open", func(t *testing.T) {
		url = New(t)
		db, err := sql.Open("pgx", url)
		if err != nil {
			t.Fatal(err)
		}
		if got := titles(t, db); got != "Wall of birds" {
			t.Errorf("titles = %q", got)
		}
	})
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.PingContext(t.Context()); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("after the test = %v", err)
	}
}

func TestFailedMigrationFailsEveryTest(t *testing.T) {
	t.Parallel()
	broken := errors.New("no such wall")
	c := newCluster(func(context.Context, *sql.DB) error { return broken })
	for range 2 {
		if _, err := c.create(t.Context()); !errors.Is(err, broken) {
			t.Errorf("create = %v, want %v", err, broken)
		}
	}
	folder := c.folder
	if err := c.stop(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder stays behind: %v", err)
	}
}

func TestStopBeforeStart(t *testing.T) {
	t.Parallel()
	if err := newCluster(nil).stop(); err != nil {
		t.Error(err)
	}
}

func TestSweepRemovesOnlyWhatIsAbandoned(t *testing.T) {
	t.Parallel()
	temp := t.TempDir()
	folder := func(name string) string {
		path := filepath.Join(temp, name)
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		return path
	}
	abandoned, used, other := folder(folderPattern+"1"), folder(folderPattern+"2"), folder("other")
	server, err := pgserver.Start(t.Context(), pgserver.Options{
		DataDir: used, NodeModules: nodeModules(), Ephemeral: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop(context.WithoutCancel(t.Context()))

	sweep(temp, time.Now().Add(-abandonedAfter))
	if !exists(abandoned) {
		t.Error("a young folder was removed")
	}
	sweep(temp, time.Now().Add(abandonedAfter))
	if exists(abandoned) || !exists(used) || !exists(other) {
		t.Errorf("abandoned %v, used %v, other %v; want only the first to go",
			exists(abandoned), exists(used), exists(other))
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func TestNodeModulesOfTheModule(t *testing.T) {
	t.Parallel()
	root, found := strings.CutSuffix(nodeModules(), filepath.Join("web", "node_modules"))
	if !found || !exists(filepath.Join(root, "go.mod")) {
		t.Errorf("node_modules = %q", nodeModules())
	}
}

// BenchmarkNew compares the way that databases are copied here with Postgres' default one. One
// after the other, not in turns: the one's unwritten pages would burden the other's checkpoint.
func BenchmarkNew(b *testing.B) {
	if _, err := tests.create(b.Context()); err != nil {
		b.Fatal(err)
	}
	var ours, usual time.Duration
	for b.Loop() {
		ours += timeCopy(b, "file_copy")
	}
	for range b.N {
		usual += timeCopy(b, "wal_log")
	}
	b.ReportMetric(float64(ours.Microseconds())/1000/float64(b.N), "ms/database")
	b.ReportMetric(float64(usual)/float64(ours), "dbtest_copy_vs_default")
}

func timeCopy(b *testing.B, strategy string) time.Duration {
	b.Helper()
	name := "copy_" + strategy
	begun := time.Now()
	_, err := tests.admin.ExecContext(b.Context(),
		"create database "+name+" template "+template+" strategy "+strategy)
	took := time.Since(begun)
	if err != nil {
		b.Fatal(err)
	}
	if err := tests.drop(name); err != nil {
		b.Fatal(err)
	}
	return took
}
