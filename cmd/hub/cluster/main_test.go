//go:build linux

package cluster

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// patience is how long a test waits for what must come about.
const patience = 60 * time.Second

// asParent makes this test binary a program that starts a child, says its pid in a file of the
// folder, and lives until it is killed.
const asParent = "CLUSTER_TEST_PARENT"

func TestMain(m *testing.M) {
	if folder := os.Getenv(asParent); folder != "" {
		os.Exit(parent(folder))
	}
	os.Exit(m.Run())
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	breath := time.NewTicker(5 * time.Millisecond)
	defer breath.Stop()
	for !holds() {
		select {
		case <-breath.C:
		case <-deadline.C:
			t.Fatalf("it never came about: %s", what)
		}
	}
}

// sleeper is a node that does nothing. It is ready once its log is there.
func sleeper(folder string) *Node {
	p := &process{path: "/bin/sleep", args: []string{"600"}, log: filepath.Join(folder, "sleeper.log")}
	p.ready = func(context.Context) error { _, err := os.Stat(p.log); return err }
	return &Node{Name: "sleeper", engine: p}
}

var errNever = errors.New("it never serves")
