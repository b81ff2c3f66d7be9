package eventstest

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/microgalleries/actionday/events"
)

func mailTests() map[string]func(*stage) {
	return map[string]func(*stage){
		"comes with its link, oldest first":             mailInOrder,
		"is leased to one hub":                          mailIsLeased,
		"of many hubs each takes another":               mailAtOnce,
		"waits twice as long each time and is given up": mailBacksOff,
	}
}

const mailLease = time.Minute

// post puts a mail into the queue.
func (s *stage) post(n int) events.Mail {
	s.Helper()
	mail := events.Mail{
		ID: s.ids.New(events.MailPrefix), To: fmt.Sprintf("guest%d@example.org", n),
		Subject: "Your link – تسجيل", Text: "Open this:\nhttps://example.org/sign-in/x\n", At: s.clock.Now(),
	}
	s.ok(s.store.SaveSignInLink(s.ctx, events.SignInLink{
		TokenHash: hash(mail.To), Email: mail.To, ExpiresAt: s.clock.Now().Add(linkLasts),
	}, &mail))
	return mail
}

func (s *stage) take() (events.Mail, error) {
	return s.store.TakeMail(s.ctx, s.clock.Now(), mailLease)
}

func mailInOrder(s *stage) {
	_, err := s.take()
	s.notFound("mail from an empty queue", err)
	var want []events.Mail
	for n := range 3 {
		want = append(want, s.post(n))
		s.clock.Advance(time.Second)
	}
	for _, mail := range want {
		got, err := s.take()
		s.ok(err)
		mail.Attempts = got.Attempts
		s.same("mail", mail, got)
		s.ok(s.store.MailSent(s.ctx, got.ID))
	}
	s.clock.Advance(1000 * time.Hour)
	_, err = s.take()
	s.notFound("mail after all were sent", err)
}

func mailIsLeased(s *stage) {
	s.post(1)
	first, err := s.take()
	s.ok(err)
	s.clock.Advance(mailLease - time.Second)
	_, err = s.take()
	s.notFound("mail under a lease", err)
	s.clock.Advance(time.Hour)
	again, err := s.take()
	s.ok(err)
	if again.ID != first.ID || again.Attempts != first.Attempts+1 {
		s.Errorf("second attempt is %+v after %+v", again, first)
	}
}

func mailAtOnce(s *stage) {
	const hubs = 6
	for n := range hubs - 1 {
		s.post(n)
	}
	var wait sync.WaitGroup
	var mu sync.Mutex
	taken := map[events.ID]int{}
	for range hubs {
		wait.Go(func() {
			mail, err := s.take()
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				taken[mail.ID]++
			} else if !errors.Is(err, events.ErrNotFound) {
				s.Error(err)
			}
		})
	}
	wait.Wait()
	for {
		mail, err := s.take() // a hub may have looked away while another held the row
		if err != nil {
			break
		}
		taken[mail.ID]++
	}
	if len(taken) != hubs-1 {
		s.Errorf("%d different mails were taken, want %d", len(taken), hubs-1)
	}
	for id, times := range taken {
		if times != 1 {
			s.Errorf("mail %s was taken %d times", id, times)
		}
	}
}

func mailBacksOff(s *stage) {
	s.post(1)
	var waits []time.Duration
	for range events.MaxMailAttempts {
		waited, ok := s.waitForMail()
		if !ok {
			break
		}
		waits = append(waits, waited)
	}
	if len(waits) != events.MaxMailAttempts {
		s.Fatalf("%d attempts, want %d", len(waits), events.MaxMailAttempts)
	}
	for i := 2; i < len(waits); i++ { // the first is taken at once, the second after the lease
		if waits[i] != 2*waits[i-1] {
			s.Errorf("attempt %d waits %v after %v, want twice as long", i+1, waits[i], waits[i-1])
		}
	}
	if waits[1] < mailLease {
		s.Errorf("the second attempt waits %v, less than the lease", waits[1])
	}
	if _, ok := s.waitForMail(); ok {
		s.Errorf("a mail is tried more than %d times", events.MaxMailAttempts)
	}
}

// waitForMail moves the clock on, a second lease at a time, until a mail is due.
func (s *stage) waitForMail() (waited time.Duration, ok bool) {
	s.Helper()
	for range 1 << (events.MaxMailAttempts + 1) {
		_, err := s.take()
		if err == nil {
			return waited, true
		}
		s.notFound("mail that is not due", err)
		s.clock.Advance(mailLease)
		waited += mailLease
	}
	return 0, false
}
