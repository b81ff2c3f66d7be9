package pages

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// all finds elements by name and, if wanted, by attributes given as pairs.
func (a *answer) all(name string, pairs ...string) (found []*html.Node) {
	for n := range a.root.Descendants() {
		if n.Type != html.ElementNode || n.Data != name {
			continue
		}
		fits := true
		for i := 0; i+1 < len(pairs); i += 2 {
			fits = fits && attribute(n, pairs[i]) == pairs[i+1]
		}
		if fits {
			found = append(found, n)
		}
	}
	return found
}

func attribute(n *html.Node, name string) string {
	for _, at := range n.Attr {
		if at.Key == name {
			return at.Val
		}
	}
	return ""
}

func hasAttribute(n *html.Node, name string) bool {
	for _, at := range n.Attr {
		if at.Key == name {
			return true
		}
	}
	return false
}

// textOf is what a reader sees of an element, in one line.
func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// text is what a reader sees of the whole page, scripts left out.
func (a *answer) text() string {
	for _, body := range a.all("main") {
		return textOf(body)
	}
	return ""
}

// fields is what a browser would send of the form with this action, without pressing a named
// button.
func (a *answer) fields(action string) url.Values {
	values := url.Values{}
	forms := a.all("form", "action", action)
	if len(forms) == 0 {
		return nil
	}
	for n := range forms[0].Descendants() {
		collect(values, n)
	}
	return values
}

func collect(values url.Values, n *html.Node) {
	name := attribute(n, "name")
	switch {
	case n.Type != html.ElementNode || name == "":
	case n.Data == "textarea":
		values.Add(name, strings.TrimPrefix(textNode(n), "\n"))
	case n.Data == "select":
		for option := range n.Descendants() {
			if option.Data == "option" && hasAttribute(option, "selected") {
				value := attribute(option, "value")
				if !hasAttribute(option, "value") {
					value = textNode(option)
				}
				values.Add(name, value)
			}
		}
	case n.Data != "input":
	case attribute(n, "type") == "radio" || attribute(n, "type") == "checkbox":
		if hasAttribute(n, "checked") {
			values.Add(name, attribute(n, "value"))
		}
	default:
		values.Add(name, attribute(n, "value"))
	}
}

func textNode(n *html.Node) string {
	if n.FirstChild == nil {
		return ""
	}
	return n.FirstChild.Data
}

func wantText(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in: %.2000s", want, text)
		}
	}
}

func wantNone(t *testing.T, text string, unwanted ...string) {
	t.Helper()
	for _, word := range unwanted {
		if strings.Contains(text, word) {
			t.Errorf("%q is in: %.600s", word, text)
		}
	}
}

// byID finds an element, or nil.
func byID(a *answer, id string) *html.Node {
	for n := range a.root.Descendants() {
		if n.Type == html.ElementNode && attribute(n, "id") == id {
			return n
		}
	}
	return nil
}
