package wire

import (
	"context"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/microgalleries/actionday/graph/fault"
)

// The limits in time and size.
const (
	readLimit     = 10 * time.Second // for a whole body
	answerLimit   = 5 * time.Second  // for a query or mutation
	writeLimit    = 5 * time.Second  // for one event or message
	maxAnswer     = 2 << 20          // bytes of one answer's data
	heartbeat     = 15 * time.Second // between signs of life on a quiet stream
	tellEvery     = time.Minute      // how often a stream that asked for it is told the time, at least
	maxStanding   = 20_000           // sockets and streams of a hub
	maxByAddress  = 1000             // sockets and streams of one address: crowds share one
	maxIDs        = 100              // characters of an operation's id on a socket
	maxMessage    = 64 << 10         // bytes of one message on a socket
	maxOperations = 20               // that run on one socket at once
	maxMessages   = 50               // a second on one socket
)

// Options is what a Handler is made of. All are needed.
type Options struct {
	Executor graphql.GraphExecutor
	// Enter lets a request in or says why not, before its body is read.
	Enter func(context.Context) *gqlerror.Error
	// Known tells whether somebody is signed in, who may send longer requests.
	Known func(context.Context) bool
	// Address is whom standing connections are counted to.
	Address func(context.Context) string
	// Standing is what remains of a request's context when its connection stands: who the viewer
	// is, but nothing that ends with the request or is large.
	Standing func(context.Context) context.Context
	// Unseen makes a context in which nothing is known of any viewer, and in which asking fails: for
	// an execution whose answers go to many.
	Unseen func(context.Context) context.Context
	// Now is the hub's clock, by which signs of life tell the time.
	Now func() time.Time
	// Portable is for tests and measurements: connections are used as on every system, also where
	// there is a quicker way.
	Portable bool
}

// Handler serves GraphQL. Close it to end its standing connections.
type Handler struct {
	Options
	standing   *crowd
	broadcasts *broadcasts
	shards     []*shard
	nextShard  atomic.Uint32
	poller     *poller // nil where connections are read by a goroutine each

	closing context.Context // what is executed for many ends with it
	cancel  context.CancelFunc
	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup // goroutines that start began
}

// New makes a Handler.
func New(o Options) *Handler {
	closing, cancel := context.WithCancel(context.Background())
	h := &Handler{Options: o, standing: newCrowd(maxStanding, maxByAddress), closing: closing, cancel: cancel}
	h.broadcasts = &broadcasts{handler: h, byKey: map[string]*broadcast{}}
	if !o.Portable {
		h.poller = newPoller()
	}
	for range max(1, runtime.GOMAXPROCS(0)-1) { // one processor is left to those who read and execute
		s := newShard()
		h.shards = append(h.shards, s)
		go s.run()
	}
	return h
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Vary", "Accept, Cookie")
	if h.isClosed() {
		refuse(w, http.StatusServiceUnavailable, fault.New(fault.Unavailable, "This hub stops. Please come again."))
		return
	}
	if err := h.Enter(r.Context()); err != nil {
		refuse(w, statusOf(err), err)
		return
	}
	switch {
	case isUpgrade(r):
		h.serveSocket(w, r)
	case r.Method != http.MethodGet && r.Method != http.MethodPost:
		w.Header().Set("Allow", "GET, POST")
		refuse(w, http.StatusMethodNotAllowed, fault.New(fault.BadRequest, "Please use POST, or GET for queries."))
	default:
		h.serveOperation(w, r)
	}
}

// Load is how many connections stand, and how many broadcasts there are.
func (h *Handler) Load() (standing, broadcasts int) {
	return h.standing.size(), h.broadcasts.size()
}

func statusOf(err *gqlerror.Error) int {
	if fault.CodeOf(err) == fault.RateLimited {
		return http.StatusTooManyRequests
	}
	return http.StatusServiceUnavailable
}

func (h *Handler) serveOperation(w http.ResponseWriter, r *http.Request) {
	media := negotiate(r.Header.Values("Accept"))
	if media == "" {
		refuse(w, http.StatusNotAcceptable, fault.New(fault.BadRequest,
			"Answers come as %s, %s or %s.", graphQLMedia, jsonMedia, eventsMedia))
		return
	}
	params, refusal := h.params(w, r)
	if refusal != nil {
		refuse(w, refusal.status, refusal.err)
		return
	}
	if media == eventsMedia {
		h.serveEvents(w, r, params)
		return
	}
	h.serveAnswer(w, r, media, params)
}
