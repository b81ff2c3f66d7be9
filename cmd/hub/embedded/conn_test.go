package embedded

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

func TestConnKeepsWhatIsWritten(t *testing.T) {
	t.Parallel()
	client, server := newConn()
	for range 1000 { // nobody reads yet
		if n, err := client.Write([]byte("0123456789")); n != 10 || err != nil {
			t.Fatal(n, err)
		}
	}
	if err := client.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(server)
	if err != nil || !bytes.Equal(got, bytes.Repeat([]byte("0123456789"), 1000)) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if _, err := server.Write([]byte("x")); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("write to a closed end = %v", err)
	}
	if _, err := client.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("read from a closed end = %v", err)
	}
}

// A reader that is always a little behind must not make the buffer grow for ever.
func TestConnReusesItsRoom(t *testing.T) {
	t.Parallel()
	client, server := newConn()
	end := server.(*conn)
	piece := bytes.Repeat([]byte("abcdefg"), 100)
	if _, err := client.Write(piece[:3]); err != nil {
		t.Fatal(err)
	}
	sent, got := bytes.Clone(piece[:3]), []byte{}
	for range 2000 {
		if _, err := client.Write(piece); err != nil {
			t.Fatal(err)
		}
		sent = append(sent, piece...)
		part := make([]byte, len(piece))
		n, err := server.Read(part)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, part[:n]...)
	}
	if !bytes.HasPrefix(sent, got) || len(sent)-len(got) != 3 {
		t.Errorf("sent %d bytes, got %d others", len(sent), len(got))
	}
	if room := cap(end.in.data); room > 8*len(piece) {
		t.Errorf("the buffer grew to %d bytes", room)
	}
}

func TestConnDropsWhoDoesNotRead(t *testing.T) {
	t.Parallel()
	client, server := newConn()
	megabyte := make([]byte, 1<<20)
	for range connLimit / len(megabyte) {
		if _, err := server.Write(megabyte); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := server.Write([]byte("one too many")); !errors.Is(err, errTooSlow) {
		t.Errorf("write = %v, want %v", err, errTooSlow)
	}
	if n, err := io.Copy(io.Discard, client); n != connLimit || err != nil {
		t.Errorf("the slow reader got %d bytes, %v", n, err)
	}
	if room := cap(client.(*conn).in.data); room > keepLimit {
		t.Errorf("keeps %d bytes of buffer", room)
	}
}

func TestConnDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, server := newConn()
		begun := time.Now()
		if err := client.SetDeadline(begun.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		_, err := client.Read(make([]byte, 1))
		if !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(begun) != time.Minute {
			t.Errorf("read = %v after %v", err, time.Since(begun))
		}

		// A new deadline also counts for a read that waits already.
		_ = client.SetReadDeadline(time.Time{})
		waited := make(chan error)
		go func() {
			_, err := client.Read(make([]byte, 1))
			waited <- err
		}()
		synctest.Wait()
		_ = client.SetReadDeadline(time.Now().Add(-time.Second))
		if err := <-waited; !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("waiting read = %v", err)
		}

		// What is there is read, late or not.
		_, _ = server.Write([]byte("x"))
		if n, err := client.Read(make([]byte, 9)); n != 1 || err != nil {
			t.Errorf("read = %d, %v", n, err)
		}
	})
}
