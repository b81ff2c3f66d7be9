package wire_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/microgalleries/actionday/events"
	"github.com/microgalleries/actionday/graph/exec"
	"github.com/microgalleries/actionday/graph/model"
	"github.com/microgalleries/actionday/graph/wire"
)

// asServer makes the test binary one of the servers that are measured, in a process of its own.
const asServer = "WIRE_MEASURED_SERVER"

func TestMain(m *testing.M) {
	if kind := os.Getenv(asServer); kind != "" {
		serve(kind)
		return
	}
	os.Exit(m.Run())
}

// serve tells its address, then takes words until its input ends: how many activities it is to send,
// "rest" to give free memory back, "busy" to tell its processor time.
func serve(kind string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr())
	news := &news{grown: make(chan struct{})}
	say := news.say
	if kind == "raw" {
		raw := &rawLoop{}
		go raw.accept(listener)
		say = raw.say
	} else {
		go func() { _ = http.Serve(listener, news.handler(kind)) }()
	}
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		var n int
		switch word := in.Text(); word {
		case "rest":
			debug.FreeOSMemory() // what opening the connections took, and nothing holds
			fmt.Println()
		case "busy":
			fmt.Println(processorTime().Nanoseconds())
		default:
			if _, err := fmt.Sscan(word, &n); err != nil {
				panic(err)
			}
			say(n)
		}
	}
}

// processorTime is what this process has used.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// news is a log in memory and the resolvers of the real schema that follow it.
type news struct {
	exec.ResolverRoot
	exec.SubscriptionResolver
	mu    sync.Mutex
	all   []events.Activity
	grown chan struct{}
}

const epoch = 0x5f3a09c1

func (n *news) say(more int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for range more {
		n.all = append(n.all, activityAt(int64(len(n.all)+1)))
	}
	close(n.grown)
	n.grown = make(chan struct{})
}

func activityAt(seq int64) events.Activity {
	at := time.Date(2026, 12, 12, 6, 0, 0, 0, time.UTC)
	return events.Activity{
		Seq: seq, Epoch: epoch, Kind: events.EventListed, At: at,
		Card: &events.EventCard{
			Slug: "wall-of-birds", Title: "A wall of birds beside the river", HostName: "Studio Patan",
			Way: events.OwnWork, Themes: []string{"points-of-no-return"}, StartsAt: at, EndsAt: at.Add(2 * time.Hour),
		},
	}
}

// watching asks for about 300 bytes.
const watching = `subscription { activity(after: "5f3a09c1-0") { seq position kind at count tombstone
	card { slug title hostName way themes startsAt endsAt } } }`

func (n *news) Subscription() exec.SubscriptionResolver { return n }

func (n *news) Counts(context.Context, *events.ID) (<-chan graphql.Event[*model.Counts], error) {
	return nil, nil
}

// Activity follows as the hub's own resolver does.
func (n *news) Activity(ctx context.Context, _ *events.ID, after *events.Position) (<-chan graphql.Event[*events.Activity], error) {
	out := make(chan graphql.Event[*events.Activity])
	n.mu.Lock()
	next := len(n.all)
	n.mu.Unlock()
	if after != nil {
		next = int(after.Seq)
	}
	wire.BeginAfter(ctx, events.Position{Epoch: epoch, Seq: int64(next)})
	go func() {
		defer close(out)
		for {
			n.mu.Lock()
			batch, grown := n.all[next:len(n.all):len(n.all)], n.grown
			n.mu.Unlock()
			for i := range batch {
				select {
				case out <- graphql.Event[*events.Activity]{Context: at(ctx, batch[i]), Value: &batch[i]}:
				case <-ctx.Done():
					return
				}
			}
			next += len(batch)
			select {
			case <-grown:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out, nil
}

type atKey struct{}

func at(ctx context.Context, a events.Activity) context.Context {
	return context.WithValue(ctx, atKey{}, a.Position())
}

// cited adds an activity's position to its answer.
func cited(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if position, ok := ctx.Value(atKey{}).(events.Position); ok && response != nil {
		response.Extensions = map[string]any{"position": position.String()}
	}
	return response
}

// handler is ours, or gqlgen's stock server with its own transports, over the same schema.
func (n *news) handler(kind string) http.Handler {
	schema := exec.NewExecutableSchema(exec.Config{Resolvers: n})
	if kind == "stock" {
		server := handler.New(schema)
		server.AroundResponses(cited)
		server.AddTransport(transport.SSE{})
		server.AddTransport(transport.Websocket{KeepAlivePingInterval: 20 * time.Second})
		return server
	}
	same := func(ctx context.Context) context.Context { return ctx }
	ours := executor.New(schema)
	ours.AroundResponses(cited)
	h := wire.New(wire.Options{
		Executor: ours,
		Enter:    func(context.Context) *gqlerror.Error { return nil },
		Known:    func(context.Context) bool { return false },
		Address:  func(ctx context.Context) string { return ctx.Value(http.LocalAddrContextKey).(net.Addr).String() },
		Standing: func(context.Context) context.Context { return context.Background() },
		Unseen:   same,
		Now:      time.Now,
		Portable: strings.Contains(kind, "portable"),
	})
	h.MoreByAddress(20_000)
	if !strings.Contains(kind, "gathered") {
		h.WriteEach()
	}
	return h
}

// rawLoop does nothing but write prepared frames to sockets, each by one system call.
type rawLoop struct {
	mu      sync.Mutex
	conns   []net.Conn // so that their descriptors stay open
	sockets []int
	seq     int64
}

func (r *rawLoop) accept(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		control, err := conn.(*net.TCPConn).SyscallConn()
		if err != nil {
			panic(err)
		}
		r.mu.Lock()
		r.conns = append(r.conns, conn)
		if err := control.Control(func(fd uintptr) { r.sockets = append(r.sockets, int(fd)) }); err != nil {
			panic(err)
		}
		r.mu.Unlock()
		_, _ = conn.Write([]byte("{}")) // it is heard
	}
}

func (r *rawLoop) say(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for range n {
		r.seq++
		frame := rawFrame(r.seq)
		for _, socket := range r.sockets {
			writeRaw(socket, frame)
		}
	}
}

// rawFrame has the size of what the others send.
func rawFrame(seq int64) []byte {
	text := fmt.Sprintf(`{"id":"1","type":"next","payload":{"data":{"activity":{"seq":%d,"position":"5f3a09c1-%d",`+
		`"kind":"EVENT_LISTED","at":"2026-12-12T06:00:00Z","count":null,"tombstone":false,"card":{"slug":"wall-of-birds",`+
		`"title":"A wall of birds beside the river","hostName":"Studio Patan","way":"OWN_WORK","themes":["points-of-no-return"],`+
		`"startsAt":"2026-12-12T06:00:00Z","endsAt":"2026-12-12T08:00:00Z"}}}}}`, seq, seq)
	return append([]byte{0x81, 126, byte(len(text) >> 8), byte(len(text))}, text...)
}

// writeRaw is one system call, and more only for a client whose buffer is full.
func writeRaw(socket int, p []byte) {
	for len(p) > 0 {
		n, err := syscall.Write(socket, p)
		if err != nil && err != syscall.EAGAIN {
			panic(err)
		}
		p = p[max(n, 0):]
	}
}
