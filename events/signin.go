package events

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"
)

// How long sign-in links and sessions last.
const (
	SignInLinkLasts = 15 * time.Minute
	SessionLasts    = 30 * 24 * time.Hour
	maxEmail        = 254
)

// RequestSignIn sends a single-use link to an address. The answer is the same whether or not the
// address is known, and the mail is sent later from a queue, so that nobody can find out who has
// an account. browser is the nonce that the requesting browser keeps: the link works only there.
func (s *Service) RequestSignIn(ctx context.Context, email, browser string) error {
	address, err := emailAddress(email)
	if err != nil {
		return err
	}
	token, err := s.token()
	if err != nil {
		return err
	}
	now := s.now()
	link := SignInLink{TokenHash: hashOf(token), Email: address, ExpiresAt: now.Add(SignInLinkLasts)}
	if browser != "" {
		link.BrowserHash = hashOf(browser)
	}
	return s.store.SaveSignInLink(ctx, link, &Mail{
		ID: s.id(MailPrefix), To: address, Subject: "Your sign-in link", At: now,
		Text: fmt.Sprintf("Hello,\n\nopen this link to sign in. It works once, for %d minutes, in the "+
			"browser in which you asked for it:\n\n%s/sign-in/%s\n\nIf you did not ask for it, do nothing.\n",
			int(SignInLinkLasts.Minutes()), s.site(), token),
	})
}

// InviteLink makes a sign-in link for an address with roles, to be handed over by the operator. It
// works in any browser.
func (s *Service) InviteLink(ctx context.Context, email string, lasts time.Duration, roles ...Role) (string, error) {
	address, err := emailAddress(email)
	if err != nil {
		return "", err
	}
	token, err := s.token()
	if err != nil {
		return "", err
	}
	link := SignInLink{TokenHash: hashOf(token), Email: address, Roles: roles, ExpiresAt: s.now().Add(lasts)}
	return s.site() + "/sign-in/" + token, s.store.SaveSignInLink(ctx, link, nil)
}

// SignIn uses a link up and opens a session; its token goes into the browser's cookie.
func (s *Service) SignIn(ctx context.Context, token, browser string) (Account, string, error) {
	now := s.now()
	var browserHash [32]byte
	if browser != "" {
		browserHash = hashOf(browser)
	}
	account, err := s.store.UseSignInLink(ctx, hashOf(token), browserHash, s.id(AccountPrefix), now)
	if err != nil {
		return Account{}, "", err
	}
	session, err := s.token()
	if err != nil {
		return Account{}, "", err
	}
	return account, session, s.store.SaveSession(ctx, Session{
		TokenHash: hashOf(session), Account: account, ExpiresAt: now.Add(SessionLasts),
	})
}

// ActorOf finds who a session token belongs to; an unknown or old token is nobody.
func (s *Service) ActorOf(ctx context.Context, token string) (Actor, error) {
	if token == "" {
		return Actor{}, nil
	}
	session, err := s.store.Session(ctx, hashOf(token), s.now())
	if errors.Is(err, ErrNotFound) {
		return Actor{}, nil
	}
	if err != nil {
		return Actor{}, err
	}
	a := session.Account
	return Actor{AccountID: a.ID, HostID: a.HostID, Roles: a.Roles}, nil
}

// SignOut ends a session everywhere.
func (s *Service) SignOut(ctx context.Context, token string) error {
	return s.store.EndSession(ctx, hashOf(token))
}

func (s *Service) token() (string, error) {
	a, err := s.randomBits()
	if err != nil {
		return "", err
	}
	b, err := s.randomBits()
	return a + b, err
}

func hashOf(token string) [32]byte { return sha256.Sum256([]byte(token)) }

// emailAddress accepts one plain address (RFC 5322 addr-spec) and gives it in lower case.
func emailAddress(text string) (string, error) {
	text = strings.TrimSpace(text)
	parsed, err := mail.ParseAddress(text)
	if err != nil || parsed.Address != text || len(text) > maxEmail || strings.ContainsAny(text, "\r\n\x00\"") {
		return "", problem(Invalid, "email", "Please give an e-mail address such as ana@example.org.")
	}
	return strings.ToLower(text), nil
}
