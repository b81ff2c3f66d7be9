//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package pgserver

import (
	"strings"
	"testing"
)

func TestLogTail(t *testing.T) {
	t.Parallel()
	tail := newLogTail(nil)
	if got := tail.last(); got != "it said nothing" {
		t.Errorf("empty = %q", got)
	}
	for _, piece := range []string{"LOG:  one\nLOG:", "  two\n", "\n", strings.Repeat("x", 2*lineLimit), "\n"} {
		if n, err := tail.Write([]byte(piece)); n != len(piece) || err != nil {
			t.Errorf("wrote %d, %v", n, err)
		}
	}
	want := "LOG:  one | LOG:  two | " + strings.Repeat("x", lineLimit)
	if got := tail.last(); got != want {
		t.Errorf("last = %.60q, %d bytes", got, len(got))
	}
	for range 5 * tailLines {
		_, _ = tail.Write([]byte("more\n"))
	}
	if got := strings.Count(tail.last(), "more"); got != tailLines {
		t.Errorf("remembers %d lines, want %d", got, tailLines)
	}
}
