package mail_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/events/mail"
)

// A letter goes through a real SMTP conversation and arrives whole.
func TestSMTPDeliversALetter(t *testing.T) {
	t.Parallel()
	server, address := startSMTP(t)
	send, err := mail.SMTP("smtp://"+address, "hub@example.org")
	if err != nil {
		t.Fatal(err)
	}
	letter := events.Mail{
		ID: events.NewID(events.MailPrefix, [16]byte{1}), To: "ana@example.org",
		Subject: "Grüße à tous", Text: "open this link:\n\nhttp://127.0.0.1/sign-in/abc\n",
	}
	if err := send(t.Context(), letter); err != nil {
		t.Fatal(err)
	}
	got := server.only(t)
	if got.to != "ana@example.org" || got.from != "hub@example.org" {
		t.Errorf("envelope from %s to %s", got.from, got.to)
	}
	for _, want := range []string{"http://127.0.0.1/sign-in/abc", "Message-ID: <" + letter.ID.String(), "=?UTF-8?"} {
		if !strings.Contains(got.data, want) {
			t.Errorf("the letter lacks %q:\n%s", want, got.data)
		}
	}
}

// A subject cannot smuggle in another recipient.
func TestSMTPRefusesHeaderInjection(t *testing.T) {
	t.Parallel()
	server, address := startSMTP(t)
	send, err := mail.SMTP("smtp://"+address, "hub@example.org")
	if err != nil {
		t.Fatal(err)
	}
	evil := events.Mail{To: "ana@example.org", Subject: "Hello\r\nBcc: victim@example.org", Text: "x"}
	_ = send(t.Context(), evil)
	for _, got := range server.all() {
		head, _, _ := strings.Cut(got.data, "\r\n\r\n")
		if strings.Contains(head, "\nBcc:") {
			t.Errorf("a header was smuggled in:\n%s", head)
		}
	}
	if err := send(t.Context(), events.Mail{To: "a@example.org\r\nBcc: v@example.org"}); err == nil {
		t.Error("an address with a line break was accepted")
	}
}

func TestSMTPAddressIsChecked(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "mail.example.org", "http://mail.example.org", "smtp://", "smtp://h:port"} {
		if _, err := mail.SMTP(bad, "hub@example.org"); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

// One letter that cannot be sent waits; the others go out.
func TestDeliverGoesOnAfterAFailure(t *testing.T) {
	t.Parallel()
	queue := &queue{letters: []events.Mail{{Subject: "bad"}, {Subject: "good"}}}
	var box mail.Mailbox
	send := func(ctx context.Context, m events.Mail) error {
		if m.Subject == "bad" {
			return errors.New("refused")
		}
		return box.Send(ctx, m)
	}
	sent, err := mail.Deliver(t.Context(), queue, send, time.Now(), slog.New(slog.DiscardHandler))
	if err != nil || sent != 1 || queue.sent != 1 {
		t.Errorf("sent %d, reported %d, err %v; want 1, 1, nil", sent, queue.sent, err)
	}
	if letters := box.Letters(); len(letters) != 1 || letters[0].Subject != "good" {
		t.Errorf("box = %+v", letters)
	}
}

func TestMailboxKeepsTheNewest(t *testing.T) {
	t.Parallel()
	var box mail.Mailbox
	for i := range mail.MailboxSize + 5 {
		_ = box.Send(t.Context(), events.Mail{Attempts: i})
	}
	letters := box.Letters()
	if len(letters) != mail.MailboxSize || letters[0].Attempts != mail.MailboxSize+4 {
		t.Errorf("%d letters, newest %d", len(letters), letters[0].Attempts)
	}
}

type queue struct {
	letters []events.Mail
	sent    int
}

func (q *queue) TakeMail(context.Context, time.Time, time.Duration) (events.Mail, error) {
	if len(q.letters) == 0 {
		return events.Mail{}, events.ErrNotFound
	}
	m := q.letters[0]
	q.letters = q.letters[1:]
	return m, nil
}

func (q *queue) MailSent(context.Context, events.ID) error { q.sent++; return nil }

// letter is what arrived at the SMTP server.
type letter struct{ from, to, data string }

type smtpServer struct {
	mu      sync.Mutex
	letters []letter
}

func startSMTP(t *testing.T) (*smtpServer, string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	backend := &smtpServer{}
	server := smtp.NewServer(backend)
	server.Domain = "localhost"
	served := make(chan struct{})
	go func() { defer close(served); _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close(); <-served })
	return backend, listener.Addr().String()
}

func (s *smtpServer) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{server: s}, nil }

func (s *smtpServer) all() []letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]letter(nil), s.letters...)
}

func (s *smtpServer) only(t *testing.T) letter {
	t.Helper()
	all := s.all()
	if len(all) != 1 {
		t.Fatalf("%d letters arrived, want 1", len(all))
	}
	return all[0]
}

type session struct {
	server *smtpServer
	letter letter
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error { s.letter.from = from; return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error   { s.letter.to = to; return nil }
func (s *session) Reset()                                      {}
func (s *session) Logout() error                               { return nil }

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	s.letter.data = string(raw)
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.letters = append(s.server.letters, s.letter)
	return err
}
