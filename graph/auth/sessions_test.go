package auth_test

import (
	"context"
	"errors"
	"testing"

	"github.com/microgalleries/actionday/graph/auth"
)

func TestSessionsAreRememberedUntilTheyEnd(t *testing.T) {
	t.Parallel()
	a, service, s := newAuth(t, auth.Options{})
	request := requestFrom("203.0.113.1:5", "Cookie", "hub="+member(t, service, s, true))

	for range 3 {
		visit(a, request, func(ctx context.Context) {
			if actor := auth.Actor(ctx); !actor.IsSignedIn() || actor.HostID.IsZero() {
				t.Errorf("got %+v", actor)
			}
		})
	}
	if s.asked != 1 {
		t.Errorf("looked up %d times, want once", s.asked)
	}
	visit(a, request, func(ctx context.Context) {
		if err := service.SignOut(ctx, auth.Session(ctx)); err != nil {
			t.Fatal(err)
		}
		auth.ClearSession(ctx)
		if auth.Actor(ctx).IsSignedIn() {
			t.Error("the visit goes on as somebody")
		}
	})
	visit(a, request, func(ctx context.Context) {
		if auth.Actor(ctx).IsSignedIn() {
			t.Error("the session is still good")
		}
	})
}

func TestUnknownSessionsAreNobody(t *testing.T) {
	t.Parallel()
	a, _, s := newAuth(t, auth.Options{})
	for range 2 {
		visit(a, requestFrom("203.0.113.1:5", "Cookie", "hub=guess"), func(ctx context.Context) {
			if actor, err := auth.Find(ctx); actor.IsSignedIn() || err != nil {
				t.Errorf("got %+v, %v", actor, err)
			}
		})
	}
	if s.asked != 1 {
		t.Errorf("looked up %d times, want once", s.asked)
	}
	visit(a, requestFrom("203.0.113.1:5"), func(ctx context.Context) {
		if auth.Actor(ctx).IsSignedIn() || s.asked != 1 {
			t.Error("a visitor without a cookie causes a look-up")
		}
	})
}

// The first registration gives an account its host; whoever has none yet must not be remembered.
func TestAccountsWithoutAHostAreLookedUpEachTime(t *testing.T) {
	t.Parallel()
	a, service, s := newAuth(t, auth.Options{})
	token := member(t, service, s, false)
	for range 2 {
		visit(a, requestFrom("203.0.113.1:5", "Cookie", "hub="+token), func(ctx context.Context) { auth.Actor(ctx) })
	}
	if s.asked != 2 {
		t.Errorf("looked up %d times, want 2", s.asked)
	}
}

func TestAFailedLookUpIsToldAndNotRemembered(t *testing.T) {
	t.Parallel()
	a, _, s := newAuth(t, auth.Options{})
	s.failing = errors.New("no connection")
	for want := 1; want <= 2; want++ {
		visit(a, requestFrom("203.0.113.1:5", "Cookie", "hub=ana"), func(ctx context.Context) {
			if _, err := auth.Find(ctx); !errors.Is(err, s.failing) {
				t.Errorf("got %v", err)
			}
		})
		if s.asked != want {
			t.Errorf("looked up %d times, want %d", s.asked, want)
		}
	}
}
