package compose

import (
	"testing"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

// Stars around words are stress and fall away; those of globs, pointers and code stay.
func TestTitleWithoutStress(t *testing.T) {
	for in, want := range map[string]string{
		"make *all* prices right in **two steps**": "make all prices right in two steps",
		"*Seats*: keep the hold":                   "Seats: keep the hold",
		"*one* *two* *three*":                      "one two three",
		"say (*really*) so":                        "say (really) so",
		"match *.go and a*b*c":                     "match *.go and a*b*c",
		"ignore *.txt and *.go files":              "ignore *.txt and *.go files",
		"read foo* and bar* names":                 "read foo* and bar* names",
		"take **/*.md along":                       "take **/*.md along",
		"copy *ptr into *other":                    "copy *ptr into *other",
		"3 * 4 * 5":                                "3 * 4 * 5",
		"keep `*all*` as it is, *really*":          "keep `*all*` as it is, really",
		"a lone ` and *this*":                      "a lone ` and this",
		"call __init__ and _this_":                 "call __init__ and _this_",
	} {
		if got := withoutStress(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// What developers hang on titles for their forge and tracker falls away, in front and
// behind; numbers that belong to the sentence stay.
func TestTitleWithoutReferences(t *testing.T) {
	for in, want := range map[string]string{
		"[#13602] add export":          "Add export",
		"[ISSUE #13526] add indexing":  "Add indexing",
		"[issue#7]: add indexing":      "Add indexing",
		"PR/775: add missing newlines": "Add missing newlines",
		"Bug 31 - wrong sums":          "Wrong sums",
		"#4711 wrong sums":             "Wrong sums",
		"RW-100: wrong sums (#12)":     "Wrong sums",
		"3 new themes":                 "3 new themes",
		"bug 31 is no longer possible": "Bug 31 is no longer possible",
		"[2.0] sums":                   "[2.0] sums",
		"#hashtags in texts":           "#hashtags in texts",
		"issues from 2019: hidden":     "Issues from 2019: hidden",
	} {
		if got := publicTitle(config.Default(), &model.Change{Title: in}); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
