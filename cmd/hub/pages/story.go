package pages

import (
	"bytes"
	"fmt"
	"html/template"
	"net/url"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// storyteller turns a host's Markdown into safe HTML, twice guarded: HTML in the text is never
// passed on, and what comes out is held against a short list of elements. There are no pictures:
// one from elsewhere would tell its server who reads the page.
type storyteller struct {
	markdown goldmark.Markdown
	policy   *bluemonday.Policy
}

const (
	linkRel    = "nofollow noopener ugc"
	topHeading = 3 // the page has its own h1 and h2
)

func newStoryteller() storyteller {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li",
		"h3", "h4", "h5", "h6")
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`^auto$`)).Globally()
	p.AllowAttrs("href", "rel").OnElements("a")
	p.AllowURLSchemes("mailto")
	p.AllowURLSchemeWithCustomPolicy("http", hasHost)
	p.AllowURLSchemeWithCustomPolicy("https", hasHost)
	p.AllowRelativeURLs(false)
	p.RequireParseableURLs(true)
	return storyteller{
		markdown: goldmark.New(
			goldmark.WithExtensions(extension.Linkify, extension.Strikethrough),
			goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(manners{}, 100))),
		),
		policy: p,
	}
}

func hasHost(u *url.URL) bool { return u.Host != "" }

// What a story may hold to be read as Markdown. Readers of Markdown need time that grows with the
// square of these, and no story that a person wrote comes near.
const (
	maxMarks = 1200 // characters that may open or close something within a line
	maxDepth = 48   // quotes and lists within one another
)

// tangled tells a text that is not a story but an attempt to keep the hub busy.
func tangled(markdown string) bool {
	marks := 0
	for line := range strings.SplitSeq(markdown, "\n") {
		for _, mark := range []string{"[", "*", "_", "~"} {
			marks += strings.Count(line, mark)
		}
		opening := line[:len(line)-len(strings.TrimLeft(line, " \t>-+*.)0123456789"))]
		depth := strings.Count(opening, ">")
		for _, item := range []string{"- ", "+ ", "* ", ". ", ") "} {
			depth += strings.Count(opening, item)
		}
		if marks > maxMarks || depth > maxDepth {
			return true
		}
	}
	return false
}

// html is the story as it may stand in a page. A tangled one is shown as it was typed.
func (s storyteller) html(markdown string) (template.HTML, error) {
	if tangled(markdown) {
		plain := template.HTMLEscapeString(markdown)
		return template.HTML(`<p dir="auto">` + plain + `</p>`), nil // #nosec G203 -- escaped
	}
	var out bytes.Buffer
	if err := s.markdown.Convert([]byte(markdown), &out); err != nil {
		return "", fmt.Errorf("pages: read a story: %w", err)
	}
	return template.HTML(s.policy.SanitizeBytes(out.Bytes())), nil // #nosec G203 -- sanitized just now
}

// manners makes links that lend no reputation, headings that fit below the page's own, and blocks
// that find their own direction.
type manners struct{}

// Transform implements parser.ASTTransformer.
func (manners) Transform(document *ast.Document, _ text.Reader, _ parser.Context) {
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch node := n.(type) {
		case *ast.Link, *ast.AutoLink:
			node.SetAttributeString("rel", []byte(linkRel))
		case *ast.Heading:
			node.Level = min(6, node.Level+topHeading-1)
			node.SetAttributeString("dir", []byte("auto"))
		case *ast.Paragraph, *ast.ListItem, *ast.Blockquote:
			node.SetAttributeString("dir", []byte("auto"))
		}
		return ast.WalkContinue, nil
	})
}
