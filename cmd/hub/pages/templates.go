package pages

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"
)

//go:embed templates/*.html
var templateFiles embed.FS

// templates is every page in every language: words are looked up by functions of the template, so
// each language has its own. A language is read when it is first spoken.
type templates map[string]func() (map[string]*template.Template, error)

func (s *site) readTemplates() (templates, error) {
	all := templates{}
	for _, lang := range s.words.languages() {
		all[lang] = sync.OnceValues(func() (map[string]*template.Template, error) {
			return readPages(s.functions(s.speak(lang)))
		})
	}
	_, err := all["en"]() // a template that cannot be read is found out at the start
	return all, err
}

// functions is what every template can call.
func (s *site) functions(speak tongue) template.FuncMap {
	return template.FuncMap{
		"t": speak.T, "n": func(key string, n any) string { return speak.N(key, whole(n)) },
		"num": func(n any) string { return speak.Num(whole(n)) }, "has": speak.Has, "forms": speak.Forms,
		"country": speak.Country, "asset": s.assets.url, "preloads": s.assets.preloads, "dict": dict, "pin": pin,
		"script": func(name string) (template.JS, error) {
			text, err := s.assets.text(name)
			return template.JS(text), err
		},
		"style": func(name string) (template.CSS, error) {
			text, err := s.assets.text(name)
			return template.CSS(text), err
		},
		"words": func() (string, error) { return s.wordsURL(speak.Lang) },
		"date":  func(at time.Time) string { return speak.Date(dateOf(at)) },
	}
}

// pin is a point in degrees, latitude first, to about a meter; "" for none.
func pin(latitude, longitude *float64) string {
	if latitude == nil || longitude == nil {
		return ""
	}
	return fmt.Sprintf("%.5f, %.5f", *latitude, *longitude)
}

func whole(n any) int64 {
	switch v := n.(type) {
	case int:
		return int64(v)
	case int64:
		return v
	}
	return 0
}

// readPages reads every page together with the frame and the shared parts (files named _*).
func readPages(functions template.FuncMap) (map[string]*template.Template, error) {
	shared, err := readFiles(template.New("").Funcs(functions), "templates/_*.html")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(templateFiles, "templates/[^_]*.html")
	if err != nil {
		return nil, err
	}
	all := map[string]*template.Template{}
	for _, name := range names {
		own, err := shared.Clone()
		if err != nil {
			return nil, err
		}
		if all[strings.TrimSuffix(path.Base(name), ".html")], err = readFiles(own, name); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// readFiles adds files to a template, without the space before their lines: it is for those who read
// the files, and every page would carry it.
func readFiles(to *template.Template, pattern string) (*template.Template, error) {
	names, err := fs.Glob(templateFiles, pattern)
	if err != nil {
		return nil, err
	}
	indents := regexp.MustCompile(`\n\s+`)
	for _, name := range names {
		raw, err := fs.ReadFile(templateFiles, name)
		if err != nil {
			return nil, err
		}
		if to, err = to.New(path.Base(name)).Parse(indents.ReplaceAllString(string(raw), "\n")); err != nil {
			return nil, err
		}
	}
	return to, nil
}

// dict hands several values to a part of a template: pairs of a name and a value.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict needs pairs, not %d values", len(pairs))
	}
	values := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is not a name", pairs[i])
		}
		values[name] = pairs[i+1]
	}
	return values, nil
}
