package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"sync"
	"time"
)

const (
	// lookEvery is how often every hub is asked whether it takes visitors.
	lookEvery = 100 * time.Millisecond
	// The limits of the door. Streams have none: the hub ends them.
	headLimit     = 5 * time.Second
	idleLimit     = 60 * time.Second
	maxHeadBytes  = 16 << 10
	dialLimit     = 2 * time.Second
	idleEach      = 64 // connections to a hub that wait for the next request
	copyBufferLen = 8 << 10
)

// Proxy is the cluster's front door: it hands every request to the ready hub with the fewest open
// ones. A hub that says that it is not ready keeps what it has and gets nothing new.
type Proxy struct {
	Address string

	door     net.Listener
	balancer *balancer
	server   *http.Server
	log      *slog.Logger
	looking  sync.WaitGroup
	stop     context.CancelFunc
}

func newProxy(address string, log *slog.Logger) *Proxy {
	p := &Proxy{Address: address, log: log, stop: func() {}}
	p.balancer = newBalancer(&http.Transport{
		DialContext:         (&net.Dialer{Timeout: dialLimit}).DialContext,
		MaxIdleConnsPerHost: idleEach, IdleConnTimeout: idleLimit / 2, DisableCompression: true,
	})
	p.server = &http.Server{
		Handler: p.handler(), ReadHeaderTimeout: headLimit, IdleTimeout: idleLimit, MaxHeaderBytes: maxHeadBytes,
	}
	return p
}

func (p *Proxy) handler() http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme = "http"
			r.Out.URL.Host = "hub" // the balancer chooses which
			r.Out.Host = r.In.Host
			// Who is behind another proxy of this machine keeps their address: the hub believes
			// the last one that no trusted proxy has.
			r.Out.Header["X-Forwarded-For"] = r.In.Header["X-Forwarded-For"]
			r.SetXForwarded()
		},
		Transport:     p.balancer,
		FlushInterval: -1, // events must not wait
		BufferPool:    newBuffers(),
		ErrorLog:      slog.NewLogLogger(p.log.Handler(), slog.LevelDebug), // people come and go
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			if r.Context().Err() == nil {
				p.log.Debug("no hub answers", "err", err)
			}
			w.Header().Set("Retry-After", "1")
			http.Error(w, "No hub can take this request now. Please try again.", http.StatusBadGateway)
		},
	}
}

func (p *Proxy) add(hub *Node) { p.balancer.add(hub.Address) }

// listen takes the address, so that a taken one is noticed before anything is started.
func (p *Proxy) listen() (err error) {
	if p.door, err = net.Listen("tcp", p.Address); err != nil {
		return fmt.Errorf("cluster: open the proxy: %w", err)
	}
	return nil
}

// open lets visitors in.
func (p *Proxy) open(ctx context.Context) {
	looking, stop := context.WithCancel(context.WithoutCancel(ctx))
	p.stop = stop
	for _, b := range p.balancer.backends {
		ready := readiness(b.address)
		p.balancer.set(b, ready(looking) == nil)
		p.looking.Go(func() { p.look(looking, b, ready) })
	}
	p.looking.Go(func() {
		if err := p.server.Serve(p.door); !errors.Is(err, http.ErrServerClosed) {
			p.log.Error("the proxy has ended", "err", err)
		}
	})
}

// look keeps what is known of a hub fresh.
func (p *Proxy) look(ctx context.Context, b *backend, ready func(context.Context) error) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			p.balancer.set(b, ready(ctx) == nil)
		}
	}
}

// await waits until the proxy sends visitors to a hub.
func (p *Proxy) await(ctx context.Context, hub *Node) error {
	for !p.balancer.isReady(hub.Address) {
		select {
		case <-ctx.Done():
			return fmt.Errorf("cluster: the proxy does not see %s: %w", hub.Name, ctx.Err())
		case <-time.After(readyPoll):
		}
	}
	return nil
}

func (p *Proxy) close() error {
	p.stop()
	err := p.server.Close()
	if p.door != nil {
		_ = p.door.Close() // closed already, if visitors were let in
	}
	p.looking.Wait()
	p.balancer.transport.CloseIdleConnections()
	return err
}

// buffers are used again, as every stream needs one.
type buffers struct{ pool sync.Pool }

func newBuffers() *buffers {
	return &buffers{sync.Pool{New: func() any { b := make([]byte, copyBufferLen); return &b }}}
}

// Get implements httputil.BufferPool.
func (b *buffers) Get() []byte { return *b.pool.Get().(*[]byte) }

// Put implements httputil.BufferPool.
func (b *buffers) Put(p []byte) { b.pool.Put(&p) }
