package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/microgalleries/actionday/cmd/hub/cluster"
	"github.com/microgalleries/actionday/db"
	"github.com/microgalleries/actionday/events"
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
	o.Log = slog.New(slog.NewTextHandler(said, nil))
	ctx, cancel := context.WithTimeout(t.Context(), 3*patience)
	defer cancel()
	c, err := cluster.Start(ctx, o)
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := c.Stop(ctx); err != nil {
			t.Errorf("%v: %s", err, said)
		}
	})
	return c
}

// serviceOf is one of the addresses by which hubs reach what they need.
func serviceOf(t testing.TB, c *cluster.Cluster, name string) string {
	t.Helper()
	env, err := c.Services()
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range env {
		if value, found := strings.CutPrefix(entry, name+"="); found {
			return value
		}
	}
	t.Fatalf("%s is not among %q", name, env)
	return ""
}

// outside is a cluster as people see it: everything goes through the proxy. An operator's acts go by
// the store.
func outside(t *testing.T, c *cluster.Cluster) *house {
	t.Helper()
	store, err := db.Open(t.Context(), serviceOf(t, c, "DATABASE_URL"), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	site := "http://" + c.Proxy.Address
	return &house{
		hub: &hub{site: site, store: store, service: service(store, sharedAtlas(), clock{}, site)},
		t:   t, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}},
	}
}

// insists cheers until a hub has said that it counts, as a phone in a crowd does.
func (p *person) insists(event, device string) {
	p.t.Helper()
	eventually(p.t, "the cheer counts", func() bool { return p.cheersBravely(event, device) })
}

// showsBravely tells whether an edition's numbers are as wanted, at a door behind which there may be no
// hub for the moment.
func (h *house) showsBravely(edition events.Edition, wanted func(reply) bool) bool {
	h.t.Helper()
	body := bodyOf(`query ($id: ID!) { counts(editionId: $id) `+tallies+` }`, "id", edition.ID.String())
	got := h.anybody().do(http.MethodPost, "/graphql", "application/json", bytes.NewReader(body))
	r := reply{answer: got}
	return got.status == http.StatusOK && json.Unmarshal(got.body, &r) == nil && wanted(r)
}

// crowds lets n devices cheer, one after another.
func (h *house) crowds(event string, from, n int) {
	h.t.Helper()
	for i := range n {
		h.anybody().insists(event, device(from+i))
	}
}

// One day of a cluster: it serves, its hubs are restarted one by one while people watch and cheer,
// its standby is lost and comes back, takes over when the leader dies, and the former leader follows.
func TestADayOfACluster(t *testing.T) {
	t.Parallel()
	const watchers, crowd = 200, 40
	ctx := t.Context()
	c := startCluster(t, cluster.Options{})
	for _, n := range c.Nodes() {
		if !n.Running() {
			t.Errorf("%s does not run", n.Name)
		}
	}
	h := outside(t, c)
	edition := h.today()
	id := h.signedIn("host@example.org").registers(edition, "Wall of birds").text("registerEvent.event.id")
	h.signedIn("steward@example.org", events.StewardRole).approves(id)
	head, err := h.store.Head(ctx, edition.ID)
	if err != nil {
		t.Fatal(err)
	}
	everybody := regularsAt(t, h.site, edition.ID, events.Position{Epoch: head.Epoch}, watchers)
	counted := func(n int64) {
		t.Helper()
		eventually(t, "the numbers are right", func() bool { return h.showsBravely(edition, people(0, n)) })
	}

	var cheering sync.WaitGroup
	cheering.Go(func() { h.crowds(id, 0, crowd) })
	if err := c.Roll(ctx); err != nil {
		t.Fatal(err)
	}
	cheering.Wait()
	counted(crowd)
	everybody.await(t, "everybody was sent to another hub and came back", func(r *regular) bool { return len(r.backs) > 1 })

	c.Standby.Kill()
	h.crowds(id, crowd, 1) // waits until the standby is let go
	if err := c.Promote(ctx); !errors.Is(err, cluster.ErrNoCopy) {
		t.Errorf("a standby that is gone takes over: %v", err)
	}
	if err := errors.Join(c.Standby.Start(ctx), c.AwaitCopy(ctx)); err != nil {
		t.Fatal(err)
	}
	h.crowds(id, crowd+1, crowd-1)
	if err := c.Promote(ctx); err != nil { // kills the leader
		t.Fatal(err)
	}
	if c.Postgres.Running() || c.Leader() != c.Standby {
		t.Errorf("%s leads", c.Leader().Name)
	}
	h.crowds(id, 2*crowd, crowd)
	counted(3 * crowd)
	if err := c.Postgres.Start(ctx); err == nil {
		t.Error("a former leader came back as a second one")
	}
	if err := errors.Join(c.Rejoin(ctx), c.AwaitCopy(ctx)); err != nil {
		t.Fatal(err)
	}
	if err := c.Promote(ctx); err != nil || c.Leader() != c.Postgres {
		t.Errorf("%s leads: %v", c.Leader().Name, err)
	}
	counted(3 * crowd)
	if head, err = h.store.Head(ctx, edition.ID); err != nil {
		t.Fatal(err)
	}
	everybody.await(t, "everybody has all of it", func(r *regular) bool { return r.seq >= head.Seq })
	if gaps, repeats, broken := everybody.verdict(); gaps+repeats+len(broken) > 0 {
		t.Errorf("%d gaps, %d repeats, %q", gaps, repeats, broken)
	}
}

// What a test puts between is what hubs go to, and it is asked for once.
func TestSomethingMayStandBetween(t *testing.T) {
	t.Parallel()
	asked := map[string]int{}
	var mu sync.Mutex
	c := startCluster(t, cluster.Options{Hubs: 1, NATS: 1, Alone: true, Between: func(name, address string) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		asked[name]++
		return address, nil
	}})
	for _, name := range []string{"postgres-1", "redis", "nats-1"} {
		if asked[name] != 1 {
			t.Errorf("%s was asked for %d times: %v", name, asked[name], asked)
		}
	}
	if a := outside(t, c).anybody().get("/readyz"); !strings.Contains(a.String(), `"nats":true,"postgres":true,"redis":true`) {
		t.Errorf("the hub does not reach all: %s", a)
	}
	if err := c.Promote(t.Context()); !errors.Is(err, cluster.ErrNoCopy) {
		t.Errorf("without a standby: %v", err)
	}
}

// A hub that is stopped says so, and serves until its pause is over.
func TestAHubThatStopsSaysSoFirst(t *testing.T) {
	t.Parallel()
	c := proxied()
	c.Drain = maxDrain
	h := startHub(t, settings{}, c)
	h.cancel()
	eventually(t, "it says that it is not ready", func() bool {
		a := h.anybody().get("/readyz")
		return a.status == http.StatusServiceUnavailable && strings.Contains(a.String(), `"draining":true`)
	})
	if a := h.anybody().get("/healthz"); a.status != http.StatusOK {
		t.Errorf("it serves no more: %d", a.status)
	}
	_ = h.listener.Close() // nobody can come any more: it need not wait
}
