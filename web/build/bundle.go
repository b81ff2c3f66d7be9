package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// A bundle is the built files by name, and which of them stands for which plain name.
type bundle struct {
	files    map[string][]byte
	manifest map[string]string
}

// build makes everything from the sources. The same sources make the same bytes anywhere.
func build(sources, target string) (*bundle, error) {
	root, err := filepath.Abs(sources)
	if err != nil {
		return nil, fmt.Errorf("web: find sources: %w", err)
	}
	b := &bundle{files: map[string][]byte{}, manifest: map[string]string{}}
	for _, options := range []api.BuildOptions{modules(root), classics()} {
		options.AbsWorkingDir = root
		if err := b.add(options); err != nil {
			return nil, err
		}
	}
	if err := b.addIcons(); err != nil {
		return nil, err
	}
	if err := b.addBasemap(filepath.Join(target, basemap)); err != nil {
		return nil, err
	}
	if b.files["NOTICE.txt"], err = notices(filepath.Join(root, "node_modules")); err != nil {
		return nil, err
	}
	list, err := json.MarshalIndent(b.manifest, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("web: write manifest: %w", err)
	}
	b.files["manifest.json"] = append(list, '\n')
	return b, nil
}

// engine is the sources of the map engine. Its own built files have what the page and the worker share
// twice, a quarter of all that the first view brings; built here, both load it once.
const engine = "node_modules/maplibre-gl/src/"

// modules are the scripts that share chunks, the engine's worker, and the style sheets.
func modules(root string) api.BuildOptions {
	o := common()
	o.Format, o.Splitting = api.FormatESModule, true
	// As its own build has it: a field that a class declares without a value is none.
	o.TsconfigRaw = `{"compilerOptions": {"useDefineForClassFields": false}}`
	o.Alias = map[string]string{"maplibre-gl": filepath.Join(root, engine, "index.ts")}
	o.EntryPointsAdvanced = []api.EntryPoint{
		{InputPath: "src/page.ts", OutputPath: "page"},
		{InputPath: "src/boot.ts", OutputPath: "boot"},
		{InputPath: "src/map.ts", OutputPath: "map"},
		{InputPath: "src/register.ts", OutputPath: "register"},
		{InputPath: "src/screen.ts", OutputPath: "screen"},
		{InputPath: "src/embed.ts", OutputPath: "embed"},
		{InputPath: engine + "source/worker.ts", OutputPath: "worker"},
		{InputPath: "css/page.css", OutputPath: "page"},
		{InputPath: "css/shell.css", OutputPath: "shell"},
		{InputPath: "css/map.css", OutputPath: "map"},
		{InputPath: "css/screen.css", OutputPath: "screen"},
		{InputPath: "css/embed.css", OutputPath: "embed"},
	}
	return o
}

// classics are the scripts that run before the page is drawn, which modules never do, and the
// service worker.
func classics() api.BuildOptions {
	o := common()
	o.Format = api.FormatIIFE
	o.EntryPointsAdvanced = []api.EntryPoint{
		{InputPath: "src/theme.ts", OutputPath: "theme"},
		{InputPath: "src/offline/worker.ts", OutputPath: "offline"},
	}
	return o
}

func common() api.BuildOptions {
	return api.BuildOptions{
		Bundle: true, Metafile: true, Outdir: "out",
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		EntryNames: "[name]-[hash]", ChunkNames: "[name]-[hash]", AssetNames: "[name]-[hash]",
		Target: api.ES2022, LegalComments: api.LegalCommentsNone, Charset: api.CharsetUTF8,
		LogLevel: api.LogLevelSilent,
	}
}

func (b *bundle) add(options api.BuildOptions) error {
	result := api.Build(options)
	var all []error
	for _, m := range append(result.Errors, result.Warnings...) {
		where := ""
		if m.Location != nil {
			where = fmt.Sprintf("%s:%d: ", m.Location.File, m.Location.Line)
		}
		all = append(all, errors.New("web: "+where+m.Text))
	}
	if len(all) > 0 {
		return errors.Join(all...)
	}
	for _, f := range result.OutputFiles {
		b.files[filepath.Base(f.Path)] = f.Contents
	}
	return b.name(result.Metafile)
}

// name enters the entry points into the manifest, and the chunks that scripts load later, so that
// a page may ask for them early. Other chunks have names that only scripts need to know.
func (b *bundle) name(metafile string) error {
	var meta metafileOf
	if err := json.Unmarshal([]byte(metafile), &meta); err != nil {
		return fmt.Errorf("web: read metafile: %w", err)
	}
	for out, o := range meta.Outputs {
		if o.EntryPoint == "" {
			continue
		}
		file := path.Base(out)
		name, _, _ := strings.Cut(file, "-")
		b.manifest[name+path.Ext(file)] = file
		if needed := meta.needs(out); len(needed) > 0 && path.Ext(file) == ".js" {
			b.manifest[name+".js"+preload] = strings.Join(needed, " ")
		}
	}
	return nil
}

// preload ends the manifest's entries of what a script imports: chunks that the page may ask for at
// once, rather than one after the other as their importers arrive.
const preload = ".preload"

// metafileOf is what esbuild tells of its outputs.
type metafileOf struct {
	Outputs map[string]struct {
		EntryPoint string `json:"entryPoint"`
		Imports    []struct {
			Path string `json:"path"`
			Kind string `json:"kind"`
		} `json:"imports"`
	} `json:"outputs"`
}

// needs lists the chunks that an output imports to begin with, and those that they import.
func (m metafileOf) needs(out string) (files []string) {
	waiting := []string{out}
	for len(waiting) > 0 {
		next := waiting[0]
		waiting = waiting[1:]
		for _, i := range m.Outputs[next].Imports {
			if file := path.Base(i.Path); i.Kind == "import-statement" && !slices.Contains(files, file) {
				files, waiting = append(files, file), append(waiting, i.Path)
			}
		}
	}
	slices.Sort(files)
	return files
}

// addBasemap enters the files of the basemap, which have their hashes already.
func (b *bundle) addBasemap(dir string) error {
	found, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("web: read basemap: %w (run go run ./web/basemap first)", err)
	}
	for _, f := range found {
		if ext := path.Ext(f.Name()); ext == ".br" || ext == ".gz" {
			continue // a compressed form
		}
		name, _, _ := strings.Cut(f.Name(), "-")
		b.manifest[basemap+"/"+name+path.Ext(f.Name())] = basemap + "/" + f.Name()
	}
	return nil
}
