package main

import (
	"net"
	"net/netip"
	"net/url"
)

// isPrivate tells whether nobody but people at this machine reaches the hub: everything is embedded,
// it listens on loopback, its links lead there, and no proxy stands in front. Only then may mails be
// read on a page, because a sign-in link is as good as a password.
func (h *hub) isPrivate() bool {
	at, err := url.Parse(h.site)
	return err == nil && at.Scheme == "http" && isLoopback(at.Hostname()) && h.all.embeddedDB &&
		isLoopback(hostOf(h.listener.Addr())) && len(h.serve.TrustedProxies) == 0
}

func hostOf(address net.Addr) string {
	host, _, _ := net.SplitHostPort(address.String()) // no host is not loopback
	return host
}

// isLoopback takes names for what they are: only localhost is kept for the machine itself (RFC 6761).
func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.Unmap().IsLoopback()
}
