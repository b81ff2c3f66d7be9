package wiretest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func frame(text string) string {
	if len(text) < longFrame {
		return string([]byte{textFrame, byte(len(text))}) + text
	}
	return string([]byte{textFrame, longFrame, byte(len(text) >> 8), byte(len(text))}) + text
}

// said is an answer as a server of each way sends it.
func said(way Way, seq string) string {
	text := fmt.Sprintf(`{"data":{"activity":{"seq":%s,"kind":"CHEERED"}}}`, seq)
	if way == Events {
		event := "event: next\nid: 1-" + seq + "\ndata: " + text + "\n\n"
		return fmt.Sprintf("%x\r\n%s\r\n", len(event), event)
	}
	return frame(`{"id":"1","type":"next","payload":` + text + `}`)
}

// looked tells what a viewer that had activity 6 makes of bytes that come in pieces of a size.
func looked(way Way, sent string, size int) (seen []int64, rest []byte, err error) {
	v := viewer{seq: 6}
	c := Options{Way: way}.cut()
	for piece := range slices.Chunk([]byte(sent), size) {
		rest, err = v.view(append(slices.Clone(rest), piece...), c, time.Time{}, func(_ int, seq int64, _ time.Time, _ []byte) {
			seen = append(seen, seq)
		})
		if err != nil {
			return seen, rest, err
		}
	}
	return seen, rest, nil
}

// Viewers must notice what is wrong, or else the figures say nothing.
func TestAViewerLooksAtEveryAnswer(t *testing.T) {
	t.Parallel()
	for _, way := range []Way{Sockets, Events} {
		say := func(seqs ...string) (all string) {
			for _, seq := range seqs {
				all += said(way, seq)
			}
			return all
		}
		last := strings.LastIndexByte(say("8"), '}')
		badEnd := say("8")[:last] + "]" + say("8")[last+1:]
		for name, c := range map[string]struct {
			sent string
			seen int
			ok   bool
		}{
			"all":           {say("7", "8", "9"), 3, true},
			"a gap":         {say("7", "9", "10"), 1, false},
			"a repeat":      {say("7", "7", "8"), 1, false},
			"back":          {say("7", "8", "7"), 2, false},
			"from the top":  {say("1"), 0, false},
			"no number":     {say("7", "eight", "9"), 1, false},
			"half a number": {say("7", "8x", "9"), 1, false},
			"no end":        {say("7", "88888888888888888888"), 1, false},
			"negative":      {say("7", "-8"), 1, false},
			"no position":   {say("7") + strings.ReplaceAll(say("8"), `"seq"`, `"qes"`), 1, false},
			"a bad end":     {say("7") + badEnd, 1, false},
			"nonsense":      {say("7") + "garbage and nothing else\n" + say("8"), 1, false},
			"too few":       {say("7", "8")[:len(say("7", "8"))-5], 1, true},
		} {
			for _, size := range []int{1, 3, 50, 4096} {
				seen, _, err := looked(way, c.sent, size)
				if len(seen) != c.seen || (err == nil) != c.ok {
					t.Errorf("%v, %s, %d at a time: seen %v, %v", way, name, size, seen, err)
				}
			}
		}
	}
}

func TestAViewerPassesOverWhatIsNoAnswer(t *testing.T) {
	t.Parallel()
	for way, sent := range map[Way]string{
		Sockets: frame(`{"type":"connection_ack"}`) + said(Sockets, "7") + "\x89\x00" + frame(`{"type":"ping"}`) + "\x89\x02hi" + said(Sockets, "8"),
		Events:  "retry: 1234\n\n:\n\n" + said(Events, "7") + "3\r\n:\n\n\r\n" + said(Events, "8"),
	} {
		for _, size := range []int{1, 2, 5, 4096} {
			if seen, rest, err := looked(way, sent, size); len(seen) != 2 || len(rest) != 0 || err != nil {
				t.Errorf("%v, %d at a time: seen %v, %q is left, %v", way, size, seen, rest, err)
			}
		}
	}
	for way, end := range map[Way][]string{
		Sockets: {"\x88\x02\x03\xe9", "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00", "\x82\x02{}", frame(`{"id":"1","type":"complete"}`)},
		Events:  {"0\r\n\r\n", "event: complete\ndata:\n\n"},
	} {
		for _, p := range end {
			if _, _, err := looked(way, said(way, "7")+p, 4096); err == nil {
				t.Errorf("%v: %q is no error", way, p)
			}
		}
	}
}
