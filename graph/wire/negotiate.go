package wire

import (
	"mime"
	"strconv"
	"strings"
)

// The media types of answers.
const (
	graphQLMedia = "application/graphql-response+json"
	jsonMedia    = "application/json"
	eventsMedia  = "text/event-stream"
)

// maxAccept is how many entries of an Accept header are read.
const maxAccept = 32

// negotiate chooses the media type of the answer by RFC 9110, section 12.5.1: the one wanted most
// and, among equals, the first named. Who does not care gets plain JSON; "" is none of ours.
func negotiate(accept []string) string {
	ranges := strings.Split(strings.Join(accept, ","), ",")
	if len(accept) == 0 || len(ranges) == 1 && strings.TrimSpace(ranges[0]) == "" {
		return jsonMedia
	}
	best, bestQuality := "", 0.0
	for _, one := range ranges[:min(len(ranges), maxAccept)] {
		media, params, err := mime.ParseMediaType(one)
		if err != nil {
			continue
		}
		quality := 1.0
		if q, err := strconv.ParseFloat(params["q"], 64); err == nil {
			quality = q
		}
		if answer := answerFor(media); answer != "" && quality > bestQuality {
			best, bestQuality = answer, quality
		}
	}
	return best
}

func answerFor(media string) string {
	switch media {
	case graphQLMedia, jsonMedia, eventsMedia:
		return media
	case "*/*", "application/*":
		return jsonMedia
	}
	return ""
}
