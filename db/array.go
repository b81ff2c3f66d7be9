package db

import (
	"fmt"
	"strings"

	"github.com/uptrace/bun/schema"
)

// textList is a text[] column. bun has arrays of its own, but it takes parentheses inside texts
// for ranges and cuts them up, so these are written and read here, after the rules of the Postgres
// manual, section 8.15.6: "{a,\"with \\\"quotes\\\"\"}".
type textList []string

// texts turns a list of some kind of text into a column; an empty list is never null.
func texts[T ~string](list []T) textList {
	column := make(textList, len(list))
	for i, item := range list {
		column[i] = string(item)
	}
	return column
}

// listOf reads a column written by texts; an empty list is nil.
func listOf[T ~string](column textList) []T {
	if len(column) == 0 {
		return nil
	}
	list := make([]T, len(column))
	for i, text := range column {
		list[i] = T(text)
	}
	return list
}

// AppendQuery implements schema.QueryAppender.
func (l textList) AppendQuery(gen schema.QueryGen, b []byte) ([]byte, error) {
	return append(gen.Dialect().AppendString(b, l.literal()), "::text[]"...), nil
}

func (l textList) literal() string {
	var b strings.Builder
	b.WriteByte('{')
	for i, text := range l {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('"')
		for _, c := range []byte(text) {
			if c == '"' || c == '\\' {
				b.WriteByte('\\')
			}
			b.WriteByte(c)
		}
		b.WriteByte('"')
	}
	b.WriteByte('}')
	return b.String()
}

// Scan implements sql.Scanner.
func (l *textList) Scan(column any) error {
	*l = nil
	switch value := column.(type) {
	case nil:
		return nil
	case string:
		return l.parse(value)
	case []byte:
		return l.parse(string(value))
	}
	return fmt.Errorf("a list of texts cannot be read from a %T", column)
}

// parse reads a list of one dimension, as Postgres writes it.
func (l *textList) parse(literal string) error {
	inside, opened := strings.CutPrefix(literal, "{")
	inside, closed := strings.CutSuffix(inside, "}")
	if !opened || !closed {
		return fmt.Errorf("%.40q is not a list", literal)
	}
	for inside != "" {
		text, rest, ok := element(inside)
		if !ok {
			return fmt.Errorf("%.40q is not a list", literal)
		}
		*l = append(*l, text)
		inside = rest
	}
	return nil
}

// element cuts the first element and the comma after it off a list.
func element(list string) (text, rest string, ok bool) {
	if list[0] != '"' {
		text, rest, _ = strings.Cut(list, ",")
		return text, rest, true
	}
	var b strings.Builder
	for i := 1; i < len(list); i++ {
		switch c := list[i]; c {
		case '"':
			return b.String(), strings.TrimPrefix(list[i+1:], ","), true
		case '\\':
			i++
			if i == len(list) {
				return "", "", false
			}
			b.WriteByte(list[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", "", false
}

// lexemes are words on their way into a tsvector. Postgres does not parse them.
type lexemes []string

// AppendQuery implements schema.QueryAppender.
func (l lexemes) AppendQuery(gen schema.QueryGen, b []byte) ([]byte, error) {
	b, err := textList(l).AppendQuery(gen, append(b, "array_to_tsvector("...))
	return append(b, ')'), err
}
