//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package pgserver

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
)

// helperFolder makes this test binary a program of its own: it starts a server in the folder,
// says where, and lives until it is killed or its input ends. Some promises are about what
// happens to the server when the process that started it is gone, or is another user's.
const helperFolder = "PGSERVER_TEST_FOLDER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(helperFolder); dir != "" {
		os.Exit(help(dir))
	}
	code := m.Run()
	if made.folder != "" {
		_ = os.RemoveAll(made.folder)
	}
	os.Exit(code)
}

// made is a data folder with a cluster on which no server has run yet.
var made struct {
	once   sync.Once
	folder string
	err    error
}

// dataFolder is a new data folder that has a cluster already, copied from one that is made once:
// making one takes a second of the machine. Tests about how it is made begin with an empty folder.
func dataFolder(t *testing.T) string {
	t.Helper()
	made.once.Do(func() { made.folder, made.err = makeOnce(context.Background()) })
	if made.err != nil {
		t.Fatal(made.err)
	}
	dir := t.TempDir()
	if said, err := exec.Command("cp", "-R", "-p", made.folder+"/.", dir).CombinedOutput(); err != nil {
		t.Fatalf("copy the cluster: %v: %s", err, said)
	}
	return dir
}

func makeOnce(ctx context.Context) (dir string, err error) {
	if dir, err = os.MkdirTemp("", "pgserver-made-"); err != nil {
		return dir, err
	}
	m := thisMachine("")
	b, err := m.search.find(ctx, 0)
	if err != nil {
		return dir, err
	}
	who, err := chooseIdentity(ctx, m.identities(), b, dir)
	if err != nil {
		return dir, err
	}
	_, err = makeCluster(ctx, dir, b, who, true)
	return dir, err
}

func help(dir string) int {
	ctx := context.Background()
	s, err := Start(ctx, Options{DataDir: dir})
	if err != nil {
		fmt.Println("failed:", err)
		return 1
	}
	fmt.Println("started", s.Pid(), s.URL("postgres"))
	_, _ = os.Stdin.Read(make([]byte, 1))
	if err := s.Stop(ctx); err != nil {
		fmt.Println("failed:", err)
		return 1
	}
	fmt.Println("stopped")
	return 0
}

// began starts a quick server in dir and stops it when the test ends.
func began(t *testing.T, dir string) *Server {
	t.Helper()
	return beganWith(t, Options{DataDir: dir, Ephemeral: true})
}

// beganDurable starts a server that keeps what it acknowledged when it dies.
func beganDurable(t *testing.T, dir string) *Server {
	t.Helper()
	return beganWith(t, Options{DataDir: dir})
}

func beganWith(t *testing.T, o Options) *Server {
	t.Helper()
	o.Log = testLog(t)
	s, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop(context.Background()) })
	return s
}

func testLog(t *testing.T) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func stop(t *testing.T, s *Server) {
	t.Helper()
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func connect(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// query returns the one text that a statement answers with.
func query(t *testing.T, url, statement string) string {
	t.Helper()
	db := connect(t, url)
	defer db.Close()
	var answer string
	if err := db.QueryRowContext(t.Context(), statement).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return answer
}

func run(t *testing.T, url, statement string) {
	t.Helper()
	db := connect(t, url)
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// eventually waits until a condition holds, and fails the test if it never does.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for !holds() {
		if !wait(ctx, readyPoll) {
			t.Fatalf("never happened: %s", what)
		}
	}
}

func runs(pid int) bool {
	_, known := commandLine(pid)
	return known
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}
