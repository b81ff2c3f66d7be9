package auth

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/microgalleries/actionday/events"
)

// The limits of the cache of sessions.
const (
	// SessionKept is how long a look-up is remembered, and so how long a session that another hub
	// ended may still be good here.
	SessionKept = 3 * time.Second
	// sessionsKept is how many look-ups are remembered.
	sessionsKept = 10_000
)

// Options says how the hub is reached.
type Options struct {
	// Secure says that people reach the hub by https: cookies are then Secure and have the __Host-
	// prefix, which no neighbor domain and no plain http can set.
	Secure bool
	// TrustedProxies are the networks whose X-Forwarded-For is believed; none by default.
	TrustedProxies []netip.Prefix
}

// Auth finds out who is asking.
type Auth struct {
	service  *events.Service
	options  Options
	sessions *otter.Cache[[32]byte, events.Actor]
}

// New makes an Auth that looks sessions up in service.
func New(service *events.Service, options Options) *Auth {
	return &Auth{
		service: service,
		options: options,
		sessions: otter.Must(&otter.Options[[32]byte, events.Actor]{
			MaximumSize:      sessionsKept,
			ExpiryCalculator: otter.ExpiryWriting[[32]byte, events.Actor](SessionKept),
		}),
	}
}

// Close ends the upkeep of the cache.
func (a *Auth) Close() { a.sessions.StopAllGoroutines() }

// Middleware puts a visit into the context of every request, for the functions of this package.
func (a *Auth) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{
			auth: a, w: w,
			ip:      a.clientIP(r),
			token:   cookieValue(r, a.sessionCookie()),
			browser: cookieValue(r, a.browserCookie()),
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), visitKey{}, v)))
	})
}

type visitKey struct{}

// visit is one request, or one standing connection. Fields of one mutation run one after another,
// those of a query side by side: hence the lock.
type visit struct {
	auth *Auth
	w    http.ResponseWriter
	ip   netip.Addr

	mu      sync.Mutex
	token   string
	browser string
}

// visitOf gives the visit of a context, nil for none. It panics in a context that Unseen made: what
// is being executed there goes to many viewers, so a field that asks for one of them is a defect,
// which must cost an answer and not a secret.
func visitOf(ctx context.Context) *visit {
	switch v := ctx.Value(visitKey{}).(type) {
	case *visit:
		return v
	case unseen:
		panic("auth: an answer for many depends on its viewer")
	}
	return nil
}

type unseen struct{}

// Unseen makes a context in which nobody can be asked for: not who they are, not where they come
// from.
func Unseen(ctx context.Context) context.Context {
	return context.WithValue(ctx, visitKey{}, unseen{})
}

// Standing is the visit of a request for as long as its connection stands. It lives longer than the
// request and holds nothing else of it; cookies cannot be set any more.
func Standing(ctx context.Context) context.Context {
	v := visitOf(ctx)
	if v == nil {
		return context.Background()
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	standing := &visit{auth: v.auth, w: written{}, ip: v.ip, token: v.token, browser: v.browser}
	return context.WithValue(context.Background(), visitKey{}, standing)
}

// written is an answer whose head has been sent.
type written struct{}

func (written) Header() http.Header         { return http.Header{} }
func (written) Write(p []byte) (int, error) { return len(p), nil }
func (written) WriteHeader(int)             {}

// Actor is who is asking; the zero Actor for nobody, for an old session, and when the session
// could not be looked up, which Find tells apart.
func Actor(ctx context.Context) events.Actor {
	actor, _ := Find(ctx)
	return actor
}

// Find is Actor with the failure to look the session up, if any.
func Find(ctx context.Context) (events.Actor, error) {
	v := visitOf(ctx)
	if v == nil {
		return events.Actor{}, nil
	}
	token := v.session()
	if token == "" {
		return events.Actor{}, nil
	}
	return v.auth.actorOf(ctx, token)
}

// actorOf remembers what it finds, but for accounts without a host: their next request must know
// of the host that their first registration makes, also when another hub takes it.
func (a *Auth) actorOf(ctx context.Context, token string) (events.Actor, error) {
	key := sha256.Sum256([]byte(token))
	if actor, ok := a.sessions.GetIfPresent(key); ok {
		return actor, nil
	}
	actor, err := a.service.ActorOf(ctx, token)
	if err != nil {
		return events.Actor{}, fmt.Errorf("auth: look a session up: %w", err)
	}
	if !actor.IsSignedIn() || !actor.HostID.IsZero() {
		a.sessions.Set(key, actor)
	}
	return actor, nil
}

// ClientIP is the address of the client, behind the proxies that we trust; the zero Addr when it
// is not known, as on a unix socket.
func ClientIP(ctx context.Context) netip.Addr {
	if v := visitOf(ctx); v != nil {
		return v.ip
	}
	return netip.Addr{}
}

// Session is the session token of the visit, "" for none. It is a secret: hash it before keeping it.
func Session(ctx context.Context) string {
	if v := visitOf(ctx); v != nil {
		return v.session()
	}
	return ""
}

func (v *visit) session() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.token
}
