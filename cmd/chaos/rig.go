package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"github.com/microgalleries/actionday/cmd/hub/cluster"
)

// rig is the machine under test: a cluster whose hubs reach every service through a link, and direct
// ways to the same services for whoever makes the faults and looks at the end.
type rig struct {
	options options
	program string // the hub's binary
	folder  string
	cluster *cluster.Cluster
	links   map[string]*link // by node
	hubs    []string
	ops     []string
	env     []string // by which a command reaches the services, through the links
	direct  []string // the same without the links
	edition string
	start   string // the position before everything
	redis   *redis.Client
	record  *record
	random  *rand.Rand
	stage   *stage
	watch   []*watcher
	host    string // sessions
	steward [2]string
	doze    atomic.Bool // viewers who are to read nothing
	calm    atomic.Bool // never set

	generation int  // of writers, whose names no two share
	sabotaged  bool // on purpose
	mounted    bool // the cluster is on a small disk of its own
	log        *slog.Logger
	closers    []func()
}

// newRig builds the hub and starts everything.
func newRig(ctx context.Context, o options) (r *rig, err error) {
	r = &rig{
		options: o, links: map[string]*link{}, record: newRecord(), stage: &stage{posters: map[string]string{}},
		random: rand.New(rand.NewPCG(o.Seed, o.Seed)), log: slog.New(slog.DiscardHandler),
	}
	defer func() {
		if err != nil {
			r.close()
		}
	}()
	if r.folder, err = os.MkdirTemp(o.Folder, "chaos-"); err != nil {
		return nil, err
	}
	if err := os.Chmod(r.folder, 0o755); err != nil { // Postgres runs as another user if we are root
		return nil, err
	}
	r.closers = append(r.closers, func() {
		if !o.Keep {
			_ = os.RemoveAll(r.folder)
		}
	})
	if r.program = o.Program; r.program == "" {
		if r.program, err = build(ctx, r.folder, o); err != nil {
			return nil, err
		}
	}
	for range o.Hubs {
		address, err := freeAddress()
		if err != nil {
			return nil, err
		}
		r.ops = append(r.ops, address)
	}
	r.smallDisk()
	r.cluster, err = cluster.Start(ctx, cluster.Options{
		Program: r.program, Folder: filepath.Join(r.folder, "cluster"), Hubs: o.Hubs, Log: r.log,
		NodeModules: o.NodeModules, Between: r.between,
		Env:    []string{"GORACE=halt_on_error=0", "HUB_LOG=info", "HUB_NODE_MODULES=" + o.NodeModules},
		HubEnv: func(i int) []string { return []string{"HUB_OPS_ADDR=" + r.ops[i]} },
	})
	if err != nil {
		return nil, err
	}
	r.closers = append(r.closers, r.stopCluster)
	for _, hub := range r.cluster.Hubs {
		r.hubs = append(r.hubs, hub.Address)
	}
	if r.env, err = r.cluster.Services(); err != nil {
		return nil, err
	}
	r.direct = r.withoutLinks()
	r.redis = redis.NewClient(&redis.Options{Addr: r.cluster.Redis.Address, MaxRetries: -1})
	r.closers = append(r.closers, func() { _ = r.redis.Close() })
	return r, r.open(ctx)
}

// build makes the hub's binary, with the race detector if that is wanted.
func build(ctx context.Context, folder string, o options) (string, error) {
	program := filepath.Join(folder, "hub")
	args := []string{"build", "-o", program, "-trimpath"} // as make does it, so that little is built again
	if o.Race {
		args[3] = "-race" // as the tests do it
	}
	args = append(args, "-ldflags=-w", "./cmd/hub") // nobody debugs it, and half of the linking is for debuggers
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = o.Root
	if said, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the hub: %w: %s", err, said)
	}
	return program, nil
}

// between puts a link before a service.
func (r *rig) between(name, address string) (string, error) {
	l, err := newLink(address)
	if err != nil {
		return "", err
	}
	r.links[name] = l
	r.closers = append(r.closers, func() { l.close(context.Background()) })
	return l.address, nil
}

func (r *rig) withoutLinks() []string {
	replace := []string{}
	for _, node := range r.cluster.Nodes() {
		if l := r.links[node.Name]; l != nil {
			replace = append(replace, l.address, node.Address)
		}
	}
	direct := make([]string, len(r.env))
	for i, setting := range r.env {
		direct[i] = strings.NewReplacer(replace...).Replace(setting)
	}
	return direct
}

