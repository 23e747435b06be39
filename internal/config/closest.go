package config

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"daybreak/internal/diag"
)

// meant are words that people write for a key that is called otherwise.
var meant = map[string]string{
	"color": "accent", "colour": "accent", "email": "mail", "e-mail": "mail", "emails": "mails", "title": "name",
	"label": "name", "tz": "timezone", "lang": "languages", "repos": "repositories", "customers": "systems",
	"components": "areas", "modules": "areas", "team": "people", "interval": "every", "website": "home", "tel": "phone",
	"link": "url", "branch": "main", "folder": "path",
}

// closest gives the one of the words that was probably meant, "" where none is
// near.
func closest(word string, words []string) string {
	if w, ok := meant[strings.ToLower(word)]; ok && slices.Contains(words, w) {
		return w
	}
	return diag.Closest(word, words)
}

// placesOf lists the paths at which a key of that name may stand.
func placesOf(name string) []string {
	var found []string
	var walk func(t reflect.Type, path string)
	walk = func(t reflect.Type, path string) {
		switch t.Kind() {
		case reflect.Pointer:
			walk(t.Elem(), path)
		case reflect.Slice:
			walk(t.Elem(), path+"[]")
		case reflect.Struct:
			for f := range t.Fields() {
				k := key(f)
				if k == "" {
					continue
				}
				if k == name {
					found = append(found, join(path, k))
				}
				walk(f.Type, join(path, k))
			}
		}
	}
	walk(reflect.TypeFor[Config](), "")
	return found
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
