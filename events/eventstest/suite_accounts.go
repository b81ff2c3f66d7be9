package eventstest

import (
	"slices"
	"sync"
	"time"

	"github.com/microgalleries/actionday/events"
)

func signInTests() map[string]func(*stage) {
	return map[string]func(*stage){
		"a link makes an account once":                  linkMakesAccount,
		"a link works once":                             linkWorksOnce,
		"of many who use it at once one gets in":        linkWorksOnceAtOnce,
		"a newer link replaces it":                      newerLinkReplaces,
		"a link expires":                                linkExpires,
		"the wrong browser does not use it up":          wrongBrowser,
		"roles are granted when it is used, not before": rolesAreGranted,
	}
}

const linkLasts = 15 * time.Minute

// link stores a sign-in link for any browser.
func (s *stage) link(email, token string, roles ...events.Role) events.SignInLink {
	s.Helper()
	link := events.SignInLink{
		TokenHash: hash(token), Email: email, Roles: roles, ExpiresAt: s.clock.Now().Add(linkLasts),
	}
	s.ok(s.store.SaveSignInLink(s.ctx, link, nil))
	return link
}

func (s *stage) use(token, browser string) (events.Account, error) {
	var nonce [32]byte
	if browser != "" {
		nonce = hash(browser)
	}
	id := s.ids.New(events.AccountPrefix)
	return s.store.UseSignInLink(s.ctx, hash(token), nonce, id, s.clock.Now())
}

// signedIn makes an account.
func (s *stage) signedIn(email string) events.Account {
	s.Helper()
	s.link(email, "token of "+email)
	account, err := s.use("token of "+email, "")
	s.ok(err)
	return account
}

func linkMakesAccount(s *stage) {
	first := s.signedIn("ana@example.org")
	if first.Email != "ana@example.org" || first.ID.Prefix() != events.AccountPrefix || len(first.Roles) != 0 ||
		!first.HostID.IsZero() {
		s.Errorf("new account %+v", first)
	}
	stored, err := s.store.Account(s.ctx, first.ID)
	s.ok(err)
	s.same("account by id", first, stored)
	s.same("account at the second sign-in", first, s.signedIn("ana@example.org"))
	if other := s.signedIn("bo@example.org"); other.ID == first.ID {
		s.Error("two addresses share one account")
	}
	_, err = s.store.Account(s.ctx, s.ids.New(events.AccountPrefix))
	s.notFound("account by an unknown id", err)
}

func linkWorksOnce(s *stage) {
	s.link("ana@example.org", "t")
	_, err := s.use("t", "")
	s.ok(err)
	_, err = s.use("t", "")
	s.problem("second use of a link", err, events.LinkExpired)
	_, err = s.use("never sent", "")
	s.problem("use of an unknown link", err, events.LinkExpired)
}

func linkWorksOnceAtOnce(s *stage) {
	const browsers = 8
	s.link("ana@example.org", "t")
	var wait sync.WaitGroup
	results := make(chan error, browsers)
	for range browsers {
		wait.Go(func() {
			_, err := s.use("t", "")
			results <- err
		})
	}
	wait.Wait()
	close(results)
	in := 0
	for err := range results {
		if err == nil {
			in++
			continue
		}
		s.problem("one who came too late", err, events.LinkExpired)
	}
	if in != 1 {
		s.Errorf("%d got in by one link", in)
	}
}

func newerLinkReplaces(s *stage) {
	s.link("ana@example.org", "older")
	s.link("bo@example.org", "of another")
	s.link("ana@example.org", "newer")
	_, err := s.use("older", "")
	s.problem("use of a link that was replaced", err, events.LinkExpired)
	for _, token := range []string{"newer", "of another"} {
		_, err = s.use(token, "")
		s.ok(err)
	}
}

