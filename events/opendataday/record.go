package opendataday

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// SourceName is the name under which imported events keep their source's id.
const SourceName = "opendataday"

// Attribution is the credit that goes with the data wherever they are shown.
const Attribution = "Open Data Day, Open Knowledge Foundation (ODbL 1.0)"

// The limits of a file.
const (
	MaxLine  = 1 << 20 // bytes
	MaxLines = 100_000
)

// record is one line of a file.
type record struct {
	Year         int      `json:"year"`
	Slug         string   `json:"slug"`
	Title        string   `json:"title"`
	Purpose      string   `json:"purpose"`
	Organisers   string   `json:"organisers"`
	Place        string   `json:"place"`
	Country      string   `json:"country"`
	Latitude     *float64 `json:"latitude"`
	Longitude    *float64 `json:"longitude"`
	Time         string   `json:"time"`
	Timezone     string   `json:"timezone"`
	Online       bool     `json:"online"`
	URL          string   `json:"url"`
	Participants string   `json:"participants"`
	Report       []string `json:"report"`
}

// line is a record and where it stood.
type line struct {
	file   string
	number int // from 1
	record record
	err    error // why the line is no record
}

// readLines reads a whole file. Lines that are not records carry their error; only a failure of
// the reader itself, or of a limit, ends the reading.
func readLines(file string, r io.Reader) ([]line, error) {
	scanner := bufio.NewScanner(r)
	scanner.Buffer(make([]byte, 64<<10), MaxLine)
	var lines []line
	for number := 1; scanner.Scan(); number++ {
		if number > MaxLines {
			return nil, fmt.Errorf("opendataday: %s has more than %d lines", file, MaxLines)
		}
		text := strings.TrimSpace(strings.TrimPrefix(scanner.Text(), "\ufeff"))
		if text == "" {
			continue
		}
		l := line{file: file, number: number}
		if err := json.Unmarshal([]byte(text), &l.record); err != nil {
			l.err = fmt.Errorf("the line is not an event in JSON: %w", err)
		}
		lines = append(lines, l)
	}
	if err := scanner.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, fmt.Errorf("opendataday: %s has a line of more than %d bytes", file, MaxLine)
	} else if err != nil {
		return nil, fmt.Errorf("opendataday: read %s: %w", file, err)
	}
	return lines, nil
}
