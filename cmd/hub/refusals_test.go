package main

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// What cannot be is told in one sentence that names the setting, before anybody waits for it.
func TestSettingsThatCannotBe(t *testing.T) {
	t.Parallel()
	unused := "127.0.0.1:0"
	for name, c := range map[string]struct {
		settings settings
		serve    serveCommand
		says     string
	}{
		"clock":        {settings{}, serveCommand{Now: "noon"}, `^HUB_NOW: "noon" is not an instant such as 2026-12-12T12:00:00Z$`},
		"proxies":      {settings{}, serveCommand{TrustedProxies: []string{"10.0.0.0/8", "everybody"}}, `^HUB_TRUSTED_PROXIES: "everybody" is not a network such as 10.0.0.0/8$`},
		"site":         {settings{}, serveCommand{Site: "day.example.org"}, `^HUB_SITE: "day.example.org" is not an address such as https://day.example.org$`},
		"address":      {settings{}, serveCommand{Addr: "nowhere"}, `^HUB_ADDR: .*nowhere.*choose another address such as HUB_ADDR=127.0.0.1:8081$`},
		"database":     {settings{DatabaseURL: "postgres://:::"}, serveCommand{}, `^DATABASE_URL: `},
		"no database":  {settings{DatabaseURL: "postgres://hub:hunter2@127.0.0.1:1/hub"}, serveCommand{BootLimit: 3 * time.Second}, `^DATABASE_URL: .*127\.0\.0\.1`},
		"redis":        {settings{RedisURL: "http://127.0.0.1"}, serveCommand{}, `^REDIS_URL: .*http`},
		"nats":         {settings{NATSURL: "nats://127.0.0.1:port", Data: t.TempDir()}, serveCommand{}, `^NATS_URL: .*port`},
		"mail":         {settings{}, serveCommand{SMTPURL: "mail.example.org", MailFrom: "hub@example.org"}, `^SMTP_URL: `},
		"mail address": {settings{}, serveCommand{SMTPURL: "smtp://127.0.0.1:1", MailFrom: "nobody"}, `^HUB_MAIL_FROM: .*nobody`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.serve.Addr == "" {
				c.serve.Addr = unused
			}
			h, err := tryHub(t, c.settings, c.serve)
			if err == nil {
				h.stop()
				t.Fatal("it opened")
			}
			sentence := err.Error()
			if !regexp.MustCompile(c.says).MatchString(sentence) {
				t.Errorf("says %q, not %s", sentence, c.says)
			}
			if strings.Contains(sentence, "\n") || strings.Contains(sentence, "hunter2") || len(sentence) > 400 {
				t.Errorf("not one sentence for an operator: %s", sentence)
			}
		})
	}
}

func TestAFolderHasOneHub(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	first := startHub(t, settings{Data: data}, serveCommand{})
	if _, err := tryHub(t, settings{Data: data}, serveCommand{}); err == nil ||
		err.Error() != "another hub serves from "+data+" already: stop it, or give this one its own HUB_DATA" {
		t.Errorf("a second hub on the folder: %v", err)
	}
	address := strings.TrimPrefix(first.site, "http://")
	if _, err := tryHub(t, settings{}, serveCommand{Addr: address}); err == nil ||
		!strings.Contains(err.Error(), "HUB_ADDR: listen tcp "+address) || !strings.Contains(err.Error(), "is another hub running") {
		t.Errorf("a second hub at the address: %v", err)
	}
	if a := first.anybody().get("/readyz"); a.status != 200 {
		t.Errorf("the first hub is disturbed: %d %s", a.status, a)
	}
}
