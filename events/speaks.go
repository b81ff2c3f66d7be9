package events

import "strings"

// maxLanguageTag is as long as a language tag is taken, in bytes; it is that of an event's.
const maxLanguageTag = 35

// isLanguageTag tells whether a text has the form of a BCP 47 tag: parts of 1 to 8 letters and
// digits between hyphens, of which the first has letters only.
func isLanguageTag(text string) bool {
	if len(text) > maxLanguageTag {
		return false
	}
	for i, part := range strings.Split(text, "-") {
		if part == "" || len(part) > 8 {
			return false
		}
		for _, c := range []byte(strings.ToLower(part)) {
			if isLetter := c >= 'a' && c <= 'z'; !isLetter && (i == 0 || c < '0' || c > '9') {
				return false
			}
		}
	}
	return true
}

// Speaks tells whether an event's texts are in a language, by the basic filtering of RFC 4647: "pt"
// is spoken by what is in "pt-BR", and not the other way round.
func (e Event) Speaks(language string) bool {
	own, wanted := strings.ToLower(e.Language), strings.ToLower(language)
	return wanted != "" && (own == wanted || strings.HasPrefix(own, wanted+"-"))
}

// Offers tells whether an event has all of some access facts.
func (e Event) Offers(wanted []AccessFact) bool {
	has := map[AccessFact]bool{}
	for _, fact := range e.Access {
		has[fact] = true
	}
	for _, fact := range wanted {
		if !has[fact] {
			return false
		}
	}
	return true
}
