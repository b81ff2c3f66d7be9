package wiretest

import (
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const patience = 20 * time.Second

// talk is a server that says to its n viewers what each is to hear, and hangs up when it is told to.
type talk struct {
	address string
	said    sync.WaitGroup
	hangUp  chan struct{}
}

func newTalk(t *testing.T, n int, say func(viewer int) string) *talk {
	t.Helper()
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	k := &talk{address: door.Addr().String(), hangUp: make(chan struct{})}
	for i := range n {
		k.said.Go(func() {
			conn, err := door.Accept()
			if err != nil {
				return
			}
			defer func() { _ = conn.Close() }()
			_, _ = io.WriteString(conn, "{}"+say(i))
			<-k.hangUp
		})
	}
	t.Cleanup(func() {
		_ = door.Close()
		select {
		case <-k.hangUp:
		default:
			close(k.hangUp)
		}
		k.said.Wait()
	})
	return k
}

func counted(from, to int) (all string) {
	for seq := from; seq <= to; seq++ {
		all += said(Sockets, fmt.Sprint(seq))
	}
	return all
}

func TestACrowdTakesEverything(t *testing.T) {
	t.Parallel()
	const viewers, length = 30, 400
	k := newTalk(t, viewers, func(int) string { return counted(1, length) })
	_, measuring := Processors()
	crowd, err := Gather(Options{Way: Bare, Address: k.address, Processor: measuring}, viewers)
	if err != nil {
		t.Fatal(err)
	}
	defer crowd.Close()
	seen := make([][]int64, viewers)
	crowd.Seen = func(viewer int, seq int64, _ time.Time, _ []byte) { seen[viewer] = append(seen[viewer], seq) }
	for range length / 100 {
		if _, err := crowd.Take(100, patience); err != nil {
			t.Fatal(err)
		}
	}
	for i, own := range seen {
		if len(own) != length || !slices.IsSorted(own) || own[length-1] != length {
			t.Errorf("viewer %d has seen %v", i, own)
		}
	}
}

// One of many is enough.
func TestACrowdNoticesWhoHasSomethingElse(t *testing.T) {
	t.Parallel()
	for name, other := range map[string]string{
		"a gap":    counted(1, 3) + counted(5, 9),
		"a repeat": counted(1, 3) + counted(3, 9),
		"nonsense": counted(1, 3) + "nonsense",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t, 20, func(viewer int) string {
				if viewer == 7 {
					return other
				}
				return counted(1, 9)
			})
			crowd, err := Gather(Options{Way: Bare, Address: k.address, Processor: AnyProcessor}, 20)
			if err != nil {
				t.Fatal(err)
			}
			defer crowd.Close()
			if _, err := crowd.Take(9, patience); err == nil || !strings.Contains(err.Error(), "after activity 3 came") {
				t.Errorf("it says %v", err)
			}
		})
	}
}

func TestACrowdNoticesWhoHasTooFew(t *testing.T) {
	t.Parallel()
	k := newTalk(t, 5, func(int) string { return counted(1, 4) })
	crowd, err := Gather(Options{Way: Bare, Address: k.address, Processor: AnyProcessor}, 5)
	if err != nil {
		t.Fatal(err)
	}
	defer crowd.Close()
	if _, err := crowd.Take(4, patience); err != nil {
		t.Fatal(err)
	}
	if _, err := crowd.Take(1, 0); err == nil || !strings.Contains(err.Error(), "5 viewers are behind") {
		t.Errorf("in no time: %v", err)
	}
	close(k.hangUp)
	if _, err := crowd.Take(1, patience); err == nil || !strings.Contains(err.Error(), "ended") {
		t.Errorf("after the end: %v", err)
	}
}

func TestACrowdIsTurnedAway(t *testing.T) {
	t.Parallel()
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for conn, err := door.Accept(); err == nil; conn, err = door.Accept() {
			_, _ = io.WriteString(conn, "HTTP/1.1 429 Too Many Requests\r\n\r\n")
			_ = conn.(*net.TCPConn).CloseWrite()
		}
	}()
	defer func() { _ = door.Close() }()
	for _, way := range []Way{Sockets, Events} {
		o := Options{Way: way, Address: door.Addr().String(), Path: "/", Operation: "{}", Processor: AnyProcessor}
		if _, err := Gather(o, 3); err == nil || !strings.Contains(err.Error(), "429") {
			t.Errorf("%v: %v", way, err)
		}
	}
}
