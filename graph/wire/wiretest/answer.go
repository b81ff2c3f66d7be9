package wiretest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// cut takes one message off the front of what has come. The text is empty when the message says
// nothing of the log; rest is as long as p when the message is not all there.
type cut func(p []byte) (text, rest []byte, err error)

// What frames begin with (RFC 6455, section 5.2): whole messages of text, and pings.
const (
	textFrame = 0x81
	pingFrame = 0x89
	longFrame = 126 // and more: the size follows in two bytes
	hugeFrame = 127 // or in eight, which no answer here needs
)

var errNonsense = errors.New("nonsense")

// cutFrame cuts what a server sends over a socket.
func cutFrame(p []byte) (text, rest []byte, err error) {
	if len(p) < 4 {
		if len(p) >= 2 && p[1] == 0 && p[0] == pingFrame {
			return nil, p[2:], nil
		}
		return nil, p, nil
	}
	size, head := int(p[1]), 2
	switch size {
	case longFrame:
		size, head = int(binary.BigEndian.Uint16(p[2:])), 4
	case hugeFrame:
		return nil, p, errNonsense
	}
	switch {
	case p[0] != textFrame && p[0] != pingFrame:
		return nil, p, errNonsense
	case len(p) < head+size:
		return nil, p, nil
	case p[0] == pingFrame:
		return nil, p[head+size:], nil
	}
	text, rest = p[head:head+size], p[head+size:]
	if isGreeting(text) {
		return nil, rest, nil
	}
	return text, rest, nil
}

// isGreeting is whether a message is of the protocol and not of an operation.
func isGreeting(text []byte) bool {
	const longest = 64
	return len(text) < longest &&
		(bytes.Contains(text, []byte(`"connection_ack"`)) || bytes.Contains(text, []byte(`"ping"`)) || bytes.Contains(text, []byte(`"pong"`)))
}

var dataField = []byte("data: ")

// cutLine cuts what a server sends as events, line by line. The lines of the chunked encoding are
// lines like all others: an event of this size is never cut by one.
func cutLine(p []byte) (text, rest []byte, err error) {
	end := bytes.IndexByte(p, '\n')
	if end < 0 {
		return nil, p, nil
	}
	line, rest := p[:end], p[end+1:]
	if bytes.HasPrefix(line, dataField) {
		return line[len(dataField):], rest, nil
	}
	if line = bytes.TrimSuffix(line, []byte("\r")); !isBesideData(line) {
		return nil, p, errNonsense
	}
	return nil, rest, nil
}

// isBesideData is whether a line may stand in a stream that goes on.
func isBesideData(line []byte) bool {
	switch {
	case len(line) == 0, line[0] == ':', string(line) == "event: next":
		return true
	case bytes.HasPrefix(line, []byte("id: ")), bytes.HasPrefix(line, []byte("retry: ")):
		return true
	}
	for _, digit := range line { // the size of a chunk
		if !('0' <= digit && digit <= '9' || 'a' <= digit && digit <= 'f') {
			return false
		}
	}
	return string(line) != "0" // which ends it
}

var seqMember = []byte(`"seq":`)

// seqIn is the log position in an answer, which must be whole.
func seqIn(text []byte) (seq int64, err error) {
	at := bytes.Index(text, seqMember)
	if at < 0 || text[len(text)-1] != '}' {
		return 0, errNonsense
	}
	digits := text[at+len(seqMember):]
	for i, digit := range digits {
		switch {
		case '0' <= digit && digit <= '9' && i < 18:
			seq = seq*10 + int64(digit-'0')
		case digit == ',' && i > 0:
			return seq, nil
		default:
			return 0, errNonsense
		}
	}
	return 0, errNonsense
}

// Seen is told of every answer of every viewer: who had it, its position, when it was read, and its
// text, which is good until Seen returns.
type Seen func(viewer int, seq int64, at time.Time, text []byte)

// viewer is what is known of one viewer.
type viewer struct {
	number int
	seq    int64 // of the last answer
	target int64 // up to which it is waited for
	rest   []byte
}

// view looks at all that has come to a viewer, and gives what is not a whole message yet. Each
// position is told to seen, if there is one.
func (v *viewer) view(p []byte, cut cut, at time.Time, seen Seen) (rest []byte, err error) {
	for len(p) > 0 {
		text, rest, err := cut(p)
		if err != nil {
			return nil, v.complain(err, p)
		}
		if len(rest) == len(p) {
			break
		}
		p = rest
		if len(text) == 0 {
			continue
		}
		seq, err := seqIn(text)
		if err != nil || seq != v.seq+1 {
			return nil, v.complain(err, text)
		}
		v.seq = seq
		if seen != nil {
			seen(v.number, seq, at, text)
		}
	}
	return p, nil
}

func (v *viewer) complain(why error, of []byte) error {
	if why == nil {
		why = errors.New("not the next")
	}
	return fmt.Errorf("viewer %d: after activity %d came %.300q: %w", v.number, v.seq, of, why)
}
