package cluster

import (
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
)

// errNoHub is the failure of a request when no hub is ready.
var errNoHub = errors.New("cluster: no hub is ready")

// backend is a hub as the proxy knows it.
type backend struct {
	address string
	ready   bool
	open    int // requests and streams that are not over
}

// balancer is an http.RoundTripper that chooses the hub.
type balancer struct {
	transport *http.Transport

	mu       sync.Mutex
	backends []*backend
	next     int // where the search for the least busy one begins: equals take turns
}

func newBalancer(t *http.Transport) *balancer { return &balancer{transport: t} }

func (l *balancer) add(address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.backends = append(l.backends, &backend{address: address})
}

func (l *balancer) set(b *backend, ready bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b.ready = ready
}

func (l *balancer) isReady(address string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(l.backends, func(b *backend) bool { return b.address == address && b.ready })
}

// take chooses the ready hub with the fewest open requests that was not tried yet, and counts one
// more at it.
func (l *balancer) take(tried []*backend) (*backend, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var best *backend
	for i := range l.backends {
		b := l.backends[(l.next+i)%len(l.backends)]
		if b.ready && !slices.Contains(tried, b) && (best == nil || b.open < best.open) {
			best = b
		}
	}
	if best == nil {
		return nil, false
	}
	best.open++
	l.next = (l.next + 1) % len(l.backends)
	return best, true
}

func (l *balancer) give(b *backend) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b.open--
}

// RoundTrip implements http.RoundTripper. A request that changes nothing is tried elsewhere when it
// could not even be sent.
func (l *balancer) RoundTrip(r *http.Request) (*http.Response, error) {
	var tried []*backend
	var failures []error
	for {
		b, ok := l.take(tried)
		if !ok {
			return nil, errors.Join(append(failures, errNoHub)...)
		}
		tried = append(tried, b)
		out := r.Clone(r.Context())
		out.URL.Host = b.address
		response, err := l.transport.RoundTrip(out)
		if err != nil {
			l.give(b)
			failures = append(failures, err)
			if !unsent(err) || !repeatable(r) {
				return nil, errors.Join(failures...)
			}
			continue
		}
		response.Body = counted(response.Body, sync.OnceFunc(func() { l.give(b) }))
		return response, nil
	}
}

// unsent tells whether a request failed before a connection stood.
func unsent(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

func repeatable(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && r.ContentLength == 0
}

// counted is an answer's body that tells when it is over. That of a WebSocket can be written to,
// which the proxy looks for.
func counted(body io.ReadCloser, over func()) io.ReadCloser {
	if both, ok := body.(io.ReadWriteCloser); ok {
		return &countedSocket{both, over}
	}
	return &countedBody{body, over}
}

type countedBody struct {
	io.ReadCloser
	over func()
}

// Close implements io.Closer.
func (c *countedBody) Close() error { c.over(); return c.ReadCloser.Close() }

type countedSocket struct {
	io.ReadWriteCloser
	over func()
}

// Close implements io.Closer.
func (c *countedSocket) Close() error { c.over(); return c.ReadWriteCloser.Close() }
