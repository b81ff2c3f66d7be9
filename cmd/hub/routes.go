package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"time"

	"github.com/microgalleries/actionday/graph"
	"github.com/microgalleries/actionday/graph/auth"
)

// The server's limits. Streams set their own write deadlines.
const (
	readHeaderLimit = 5 * time.Second
	readLimit       = 10 * time.Second
	writeLimit      = 30 * time.Second
	idleLimit       = 60 * time.Second
	maxHeaderBytes  = 16 << 10
	pingLimit       = 2 * time.Second
)

func (h *hub) server(base context.Context, handler http.Handler) *http.Server {
	return &http.Server{
		Handler: handler, BaseContext: func(net.Listener) context.Context { return base },
		ReadHeaderTimeout: readHeaderLimit, ReadTimeout: readLimit, WriteTimeout: writeLimit,
		IdleTimeout: idleLimit, MaxHeaderBytes: maxHeaderBytes,
	}
}

// routes is every path of the hub. What changes something must come from the hub's own pages, or
// from a program that is no browser.
func (h *hub) routes(ctx context.Context) (http.Handler, error) {
	proxies, err := h.serve.proxies()
	if err != nil {
		return nil, err
	}
	pages, err := h.pages()
	if err != nil {
		return nil, err
	}
	who := auth.New(h.service, auth.Options{Secure: h.serve.secure(), TrustedProxies: proxies})
	context.AfterFunc(ctx, who.Close)
	explorer, err := graph.Explorer()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/graphql", who.Middleware(h.api(ctx)))
	mux.Handle("/graphiql", reading(http.RedirectHandler("/graphiql/", http.StatusMovedPermanently)))
	mux.Handle("/graphiql/", reading(http.StripPrefix("/graphiql", explorer)))
	editions := h.knownEditions(ctx)
	mux.Handle("/tiles/{edition}/{z}/{x}/{y}", reading(h.maps.handler(editions)))
	mux.Handle("/replay/{file}", reading(h.replayFiles(editions)))
	mux.Handle("/healthz", reading(http.HandlerFunc(alive)))
	mux.Handle("/readyz", reading(http.HandlerFunc(h.ready)))
	for _, open := range []string{"GET /map.svg", "GET /embed"} { // nobody's session is looked at
		mux.Handle(open, pages)
	}
	mux.Handle("/", who.Middleware(pages))
	return http.NewCrossOriginProtection().Handler(mux), nil
}

// reading refuses what is not GET or HEAD. With the method in a pattern the mux would not do it: "/",
// which takes every method, would answer instead, with a page that nobody is looking for.
func reading(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
	})
}

// alive answers as long as the program runs.
func alive(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("alive\n")) }

// ready tells a load balancer whether this hub can serve: it can as long as Postgres answers, and
// until it is stopped.
// Redis and NATS are told of, but the hub serves without them.
func (h *hub) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), pingLimit)
	defer cancel()
	state := map[string]bool{
		"postgres": h.store.Ping(ctx) == nil,
		"redis":    h.all.redis.Ping(ctx).Err() == nil,
		"nats":     h.all.nats.IsConnected(),
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if h.draining.Load() {
		state["draining"] = true
	}
	if !state["postgres"] || state["draining"] {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(state)
}
