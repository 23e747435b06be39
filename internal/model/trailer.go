package model

import "strings"

// The names of daybreak's trailers, as they are written. The configuration can
// give each further names.
var trailerNames = []string{
	"Release-Note", "Deploy-Note", "Rollback-Note", "Verify", "Expect", "Tested-On", "Area", "Audience", "Systems",
	"Changelog", "Kind", "Risk", "Owner", "Breaking",
}

// localTrailers can be given in each language: Release-Note-en.
var localTrailers = []string{"Release-Note", "Deploy-Note", "Rollback-Note", "Verify", "Expect", "Tested-On", "Risk", "Breaking"}

// TrailerNames lists daybreak's trailers.
func TrailerNames() []string { return append([]string{}, trailerNames...) }

// LocalTrailer parts a trailer's name for one language ("Release-Note-en") from
// the language; false where it is none. Case makes no difference.
func LocalTrailer(key string) (name string, l Lang, ok bool) {
	i := strings.LastIndexByte(key, '-')
	if i < 0 || len(key)-i != 3 {
		return "", "", false
	}
	for _, n := range localTrailers {
		if strings.EqualFold(key[:i], n) {
			return n, Lang(strings.ToLower(key[i+1:])), true
		}
	}
	return "", "", false
}
