package wire_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// What is measured: how many viewers, and how many activities each gets in one round.
const (
	fewViewers  = 1000
	manyViewers = 5000 // the headline
	newsAtOnce  = 20
	rounds      = 3
	openAtOnce  = 64
	waitAtMost  = 20 * time.Second
)

// BenchmarkWire measures what one server process delivers to viewers who all follow the same
// subscription of the real schema: ours, gqlgen's own transports, and a loop that only writes. The
// viewers are in this process and check every message. Unless said otherwise every activity is a
// write of its own, also for ours, which gathers them in the hub.
func BenchmarkWire(b *testing.B) {
	for _, viewers := range []int{fewViewers, manyViewers} {
		b.Run(fmt.Sprint(viewers), func(b *testing.B) {
			for b.Loop() {
				report := func(value float64, name string) {
					if viewers != manyViewers {
						name = fmt.Sprintf("%s_%d", name, viewers)
					}
					b.ReportMetric(value, name)
				}
				ws, sse := measure(b, "ours", socketClient(), viewers), measure(b, "ours", eventsClient(), viewers)
				stockWS, stockSSE := measure(b, "stock", socketClient(), viewers), measure(b, "stock", eventsClient(), viewers)
				raw, portable := measure(b, "raw", rawClient(), viewers), measure(b, "portable", socketClient(), viewers)
				gathered := measure(b, "gathered", socketClient(), viewers)
				for name, m := range map[string]measured{
					"ws": ws, "sse": sse, "stock_ws": stockWS, "stock_sse": stockSSE, "raw": raw,
					"ws_portable": portable, "ws_gathered": gathered,
				} {
					report(m.perSecond, "fanout_"+name+"_deliveries_per_s")
					report(m.cpuPerMillion, "fanout_"+name+"_cpu_per_million_s")
					report(m.residentEach, "fanout_"+name+"_rss_per_conn_kb")
				}
				report(ws.perSecond/stockWS.perSecond, "fanout_ws_vs_stock")
				report(sse.perSecond/stockSSE.perSecond, "fanout_sse_vs_stock")
				report(stockWS.cpuPerMillion/ws.cpuPerMillion, "fanout_ws_cpu_vs_stock")
				report(ws.perSecond/raw.perSecond, "fanout_ws_vs_raw")
			}
		})
	}
}

type measured struct{ perSecond, cpuPerMillion, residentEach float64 }

func measure(b *testing.B, kind string, c client, viewers int) measured {
	b.Helper()
	s := startServer(b, kind)
	defer s.stop()
	before := s.resident()
	all := s.gather(c, viewers)
	defer func() {
		for _, v := range all {
			_ = v.conn.Close()
		}
	}()
	s.deliver(all, 1) // so that all stand
	idle := s.resident()
	var took, busy []float64
	for range rounds {
		used, start := s.busy(), time.Now()
		s.deliver(all, newsAtOnce)
		took = append(took, time.Since(start).Seconds())
		busy = append(busy, (s.busy() - used).Seconds())
	}
	deliveries := float64(newsAtOnce * viewers)
	return measured{deliveries / median(took), median(busy) / deliveries * 1e6, (idle - before) / float64(viewers)}
}

func median(of []float64) float64 {
	for i := range of {
		for j := range of[:i] {
			if of[i] < of[j] {
				of[i], of[j] = of[j], of[i]
			}
		}
	}
	return of[len(of)/2]
}

// server is a measured process.
type server struct {
	b       *testing.B
	process *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	address string
	kind    string
}

func startServer(b *testing.B, kind string) *server {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	s := &server{b: b, kind: kind, process: exec.Command(self)}
	s.process.Env = append(os.Environ(), asServer+"="+kind)
	s.process.Stderr = os.Stderr
	s.in, err = s.process.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := s.process.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		b.Fatal(err)
	}
	s.out = bufio.NewReader(out)
	line, err := s.out.ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	s.address = strings.TrimSpace(line)
	return s
}

func (s *server) stop() {
	_ = s.in.Close()
	if err := s.process.Wait(); err != nil {
		s.b.Errorf("the server ended with %v", err)
	}
}

func (s *server) gather(c client, viewers int) []*viewer {
	s.b.Helper()
	all := make([]*viewer, viewers)
	var opening sync.WaitGroup
	for first := range openAtOnce {
		opening.Go(func() {
			for i := first; i < viewers; i += openAtOnce {
				v, err := c.open(s.address)
				if err != nil {
					s.b.Errorf("viewer %d: %v", i, err)
					return
				}
				all[i] = v
			}
		})
	}
	opening.Wait()
	if s.b.Failed() {
		s.b.FailNow()
	}
	return all
}

