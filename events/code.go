package events

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"strconv"
	"strings"
	"time"
)

// CodeWindow is how long a rotating code is the newest. A code counts in its own window and in the
// ones before and after it, for slow phones and for hubs whose clocks differ.
const CodeWindow = 10 * time.Minute

// minCodeKey is how many random bytes the key of the codes must have at least.
const minCodeKey = 32

// maxCode is how long a text may be that is looked at as a code; ours have some 55 characters.
const maxCode = 80

// codeMAC is how many bytes of the HMAC stand in a code. A QR code that is read from afar must be
// small, and 80 bits cannot be guessed through a hub, which is the only way to try one.
const codeMAC = 10

// Proof is how a check-in was proven.
type Proof string

// The proofs. Cheers need none.
const (
	NoProof       Proof = ""
	RotatingProof Proof = "ROTATING" // by a code that changes every CodeWindow: somebody was there then
	PrintedProof  Proof = "PRINTED"  // by a code on paper, which does not change and can be passed on
)

// code is what the text of a check-in code says. Number is the window of a rotating code, counted
// from 1970, or the generation of a printed one.
type code struct {
	event  ID
	proof  Proof
	number uint64
}

// codes writes and reads check-in codes. Their text is V1, the event, a letter with the number and
// the HMAC, joined by dots, all in the characters that QR codes pack closest. It tells by itself
// whether it is genuine, without a look into the store.
type codes struct{ key []byte }

// canSign tells whether there is a key that nobody can guess. Without one no code is made or known.
func (c codes) canSign() bool { return len(c.key) >= minCodeKey }

func (c codes) write(k code) string {
	letter := "R"
	if k.proof == PrintedProof {
		letter = "P"
	}
	uuid := k.event.UUID()
	said := "V1." + upper(idEncoding().EncodeToString(uuid[:])) + "." + letter +
		upper(strconv.FormatUint(k.number, 36))
	ofEvent := hmac.New(sha256.New, c.key)
	_, _ = ofEvent.Write(uuid[:])
	mac := hmac.New(sha256.New, ofEvent.Sum(nil))
	_, _ = mac.Write([]byte(said))
	return said + "." + base32.HexEncoding.EncodeToString(mac.Sum(nil)[:codeMAC])
}

// read gives what a genuine code says. Letters may be of either case.
func (c codes) read(text string) (k code, genuine bool) {
	if len(text) > maxCode || !c.canSign() {
		return k, false
	}
	text = upper(text)
	parts := strings.Split(text, ".")
	if len(parts) != 4 || len(parts[2]) < 2 {
		return k, false
	}
	uuid, err := base32.HexEncoding.WithPadding(base32.NoPadding).DecodeString(parts[1])
	if err != nil || len(uuid) != 16 {
		return k, false
	}
	k.event = NewID(EventPrefix, [16]byte(uuid))
	switch parts[2][0] {
	case 'R':
		k.proof = RotatingProof
	case 'P':
		k.proof = PrintedProof
	default:
		return code{}, false
	}
	if k.number, err = strconv.ParseUint(parts[2][1:], 36, 63); err != nil {
		return code{}, false
	}
	if subtle.ConstantTimeCompare([]byte(c.write(k)), []byte(text)) != 1 {
		return code{}, false
	}
	return k, true
}

// upper is strings.ToUpper for ASCII alone: other alphabets have letters that become ours.
func upper(text string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, text)
}

// windowAt is the number of the window of an instant.
func windowAt(at time.Time) uint64 {
	return uint64(max(0, at.Unix()) / int64(CodeWindow/time.Second))
}

// check says whether a genuine code still counts at an event.
func (k code) check(e Event, now time.Time) error {
	switch window := windowAt(now); {
	case k.proof == PrintedProof && k.number != uint64(e.PrintedGeneration):
		return problem(CodeExpired, "code", "The host has replaced this printed code. Please scan the new one.")
	case k.proof == RotatingProof && (k.number+1 < window || k.number > window+1):
		return problem(CodeExpired, "code", "This code is too old. Please scan the one that is shown now.")
	}
	return nil
}
