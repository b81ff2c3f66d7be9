package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/microgalleries/actionday/db/pgserver"
)

const (
	// template is the migrated database that all others are copies of.
	template = "template_hub"
	// folderPattern names the folders of clusters in the folder for temporary files.
	folderPattern = "hub-dbtest-"
	// abandonedAfter is the age from which the folder of a killed test binary is swept. It is
	// far longer than a folder is young and not locked yet.
	abandonedAfter = time.Hour
)

// cluster is the server of one test binary, started when first needed.
type cluster struct {
	migrate Migrate

	start  sync.Once
	failed error
	folder string
	server *pgserver.Server
	admin  *sql.DB
	made   atomic.Int64
}

func newCluster(migrate Migrate) *cluster { return &cluster{migrate: migrate} }

// create copies the template. file_copy is several times faster than Postgres' default for a
// database as small as this one.
func (c *cluster) create(ctx context.Context) (string, error) {
	c.start.Do(func() { c.failed = c.begin() })
	if c.failed != nil {
		return "", c.failed
	}
	name := "test_" + strconv.FormatInt(c.made.Add(1), 10)
	_, err := c.admin.ExecContext(ctx,
		"create database "+name+" template "+template+" strategy file_copy")
	if err != nil {
		return "", fmt.Errorf("dbtest: create database: %w", err)
	}
	return name, nil
}

func (c *cluster) drop(name string) error {
	ctx, cancel := context.WithTimeout(context.Background(), dropLimit)
	defer cancel()
	if _, err := c.admin.ExecContext(ctx, "drop database "+name+" with (force)"); err != nil {
		return fmt.Errorf("dbtest: drop database: %w", err)
	}
	return nil
}

// begin does not take a test's context: the server outlives the test that happened to be first.
func (c *cluster) begin() (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	sweep(tempFolder(), time.Now().Add(-abandonedAfter))
	if c.folder, err = os.MkdirTemp(tempFolder(), folderPattern); err != nil {
		return fmt.Errorf("dbtest: make folder: %w", err)
	}
	c.server, err = pgserver.Start(ctx, pgserver.Options{
		DataDir:        c.folder,
		NodeModules:    nodeModules(),
		Ephemeral:      true,
		MaxConnections: connections,
	})
	if err != nil {
		return fmt.Errorf("dbtest: %w", err)
	}
	if c.admin, err = sql.Open("pgx", c.server.URL("postgres")); err != nil {
		return fmt.Errorf("dbtest: open: %w", err)
	}
	return c.makeTemplate(ctx)
}

// makeTemplate closes the template to connections in the end: a copy needs it undisturbed.
func (c *cluster) makeTemplate(ctx context.Context) error {
	if _, err := c.admin.ExecContext(ctx, "create database "+template); err != nil {
		return fmt.Errorf("dbtest: create template: %w", err)
	}
	if err := c.fillTemplate(ctx); err != nil {
		return err
	}
	_, err := c.admin.ExecContext(ctx, "alter database "+template+" allow_connections false")
	if err != nil {
		return fmt.Errorf("dbtest: close template: %w", err)
	}
	return nil
}

func (c *cluster) fillTemplate(ctx context.Context) error {
	if c.migrate == nil {
		return nil
	}
	db, err := sql.Open("pgx", c.server.URL(template))
	if err != nil {
		return fmt.Errorf("dbtest: open template: %w", err)
	}
	if err := errors.Join(c.migrate(ctx, db), db.Close()); err != nil {
		return fmt.Errorf("dbtest: migrate template: %w", err)
	}
	return nil
}

// stop ends what begin has begun, however far it came.
func (c *cluster) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), dropLimit)
	defer cancel()
	var failures []error
	if c.admin != nil {
		failures = append(failures, c.admin.Close())
	}
	if c.server != nil {
		failures = append(failures, c.server.Stop(ctx))
	}
	if c.folder != "" {
		failures = append(failures, os.RemoveAll(c.folder))
	}
	if err := errors.Join(failures...); err != nil {
		return fmt.Errorf("dbtest: stop: %w", err)
	}
	return nil
}

// sweep removes the folders that killed test binaries left behind. Those in use are locked.
func sweep(temp string, before time.Time) {
	folders, _ := filepath.Glob(filepath.Join(temp, folderPattern+"*"))
	for _, folder := range folders {
		if info, err := os.Stat(folder); err == nil && info.ModTime().Before(before) {
			// Another user's folder cannot be removed, and is not ours to worry about.
			_ = pgserver.Remove(folder)
		}
	}
}

// nodeModules is web/node_modules of the module whose tests run: go test runs them in their
// package's folder.
func nodeModules() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, "web", "node_modules")
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}
