package main

import (
	"errors"
	"fmt"
	"log/slog"
	netmail "net/mail"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/lmittmann/tint"

	"github.com/microgalleries/actionday/events/mail"
)

// commands is the command line: one field a subcommand, beside the settings that all share.
type commands struct {
	settings

	Serve      serveCommand      `cmd:"" default:"withargs" help:"Serve the API and the pages (the default)."`
	Cluster    clusterCommand    `cmd:"" help:"Serve the demo edition from a whole cluster on this machine: several hubs, Postgres with a standby, Redis, NATS nodes and a proxy."`
	Migrate    migrateCommand    `cmd:"" help:"Bring the database to the newest form and leave."`
	Edition    editionCommand    `cmd:"" help:"Open an edition, or move it on."`
	Import     importCommand     `cmd:"" help:"List events from elsewhere, each once."`
	SignInLink signInLinkCommand `cmd:"" name:"sign-in-link" help:"Make a sign-in link with a role, for the first organizer."`
	Counters   countersCommand   `cmd:"" help:"Look after the live counters."`

	Doctor doctorCommand `cmd:"" help:"Examine the log, the counters and what hubs answer, while they serve or not."`

	Node         nodeCommand         `cmd:"" hidden:"" help:"Run one service of a cluster."`
	FindPostgres findPostgresCommand `cmd:"" hidden:"" help:"Print where the embedded Postgres would come from."`
}

// settings is what every command can be told, by flag or environment. The zero value runs.
type settings struct {
	Data        string `env:"HUB_DATA" default:".hub" help:"Folder of the embedded services' data."`
	DatabaseURL string `env:"DATABASE_URL" help:"Postgres 15 or newer; embedded if not given."`
	RedisURL    string `env:"REDIS_URL" help:"Redis 6 or newer; embedded if not given. Several URLs joined by commas are a cluster."`
	NATSURL     string `env:"NATS_URL" name:"nats-url" help:"NATS; embedded if not given. Several URLs joined by commas are a cluster."`
	NodeModules string `env:"HUB_NODE_MODULES" default:"web/node_modules" help:"Where npm may have put Postgres binaries, the last place looked at."`
	LogLevel    string `env:"HUB_LOG" enum:"debug,info,warn,error" default:"info" help:"How much is logged: debug, info, warn or error."`
}

// serveCommand is the settings of hub serve.
type serveCommand struct {
	Addr           string        `env:"HUB_ADDR" default:"127.0.0.1:8080" help:"Where to listen."`
	Site           string        `env:"HUB_SITE" help:"The public address of the hub, such as https://day.example.org; http://ADDR if not given. With https, cookies are Secure."`
	TrustedProxies []string      `env:"HUB_TRUSTED_PROXIES" help:"Networks (CIDR) of the reverse proxies whose X-Forwarded-For is believed; none if not given."`
	SMTPURL        string        `env:"SMTP_URL" name:"smtp-url" help:"Mail server, such as smtp://user:password@mail.example.org:587. Without it mails stay in the queue, but for a hub with embedded Postgres that only this machine reaches, which shows them at /dev/mailbox."`
	MailFrom       string        `env:"HUB_MAIL_FROM" default:"hub@localhost" help:"Sender of the mails."`
	Demo           bool          `env:"HUB_DEMO" help:"Load the demo edition once: real events of Open Data Day, moved onto one date, as a rehearsal."`
	DemoActivity   bool          `env:"HUB_DEMO_ACTIVITY" help:"Let simulated hosts and passers-by take part in the demo edition."`
	Now            string        `env:"HUB_NOW" help:"Set the hub's clock, such as 2026-12-12T12:00:00Z; it goes on from there. For rehearsals only."`
	OpsAddr        string        `env:"HUB_OPS_ADDR" help:"Where to listen for the operator: gauges at /metrics, profiles at /debug/pprof/. Off if not given; without a host, such as :6060, this machine alone reaches it."`
	Drain          time.Duration `env:"HUB_DRAIN" default:"0s" help:"How long a hub that is stopped says by /readyz that it is not ready, before it stops: longer than your load balancer takes to notice. 0 where there is none."`
	BootLimit      time.Duration `env:"HUB_BOOT_LIMIT" default:"1m" help:"How long to wait for a database that is not there yet when the hub is started."`
	StopLimit      time.Duration `env:"HUB_STOP_LIMIT" default:"10s" help:"How long open requests may take when the hub is stopped."`
}

// check finds what cannot be meant, before anything is started.
func (c serveCommand) check() error {
	_, clock := newClock(c.Now, time.Now())
	_, proxies := c.proxies()
	return errors.Join(clock, proxies, c.checkSite(), c.checkMail(), c.checkOps(), c.checkDrain())
}

// maxDrain is longer than any load balancer takes, and shorter than operators wait.
const maxDrain = time.Minute

func (c serveCommand) checkDrain() error {
	if c.Drain < 0 || c.Drain > maxDrain {
		return fmt.Errorf("HUB_DRAIN: %s is not between 0 and %s", c.Drain, maxDrain)
	}
	return nil
}

// checkMail insists on what every mail would fail by.
func (c serveCommand) checkMail() error {
	if c.SMTPURL == "" {
		return nil
	}
	if _, err := netmail.ParseAddress(c.MailFrom); err != nil {
		return fmt.Errorf("HUB_MAIL_FROM: %q is not an address such as hub@example.org", c.MailFrom)
	}
	if _, err := mail.SMTP(c.SMTPURL, c.MailFrom); err != nil {
		return fmt.Errorf("SMTP_URL: %w", err)
	}
	return nil
}

func (c serveCommand) checkOps() error {
	if c.OpsAddr == "" {
		return nil
	}
	_, err := opsAddress(c.OpsAddr)
	return err
}

// checkSite insists on an address that links in mails can begin with.
func (c serveCommand) checkSite() error {
	if c.Site == "" {
		return nil
	}
	at, err := url.Parse(c.Site)
	if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" || strings.HasSuffix(c.Site, "/") {
		return fmt.Errorf("HUB_SITE: %q is not an address such as https://day.example.org", c.Site)
	}
	return nil
}

// proxies reads the trusted networks.
func (c serveCommand) proxies() ([]netip.Prefix, error) {
	var list []netip.Prefix
	for _, text := range c.TrustedProxies {
		network, err := netip.ParsePrefix(strings.TrimSpace(text))
		if err != nil {
			return nil, fmt.Errorf("HUB_TRUSTED_PROXIES: %q is not a network such as 10.0.0.0/8", text)
		}
		list = append(list, network)
	}
	return list, nil
}

// secure tells whether people reach the hub by https.
func (c serveCommand) secure() bool { return strings.HasPrefix(c.Site, "https://") }

// logger writes for the operator: short colored lines on a terminal, JSON elsewhere.
func (s settings) logger() *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		level = slog.LevelInfo
	}
	if info, err := os.Stderr.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		return slog.New(tint.NewTextHandler(os.Stderr, &tint.Options{Level: level, TimeFormat: time.TimeOnly}))
	}
	return slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}
