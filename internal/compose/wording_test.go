package compose

import "testing"

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
