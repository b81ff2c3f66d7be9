//go:build !(linux && (amd64 || arm64))

package wire

import "net"

// poller is nothing here: every connection is written to by its own methods.
type poller struct{}

func newPoller() *poller { return nil }

func (*poller) close() {}

func (*poller) add(*rawLine) error { return nil }

func (*poller) newRawLine(net.Conn, func([]byte), func()) (*rawLine, bool) { return nil, false }

type rawLine struct{ connLine }
