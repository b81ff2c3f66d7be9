package main

import (
	"io"
	"net"
	"net/url"
	"strings"
	"testing"

	"github.com/microgalleries/actionday/db/dbtest"
)

// A hub that was started before its database gave up at once. Now it waits, and serves when the
// database is there.
func TestAHubStartsBeforeItsDatabase(t *testing.T) {
	t.Parallel()
	door, address := closedDoor(t, dbtest.New(t))
	said := hubProgram(t, []string{"DATABASE_URL=" + address, "HUB_ADDR=127.0.0.1:0"})
	if err := said.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(said.kill)
	eventually(t, "it waits", func() bool { return strings.Contains(said.said.String(), "waiting for it") })
	if strings.Contains(said.out.String(), "open at") {
		t.Fatal("it is open without a database")
	}
	door()
	eventually(t, "it opens", func() bool { return strings.Contains(said.out.String(), "open at") })
}

// A database that turns the hub away is not waited for.
func TestAHubDoesNotWaitForAnotherDatabase(t *testing.T) {
	t.Parallel()
	address, err := url.Parse(dbtest.New(t))
	if err != nil {
		t.Fatal(err)
	}
	address.Path = "/there_is_none"
	if _, err := hubProgram(t, []string{"DATABASE_URL=" + address.String(), "HUB_ADDR=127.0.0.1:0"}).run(); err == nil || !strings.Contains(err.Error(), "there_is_none") {
		t.Errorf("with a database that does not exist: %v", err)
	}
}

// closedDoor is an address of the database behind which nobody listens until open is called.
func closedDoor(t *testing.T, databaseURL string) (open func(), behind string) {
	t.Helper()
	address, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	network, target := "tcp", address.Host
	if socket := address.Query().Get("host"); socket != "" {
		port := address.Query().Get("port")
		if port == "" {
			port = "5432"
		}
		network, target = "unix", socket+"/.s.PGSQL."+port
	}
	reserved, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	front := reserved.Addr().String()
	_ = reserved.Close()
	query := address.Query()
	query.Del("host")
	query.Del("port")
	query.Set("sslmode", "disable")
	address.RawQuery, address.Host = query.Encode(), front
	return func() {
		door, err := net.Listen("tcp", front)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = door.Close() })
		go func() {
			for {
				conn, err := door.Accept()
				if err != nil {
					return
				}
				go carry(conn, network, target)
			}
		}()
	}, address.String()
}

func carry(conn net.Conn, network, target string) {
	defer func() { _ = conn.Close() }()
	server, err := net.Dial(network, target)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	go func() { _, _ = io.Copy(server, conn); _ = server.Close() }()
	_, _ = io.Copy(conn, server)
}
