package live

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/microgalleries/actionday/events"
)

// wireVersion is the version of the message's shape. New fields do not raise it; what a reader of
// this version would misunderstand does. A hub skips messages of a version that it does not know
// and reads the activities from Postgres instead, so that old and new hubs can run side by side.
const wireVersion = 1

var errWire = errors.New("live: not an activity's message")

// message is one activity on the wire: the activity's own JSON and the version.
type message struct {
	Version int `json:"v"`
	events.Activity
}

func encode(a events.Activity) ([]byte, error) {
	data, err := json.Marshal(message{wireVersion, a})
	if err != nil {
		return nil, fmt.Errorf("live: encode activity %s: %w", a.ID, err)
	}
	return data, nil
}

func decode(data []byte) (events.Activity, error) {
	var m message
	if err := json.Unmarshal(data, &m); err != nil {
		return events.Activity{}, fmt.Errorf("%w: %w", errWire, err)
	}
	if m.Version != wireVersion {
		return events.Activity{}, fmt.Errorf("%w of version %d: %d", errWire, wireVersion, m.Version)
	}
	if m.Seq < 1 || m.ID.IsZero() || m.EditionID.IsZero() {
		return events.Activity{}, fmt.Errorf("%w: no seq, id or edition", errWire)
	}
	return m.Activity, nil
}
