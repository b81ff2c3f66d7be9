// Package words turns text of any script into the words that it can be found by.
//
// A search must find "Écologie" by "ecol", "東京都庁" by "京都" and "ปลูกต้นไม้" by "ต้น", on a
// database that knows none of these languages. So the words are made here, in the same way for what
// is stored and for what is asked:
//
//	text ─> fold: case, accents, widths ─> split ─> words (spaced scripts)
//	                                            └─> pairs of neighbors (scripts without spaces)
//
// What is asked for matches the beginning of a stored word. Pairs therefore answer a question of
// one character, too, as long as the last character of each run is also stored alone.
//
// The package knows no languages: no stop words, no stems. It promises that Query(t) finds
// Document(t) for every text t within the limits, and that words hold letters, digits, marks and
// pictographs only, never a quote, a space or an operator.
package words

import "unicode"

// The limits keep what is stored and asked small, whatever is sent.
const (
	// MaxRunes is how many characters of one text are looked at.
	MaxRunes = 20_000
	// MaxWordRunes is how many characters of a word count; the rest of a longer one is ignored.
	MaxWordRunes = 40
	// MaxDocumentWords is how many different words a document is found by, its first ones.
	MaxDocumentWords = 3_000
	// MaxQueryWords is how many different words are asked for at once, the first ones.
	MaxQueryWords = 16
)

// Document lists the different words of texts, in order of appearance.
func Document(texts ...string) []string {
	list := newList(MaxDocumentWords)
	for _, text := range texts {
		each(text, func(word []rune, spaced bool) {
			if spaced {
				list.add(word)
				return
			}
			list.addPairs(word)
			list.add(word[len(word)-1:])
		})
	}
	return list.words
}

// Query lists the words that a text asks for, each of them to be met by the beginning of a word of
// the document. It is empty when the text has nothing that could be found.
func Query(text string) []string {
	list := newList(MaxQueryWords)
	each(text, func(word []rune, spaced bool) {
		if spaced || len(word) == 1 {
			list.add(word)
			return
		}
		list.addPairs(word)
	})
	return list.words
}

// each splits a text into its words and into the runs of scripts that are written without spaces.
func each(text string, visit func(word []rune, spaced bool)) {
	var word []rune
	spaced := true
	flush := func() {
		if len(word) > 0 {
			visit(word, spaced)
			word = nil
		}
	}
	for _, r := range fold(text) {
		switch {
		case unicode.IsMark(r) && len(word) == 0: // a mark without a letter is no word
		case isUnspaced(r) || unicode.IsMark(r) && !spaced:
			if spaced {
				flush()
			}
			spaced = false
			word = append(word, r)
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if !spaced {
				flush()
			}
			spaced = true
			word = append(word, r)
		case isPictograph(r):
			flush()
			visit([]rune{r}, true)
		default:
			flush()
		}
	}
	flush()
}

// isPictograph tells whether r is a picture that people put into titles and search for.
func isPictograph(r rune) bool { return unicode.Is(unicode.So, r) }

// list gathers different words up to a limit.
type list struct {
	limit int
	seen  map[string]bool
	words []string
}

func newList(limit int) *list { return &list{limit: limit, seen: map[string]bool{}} }

func (l *list) add(word []rune) {
	if len(word) > MaxWordRunes {
		word = word[:MaxWordRunes]
	}
	text := string(word)
	if len(l.words) < l.limit && !l.seen[text] {
		l.seen[text] = true
		l.words = append(l.words, text)
	}
}

func (l *list) addPairs(run []rune) {
	for i := 0; i+1 < len(run); i++ {
		l.add(run[i : i+2])
	}
}
