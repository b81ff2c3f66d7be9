package words_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/microgalleries/actionday/events/words"
)

// finds is what the database does with a question: every word asked for begins a stored one.
func finds(query string, texts ...string) bool {
	asked, stored := words.Query(query), words.Document(texts...)
	for _, ask := range asked {
		if !slices.ContainsFunc(stored, func(w string) bool { return strings.HasPrefix(w, ask) }) {
			return false
		}
	}
	return len(asked) > 0
}

func TestPeopleFindWhatTheyMean(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ script, title, query string }{
		{"case", "WALL OF BIRDS", "wall birds"},
		{"word begun", "Sculpture garden", "sculp"},
		{"accents left out", "Écologie à São Tomé", "ecologie sao tome"},
		{"accents typed", "Ecologie", "Écologie"},
		{"accents in pieces", "Cafe\u0301 mural", "café"},
		{"german sharp s", "Straße der Kunst", "strasse"},
		{"german capital sharp s", "GROẞE WAND", "große"},
		{"polish", "Łódź", "lodz"},
		{"danish", "Ærø Ønsker", "aero onsker"},
		{"turkish dotted", "İstanbul", "istanbul"},
		{"turkish dotless", "Kadıköy", "kadikoy"},
		{"vietnamese", "Thành phố Hồ Chí Minh, Đà Nẵng", "thanh pho ho chi minh da nang"},
		{"greek final sigma", "ΔΡΟΜΟΣ", "δρόμος"},
		{"russian", "Стена птиц", "СТЕНА"},
		{"russian yo", "Чёрное море", "черное"},
		{"ukrainian", "Київ", "киів"},
		{"arabic points", "جِدَارُ الطُّيُورِ", "جدار الطيور"},
		{"arabic stretched", "جـــدار", "جدار"},
		{"arabic hamza", "أطفال", "اطفال"},
		{"persian yeh", "دیوار پرندگان", "ديوار"},
		{"hebrew points", "שָׁלוֹם", "שלום"},
		{"hindi", "पक्षियों की दीवार", "दीवार"},
		{"nepali word begun", "काठमाडौं", "काठ"},
		{"tamil", "பறவைகளின் சுவர்", "சுவர்"},
		{"japanese middle", "東京都庁の壁画", "京都庁"},
		{"japanese one character", "鳥の壁", "壁"},
		{"japanese voiced", "ガザの壁", "ガザ"},
		{"japanese voiced in pieces", "か\u3099っこう", "がっこう"},
		{"japanese half width", "ﾎﾟｽﾀｰ展", "ポスター"},
		{"chinese", "上海市民艺术行动", "艺术"},
		{"korean part of a word", "대한민국서울에서", "서울"},
		{"korean in pieces", "서울", "서울"},
		{"thai", "ปลูกต้นไม้ในเมือง", "ต้นไม้"},
		{"lao", "ສິລະປະຝາຜະໜັງ", "ຝາ"},
		{"khmer", "សិល្បៈលើជញ្ជាំង", "ជញ្ជាំង"},
		{"burmese", "မြို့ပြအနုပညာ", "အနုပညာ"},
		{"full width latin", "Ｍｕｒａｌ ２０２６", "mural 2026"},
		{"mixed", "Mural壁画2026展", "壁画 mural 2026"},
		{"emoji only", "🎨🌍", "🌍"},
		{"emoji with skin", "wave 👋🏽", "👋🏽"},
		{"address", "Rue de l'Étoile, 12-14", "etoile 12 14"},
	} {
		t.Run(c.script, func(t *testing.T) {
			t.Parallel()
			if !finds(c.query, c.title) {
				t.Errorf("%q (%q) is not found in %q (%q)",
					c.query, words.Query(c.query), c.title, words.Document(c.title))
			}
		})
	}
}

func TestWhatMakesAnotherWordStays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ script, title, query string }{
		{"middle of a spaced word", "sculpture", "ture"},
		{"every word is needed", "wall of birds", "wall fish"},
		{"hindi vowel sign", "कल", "काल"},
		{"thai vowel sign", "ปู", "ปี"},
		{"japanese voicing", "かっこう", "がっこう"},
		{"neighbors only", "京の都", "京都"},
		{"korean syllable", "서울", "소울"},
		{"nothing to look for", "wall", "?! — ..."},
		{"empty", "wall", "  "},
	} {
		t.Run(c.script, func(t *testing.T) {
			t.Parallel()
			if finds(c.query, c.title) {
				t.Errorf("%q is found in %q by %q", c.query, c.title, words.Query(c.query))
			}
		})
	}
}

func TestWordsOfAllTextsCount(t *testing.T) {
	t.Parallel()
	got := words.Document("Wall of birds", "", "The wall")
	if want := []string{"wall", "of", "birds", "the"}; !slices.Equal(got, want) {
		t.Errorf("Document = %q, want %q", got, want)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 1_000_000)
	if got := words.Document(long); len(got) != 1 || len(got[0]) != words.MaxWordRunes {
		t.Errorf("a word of a million letters gives %d words", len(got))
	}
	if !finds(long, long) {
		t.Error("a long word does not find itself")
	}
	var many strings.Builder
	for i := range 30_000 {
		many.WriteRune('一' + rune(i%20_000))
	}
	if got := len(words.Document(many.String(), "late")); got != words.MaxDocumentWords {
		t.Errorf("a document has %d words, want at most %d", got, words.MaxDocumentWords)
	}
	if got := len(words.Query(many.String())); got != words.MaxQueryWords {
		t.Errorf("a query has %d words, want at most %d", got, words.MaxQueryWords)
	}
}

func TestEveryTextFindsItself(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		document := words.Document(text)
		for _, word := range words.Query(text) {
			if !slices.ContainsFunc(document, func(w string) bool { return strings.HasPrefix(w, word) }) {
				t.Fatalf("%q asks for %q, but is stored as %q", text, word, document)
			}
		}
	})
}

func TestWordsHoldNoSyntax(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for _, word := range words.Document(rapid.String().Draw(t, "text")) {
			for _, r := range word {
				if !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.So) {
					t.Fatalf("a word holds %U", r)
				}
			}
		}
	})
}

func FuzzDocument(f *testing.F) {
	f.Add("'; drop table events;-- \\ foo & | ! :* \x00 \xed\xa0\x80 \u202e")
	f.Fuzz(func(t *testing.T, text string) {
		for _, word := range words.Document(text) {
			if word == "" || strings.ContainsAny(word, "'\\ :*&|!<>()\x00") {
				t.Fatalf("%q gives the word %q", text, word)
			}
		}
	})
}
