// Package mail takes the hub's letters to people: through an SMTP server where one is configured,
// and else into a Mailbox that keeps them in memory, for the developer who runs the hub on the
// embedded defaults and wants to read the sign-in link.
//
// Letters are written by package events and wait in the store's queue. Deliver takes them out one
// by one, so that a request never waits for a mail server and a crash loses no letter: one that
// was taken and not reported sent comes back after its lease.
package mail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/microgalleries/actionday/events"
)

// Send takes one letter to its reader. An error means that it can be tried again.
type Send func(ctx context.Context, m events.Mail) error

// SendLimit is how long one letter may take; its lease is twice that.
const SendLimit = 20 * time.Second

// SMTP sends through the server at a URL such as smtp://user:password@mail.example.org:587 or
// smtps://...:465, with from as the sender. smtp upgrades to TLS where the server offers it.
func SMTP(url, from string) (Send, error) {
	server, err := parse(url)
	if err != nil {
		return nil, err
	}
	client, err := gomail.NewClient(server.host, server.options()...)
	if err != nil {
		return nil, fmt.Errorf("mail: set up %s: %w", server.host, err)
	}
	return func(ctx context.Context, m events.Mail) error {
		message := gomail.NewMsg()
		if err := errors.Join(message.From(from), message.To(m.To)); err != nil {
			return fmt.Errorf("mail: address %s: %w", m.ID, err)
		}
		message.Subject(m.Subject)
		message.SetMessageIDWithValue(m.ID.String() + "@hub") // the same letter twice is one to the reader
		message.SetBodyString(gomail.TypeTextPlain, m.Text)
		if err := client.DialAndSendWithContext(ctx, message); err != nil {
			return fmt.Errorf("mail: send %s: %w", m.ID, err)
		}
		return nil
	}, nil
}

// MailboxSize is how many letters a Mailbox keeps; the oldest leave first.
const MailboxSize = 200

// Mailbox keeps letters in memory instead of sending them.
type Mailbox struct {
	mu      sync.Mutex
	letters []events.Mail
}

// Send puts a letter into the box.
func (b *Mailbox) Send(_ context.Context, m events.Mail) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.letters = append(b.letters, m)
	if len(b.letters) > MailboxSize {
		b.letters = append([]events.Mail(nil), b.letters[len(b.letters)-MailboxSize:]...)
	}
	return nil
}

// Letters lists what is in the box, newest first.
func (b *Mailbox) Letters() []events.Mail {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := make([]events.Mail, 0, len(b.letters))
	for i := len(b.letters) - 1; i >= 0; i-- {
		list = append(list, b.letters[i])
	}
	return list
}

// Queue is where letters wait: the part of events.AccountStore that Deliver needs.
type Queue interface {
	TakeMail(ctx context.Context, now time.Time, lease time.Duration) (events.Mail, error)
	MailSent(ctx context.Context, id events.ID) error
}

// Deliver sends every letter that is due and tells how many it sent. A letter that cannot be sent
// stays in the queue for later and does not hold up the others.
func Deliver(ctx context.Context, queue Queue, send Send, now time.Time, log *slog.Logger) (sent int, err error) {
	for ctx.Err() == nil {
		m, err := queue.TakeMail(ctx, now, 2*SendLimit)
		if errors.Is(err, events.ErrNotFound) {
			return sent, nil
		}
		if err != nil {
			return sent, fmt.Errorf("mail: take: %w", err)
		}
		if err := deliver(ctx, queue, send, m); err != nil {
			log.Warn("mail not sent", "mail", m.ID, "attempt", m.Attempts, "err", err)
			continue
		}
		sent++
	}
	return sent, nil
}

func deliver(ctx context.Context, queue Queue, send Send, m events.Mail) error {
	ctx, cancel := context.WithTimeout(ctx, SendLimit)
	defer cancel()
	if err := send(ctx, m); err != nil {
		return err
	}
	return queue.MailSent(ctx, m.ID)
}
