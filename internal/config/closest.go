package config

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

// meant are words that people write for a key that is called otherwise.
var meant = map[string]string{
	"color": "accent", "colour": "accent", "email": "mail", "e-mail": "mail", "emails": "mails", "title": "name",
	"label": "name", "tz": "timezone", "lang": "languages", "repos": "repositories", "customers": "systems",
	"components": "areas", "modules": "areas", "team": "people", "interval": "every", "website": "home", "tel": "phone",
	"link": "url", "branch": "main", "folder": "path",
}

// closest gives the one of the words that was probably meant, "" where none is
// near: at most one slip in three letters.
func closest(word string, words []string) string {
	if w, ok := meant[strings.ToLower(word)]; ok && slices.Contains(words, w) {
		return w
	}
	plain := func(s string) string {
		return strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(s))
	}
	best, least := "", max(1, len([]rune(word))/3)+1
	for _, w := range words {
		if d := distance([]rune(plain(word)), []rune(plain(w))); d < least {
			best, least = w, d
		}
	}
	return best
}

// distance counts the letters to insert, delete, replace or swap with their
// neighbour (optimal string alignment).
func distance(a, b []rune) int {
	if max(len(a), len(b)) > 64 {
		return len(a) + len(b) // a key of that length is no slip of ours
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
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
