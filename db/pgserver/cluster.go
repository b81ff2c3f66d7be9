package pgserver

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
)

// builtinLocaleMajor is the first version with a Unicode locale of its own. Before it, ICU
// gives the same rules of upper, lower and word on every machine.
const builtinLocaleMajor = 17

// clusterMajor is the newest major version that the data folder has a cluster of, 0 if none.
func clusterMajor(dir string) (int, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, fmt.Errorf("pgserver: read data folder: %w", err)
	}
	newest := 0
	for _, entry := range entries {
		name := regexp.MustCompile(`^pg(\d+)$`).FindStringSubmatch(entry.Name())
		if name == nil {
			continue
		}
		major, err := strconv.Atoi(name[1])
		if err == nil && isCluster(filepath.Join(dir, entry.Name())) {
			newest = max(newest, major)
		}
	}
	return newest, nil
}

func isCluster(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "PG_VERSION"))
	return err == nil
}

// makeCluster returns the folder of the cluster and makes it first if there is none.
func makeCluster(
	ctx context.Context, dir string, b binaries, who identity, ephemeral bool,
) (string, error) {
	cluster := filepath.Join(dir, "pg"+strconv.Itoa(b.major))
	if isCluster(cluster) {
		return cluster, who.own(cluster)
	}
	draft := cluster + ".new"
	if err := os.RemoveAll(draft); err != nil {
		return "", fmt.Errorf("pgserver: sweep unfinished cluster: %w", err)
	}
	if err := os.Mkdir(draft, 0o700); err != nil {
		return "", fmt.Errorf("pgserver: make cluster folder: %w", err)
	}
	if err := who.own(draft); err != nil {
		return "", err
	}
	args := append([]string{"-D", draft}, initArgs(b.major, ephemeral)...)
	if _, err := runTool(ctx, who, b.program("initdb"), args...); err != nil {
		return "", errors.Join(
			fmt.Errorf("pgserver: make cluster with %s: %w", b.program("initdb"), err),
			os.RemoveAll(draft))
	}
	if err := os.Rename(draft, cluster); err != nil {
		return "", fmt.Errorf("pgserver: put cluster in place: %w", err)
	}
	if ephemeral {
		return cluster, nil
	}
	return cluster, syncFolder(dir)
}

// initArgs: nobody but us can reach the socket, so trust is the right authentication. The locale
// knows the letters of every script on every machine. Its order of texts is not the same in all
// versions (ICU's root order before 17, code points since): a query whose order of texts matters
// names a collation.
func initArgs(major int, ephemeral bool) []string {
	args := []string{
		"--username=" + superuser, "--auth=trust", "--encoding=UTF8", "--no-instructions",
		"--locale=C",
	}
	if major >= builtinLocaleMajor {
		args = append(args, "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
	} else {
		args = append(args, "--locale-provider=icu", "--icu-locale=und")
	}
	if ephemeral {
		args = append(args, "--no-sync")
	}
	return args
}

// syncFolder makes a rename survive a power failure.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err == nil {
		err = errors.Join(f.Sync(), f.Close())
	}
	if err != nil {
		return fmt.Errorf("pgserver: sync data folder: %w", err)
	}
	return nil
}

// Remove deletes a data folder with everything in it, unless a server uses it: then the error is
// *[InUse]. A folder that does not exist is no error.
func Remove(dir string) error {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	lock, err := lockFolder(dir)
	if err != nil {
		return err
	}
	defer lock.release()
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("pgserver: remove data folder: %w", err)
	}
	return nil
}
