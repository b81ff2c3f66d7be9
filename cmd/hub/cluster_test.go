package main

import (
	"context"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/microgalleries/actionday/cmd/hub/cluster"
)

// startCluster starts a whole cluster of this test binary.
func startCluster(t testing.TB, o cluster.Options) *cluster.Cluster {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	said := &logbook{}
	o.Program, o.Env = self, append(o.Env, asHub+"=1")
	o.Folder, o.NodeModules = t.TempDir(), "../../web/node_modules"
	o.Log = slog.New(slog.NewTextHandler(said, &slog.HandlerOptions{Level: slog.LevelDebug}))
	ctx, cancel := context.WithTimeout(t.Context(), 3*patience)
	defer cancel()
	started := time.Now()
	c, err := cluster.Start(ctx, o)
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	t.Logf("the cluster is up after %s", time.Since(started))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := c.Stop(ctx); err != nil {
			t.Errorf("%v: %s", err, said)
		}
	})
	return c
}

func TestAClusterServes(t *testing.T) {
	t.Parallel()
	c := startCluster(t, cluster.Options{Hubs: 2, NATS: 3})
	for _, n := range c.Nodes() {
		if !n.Running() {
			t.Errorf("%s does not run", n.Name)
		}
	}
}
