package db

import (
	"context"
	"strings"

	"github.com/microgalleries/actionday/events/words"
)

// rareWords is how many events may have the words of a text for the words to be looked up first.
const rareWords = 1000

// spelled is the condition that an event has words that begin with each of the words of a text. A
// text without any word finds nothing.
//
// Postgres takes every prefix for common, at least two events in a hundred, and would walk through
// a list in its order to meet a rare word. So the words are tried first: the events of rare words
// are taken by their ids, and only for common words is the walk the shorter way.
func (s *Store) spelled(ctx context.Context, text string) (clause, error) {
	asked := words.Query(text)
	if len(asked) == 0 {
		return clause{text: "false"}, nil
	}
	query := prefixes(asked)
	var some int
	err := s.db.NewRaw(`
		select count(*) from (select from events where words @@ ?::tsquery limit ?) found`,
		query, rareWords+1).Scan(ctx, &some)
	if err != nil {
		return clause{}, failure(ctx, "look for words", err)
	}
	if some > rareWords {
		return clause{"e.words @@ ?::tsquery", []any{query}}, nil
	}
	return clause{
		"e.id = any (array(select w.id from events w where w.words @@ ?::tsquery))", []any{query},
	}, nil
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
