package pages

import (
	"net/http"
	"regexp"

	"github.com/microgalleries/actionday/events"
)

// mailboxMost is how many letters the mailbox page shows.
const mailboxMost = 50

// mailboxView is the mails that a hub without a mail server would have sent. It exists only with
// the embedded services, for people who try the hub out.
type mailboxView struct {
	*page
	Letters []letter
}

type letter struct {
	events.Mail
	Parts []letterPart
}

// letterPart is a stretch of text, or a link.
type letterPart struct {
	Text string
	Link bool
}

func (s *site) mailbox(w http.ResponseWriter, r *http.Request) error {
	v := mailboxView{page: s.page(w, r, "mailbox.title")}
	v.NoIndex, v.private = true, true
	all := s.Letters()
	for i := len(all) - 1; i >= 0 && len(v.Letters) < mailboxMost; i-- {
		v.Letters = append(v.Letters, letter{all[i], letterParts(all[i].Text)})
	}
	return s.render(w, r, http.StatusOK, "mailbox", v)
}

func letterParts(text string) (parts []letterPart) {
	links := regexp.MustCompile(`https?://[^\s<>"]+`)
	at := 0
	for _, span := range links.FindAllStringIndex(text, -1) {
		parts = append(parts, letterPart{Text: text[at:span[0]]}, letterPart{Text: text[span[0]:span[1]], Link: true})
		at = span[1]
	}
	return append(parts, letterPart{Text: text[at:]})
}
