package wire

import (
	"encoding/binary"
	"unicode/utf8"
)

// What a frame's first two bytes say (RFC 6455, section 5.2).
const (
	frameEnds    = 0x80
	frameReserve = 0x70
	frameMasked  = 0x80

	opMore   = 0x0
	opText   = 0x1
	opBinary = 0x2
	opClose  = 0x8
	opPing   = 0x9
	opPong   = 0xA
)

// The close codes of RFC 6455, section 7.4.1, that we use.
const (
	closeNormal    = 1000
	closeGoingAway = 1001
	closeBroken    = 1002
	closeNotText   = 1007
	closePolicy    = 1008
	closeTooBig    = 1009
)

// maxControl is how many bytes a ping, pong or close carries.
const maxControl = 125

// inbound takes the bytes of a client apart into messages. It keeps no more than one message, and
// nothing between two.
type inbound struct {
	rest []byte // the begin of a frame that is not all there
	text []byte // the fragments of a message so far
	kind byte   // of that message, 0 when there is none
}

// feed goes on with bytes and calls take for every message and control frame, whose bytes are good
// until take returns. It stops when take says so. The code is for closing a connection that breaks
// the rules, else 0.
func (in *inbound) feed(p []byte, take func(op byte, payload []byte) bool) (code int) {
	kept := len(in.rest) > 0
	if kept {
		in.rest = append(in.rest, p...)
		p = in.rest
	}
	for {
		size, head, code := frameSize(p)
		if code != 0 {
			return code
		}
		if head == 0 || len(p) < head+size {
			break
		}
		unmask(p[head-4:head], p[head:head+size])
		if code, more := in.frame(p[0], p[head:head+size], take); code != 0 || !more {
			return code
		}
		p, kept = p[head+size:], false
	}
	if kept { // in.rest already: a frame in a thousand pieces is not copied a thousand times
		return 0
	}
	in.rest = nil
	if len(p) > 0 {
		in.rest = append([]byte(nil), p...)
	}
	return 0
}

// frameSize reads the head of a frame: how long the head and the payload are, 0 while the head is
// not all there.
func frameSize(p []byte) (size, head, code int) {
	if len(p) < 2 {
		return 0, 0, 0
	}
	if p[0]&frameReserve != 0 || p[1]&frameMasked == 0 {
		return 0, 0, closeBroken
	}
	size, head = int(p[1]&^frameMasked), 2
	switch {
	case size == 126 && len(p) < 4, size == 127 && len(p) < 10:
		return 0, 0, 0
	case size == 126:
		size, head = int(binary.BigEndian.Uint16(p[2:])), 4
	case size == 127:
		long := binary.BigEndian.Uint64(p[2:])
		if long > maxMessage {
			return 0, 0, closeTooBig
		}
		size, head = int(long), 10
	}
	if size > maxMessage {
		return 0, 0, closeTooBig
	}
	return size, head + 4, 0
}

func unmask(mask, payload []byte) {
	for i := range payload {
		payload[i] ^= mask[i&3]
	}
}

// frame deals with one frame.
func (in *inbound) frame(first byte, payload []byte, take func(byte, []byte) bool) (code int, more bool) {
	op, ends := first&0xF, first&frameEnds != 0
	switch {
	case op >= opClose:
		if op > opPong || !ends || len(payload) > maxControl {
			return closeBroken, false
		}
		return 0, take(op, payload)
	case op > opBinary || (op == opMore) != (in.kind != 0):
		return closeBroken, false
	case len(in.text)+len(payload) > maxMessage:
		return closeTooBig, false
	case ends && op != opMore:
		return in.message(op, payload, take)
	}
	if op != opMore {
		in.kind = op
	}
	in.text = append(in.text, payload...)
	if !ends {
		return 0, true
	}
	kind, text := in.kind, in.text
	in.kind, in.text = 0, nil
	return in.message(kind, text, take)
}

func (in *inbound) message(op byte, payload []byte, take func(byte, []byte) bool) (code int, more bool) {
	if op == opText && !utf8.Valid(payload) {
		return closeNotText, false
	}
	return 0, take(op, payload)
}
