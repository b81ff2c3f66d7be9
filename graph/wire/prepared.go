package wire

import (
	"encoding/binary"
	"encoding/json"
	"strconv"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"

	"github.com/microgalleries/actionday/events"
)

// prepared is one answer as it goes over the wire, made once however many it goes to. The event holds
// the JSON, around which a socket needs only its operation's id.
type prepared struct {
	at      events.Position // where the log stands after it, zero if it does not say
	after   events.Position // where it stood before
	event   []byte          // as a server-sent event
	json    []byte          // a part of event
	waiting atomic.Int32    // shards that still have to send it
}

func prepare(response *graphql.Response) *prepared {
	p := &prepared{}
	body := encode(response)
	event := make([]byte, 0, len(body)+64)
	event = append(event, "event: next\n"...)
	if position, ok := response.Extensions[positionKey].(string); ok {
		event = append(append(append(event, "id: "...), position...), '\n')
		p.at, _ = events.ParsePosition(position)
	}
	event = append(event, "data: "...)
	begins := len(event)
	event = append(event, body...) // JSON has no line breaks
	ends := len(event)
	p.event = append(event, "\n\n"...)
	p.json = p.event[begins:ends]
	return p
}

// The parts of a `next` message around the id and the answer.
const (
	nextBegins = `{"id":`
	nextGoesOn = `,"type":"next","payload":`
	nextEnds   = `}`
)

// appendNext adds the frame of a `next` message for the operation with a quoted id.
func (p *prepared) appendNext(to, id []byte) []byte {
	to = appendHead(to, opText, len(nextBegins)+len(id)+len(nextGoesOn)+len(p.json)+len(nextEnds))
	to = append(to, nextBegins...)
	to = append(to, id...)
	to = append(to, nextGoesOn...)
	to = append(to, p.json...)
	return append(to, nextEnds...)
}

// appendChunk adds bytes as one chunk of an HTTP/1.1 answer (RFC 9112, section 7.1).
func appendChunk(to, p []byte) []byte {
	to = strconv.AppendInt(to, int64(len(p)), 16)
	to = append(to, "\r\n"...)
	to = append(to, p...)
	return append(to, "\r\n"...)
}

// appendHead adds the head of a frame from a server (RFC 6455, section 5.2), which has no mask.
func appendHead(to []byte, op byte, size int) []byte {
	to = append(to, frameEnds|op)
	switch {
	case size < 126:
		return append(to, byte(size))
	case size < 1<<16:
		return binary.BigEndian.AppendUint16(append(to, 126), uint16(size))
	}
	return binary.BigEndian.AppendUint64(append(to, 127), uint64(size))
}

// frameOf is a message as a frame.
func frameOf(m message) []byte {
	text, err := json.Marshal(m)
	if err != nil { // plain values
		return nil
	}
	return append(appendHead(make([]byte, 0, len(text)+10), opText, len(text)), text...)
}

// closeFrame says goodbye with a code and a reason of at most 123 bytes.
func closeFrame(code int, reason string) []byte {
	reason = reason[:min(len(reason), 123)]
	frame := appendHead(nil, opClose, 2+len(reason))
	frame = binary.BigEndian.AppendUint16(frame, uint16(code))
	return append(frame, reason...)
}
