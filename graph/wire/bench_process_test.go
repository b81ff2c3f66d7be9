package wire_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/microgalleries/actionday/graph/wire/wiretest"
)

// server is a measured process. It takes words from its input, a line each, and answers all but numbers
// by a line.
type server struct {
	b       *testing.B
	process *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	address string
	kind    string
}

// startServer starts this test binary as a server that has one processor and one thread for Go code.
func startServer(b *testing.B, kind string) *server {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	s := &server{b: b, kind: kind, process: exec.Command(self)}
	s.process.Env = append(os.Environ(), asServer+"="+kind, "GOMAXPROCS=1")
	s.process.Stderr = os.Stderr
	s.in, err = s.process.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := s.process.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	measured, _ := wiretest.Processors()
	if err := wiretest.StartOn(measured, s.process); err != nil {
		b.Fatal(err)
	}
	s.out = bufio.NewReader(out)
	s.address = s.answer()
	return s
}

func (s *server) stop() {
	_ = s.in.Close()
	if err := s.process.Wait(); err != nil {
		s.b.Errorf("the server ended with %v", err)
	}
}

func (s *server) tell(word any) {
	s.b.Helper()
	if _, err := fmt.Fprintln(s.in, word); err != nil {
		s.b.Fatal(err)
	}
}

func (s *server) answer() string {
	s.b.Helper()
	line, err := s.out.ReadString('\n')
	if err != nil {
		s.b.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// gather lets viewers in on the other processor.
func (s *server) gather(viewers int, o wiretest.Options) *wiretest.Crowd {
	s.b.Helper()
	_, o.Processor = wiretest.Processors()
	o.Address, o.Path = s.address, "/"
	o.Operation = fmt.Sprintf(`{"query":%q}`, strings.Join(strings.Fields(watching), " "))
	crowd, err := wiretest.Gather(o, viewers)
	if err != nil {
		s.b.Fatal(err)
	}
	return crowd
}

// deliver has the server send activities, waits until every viewer has every one, and tells the
// viewers' processor time.
func (s *server) deliver(crowd *wiretest.Crowd, n int) time.Duration {
	s.b.Helper()
	s.tell(n)
	used, err := crowd.Take(n, waitAtMost)
	if err != nil {
		s.b.Fatalf("%s: %v", s.kind, err)
	}
	return used
}

// resident is the memory that the server holds at rest, in KB (proc_pid_status(5)).
func (s *server) resident() float64 {
	s.b.Helper()
	s.tell("rest")
	s.answer()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	if err != nil {
		s.b.Fatalf("memory is measured on Linux only: %v", err)
	}
	_, after, _ := strings.Cut(string(text), "VmRSS:")
	var kb float64
	if _, err := fmt.Sscan(after, &kb); err != nil {
		s.b.Fatal(err)
	}
	return kb
}

// busy is the processor time that the server has used.
func (s *server) busy() time.Duration {
	s.b.Helper()
	s.tell("busy")
	var nanoseconds int64
	if _, err := fmt.Sscan(s.answer(), &nanoseconds); err != nil {
		s.b.Fatal(err)
	}
	return time.Duration(nanoseconds)
}
