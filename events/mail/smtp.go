package mail

import (
	"fmt"
	"net/url"
	"strconv"

	gomail "github.com/wneessen/go-mail"
)

// smtpServer is what an SMTP URL says.
type smtpServer struct {
	host, user, password string
	port                 int
	tls                  bool // from the first byte
}

func parse(text string) (smtpServer, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
		return smtpServer{}, fmt.Errorf(
			"mail: the SMTP address must look like smtp://user:password@mail.example.org:587")
	}
	s := smtpServer{host: u.Hostname(), user: u.User.Username(), tls: u.Scheme == "smtps", port: 587}
	s.password, _ = u.User.Password()
	if s.tls {
		s.port = 465
	}
	if u.Port() != "" {
		if s.port, err = strconv.Atoi(u.Port()); err != nil {
			return s, fmt.Errorf("mail: %q is not a port", u.Port())
		}
	}
	return s, nil
}

func (s smtpServer) options() []gomail.Option {
	options := []gomail.Option{
		gomail.WithPort(s.port), gomail.WithTimeout(SendLimit), gomail.WithTLSPolicy(gomail.TLSOpportunistic),
	}
	if s.tls {
		options = append(options, gomail.WithSSL())
	}
	if s.user != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(s.user), gomail.WithPassword(s.password))
	}
	return options
}