func linkExpires(s *stage) {
	s.link("ana@example.org", "late")
	s.clock.Advance(linkLasts + time.Second)
	_, err := s.use("late", "")
	s.problem("use of an old link", err, events.LinkExpired)
	s.link("ana@example.org", "in time")
	s.clock.Advance(linkLasts - time.Second)
	_, err = s.use("in time", "")
	s.ok(err)
}

func wrongBrowser(s *stage) {
	s.ok(s.store.SaveSignInLink(s.ctx, events.SignInLink{
		TokenHash: hash("t"), BrowserHash: hash("mine"), Email: "ana@example.org",
		ExpiresAt: s.clock.Now().Add(linkLasts),
	}, nil))
	for _, browser := range []string{"other", ""} {
		_, err := s.use("t", browser)
		s.problem("use in another browser", err, events.WrongBrowser)
	}
	_, err := s.use("t", "mine")
	s.ok(err)
	_, err = s.use("t", "mine")
	s.problem("second use", err, events.LinkExpired)
}

func rolesAreGranted(s *stage) {
	account := s.signedIn("ana@example.org")
	s.link("ana@example.org", "1", events.StewardRole)
	stored, err := s.store.Account(s.ctx, account.ID)
	s.ok(err)
	if len(stored.Roles) != 0 {
		s.Errorf("roles %v were granted by a link that nobody used", stored.Roles)
	}
	_, err = s.use("1", "")
	s.ok(err)
	s.link("ana@example.org", "2", events.OrganizerRole, events.StewardRole)
	granted, err := s.use("2", "")
	s.ok(err)
	stored, err = s.store.Account(s.ctx, account.ID)
	s.ok(err)
	want := []events.Role{events.OrganizerRole, events.StewardRole}
	for _, account := range []events.Account{granted, stored} {
		s.same("roles", want, slices.Sorted(slices.Values(account.Roles)))
	}
	s.same("roles after a plain sign-in", want, slices.Sorted(slices.Values(s.signedIn("ana@example.org").Roles)))
}

func sessionTests() map[string]func(*stage) {
	return map[string]func(*stage){
		"know their account as it is now": sessionKnowsAccount,
		"expire":                          sessionExpires,
		"end":                             sessionEnds,
	}
}

func (s *stage) open(account events.Account, token string) events.Session {
	s.Helper()
	session := events.Session{
		TokenHash: hash(token), Account: account, ExpiresAt: s.clock.Now().Add(time.Hour),
	}
	s.ok(s.store.SaveSession(s.ctx, session))
	return session
}

func sessionKnowsAccount(s *stage) {
	ana := s.signedIn("ana@example.org")
	want := s.open(ana, "phone")
	got, err := s.store.Session(s.ctx, hash("phone"), s.clock.Now())
	s.ok(err)
	s.same("session", want, got)

	s.link("ana@example.org", "steward", events.StewardRole)
	want.Account, err = s.use("steward", "")
	s.ok(err)
	got, err = s.store.Session(s.ctx, hash("phone"), s.clock.Now())
	s.ok(err)
	s.same("session after a role was granted", want, got)
	_, err = s.store.Session(s.ctx, hash("no such token"), s.clock.Now())
	s.notFound("session of an unknown token", err)
}

func sessionExpires(s *stage) {
	session := s.open(s.signedIn("ana@example.org"), "phone")
	_, err := s.store.Session(s.ctx, session.TokenHash, session.ExpiresAt.Add(-time.Second))
	s.ok(err)
	_, err = s.store.Session(s.ctx, session.TokenHash, session.ExpiresAt.Add(time.Second))
	s.notFound("session that has expired", err)
}

func sessionEnds(s *stage) {
	ana := s.signedIn("ana@example.org")
	s.open(ana, "phone")
	s.open(ana, "laptop")
	s.ok(s.store.EndSession(s.ctx, hash("phone")))
	_, err := s.store.Session(s.ctx, hash("phone"), s.clock.Now())
	s.notFound("session that was ended", err)
	_, err = s.store.Session(s.ctx, hash("laptop"), s.clock.Now())
	s.ok(err)
}