// deliver has the server send activities and waits until every viewer has every one.
func (s *server) deliver(all []*viewer, n int) {
	s.b.Helper()
	if _, err := fmt.Fprintln(s.in, n); err != nil {
		s.b.Fatal(err)
	}
	var reading sync.WaitGroup
	for _, v := range all {
		reading.Go(func() {
			if err := v.take(n); err != nil {
				s.b.Errorf("%s: %v", s.kind, err)
			}
		})
	}
	reading.Wait()
	if s.b.Failed() {
		s.b.FailNow()
	}
}

// viewer checks that each activity follows the one before.
type viewer struct {
	conn net.Conn
	in   *bufio.Reader
	seq  int64
}

func (v *viewer) take(n int) error {
	_ = v.conn.SetReadDeadline(time.Now().Add(waitAtMost))
	for n > 0 {
		line, err := v.in.ReadSlice('}') // activities hold the only numbers called seq
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return fmt.Errorf("after activity %d: %w", v.seq, err)
		}
		_, after, found := bytes.Cut(line, []byte(`{"seq":`))
		if !found {
			continue
		}
		digits, _, _ := bytes.Cut(after, []byte(","))
		seq, err := strconv.ParseInt(string(digits), 10, 64)
		if err != nil || seq != v.seq+1 {
			return fmt.Errorf("after activity %d came %.200s", v.seq, line)
		}
		v.seq = seq
		n--
	}
	return nil
}

// client is a way to subscribe.
type client struct{ hello, answer string }

func rawClient() client { return client{} }

func eventsClient() client {
	body := fmt.Sprintf(`{"query":%q}`, strings.Join(strings.Fields(watching), " "))
	return client{fmt.Sprintf("POST / HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\n"+
		"Content-Length: %d\r\n\r\n%s", len(body), body), "200 OK"}
}

func socketClient() client {
	hello := "GET / HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
		"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
	return client{hello, "101 Switching Protocols"}
}

func (c client) open(address string) (*viewer, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	v := &viewer{conn: conn, in: bufio.NewReaderSize(conn, 2<<10)}
	if c.hello == "" {
		_, err := v.in.ReadSlice('}')
		return v, err
	}
	if _, err := io.WriteString(conn, c.hello); err != nil {
		return nil, err
	}
	for first := true; ; first = false {
		line, err := v.in.ReadString('\n')
		if err != nil || first && !strings.Contains(line, c.answer) {
			return nil, fmt.Errorf("the server answers %q: %w", line, err)
		}
		if line == "\r\n" {
			break
		}
	}
	if !strings.HasPrefix(c.answer, "101") {
		return v, nil
	}
	subscribe := fmt.Sprintf(`{"id":"1","type":"subscribe","payload":{"query":%q}}`, strings.Join(strings.Fields(watching), " "))
	for _, text := range []string{`{"type":"connection_init"}`, subscribe} {
		if _, err := conn.Write(masked(text)); err != nil {
			return nil, err
		}
	}
	_, err = v.in.ReadSlice('}') // the acknowledgement
	return v, err
}

// masked is a text frame under a mask of zeros, which changes nothing.
func masked(text string) []byte {
	if len(text) < 126 {
		return append([]byte{0x81, 0x80 | byte(len(text)), 0, 0, 0, 0}, text...)
	}
	return append([]byte{0x81, 0x80 | 126, byte(len(text) >> 8), byte(len(text)), 0, 0, 0, 0}, text...)
}

// resident is the memory that the server holds at rest, in KB (proc_pid_status(5)).
func (s *server) resident() float64 {
	if _, err := fmt.Fprintln(s.in, 0); err != nil {
		s.b.Fatal(err)
	}
	if _, err := s.out.ReadString('\n'); err != nil {
		s.b.Fatal(err)
	}
	_, after, _ := strings.Cut(s.proc("status"), "VmRSS:")
	var kb float64
	if _, err := fmt.Sscan(after, &kb); err != nil {
		s.b.Fatal(err)
	}
	return kb
}

// busy is the processor time that the server has used (proc_pid_stat(5), in hundredths of a second).
func (s *server) busy() time.Duration {
	_, after, _ := strings.Cut(s.proc("stat"), ") ")
	fields := strings.Fields(after)
	user, err := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	if err = errors.Join(err, err2); err != nil {
		s.b.Fatal(err)
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}

func (s *server) proc(file string) string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", s.process.Process.Pid, file))
	if err != nil {
		s.b.Fatalf("processor time and memory are measured on Linux only: %v", err)
	}
	return string(text)
}
