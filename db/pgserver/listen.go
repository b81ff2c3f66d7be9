package pgserver

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// doors says who may come: through the socket whoever may enter its folder, by the network only
// who is on this machine and knows the password. A superuser's word can start programs, so that
// an open port without a password would give this user's account to everybody on the machine.
const doors = `local all         all trust
local replication all trust
host  all         ` + superuser + ` samehost scram-sha-256
`

func (o Options) host() string {
	host, _, _ := net.SplitHostPort(o.Listen)
	return host
}

func (o Options) port() int {
	_, text, _ := net.SplitHostPort(o.Listen)
	if port, err := strconv.Atoi(text); err == nil {
		return port
	}
	return usualPort
}

// writeDoors writes the file of who may come, if anybody may by the network.
func (o Options) writeDoors(dir string, who identity) (string, error) {
	if o.Listen == "" {
		return "", nil
	}
	if ip := net.ParseIP(o.host()); ip == nil || !ip.IsLoopback() || o.Password == "" {
		return "", fmt.Errorf("pgserver: listen on %q: it takes a loopback address and a password", o.Listen)
	}
	path := filepath.Join(dir, "hba.conf")
	if err := os.WriteFile(path, []byte(doors), 0o600); err != nil {
		return "", fmt.Errorf("pgserver: write who may connect: %w", err)
	}
	return path, who.own(path)
}

// setPassword lets the superuser in by the network. A standby has the password from its leader.
func (s *Server) setPassword(ctx context.Context, o Options) error {
	if o.Listen == "" || o.Follow != (Leader{}) {
		return nil
	}
	quoted := "'" + strings.ReplaceAll(o.Password, "'", "''") + "'"
	return s.tell(ctx, "alter role "+superuser+" password "+quoted)
}

// PairURL is the address of a database behind several addresses, of which whoever is the leader
// is used.
func PairURL(database, password string, addresses ...string) string {
	address := url.URL{
		Scheme: "postgres", User: url.UserPassword(superuser, password),
		Host: strings.Join(addresses, ","), Path: "/" + database,
		RawQuery: "sslmode=disable&target_session_attrs=read-write",
	}
	return address.String()
}