func (r *rig) stopCluster() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for _, node := range r.cluster.Nodes() {
		node.Resume()
	}
	if err := r.cluster.Stop(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "chaos: stop:", err)
	}
}

func (r *rig) close() {
	for i := len(r.closers) - 1; i >= 0; i-- {
		r.closers[i]()
	}
	r.closers = nil
}

// hub runs a command of the hub, reaching the services directly.
func (r *rig) hub(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, r.program, args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HUB_LOG=warn", "HUB_DATA=" + r.folder}, r.direct...)
	var said, out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("hub %s: %w: %s", args[0], err, said.String())
	}
	return out.String(), nil
}

// open opens the day, signs people in and lists the first events.
func (r *rig) open(ctx context.Context) error {
	today := time.Now().UTC().Format(time.DateOnly)
	if _, err := r.hub(ctx, "edition", "open", "chaos", today, "--title", "A day of faults", "--theme", "birds=Birds"); err != nil {
		return err
	}
	var asked struct {
		Edition struct{ ID string }
	}
	people := newClient(r.hubs, 0)
	if _, err := people.insist(ctx, `{ edition(slug: "chaos") { id } }`, nil, &asked); err != nil {
		return err
	}
	r.edition = asked.Edition.ID
	var err error
	if r.host, err = r.signIn(ctx, "HOST", "host@example.org"); err != nil {
		return err
	}
	for i := range r.steward {
		if r.steward[i], err = r.signIn(ctx, "STEWARD", fmt.Sprintf("steward-%d@example.org", i)); err != nil {
			return err
		}
	}
	conn, err := r.database(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	var epoch int64
	if err := conn.QueryRow(ctx, "select value from epoch").Scan(&epoch); err != nil {
		return err
	}
	r.start = fmt.Sprintf("%08x-0", epoch)
	w := r.writer(firstWriter)
	for len(r.stage.listed) <= stageKeeps {
		if err := w.registers(ctx); err != nil {
			return err
		}
	}
	return nil
}

// firstWriter prepares the stage.
const firstWriter = 1000

// signIn uses an operator's link.
func (r *rig) signIn(ctx context.Context, role, email string) (session string, err error) {
	printed, err := r.hub(ctx, "sign-in-link", "--role", role, email)
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(map[string]any{
		"query":     `mutation ($t: String!) { signIn(token: $t) { viewer { email } problems { message } } }`,
		"variables": map[string]string{"t": path.Base(strings.TrimSpace(printed))},
	})
	if err != nil {
		return "", err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+r.hubs[0]+"/graphql", strings.NewReader(string(body)))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Forwarded-For", anyAddress())
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	for _, cookie := range response.Cookies() {
		if cookie.Name == "hub" {
			return cookie.Value, nil
		}
	}
	said, _ := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	return "", fmt.Errorf("sign in: %d %.300s", response.StatusCode, said)
}

func (r *rig) writer(n int) *writer {
	w := &writer{
		name: n, random: rand.New(rand.NewPCG(r.options.Seed, uint64(n))), people: newClient(r.hubs, n),
		host: newClient(r.hubs, n), steward: newClient(r.hubs, n+1),
		edition: r.edition, record: r.record, stage: r.stage, breath: r.options.Breath, aside: make(chan struct{}, maxAside),
	}
	w.host.session, w.steward.session = r.host, r.steward[n%2]
	return w
}

// database connects to the leader, past the links.
func (r *rig) database(ctx context.Context) (*pgx.Conn, error) {
	for _, setting := range r.direct {
		if url, ok := strings.CutPrefix(setting, "DATABASE_URL="); ok {
			return pgx.Connect(ctx, url)
		}
	}
	return nil, errors.New("there is no database")
}

// sql runs a statement on the leader, past the links.
func (r *rig) sql(ctx context.Context, statement string, args ...any) error {
	conn, err := r.database(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, statement, args...)
	return err
}

// Ports for the operators' listeners are below those that a cluster takes, and below those that Linux
// gives to outgoing connections: a hub must find its own free again.
const (
	lowestPort  = 10000
	highestPort = 14999
	portTries   = 100
)

func freeAddress() (string, error) {
	for range portTries {
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(lowestPort+rand.IntN(highestPort-lowestPort)))
		if door, err := net.Listen("tcp", address); err == nil {
			return address, door.Close()
		}
	}
	return "", errors.New("this machine has no free ports")
}
