package words

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// fold makes the spellings of one word equal. Compatibility forms (full width, ligatures) become
// plain, case is folded, and marks go where readers leave them out: accents of Latin, Greek and
// Cyrillic, the vowel points of Arabic and Hebrew. Marks that spell the word stay: the vowel signs
// of Indic scripts and Thai, the voicing of Japanese, the syllables of Korean.
func fold(text string) []rune {
	text = norm.NFKD.String(start(strings.ToValidUTF8(text, " ")))
	text = cases.Fold().String(withoutMarks(text))
	// Folding may decompose anew (U+0130), and what is left must be composed in one way.
	return []rune(norm.NFC.String(withoutMarks(norm.NFKD.String(text))))
}

// start is the first MaxRunes characters of a text.
func start(text string) string {
	count := 0
	for i := range text {
		if count == MaxRunes {
			return text[:i]
		}
		count++
	}
	return text
}

// withoutMarks drops what readers leave out and spells alike what only typewriters tell apart.
func withoutMarks(text string) string {
	var out strings.Builder
	out.Grow(len(text))
	base := rune(0) // the letter that marks belong to
	for _, r := range text {
		switch {
		case isIgnored(r) || unicode.IsMark(r) && losesMarks(base):
			continue
		case !unicode.IsMark(r):
			base = r
		}
		if plain := plainLetter(r); plain != "" {
			out.WriteString(plain)
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

func losesMarks(base rune) bool {
	return unicode.In(base, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Arabic, unicode.Hebrew)
}

// isIgnored tells whether r only guides how the letters around it are drawn or broken.
func isIgnored(r rune) bool {
	const tatweel = 'ـ' // stretches an Arabic word
	return r == tatweel || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r)
}

// plainLetter is how a letter is spelled on a keyboard that does not have it, "" for all others.
func plainLetter(r rune) string {
	switch r {
	case 'ø', 'Ø':
		return "o"
	case 'ł', 'Ł':
		return "l"
	case 'đ', 'Đ', 'ð', 'Ð':
		return "d"
	case 'ħ', 'Ħ':
		return "h"
	case 'ı':
		return "i"
	case 'æ', 'Æ':
		return "ae"
	case 'œ', 'Œ':
		return "oe"
	case 'þ', 'Þ':
		return "th"
	case 'ک': // Persian keheh
		return "ك"
	case 'ی', 'ى': // Persian yeh, Arabic alef maksura
		return "ي"
	case 'ة': // teh marbuta
		return "ه"
	}
	return ""
}

// isUnspaced tells whether r belongs to a script whose words are not set apart by spaces, or, like
// Korean, whose words are glued together so that one looks for their parts.
func isUnspaced(r rune) bool {
	const longVowel, halfLongVowel = 'ー', 'ｰ' // Japanese, filed under no script
	return r == longVowel || r == halfLongVowel || unicode.In(r,
		unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan, unicode.Yi) &&
		(unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r))
}
