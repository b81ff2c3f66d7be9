package db_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/microgalleries/actionday/db"
	"github.com/microgalleries/actionday/db/dbtest"
)

// query gives the first column of a statement that a test asks the database itself.
func query(t testing.TB, url, statement string, args ...any) []string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	rows, err := conn.Query(t.Context(), statement, args...)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return list
}

// schema describes all that the migrations make: columns, constraints, indexes and comments.
func schema(t testing.TB, url string) []string {
	t.Helper()
	return query(t, url, `
		with ours as (
			select c.oid, n.nspname || '.' || c.relname as name from pg_class c
			join pg_namespace n on n.oid = c.relnamespace
			where n.nspname in ('public', 'private') and c.relname not like 'bun\_%'
				and c.relkind in ('r', 'i', 'S', 'v'))
		select 'relation ' || name from ours
		union all
		select 'column ' || name || '.' || attname || ' ' || format_type(atttypid, atttypmod)
			|| ' ' || attnotnull || coalesce(' ' || pg_get_expr(adbin, adrelid), '')
		from ours join pg_attribute a on attrelid = ours.oid and attnum > 0 and not attisdropped
		left join pg_attrdef d on adrelid = ours.oid and adnum = attnum
		union all
		select 'constraint ' || name || ' ' || conname || ' ' || pg_get_constraintdef(c.oid)
		from ours join pg_constraint c on conrelid = ours.oid
		union all
		select 'index ' || name || ' ' || pg_get_indexdef(oid) from ours join pg_index on indexrelid = oid
		union all
		select 'comment ' || name || ' ' || objsubid || ' ' || description
		from ours join pg_description on objoid = oid
		order by 1`)
}

func TestMigrationsGoUpAndDown(t *testing.T) {
	t.Parallel()
	url := dbtest.New(t)
	store := openAt(t, url)
	first := schema(t, url)
	if len(first) < 100 {
		t.Fatalf("the schema has %d parts: the migrations did not run", len(first))
	}
	if err := store.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := schema(t, url); len(left) != 0 {
		t.Errorf("after the way down there is still %q", left)
	}
	if left := query(t, url, "select nspname from pg_namespace where nspname = 'private'"); len(left) != 0 {
		t.Error("after the way down the schema private is still there")
	}
	for range 2 { // the second time there is nothing to do
		if err := store.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if again := schema(t, url); !slices.Equal(first, again) {
			t.Errorf("after down and up the schema differs:\n%q\n%q", first, again)
		}
	}
}

func TestHubsThatBootTogetherMigrateOnce(t *testing.T) {
	t.Parallel()
	const hubs = 5
	url := dbtest.New(t)
	if err := openAt(t, url).Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range hubs {
		store := openAt(t, url)
		wait.Go(func() {
			if err := store.Migrate(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	twice := query(t, url, "select name from bun_migrations group by name having count(*) > 1")
	if len(twice) != 0 {
		t.Errorf("migrations %q ran more than once", twice)
	}
	if len(schema(t, url)) < 100 {
		t.Error("nobody migrated")
	}
}

func TestAFailedMigrationLeavesNothing(t *testing.T) {
	t.Parallel()
	url := dbtest.New(t)
	store := openAt(t, url)
	if err := store.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	query(t, url, "create table activities (in_the_way int)") // a later step will fail
	if err := store.Migrate(t.Context()); err == nil {
		t.Fatal("a step whose table exists was applied")
	}
	if left := query(t, url, "select to_regclass('outbox')::text where to_regclass('outbox') is not null"); len(left) != 0 {
		t.Error("the step that failed left the tables that it had made before")
	}
	query(t, url, "drop table activities")
	if err := store.Migrate(t.Context()); err != nil {
		t.Errorf("the way up after the obstacle is gone: %v", err)
	}
}

func TestEveryTableIsExplained(t *testing.T) {
	t.Parallel()
	bare := query(t, dbtest.New(t), `
		select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where n.nspname in ('public', 'private') and c.relkind = 'r' and c.relname not like 'bun\_%'
			and obj_description(c.oid) is null`)
	if len(bare) != 0 {
		t.Errorf("tables without a comment: %q", bare)
	}
}

func TestNoExtensionIsNeeded(t *testing.T) {
	t.Parallel()
	if list := query(t, dbtest.New(t), "select extname from pg_extension where extname <> 'plpgsql'"); len(list) != 0 {
		t.Errorf("extensions in use: %q", list)
	}
}

func TestMigrateWorksOnAPlainPool(t *testing.T) {
	t.Parallel()
	pool := dbtest.Open(t)
	if err := db.Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
}
