package events

import (
	"encoding/base32"
	"fmt"
	"strings"
)

// Prefix names the kind of object that an ID belongs to; it is the part of the text form before
// the underscore.
type Prefix string

// The kinds of object that have an ID.
const (
	EditionPrefix  Prefix = "edn"
	HostPrefix     Prefix = "hst"
	EventPrefix    Prefix = "evt"
	ActivityPrefix Prefix = "act"
	AccountPrefix  Prefix = "acc"
	MailPrefix     Prefix = "mal"
	AttendPrefix   Prefix = "ptn"
)

// ID identifies an object for ever. It is a UUID (version 7 when we make it) and the kind of the
// object. Its text form is the prefix, an underscore and the 16 bytes in lower-case base32hex
// (RFC 4648, section 7, no padding), so that text order is byte order: evt_0697p3c8... The zero ID
// means "none".
type ID struct {
	prefix Prefix
	bytes  [16]byte
}

const idLetters = "0123456789abcdefghijklmnopqrstuv"

func idEncoding() *base32.Encoding {
	return base32.NewEncoding(idLetters).WithPadding(base32.NoPadding)
}

// NewID makes the ID of an object of the given kind from its UUID.
func NewID(prefix Prefix, uuid [16]byte) ID { return ID{prefix, uuid} }

// ParseID reads the text form. The error says what is wrong in words fit for the client.
func ParseID(text string) (ID, error) {
	prefix, rest, found := strings.Cut(text, "_")
	if !found || !Prefix(prefix).known() {
		return ID{}, fmt.Errorf("%.40q is not an id: it must start with a known prefix such as evt_", text)
	}
	raw, err := idEncoding().DecodeString(rest)
	if err != nil || len(raw) != 16 {
		return ID{}, fmt.Errorf("%.40q is not an id: 26 characters 0-9 and a-v must follow the prefix", text)
	}
	id := ID{prefix: Prefix(prefix)}
	copy(id.bytes[:], raw)
	if id.String() != text {
		return ID{}, fmt.Errorf("%.40q is not an id in its one valid form", text)
	}
	return id, nil
}

func (p Prefix) known() bool {
	switch p {
	case EditionPrefix, HostPrefix, EventPrefix, ActivityPrefix, AccountPrefix, MailPrefix, AttendPrefix:
		return true
	}
	return false
}

// String is the text form; the zero ID is "".
func (id ID) String() string {
	if id.IsZero() {
		return ""
	}
	return string(id.prefix) + "_" + idEncoding().EncodeToString(id.bytes[:])
}

// Prefix tells what kind of object the ID belongs to.
func (id ID) Prefix() Prefix { return id.prefix }

// UUID is the ID without its kind, as it is stored.
func (id ID) UUID() [16]byte { return id.bytes }

// IsZero tells whether the ID is none.
func (id ID) IsZero() bool { return id == ID{} }

// MarshalText implements encoding.TextMarshaler with the text form.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler; empty text is the zero ID.
func (id *ID) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*id = ID{}
		return nil
	}
	parsed, err := ParseID(string(text))
	if err == nil {
		*id = parsed
	}
	return err
}
