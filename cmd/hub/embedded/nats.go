package embedded

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

const (
	// natsStartLimit is how long the server may take to be ready; it takes milliseconds.
	natsStartLimit = 5 * time.Second
	// natsMaxPayload is the longest message, in bytes: the default of real servers, so that
	// nothing passes here that would be refused there.
	natsMaxPayload = 1 << 20
)

// NATS is a server within this process. It keeps no message: who is not connected misses it.
type NATS struct{ server *server.Server }

// StartNATS returns a server that is ready for connections. Nil logs nothing.
func StartNATS(log *slog.Logger) (*NATS, error) {
	s, err := server.NewServer(&server.Options{
		ServerName: "embedded",
		DontListen: true,
		JetStream:  false,
		MaxPayload: natsMaxPayload,
		NoSigs:     true, // signals are the program's business
	})
	if err != nil {
		return nil, fmt.Errorf("embedded: make NATS server: %w", err)
	}
	if log != nil {
		s.SetLogger(natsLog{log}, false, false)
	}
	s.Start()
	if !s.ReadyForConnections(natsStartLimit) {
		s.Shutdown()
		return nil, errors.New("embedded: the NATS server did not become ready")
	}
	return &NATS{s}, nil
}

// Connect opens a connection, with the caller's options on top. The caller closes it.
func (n *NATS) Connect(options ...nats.Option) (*nats.Conn, error) {
	options = append([]nats.Option{nats.InProcessServer(n.server)}, options...)
	conn, err := nats.Connect("", options...)
	if err != nil {
		return nil, fmt.Errorf("embedded: connect to NATS: %w", err)
	}
	return conn, nil
}

// Stop ends all connections and the server, and returns when it has ended.
func (n *NATS) Stop() {
	n.server.Shutdown()
	n.server.WaitForShutdown()
}

// natsLog hands the server's log to slog. What it notices in passing is for debugging here: a
// server without listeners, clusters and storage has little to tell an operator.
type natsLog struct{ log *slog.Logger }

var _ server.Logger = natsLog{}

func (l natsLog) Noticef(format string, v ...any) {
	l.log.Debug("nats", "said", fmt.Sprintf(format, v...))
}

func (l natsLog) Debugf(format string, v ...any) {
	l.log.Debug("nats", "said", fmt.Sprintf(format, v...))
}

func (l natsLog) Tracef(format string, v ...any) {
	l.log.Debug("nats", "said", fmt.Sprintf(format, v...))
}

func (l natsLog) Warnf(format string, v ...any) {
	l.log.Warn("nats", "said", fmt.Sprintf(format, v...))
}

func (l natsLog) Errorf(format string, v ...any) {
	l.log.Error("nats", "said", fmt.Sprintf(format, v...))
}

func (l natsLog) Fatalf(format string, v ...any) {
	l.log.Error("nats", "said", fmt.Sprintf(format, v...))
}
