package db

import (
	"strings"

	"github.com/microgalleries/actionday/events/words"
)

// spelled is the condition that an event has words that begin with each of the words of a text. A
// text without any word finds nothing.
func spelled(text string) clause {
	asked := words.Query(text)
	if len(asked) == 0 {
		return clause{text: "false"}
	}
	return clause{"e.words @@ ?::tsquery", []any{prefixes(asked)}}
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
