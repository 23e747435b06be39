package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// validStructuredData lets the TypeScript compiler hold what pages tell search engines
// against schema-dts: all types and properties of https://schema.org, and which
// property may stand on which type with which value.
func validStructuredData(t *testing.T, dir string) {
	var names, texts []string
	languages := map[string]int{}
	for _, page := range pagesUnder(t, dir) {
		name, _ := filepath.Rel(dir, page)
		for _, text := range scripts(t, page, "application/ld+json") {
			var data map[string]any
			if err := json.Unmarshal([]byte(text), &data); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if data["@context"] != "https://schema.org" {
				t.Errorf("%s: its context is %v", name, data["@context"])
			}
			language, _ := data["inLanguage"].(string)
			languages[language]++
			writtenAsISO(t, name, data)
			names, texts = append(names, name), append(texts, text)
		}
	}
	if languages["de"] < 12 || languages["de"] != languages["en"] {
		t.Errorf("pages with structured data, by language: %v", languages)
	}
	// The compiler finds a mistake of each sort, and no other.
	for i, wrong := range []string{
		`{"@context": "https://schema.org", "@type": "TechArticel"}`,
		`{"@context": "https://schema.org", "@type": "TechArticle", "headlines": "no such property"}`,
		`{"@context": "https://schema.org", "@type": "TechArticle", "about": {"@type": "SoftwareApplication", "telephone": "a property of other types"}}`,
		`{"@context": "https://schema.org", "@type": "CollectionPage", "publisher": {"@type": "SoftwareApplication", "name": "nobody who publishes"}}`,
	} {
		names, texts = append(names, fmt.Sprint("mistake ", i)), append(texts, wrong)
	}
	said, found := againstSchemaOrg(t, names, texts), map[string]bool{}
	for _, line := range strings.Split(said, "\n") {
		name, _, is := strings.Cut(line, "(")
		if !is || strings.HasPrefix(line, " ") {
			continue // goes on about the line before
		}
		if found[name] = true; !strings.HasPrefix(name, "mistake ") {
			t.Error(line)
		}
	}
	if len(found) < 4 {
		t.Errorf("the compiler overlooks mistakes:\n%s", said)
	}
}

// scripts gives the text of a page's scripts of one type.
func scripts(t *testing.T, page, kind string) (texts []string) {
	t.Helper()
	doc := parsedPage(t, page)
	for n := range doc.Descendants() {
		if n.Data == "script" && attribute(n, "type") == kind && n.FirstChild != nil {
			texts = append(texts, n.FirstChild.Data)
		}
	}
	return texts
}

func parsedPage(t *testing.T, page string) *html.Node {
	t.Helper()
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func attribute(n *html.Node, name string) string {
	if i := slices.IndexFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name }); i >= 0 {
		return n.Attr[i].Val
	}
	return ""
}

// writtenAsISO wants every date as a day of ISO 8601 and every address absolute: to the
// compiler both are texts.
func writtenAsISO(t *testing.T, name string, value any) {
	t.Helper()
	switch value := value.(type) {
	case map[string]any:
		for key, v := range value {
			text, _ := v.(string)
			switch {
			case strings.HasPrefix(key, "date"):
				if _, err := time.Parse(time.DateOnly, text); err != nil {
					t.Errorf("%s: %s: %v", name, key, err)
				}
			case slices.Contains([]string{"@id", "url", "image", "releaseNotes"}, key) && !strings.HasPrefix(text, "https://"):
				t.Errorf("%s: %s is %q", name, key, text)
			}
			writtenAsISO(t, name, v)
		}
	case []any:
		for _, v := range value {
			writtenAsISO(t, name, v)
		}
	}
}

// againstSchemaOrg gives what the compiler says, with pages' names instead of lines'.
func againstSchemaOrg(t *testing.T, names, texts []string) string {
	t.Helper()
	types, err := filepath.Abs(filepath.Join(webTools, "schema-dts", "dist", "schema"))
	if err != nil {
		t.Fatal(err)
	}
	source := fmt.Sprintf("import type * as S from %q;\n", filepath.ToSlash(types))
	for i, text := range texts {
		var data struct {
			Type string `json:"@type"`
		}
		var line bytes.Buffer
		if err := json.Compact(&line, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(text), &data); err != nil {
			t.Fatal(err)
		}
		source += fmt.Sprintf("export const page%d: S.WithContext<S.%s> = %s;\n", i, data.Type, &line)
	}
	compiler := node(t, webTools+"/typescript/bin/tsc", "--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler", "pages.ts")
	compiler.Dir = t.TempDir() // it names files from there
	if err := os.WriteFile(filepath.Join(compiler.Dir, "pages.ts"), []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := compiler.CombinedOutput()
	if err == nil {
		return ""
	}
	for i, name := range slices.Backward(names) {
		out = bytes.ReplaceAll(out, fmt.Appendf(nil, "pages.ts(%d,", i+2), []byte(name+"("))
	}
	return string(out)
}
