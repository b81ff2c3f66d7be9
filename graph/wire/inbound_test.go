package wire

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// fromClient is a frame under a mask.
func fromClient(first byte, text string) []byte {
	frame := []byte{first, frameMasked}
	switch size := len(text); {
	case size < 126:
		frame[1] |= byte(size)
	case size < 1<<16:
		frame[1] |= 126
		frame = binary.BigEndian.AppendUint16(frame, uint16(size))
	default:
		frame[1] |= 127
		frame = binary.BigEndian.AppendUint64(frame, uint64(size))
	}
	mask := []byte{1, 2, 3, 250}
	frame = append(frame, mask...)
	for i := range len(text) {
		frame = append(frame, text[i]^mask[i&3])
	}
	return frame
}

// However a client's bytes are cut, they say the same.
func TestFramesComeInPieces(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", maxMessage/2)
	sent := slices.Concat(
		fromClient(frameEnds|opText, "hello"), fromClient(opText, "hel"), fromClient(frameEnds|opPing, "are you there"),
		fromClient(opMore, ""), fromClient(frameEnds|opMore, "lo"), fromClient(frameEnds|opText, long),
		fromClient(frameEnds|opBinary, "\xff"), fromClient(frameEnds|opText, strings.Repeat("x", 200)), fromClient(frameEnds|opClose, ""),
	)
	want := fmt.Sprintf("[1:hello 9:are_you_there 1:hello 1:%s 2:\xff 1:%s 8:]", long, strings.Repeat("x", 200))
	for size := range []int{1, 2, 3, 7, 512, 1 << 20} {
		random := rand.New(rand.NewPCG(2, uint64(size)))
		var in inbound
		var got []string
		for rest := bytes.Clone(sent); len(rest) > 0; {
			n := min(len(rest), 1+random.IntN(1<<(3*size)))
			code := in.feed(bytes.Clone(rest[:n]), func(op byte, payload []byte) bool {
				got = append(got, fmt.Sprintf("%d:%s", op, strings.ReplaceAll(string(payload), " ", "_")))
				return true
			})
			if code != 0 {
				t.Fatalf("closed with %d", code)
			}
			rest = rest[n:]
		}
		if fmt.Sprint(got) != want {
			t.Errorf("got %.200s", got)
		}
		if in.rest != nil || in.text != nil {
			t.Error("something is left over")
		}
	}
}

func TestFramesThatBreakTheRules(t *testing.T) {
	t.Parallel()
	unmasked := appendHead(nil, opText, 0)
	for name, c := range map[string]struct {
		sent []byte
		code int
	}{
		"no mask":               {unmasked, closeBroken},
		"reserved bits":         {fromClient(frameEnds|0x40|opText, ""), closeBroken},
		"unknown kind":          {fromClient(frameEnds|0x3, ""), closeBroken},
		"unknown control":       {fromClient(frameEnds|0xB, ""), closeBroken},
		"long ping":             {fromClient(frameEnds|opPing, strings.Repeat("x", 126)), closeBroken},
		"ping in pieces":        {fromClient(opPing, ""), closeBroken},
		"goes on with nothing":  {fromClient(frameEnds|opMore, ""), closeBroken},
		"begins in the middle":  {append(fromClient(opText, "a"), fromClient(frameEnds|opText, "b")...), closeBroken},
		"not text":              {fromClient(frameEnds|opText, "\xff"), closeNotText},
		"not text in pieces":    {append(fromClient(opText, "\xc3"), fromClient(frameEnds|opMore, "x")...), closeNotText},
		"too long":              {fromClient(frameEnds|opText, strings.Repeat("x", maxMessage+1)), closeTooBig},
		"says it is too long":   {[]byte{frameEnds | opText, frameMasked | 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, closeTooBig},
		"too long in pieces":    {append(fromClient(opText, strings.Repeat("x", maxMessage)), fromClient(opMore, "x")...), closeTooBig},
		"a character in pieces": {append(fromClient(opText, "\xc3"), fromClient(frameEnds|opMore, "\xa4")...), 0},
	} {
		var in inbound
		if code := in.feed(c.sent, func(byte, []byte) bool { return true }); code != c.code {
			t.Errorf("%s: closed with %d, want %d", name, code, c.code)
		}
	}
}

func FuzzInbound(f *testing.F) {
	f.Add(fromClient(frameEnds|opText, `{"type":"ping"}`), 3)
	f.Add(append(fromClient(opText, "a"), fromClient(frameEnds|opMore, "b")...), 1)
	f.Add([]byte{frameEnds | opText, frameMasked | 127, 0, 0, 0, 0, 0, 1, 0, 0}, 2)
	f.Fuzz(func(t *testing.T, sent []byte, cut int) {
		said := func(pieces ...[]byte) string {
			var in inbound
			var all strings.Builder
			for _, p := range pieces {
				code := in.feed(bytes.Clone(p), func(op byte, payload []byte) bool {
					fmt.Fprintf(&all, "%d %q\n", op, payload)
					return true
				})
				if code != 0 {
					fmt.Fprint(&all, code)
					break
				}
			}
			if len(in.rest) > maxMessage+14 || len(in.text) > maxMessage {
				t.Errorf("%d and %d bytes are kept", len(in.rest), len(in.text))
			}
			return all.String()
		}
		cut = max(0, min(cut, len(sent)))
		if whole, pieces := said(sent), said(sent[:cut], sent[cut:]); whole != pieces {
			t.Errorf("in one piece %q, in two %q", whole, pieces)
		}
	})
}
