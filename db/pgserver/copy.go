package pgserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// copyBySelf copies the files of a leader on this machine, for Postgres packages that come without
// pg_basebackup. What changes while it copies is mended by the log from the backup's beginning on,
// which the standby gets from its leader. The session must last: the backup ends with it.
func copyBySelf(ctx context.Context, draft string, _ binaries, _ identity, l Leader) (err error) {
	conn, err := pgx.Connect(ctx, l.conninfo()+" dbname=postgres")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	if _, err := conn.Exec(ctx, "select pg_backup_start('copy', true)"); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := copyFiles(ctx, l.cluster, draft); err != nil {
		return err
	}
	var label, spaces string
	err = conn.QueryRow(ctx, "select labelfile, coalesce(spcmapfile, '') from pg_backup_stop(false)").Scan(&label, &spaces)
	if err != nil {
		return fmt.Errorf("end: %w", err)
	}
	if strings.TrimSpace(spaces) != "" {
		return errors.New("the leader has tablespaces, which this copy leaves out")
	}
	return os.WriteFile(filepath.Join(draft, "backup_label"), []byte(label), 0o600)
}

// leftOut tells whether a file of a cluster is the leader's own, or made anew at a start (Postgres
// manual, "Making a Base Backup Using the Low Level API").
func leftOut(relative string) bool {
	dir, name := filepath.Split(relative)
	emptied := []string{
		"pg_wal/", "pg_wal/archive_status/", "pg_replslot/", "pg_dynshmem/", "pg_notify/",
		"pg_serial/", "pg_snapshots/", "pg_stat_tmp/", "pg_subtrans/",
	}
	if slices.Contains(emptied, filepath.ToSlash(dir)) {
		return name != "archive_status"
	}
	return strings.HasPrefix(name, "postmaster.") || strings.HasPrefix(name, "pgsql_tmp") ||
		name == "pg_internal.init" || name == "standby.signal" || name == "backup_manifest"
}

func copyFiles(ctx context.Context, from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) { // a table was dropped meanwhile: the log says so, too
			return nil
		}
		if err != nil || path == from {
			return err
		}
		relative, err := filepath.Rel(from, path)
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case leftOut(relative) && d.IsDir():
			return filepath.SkipDir
		case leftOut(relative):
			return nil
		case d.IsDir():
			return os.Mkdir(filepath.Join(to, relative), 0o700)
		}
		err = copyFile(path, filepath.Join(to, relative))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}
