package pages

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"

	"github.com/microgalleries/actionday/events"
)

// handler is a page or an act. What it returns becomes a page in fail.
type handler func(w http.ResponseWriter, r *http.Request) error

// tooManyError says that a client did one thing too often.
type tooManyError struct{ retryAfter int }

func (e *tooManyError) Error() string {
	return fmt.Sprintf("too many: try again in %d s", e.retryAfter)
}

func (s *site) handle(pattern string, h handler) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

// ServeHTTP finds the page, and answers itself where there is none.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer s.recover(w, r)
	if h, pattern := s.mux.Handler(r); pattern == "" {
		s.nowhere(w, r, h)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// recover turns a panic into the page of a failure. http.ErrAbortHandler is meant to go on.
func (s *site) recover(w http.ResponseWriter, r *http.Request) {
	switch v := recover(); v {
	case nil:
	case http.ErrAbortHandler:
		panic(v)
	default:
		s.fail(w, r, fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
	}
}

// nowhere asks the mux what it would say (not found, or a method that is not allowed) and says it
// with a page.
func (s *site) nowhere(w http.ResponseWriter, r *http.Request, h http.Handler) {
	var said verdict
	h.ServeHTTP(&said, r)
	if allow := said.Header().Get("Allow"); said.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", allow)
		s.failure(w, r, http.StatusMethodNotAllowed, nil)
		return
	}
	s.failure(w, r, http.StatusNotFound, nil)
}

// verdict keeps the head of an answer and drops its body.
type verdict struct {
	header http.Header
	status int
}

func (v *verdict) Header() http.Header {
	if v.header == nil {
		v.header = http.Header{}
	}
	return v.header
}
func (v *verdict) WriteHeader(status int)      { v.status = status }
func (v *verdict) Write(p []byte) (int, error) { return len(p), nil }

// fail is the one place that turns an error into an answer.
func (s *site) fail(w http.ResponseWriter, r *http.Request, err error) {
	var busy *events.BusyError
	var often *tooManyError
	var large *http.MaxBytesError
	ps, other := events.ProblemsIn(err)
	switch {
	case errors.Is(err, events.ErrNotFound):
		s.failure(w, r, http.StatusNotFound, nil)
	case errors.Is(err, events.ErrNotSignedIn):
		s.toSignIn(w, r)
	case errors.Is(err, events.ErrNotAllowed):
		s.failure(w, r, http.StatusForbidden, nil)
	case errors.As(err, &busy):
		w.Header().Set("Retry-After", strconv.Itoa(busy.RetryAfter))
		s.failure(w, r, http.StatusServiceUnavailable, nil)
	case errors.As(err, &often):
		w.Header().Set("Retry-After", strconv.Itoa(often.retryAfter))
		s.failure(w, r, http.StatusTooManyRequests, nil)
	case errors.As(err, &large):
		s.failure(w, r, http.StatusRequestEntityTooLarge, nil)
	case other == nil && len(ps) > 0 && ps[0].Code == events.NotFound:
		s.failure(w, r, http.StatusNotFound, nil)
	case other == nil && len(ps) > 0:
		s.failure(w, r, http.StatusBadRequest, ps)
	case errors.Is(err, context.Canceled): // nobody is there to read an answer
	default:
		s.Log.ErrorContext(r.Context(), "page failed", "request", requestID(w), "method", r.Method, "err", err)
		s.failure(w, r, http.StatusInternalServerError, nil)
	}
}

// failureView is the page of anything that did not work.
type failureView struct {
	*page
	Status    int
	Request   string
	Sentences []string
}

func (s *site) failure(w http.ResponseWriter, r *http.Request, status int, ps events.Problems) {
	p := s.page(w, r, "failure."+strconv.Itoa(status)+".title")
	p.NoIndex, p.private = true, true
	v := failureView{page: p, Status: status, Request: requestID(w)}
	for _, problem := range ps {
		v.Sentences = append(v.Sentences, p.Problem(problem))
	}
	if err := s.render(w, r, status, "failure", v); err != nil {
		s.Log.ErrorContext(r.Context(), "failure page failed", "request", v.Request, "err", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	}
}

// toSignIn sends somebody who must sign in there and, for a page, remembers where they came from.
func (s *site) toSignIn(w http.ResponseWriter, r *http.Request) {
	to := "/sign-in"
	if next := safeNext(r.URL.Path); r.Method == http.MethodGet && next != "" {
		to += "?next=" + url.QueryEscape(next)
	}
	w.Header().Set("Cache-Control", noStore)
	http.Redirect(w, r, to, http.StatusSeeOther)
}

const requestHeader = "X-Request-Id"

// requestID is the number under which an answer can be found in the log: the one that a
// middleware gave, or a new one.
func requestID(w http.ResponseWriter) string {
	if id := w.Header().Get(requestHeader); id != "" {
		return id
	}
	id := rand.Text()[:12]
	w.Header().Set(requestHeader, id)
	return id
}

// allow turns an act away that a client did too often.
func (s *site) allow(r *http.Request, act string) error {
	if s.Allow == nil {
		return nil
	}
	if after, ok := s.Allow(r, act); !ok {
		return &tooManyError{max(1, after)}
	}
	return nil
}
