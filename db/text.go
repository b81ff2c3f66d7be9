package db

import (
	"strings"

	"github.com/microgalleries/actionday/events/words"
)

// spelled is the condition that an event has words that begin with each of the words of a text. A
// text without any word finds nothing.
//
// The words are looked up by themselves and first: Postgres takes every prefix for common, at least
// two events in a hundred, and would else walk through the list in its order to meet a rare word.
func spelled(text string) clause {
	asked := words.Query(text)
	if len(asked) == 0 {
		return clause{text: "false"}
	}
	return clause{
		"e.id = any (array(select w.id from events w where w.words @@ ?::tsquery))",
		[]any{prefixes(asked)},
	}
}

// prefixes writes words as a tsquery. Each is a quoted lexeme, in which only the quote and the
// backslash mean anything, and both are doubled: no text can become an operator.
func prefixes(asked []string) string {
	escape := strings.NewReplacer("'", "''", `\`, `\\`)
	terms := make([]string, len(asked))
	for i, word := range asked {
		terms[i] = "'" + escape.Replace(word) + "':*"
	}
	return strings.Join(terms, " & ")
}
