package pages

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestStoriesKeepTheirShape(t *testing.T) {
	t.Parallel()
	tell := newStoryteller()
	for markdown, want := range map[string]string{
		"Bring **chalk**.":                      `<p dir="auto">Bring <strong>chalk</strong>.</p>`,
		"# Plan":                                `<h3 dir="auto">Plan</h3>`,
		"- one\n- two":                          `<ul>` + "\n" + `<li dir="auto">one</li>` + "\n" + `<li dir="auto">two</li>` + "\n</ul>",
		"[here](https://example.org/a?b=1&c=2)": `<p dir="auto"><a href="https://example.org/a?b=1&amp;c=2" rel="nofollow noopener ugc">here</a></p>`,
		"See https://example.org now":           `<p dir="auto">See <a href="https://example.org" rel="nofollow noopener ugc">https://example.org</a> now</p>`,
		"<ana@example.org>":                     `<p dir="auto"><a href="mailto:ana@example.org" rel="nofollow noopener ugc">ana@example.org</a></p>`,
		"1 < 2 & 3":                             `<p dir="auto">1 &lt; 2 &amp; 3</p>`,
		"جدارية **الطيور**":                     `<p dir="auto">جدارية <strong>الطيور</strong></p>`,
	} {
		got, err := tell.html(markdown)
		if err != nil || strings.TrimSpace(string(got)) != want {
			t.Errorf("%q\n got %s\nwant %s (%v)", markdown, got, want, err)
		}
	}
}

// attacks is what people try in Markdown.
func attacks() []string {
	return []string{
		`[x](javascript:alert(1))`, `[x](JaVaScRiPt:alert(1))`, "[x](java\nscript:alert(1))", `[x](javascript&colon;alert(1))`,
		`[x](data:text/html;base64,PHNjcmlwdD4=)`, `[x](vbscript:msgbox(1))`, `[x](//evil.example)`, `[x](/sign-out)`,
		`[x](\\evil.example)`, `![x](x"onerror=alert(1))`, `![x](https://evil.example/track.gif)`,
		`![x](javascript:alert(1))`, `<svg onload=alert(1)>`, `<svg/onload=alert(1)//`, `<a href="data:text/html,x">x</a>`,
		`<a href="javascript:alert(1)">x</a>`, `<img src=x onerror=alert(1)>`, `<script>alert(1)</script>`,
		`<scr<script>ipt>alert(1)</scr</script>ipt>`, `<iframe src="https://evil.example"></iframe>`,
		`<p onclick="alert(1)" style="position:fixed">x</p>`, `<style>*{display:none}</style>`, `<base href="//evil.example">`,
		`<form action="https://evil.example"><input name=p></form>`, `<https://evil.example/"onmouseover=alert(1)>`,
		`<javascript:alert(1)>`, "```html\n<script>alert(1)</script>\n```", "`<script>alert(1)</script>`",
		`[x](https://e.example "onmouseover=alert(1)")`, `[x]: javascript:alert(1)` + "\n\n[x]",
		`<math><mtext></p><img src=x onerror=alert(1)>`, `<!--><img src=x onerror=alert(1)>-->`,
		`<details open ontoggle=alert(1)>`, "&lt;script&gt;alert(1)&lt;/script&gt;", "\x00<script>alert(1)</script>",
		`javascript:alert(1)`, `www.evil.example/<script>`,
	}
}

func TestStoriesCannotAttack(t *testing.T) {
	t.Parallel()
	tell := newStoryteller()
	for _, attack := range attacks() {
		checkStory(t, tell, attack)
	}
}

func FuzzStory(f *testing.F) {
	for _, attack := range attacks() {
		f.Add(attack)
	}
	tell := newStoryteller()
	f.Fuzz(func(t *testing.T, markdown string) { checkStory(t, tell, markdown) })
}

// checkStory reads what came out as a browser would and holds it against the promises.
func checkStory(t *testing.T, tell storyteller, markdown string) {
	t.Helper()
	out, err := tell.html(markdown)
	if err != nil {
		t.Fatalf("%q: %v", markdown, err)
	}
	root, err := html.Parse(strings.NewReader("<body>" + string(out)))
	if err != nil {
		t.Fatal(err)
	}
	allowed := " html head body p br hr em strong del code pre blockquote ul ol li h3 h4 h5 h6 a "
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if !strings.Contains(allowed, " "+n.Data+" ") {
			t.Errorf("%q made <%s>: %s", markdown, n.Data, out)
		}
		for _, at := range n.Attr {
			href := n.Data == "a" && at.Key == "href" && (strings.HasPrefix(at.Val, "https://") ||
				strings.HasPrefix(at.Val, "http://") || strings.HasPrefix(at.Val, "mailto:"))
			rel := n.Data == "a" && at.Key == "rel" && at.Val == linkRel
			if !href && !rel && (at.Key != "dir" || at.Val != "auto") {
				t.Errorf("%q made %s=%q: %s", markdown, at.Key, at.Val, out)
			}
		}
		if n.Data == "a" && hasAttribute(n, "href") && attribute(n, "rel") != linkRel {
			t.Errorf("%q made a link without rel: %s", markdown, out)
		}
	}
}

// hardStories are texts of 20 KB that make careless readers of Markdown slow.
func hardStories() map[string]string {
	const size = 20_000
	fill := func(piece string) string { return strings.Repeat(piece, size/len(piece)) }
	return map[string]string{
		"brackets": fill("["), "nested": fill("[a]("), "closed": fill("[") + "a" + fill("](b)"), "stars": fill("*a_ "),
		"quotes": fill("> "), "ticks": fill("`a``"), "lists": fill("- "), "angles": fill("<a "), "images": fill("![a]("),
		"tildes": fill("~~a "), "bars": fill("_a "), "items": fill("* + - "), "numbers": fill("1. "),
		"quoted": fill(strings.Repeat("> ", 40) + "a\n"), "code": fill("```"), "parens": fill("(((("), "bangs": fill("!["),
		"entities": fill("&amp"), "plain": fill("A wall of birds. "), "mails": fill("a@b.c "), "addresses": fill("https://a.b/c "),
	}
}

// Stories that would take long are shown as they were typed; ordinary long ones are not.
func TestTangledStoriesAreShownAsTyped(t *testing.T) {
	t.Parallel()
	tell := newStoryteller()
	for _, name := range []string{"nested", "stars", "images", "items", "quotes"} {
		out, err := tell.html(hardStories()[name])
		if err != nil || strings.Count(string(out), "<") != 2 {
			t.Errorf("%s: %.80s %v", name, out, err)
		}
	}
	long := strings.Repeat("A **bold** day with [a link](https://example.org) and more.\n\n- one\n- two\n\n", 200)
	if out, err := tell.html(long); err != nil || strings.Count(string(out), "<strong>") != 200 {
		t.Errorf("a long story lost its shape: %v", err)
	}
}

func BenchmarkStory(b *testing.B) {
	tell := newStoryteller()
	for name, story := range hardStories() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := tell.html(story); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
