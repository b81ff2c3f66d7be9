package main

import (
	"net"
	"net/netip"
	"strings"
	"testing"
)

// A mail holds a link that signs in as whom it is to, so the page with all mails is for this machine.
func TestMailsAreShownToThisMachineOnly(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		address, site string
		proxies       []string
		borrowed      bool // Postgres is somebody else's
		want          bool
	}{
		"as it comes":               {address: "127.0.0.1:8080", site: "http://127.0.0.1:8080", want: true},
		"by the machine's name":     {address: "127.0.0.1:8080", site: "http://localhost:8080", want: true},
		"IPv6":                      {address: "[::1]:8080", site: "http://[::1]:8080", want: true},
		"open to all":               {address: "0.0.0.0:80", site: "http://0.0.0.0:80"},
		"open to all, IPv6":         {address: "[::]:80", site: "http://localhost"},
		"open to a network":         {address: "192.168.1.7:80", site: "http://192.168.1.7"},
		"behind a proxy":            {address: "127.0.0.1:8080", site: "https://day.example.org"},
		"behind a plain proxy":      {address: "127.0.0.1:8080", site: "http://day.example.org"},
		"behind a proxy of its own": {address: "127.0.0.1:8080", site: "http://127.0.0.1:8080", proxies: []string{"127.0.0.0/8"}},
		"behind TLS of its own":     {address: "127.0.0.1:8080", site: "https://localhost"},
		"a name like loopback":      {address: "127.0.0.1:8080", site: "http://127.0.0.1.example.org"},
		"with a shared Postgres":    {address: "127.0.0.1:8080", site: "http://127.0.0.1:8080", borrowed: true},
	} {
		h := &hub{
			site: c.site, serve: serveCommand{TrustedProxies: c.proxies}, all: &services{embeddedDB: !c.borrowed},
			listener: listeningAt{net.TCPAddrFromAddrPort(netip.MustParseAddrPort(c.address))},
		}
		if got := h.isPrivate(); got != c.want {
			t.Errorf("%s: the mailbox is there: %t, want %t", name, got, c.want)
		}
	}
}

type listeningAt struct{ address net.Addr }

func (l listeningAt) Addr() net.Addr          { return l.address }
func (listeningAt) Accept() (net.Conn, error) { return nil, net.ErrClosed }
func (listeningAt) Close() error              { return nil }

func TestAHubForEverybodyHasNoMailbox(t *testing.T) {
	t.Parallel()
	h := startHub(t, alone(t), proxied())
	if a := h.anybody().get("/dev/mailbox"); a.status != 404 {
		t.Errorf("the mailbox: %d", a.status)
	}
	if a := h.anybody().get("/sign-in"); strings.Contains(a.String(), "/dev/mailbox") {
		t.Error("the page for signing in leads to a mailbox")
	}
	if !strings.Contains(h.said.String(), "mails wait") {
		t.Error("nobody is told where the mails are")
	}
}
