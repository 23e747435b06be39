package config

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"daybreak/internal/model"
)

// The page content/docs/settings.md lists every key; it is made from the types,
// with make golden.
func TestReferencePage(t *testing.T) {
	const page = "../../content/docs/settings.md"
	got := reference()
	if update {
		if err := os.WriteFile(page, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("write it anew with make golden (-want +got):\n%s", diff)
	}
}

func reference() string {
	var b strings.Builder
	b.WriteString(`# Settings

Every key of ` + "`daybreak.yaml`" + `, made from the types in ` + "`internal/config`" + `.
` + "`daybreak init`" + ` writes the file with comments; ` + "`daybreak check`" + ` names every mistake
with its line. All may be left out but those marked *needed*, and a key without a
value is a key left out. A *text* may be one text, in the primary language, or
one per language: ` + "`{de: Buchung, en: Booking}`" + `.
`)
	section(&b, reflect.TypeFor[Config](), "")
	return b.String()
}

// section writes the table of one type, then those of the types in it.
func section(b *strings.Builder, t reflect.Type, path string) {
	if path != "" {
		fmt.Fprintf(b, "\n## %s\n", path)
	}
	b.WriteString("\n| key | value | meaning |\n|---|---|---|\n")
	type inner struct {
		t    reflect.Type
		path string
	}
	var later []inner
	for f := range t.Fields() {
		k := key(f)
		if k == "" {
			continue
		}
		r := rulesOf(f)
		doc := f.Tag.Get("doc")
		if r.required {
			doc += " *Needed.*"
		}
		if r.enum != nil {
			doc += " One of `" + strings.Join(r.enum, "`, `") + "`."
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", k, valueName(f.Type), strings.ReplaceAll(doc, "|", `\|`))
		inside, p := f.Type, join(path, k)
		for inside.Kind() == reflect.Slice || inside.Kind() == reflect.Pointer {
			if inside.Kind() == reflect.Slice {
				p += "[]"
			}
			inside = inside.Elem()
		}
		if inside.Kind() == reflect.Struct {
			later = append(later, inner{inside, p})
		}
	}
	for _, l := range later {
		section(b, l.t, l.path)
	}
}

// valueName says what kind of value a type takes, as the diagnostics do.
func valueName(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[model.Text]():
		return "text"
	case reflect.TypeFor[model.Lang]():
		return "`de` or `en`"
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Struct:
		return "keys, below"
	case reflect.Slice:
		switch t.Elem().Kind() {
		case reflect.Struct:
			return "list, below"
		}
		return "list"
	case reflect.Map:
		return "keys of your own"
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "number"
	}
	return "one line"
}
