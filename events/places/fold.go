package places

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold turns a name into the form in which names are compared: lower case, without diacritics,
// with every run of punctuation and space as one space, and without apostrophes and the dots of
// abbreviations ("U.S.A." is "usa", "Côte d’Ivoire" is "cote divoire"). Marks that carry meaning
// in their script, as the vowel signs of Devanagari, stay.
func Fold(text string) string {
	var f folder
	f.out.Grow(len(text))
	if isASCII(text) {
		for i := range len(text) {
			f.add(rune(text[i]))
		}
	} else {
		for _, r := range norm.NFKD.String(text) {
			f.add(r)
		}
	}
	return f.out.String()
}

// folder writes folded runes. letters counts those since the last break or dot: a dot after a
// single letter belongs to an abbreviation and vanishes, any other parts two words.
type folder struct {
	out     strings.Builder
	letters int
	gap     bool
}

func (f *folder) add(r rune) {
	switch {
	case isSilent(r):
	case r == '.' && f.letters == 1 && !f.gap:
		f.letters = 0
	case r == '&':
		f.gap = true
		f.write("and")
		f.gap = true
	case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
		f.write(letters(unicode.ToLower(r)))
	default:
		f.gap = true
	}
}

func (f *folder) write(s string) {
	if f.gap {
		if f.out.Len() > 0 {
			f.out.WriteByte(' ')
		}
		f.letters, f.gap = 0, false
	}
	f.out.WriteString(s)
	f.letters++
}

// isSilent tells of what never tells two names apart: accents of the alphabets, the optional
// vowel points of Arabic and Hebrew, the nukta of Indian scripts, joiners, apostrophes and half rings.
func isSilent(r rune) bool {
	switch {
	case r < 0x80:
		return r == '\'' || r == '`'
	case r >= 0x0300 && r <= 0x036f, r >= 0x0591 && r <= 0x05c7, r >= 0x064b && r <= 0x065f:
		return true
	case r == 0x093c, r == 0x09bc, r == 0x0a3c, r == 0x0abc, r == 0x0b3c, r == 0x0cbc:
		return true
	case r >= 0x02b9 && r <= 0x02c1, r == 0x2018, r == 0x2019, r == 0x201b:
		return true
	case r == 0x0640, r == 0x0670, r == 0x00ad, r >= 0x200b && r <= 0x200f, r == 0xfeff:
		return true
	}
	return false
}

// letters gives the plain letters for one lower-case letter that has no decomposition, and one
// form to the letters that Arabic and Persian keyboards write differently.
func letters(r rune) string {
	switch r {
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ø':
		return "o"
	case 'đ', 'ð':
		return "d"
	case 'þ':
		return "th"
	case 'ł':
		return "l"
	case 'ħ':
		return "h"
	case 'ı':
		return "i"
	case 'ŧ':
		return "t"
	case 'ə':
		return "a"
	case 'ς':
		return "σ"
	case 'ى', 'ی':
		return "ي"
	case 'ک':
		return "ك"
	case 'ة':
		return "ه"
	}
	return string(r)
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}
