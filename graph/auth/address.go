package auth

import (
	"net/http"
	"net/netip"
	"strings"
)

// maxHops is how many entries of X-Forwarded-For are read, from the right.
const maxHops = 32

// clientIP is the peer's address or, when the peer is a proxy that we trust, the right-most address
// of X-Forwarded-For that is not a trusted proxy itself. Whatever stands further to the left was
// written by the client and proves nothing.
func (a *Auth) clientIP(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	ip := plain(peer.Addr())
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= max(0, len(hops)-maxHops) && a.trusts(ip); i-- {
		hop, ok := parseHop(hops[i])
		if !ok {
			return ip
		}
		ip = hop
	}
	return ip
}

func (a *Auth) trusts(ip netip.Addr) bool {
	for _, proxies := range a.options.TrustedProxies {
		if proxies.Contains(ip) {
			return true
		}
	}
	return false
}

// parseHop reads an address with or without a port, as proxies write it.
func parseHop(text string) (netip.Addr, bool) {
	text = strings.TrimSpace(text)
	if ip, err := netip.ParseAddr(text); err == nil {
		return plain(ip), true
	}
	hop, err := netip.ParseAddrPort(text)
	return plain(hop.Addr()), err == nil
}

// plain is one address in one form, so that nobody has two.
func plain(ip netip.Addr) netip.Addr { return ip.Unmap().WithZone("") }

// Network is whom an address is counted as: an IPv4 address itself, an IPv6 address by its /64,
// which is what one household or one rented machine has.
func Network(ip netip.Addr) netip.Prefix {
	bits := ip.BitLen()
	if ip.Is6() {
		bits = 64
	}
	network, err := ip.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return network
}
