// Command build bundles GraphiQL into graph/explorer/assets, from where it is embedded into the hub.
// Run it in web/explorer after `npm ci` when the versions in package.json have changed:
//
//	npm ci && go run ./build ../../graph/explorer/assets
//
// With -check it writes nothing and says whether the folder is fresh. The same packages make the
// same bytes anywhere.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

func main() {
	check := flag.Bool("check", false, "only say whether the folder is fresh")
	flag.Parse()
	if err := run(flag.Arg(0), *check); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(folder string, check bool) error {
	files, err := bundle()
	if err != nil {
		return err
	}
	if files["NOTICE.txt"], err = notices("node_modules"); err != nil {
		return err
	}
	for name, content := range files {
		path := filepath.Join(folder, name)
		if !check {
			if err := os.WriteFile(path, content, 0o644); err != nil {
				return fmt.Errorf("explorer: write %s: %w", name, err)
			}
			continue
		}
		if there, err := os.ReadFile(path); err != nil || !bytes.Equal(there, content) {
			return fmt.Errorf("explorer: %s is not fresh: build it anew", name)
		}
	}
	return nil
}

// bundle makes explorer.js and explorer.css.
func bundle() (map[string][]byte, error) {
	root, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("explorer: find the folder: %w", err)
	}
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{"src/explorer.jsx"}, AbsWorkingDir: root, Outdir: "out",
		Bundle: true, MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		Format: api.FormatESModule, Target: api.ES2022, Charset: api.CharsetUTF8,
		Alias:         map[string]string{"react-style-singleton": filepath.Join(root, "src/nostyle.js")},
		Define:        map[string]string{"process.env.NODE_ENV": `"production"`},
		LegalComments: api.LegalCommentsNone, LogLevel: api.LogLevelSilent,
	})
	if len(result.Errors) > 0 {
		return nil, fmt.Errorf("explorer: %s", strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{}), "\n"))
	}
	files := map[string][]byte{}
	for _, f := range result.OutputFiles {
		files[filepath.Base(f.Path)] = f.Contents
	}
	return files, nil
}

// notices gathers the licences of every package that is installed, each once.
func notices(modules string) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("The explorer of this hub contains work by others, under these licences.\n")
	folders, err := filepath.Glob(filepath.Join(modules, "*"))
	if err != nil {
		return nil, fmt.Errorf("explorer: list packages: %w", err)
	}
	scoped, err := filepath.Glob(filepath.Join(modules, "@*", "*"))
	if err != nil {
		return nil, fmt.Errorf("explorer: list packages: %w", err)
	}
	for _, folder := range append(folders, scoped...) {
		if err := notice(&out, modules, folder); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

func notice(out *bytes.Buffer, modules, folder string) error {
	if _, err := os.Stat(filepath.Join(folder, "package.json")); err != nil {
		return nil //nolint:nilerr // a scope, which is no package
	}
	name, err := filepath.Rel(modules, folder)
	if err != nil {
		return fmt.Errorf("explorer: name %s: %w", folder, err)
	}
	text, err := licence(folder)
	if err != nil {
		return fmt.Errorf("explorer: read licence of %s: %w", name, err)
	}
	name = filepath.ToSlash(name)
	fmt.Fprintf(out, "\n%s\n%s\n\n%s\n", name, strings.Repeat("-", len(name)), bytes.TrimSpace(text))
	return nil
}

// licence is the text that a package ships or, for the few that ship none, what they declare.
func licence(folder string) ([]byte, error) {
	files, err := filepath.Glob(filepath.Join(folder, "[Ll][Ii][Cc][Ee][Nn][CcSs][Ee]*"))
	if err != nil {
		return nil, err
	}
	if len(files) > 0 {
		return os.ReadFile(files[0])
	}
	raw, err := os.ReadFile(filepath.Join(folder, "package.json"))
	if err != nil {
		return nil, err
	}
	var declared struct{ License string }
	if err := json.Unmarshal(raw, &declared); err != nil {
		return nil, err
	}
	return []byte("Declared as " + declared.License + "."), nil
}
