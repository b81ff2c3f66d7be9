package live

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/microgalleries/actionday/events"
)

const (
	// inboxSize is how many messages may wait for this hub to take them. NATS drops what comes on
	// top; the ring then sees a hole.
	inboxSize = 8192
	// reconnectWait is the pause between two attempts to reach NATS again, which never end.
	reconnectWait = 250 * time.Millisecond
	// pingEvery and maxPings find a connection that has gone silent within two seconds.
	pingEvery = time.Second
	maxPings  = 2
	// writeTimeout is how long a write to NATS may block the sequencer.
	writeTimeout = time.Second
	dialTimeout  = time.Second
	// noBuffer makes publishing fail while NATS is away, rather than pile up what every hub will
	// have read from Postgres by the time that NATS is back.
	noBuffer = -1
)

// Bus is the way from hub to hub. It may lose, repeat and reorder messages; Feed makes good for it.
type Bus struct {
	conn *nats.Conn
	log  *slog.Logger
}

// New makes a Bus of a connection, which remains the caller's to close and should have been made
// with Options.
func New(conn *nats.Conn, log *slog.Logger) *Bus {
	return &Bus{conn: conn, log: log}
}

// Options are the settings of a connection that never gives up and never waits long: it connects
// whenever NATS comes up, keeps nothing while NATS is away, and notices silence.
func Options(log *slog.Logger) []nats.Option {
	return []nats.Option{
		nats.Name("actionday hub"),
		nats.RetryOnFailedConnect(true),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(reconnectWait),
		nats.ReconnectBufSize(noBuffer),
		nats.PingInterval(pingEvery),
		nats.MaxPingsOutstanding(maxPings),
		nats.FlusherTimeout(writeTimeout),
		nats.Timeout(dialTimeout),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				log.Warn("nats is away: updates come from postgres", "err", err)
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) { log.Info("nats is back") }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			log.Warn("nats", "err", err)
		}),
	}
}

// Publish tells every hub, this one included, of numbered activities, each in a message of its own,
// in the order given. The message id is the activity's id. It does not wait for anybody to hear of
// it. An error means that some hubs will hear later, from Postgres; nobody needs to try again.
func (b *Bus) Publish(ctx context.Context, activities []events.Activity) error {
	for _, a := range activities {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("live: publish: %w", err)
		}
		if err := b.publish(a); err != nil {
			return fmt.Errorf("live: publish activity %d of %s: %w", a.Seq, a.EditionID, err)
		}
	}
	return nil
}

func (b *Bus) publish(a events.Activity) error {
	data, err := encode(a)
	if err != nil {
		return err
	}
	return b.conn.PublishMsg(&nats.Msg{
		Subject: SubjectOf(a).String(),
		Header:  nats.Header{nats.MsgIdHdr: {a.ID.String()}},
		Data:    data,
	})
}

// inbox is everything that hubs tell each other, until stop is called.
func (b *Bus) inbox() (messages <-chan *nats.Msg, stop func(), err error) {
	inbox := make(chan *nats.Msg, inboxSize)
	sub, err := b.conn.ChanSubscribe(WorldPattern(), inbox)
	if err != nil {
		return nil, nil, fmt.Errorf("live: subscribe: %w", err)
	}
	stop = func() {
		if err := sub.Unsubscribe(); err != nil && !errors.Is(err, nats.ErrConnectionClosed) {
			b.log.Warn("nats: unsubscribe", "err", err)
		}
	}
	return inbox, stop, nil
}
