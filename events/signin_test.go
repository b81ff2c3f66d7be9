package events_test

import (
	"errors"
	"regexp"
	"testing"
	"time"

	"github.com/microgalleries/actionday/events"
)

// linkIn takes the token out of the only mail that waits.
func (s *stage) linkIn() string {
	s.t.Helper()
	m, err := s.store.TakeMail(s.t.Context(), s.clock.Now(), time.Minute)
	if err != nil {
		s.t.Fatal(err)
	}
	found := regexp.MustCompile(`https://hub\.example/sign-in/([0-9a-v]{52})\n`).FindStringSubmatch(m.Text)
	if found == nil {
		s.t.Fatalf("no link in the mail:\n%s", m.Text)
	}
	return found[1]
}

func TestSignInByLink(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	if err := s.RequestSignIn(t.Context(), " Ana@Example.org ", "browser-nonce"); err != nil {
		t.Fatal(err)
	}
	token := s.linkIn()
	_, _, err := s.SignIn(t.Context(), token, "another-browser")
	wantProblem(t, err, events.WrongBrowser, "")
	account, session, err := s.SignIn(t.Context(), token, "browser-nonce")
	if err != nil || account.Email != "ana@example.org" {
		t.Fatalf("account = %+v, %v", account, err)
	}
	_, _, err = s.SignIn(t.Context(), token, "browser-nonce")
	wantProblem(t, err, events.LinkExpired, "")
	if who, err := s.ActorOf(t.Context(), session); err != nil || who.AccountID != account.ID {
		t.Errorf("the session is %+v, %v", who, err)
	}
	if err := s.SignOut(t.Context(), session); err != nil {
		t.Fatal(err)
	}
	if who, err := s.ActorOf(t.Context(), session); err != nil || who.IsSignedIn() {
		t.Errorf("after signing out the session is %+v, %v", who, err)
	}
}

func TestANewerLinkReplacesTheOlder(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	if err := s.RequestSignIn(t.Context(), "ana@example.org", ""); err != nil {
		t.Fatal(err)
	}
	older := s.linkIn()
	if err := s.RequestSignIn(t.Context(), "ana@example.org", ""); err != nil {
		t.Fatal(err)
	}
	_, _, err := s.SignIn(t.Context(), older, "")
	wantProblem(t, err, events.LinkExpired, "")
}

func TestLinksAndSessionsExpire(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	if err := s.RequestSignIn(t.Context(), "ana@example.org", ""); err != nil {
		t.Fatal(err)
	}
	token := s.linkIn()
	s.clock.Advance(events.SignInLinkLasts)
	_, _, err := s.SignIn(t.Context(), token, "")
	wantProblem(t, err, events.LinkExpired, "")
	link, err := s.InviteLink(t.Context(), "org@example.org", time.Hour, events.OrganizerRole)
	if err != nil {
		t.Fatal(err)
	}
	account, session, err := s.SignIn(t.Context(), link[len(link)-52:], "any browser")
	if err != nil || len(account.Roles) != 1 || account.Roles[0] != events.OrganizerRole {
		t.Fatalf("the operator's link gives %+v, %v", account, err)
	}
	s.clock.Advance(events.SessionLasts)
	if who, err := s.ActorOf(t.Context(), session); err != nil || who.IsSignedIn() {
		t.Errorf("after %s the session is %+v, %v", events.SessionLasts, who, err)
	}
}

func TestAddressesAreChecked(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, bad := range []string{
		"", "ana", "ana@", "Ana <ana@example.org>", "ana@example.org\r\nBcc: v@example.org", "a@b@c",
	} {
		wantProblem(t, s.RequestSignIn(t.Context(), bad, ""), events.Invalid, "email")
	}
}

func TestDraftEditionsAreForStewards(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	draft := s.edition
	draft.Slug, draft.Stage = "next-year", events.DraftStage
	made, err := s.NewEdition(t.Context(), events.Actor{System: true}, draft)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Edition(t.Context(), events.Actor{}, made.ID); !errors.Is(err, events.ErrNotFound) {
		t.Errorf("anybody sees a draft: %v", err)
	}
	if _, err := s.EditionBySlug(t.Context(), s.steward, "next-year"); err != nil {
		t.Errorf("a steward does not: %v", err)
	}
	if list, _ := s.Editions(t.Context(), events.Actor{}); len(list) != 1 {
		t.Errorf("anybody sees %d editions, want 1", len(list))
	}
	opened, err := s.SetStage(t.Context(), events.Actor{System: true}, made.ID, events.OpenStage)
	if err != nil || !opened.IsPublic() {
		t.Errorf("opened = %s, %v", opened.Stage, err)
	}
}
