package eventstest

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/microgalleries/actionday/events"
)

// SaveSignInLink implements events.AccountStore.
func (s *Store) SaveSignInLink(
	_ context.Context, link events.SignInLink, mail *events.Mail,
) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.links, func(_ [32]byte, old events.SignInLink) bool {
		return old.Email == link.Email
	})
	link.Roles = slices.Clone(link.Roles)
	s.links[link.TokenHash] = link
	if mail != nil {
		s.mail = append(s.mail, waitingMail{*mail, mail.At})
	}
	return nil
}

// UseSignInLink implements events.AccountStore.
func (s *Store) UseSignInLink(
	_ context.Context, token, browser [32]byte, newAccount events.ID, now time.Time,
) (events.Account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	link, ok := s.links[token]
	if !ok || !now.Before(link.ExpiresAt) {
		return events.Account{}, events.Problem{
			Code: events.LinkExpired, Message: "This link was used or is too old. Please ask for a new one.",
		}
	}
	if link.BrowserHash != [32]byte{} && link.BrowserHash != browser {
		return events.Account{}, events.Problem{
			Code: events.WrongBrowser, Message: "Please open the link in the browser that asked for it.",
		}
	}
	delete(s.links, token)
	account := s.accountOf(link.Email, newAccount)
	account.Roles = withRoles(account.Roles, link.Roles...)
	s.accounts[account.ID] = account
	return cloneAccount(account), nil
}

func (s *Store) accountOf(email string, newAccount events.ID) events.Account {
	for _, account := range s.accounts {
		if account.Email == email {
			return cloneAccount(account)
		}
	}
	return events.Account{ID: newAccount, Email: email}
}

// Account implements events.AccountStore.
func (s *Store) Account(_ context.Context, id events.ID) (events.Account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return find(s.accounts, id, cloneAccount)
}

// SaveSession implements events.AccountStore.
func (s *Store) SaveSession(_ context.Context, session events.Session) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[session.TokenHash] = session
	return nil
}

// Session implements events.AccountStore.
func (s *Store) Session(
	_ context.Context, token [32]byte, now time.Time,
) (events.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	session, ok := s.sessions[token]
	if !ok || !now.Before(session.ExpiresAt) {
		return events.Session{}, missing("session", "of a token")
	}
	account, err := find(s.accounts, session.Account.ID, cloneAccount)
	if err != nil {
		return events.Session{}, err
	}
	session.Account = account
	return session, nil
}

// EndSession implements events.AccountStore.
func (s *Store) EndSession(_ context.Context, token [32]byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, token)
	return nil
}

// waitingMail is a mail in the queue and when it may be tried next.
type waitingMail struct {
	events.Mail
	due time.Time
}

// TakeMail implements events.AccountStore.
func (s *Store) TakeMail(
	_ context.Context, now time.Time, lease time.Duration,
) (events.Mail, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var oldest *waitingMail
	for i := range s.mail {
		m := &s.mail[i]
		isDue := m.Attempts < events.MaxMailAttempts && !m.due.After(now)
		if isDue && (oldest == nil || m.At.Before(oldest.At)) {
			oldest = m
		}
	}
	if oldest == nil {
		return events.Mail{}, missing("mail", "that is due")
	}
	oldest.due = now.Add(lease << oldest.Attempts)
	oldest.Attempts++
	return oldest.Mail, nil
}

// MailSent implements events.AccountStore.
func (s *Store) MailSent(_ context.Context, id events.ID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mail = slices.DeleteFunc(s.mail, func(m waitingMail) bool { return m.ID == id })
	return nil
}
