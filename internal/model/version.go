package model

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Version is the ordered identity of a release: semver
// (https://semver.org/spec/v2.0.0.html) with one to four numbers, or calver
// (https://calver.org), with an optional product-line prefix.
// The zero Version is "none" and sorts first.
type Version struct {
	Line    string // prefix of a product line without its separator: "api" of "api/v1.2.0" and "api-1.2.0"; "" mostly
	Numbers [4]int // missing numbers are 0
	Len     int    // how many numbers were written
	Pre     string // semver pre-release: "rc.1"
	Build   string // semver build metadata; no part of the order
	Text    string // as people write it, without line and "v": "2026.14.0-rc.1"
}

// versionTag splits a tag: anything that ends in a separator as line, an
// optional v, one to four numbers, then pre-release and build.
var versionTag = regexp.MustCompile(`^(?:(.*?)[-/_@])?[vV]?(\d{1,9}(?:[._]\d{1,9}){0,3})(?:[-._]?((?:alpha|beta|a|b|rc|pre|dev|preview|snapshot|m|milestone|cr|ea|post|final|ga|release)[-._]?\d*(?:[-.][0-9A-Za-z.-]+)?)|-([0-9A-Za-z][0-9A-Za-z.-]*))?(?:\+([0-9A-Za-z.-]+))?$`)

// ParseVersion reads the version out of a tag's name. The second result is
// false for tags that name no version.
func ParseVersion(tag string) (Version, bool) {
	lower := strings.ToLower(tag)
	m := versionTag.FindStringSubmatch(lower)
	if m == nil || len(tag) > 200 {
		return Version{}, false
	}
	numbers := strings.FieldsFunc(m[2], func(r rune) bool { return r == '.' || r == '_' })
	v := Version{Line: m[1], Len: len(numbers), Build: m[5]}
	for i, n := range numbers {
		v.Numbers[i], _ = strconv.Atoi(n) // at most 9 digits by the pattern
	}
	v.Pre = m[3] + m[4]
	switch v.Pre {
	case "final", "ga", "release":
		v.Pre = ""
	}
	// A lone number behind a word ("build-17", "sprint-3") is a counter, not a version,
	// unless the word is a plain v or release.
	if v.Len == 1 && v.Line != "" && v.Line != "release" && v.Line != "version" && v.Line != "r" {
		return Version{}, false
	}
	if v.Line == "release" || v.Line == "releases" || v.Line == "version" || v.Line == "rel" || v.Line == "r" {
		v.Line = ""
	}
	v.Text = strings.Join(numbers, ".")
	if v.Pre != "" {
		v.Text += "-" + v.Pre
	}
	if v.Build != "" {
		v.Text += "+" + v.Build
	}
	return v, true
}

// IsZero reports whether v is no version.
func (v Version) IsZero() bool { return v.Text == "" }

// IsPrerelease reports whether v comes before its own final version.
func (v Version) IsPrerelease() bool { return v.Pre != "" && !strings.HasPrefix(v.Pre, "post") }

// String gives the version as people write it: line and text.
func (v Version) String() string {
	if v.Line == "" {
		return v.Text
	}
	return v.Line + "-" + v.Text
}

// Slug gives the version as one path segment: lower-case letters, digits,
// dot, hyphen, plus; never "." or "..".
func (v Version) Slug() string {
	var b strings.Builder
	for _, r := range v.String() {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '.', r == '-', r == '+':
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "-%x", r)
		}
	}
	return strings.TrimLeft(b.String(), ".")
}

// Compare orders by line, numbers, pre-release (semver precedence), text.
func (v Version) Compare(o Version) int {
	if c := cmp.Compare(v.Line, o.Line); c != 0 {
		return c
	}
	for i := range v.Numbers {
		if c := cmp.Compare(v.Numbers[i], o.Numbers[i]); c != 0 {
			return c
		}
	}
	return cmp.Or(comparePre(v.Pre, o.Pre), cmp.Compare(v.Text, o.Text))
}

func comparePre(a, b string) int {
	rank := func(s string) int {
		switch {
		case strings.HasPrefix(s, "post"):
			return 2
		case s == "":
			return 1
		}
		return 0
	}
	if c := cmp.Compare(rank(a), rank(b)); c != 0 {
		return c
	}
	as, bs := preParts(a), preParts(b)
	for i := 0; i < len(as) && i < len(bs); i++ {
		an, aerr := strconv.Atoi(as[i])
		bn, berr := strconv.Atoi(bs[i])
		var c int
		switch {
		case aerr == nil && berr == nil:
			c = cmp.Compare(an, bn)
		case aerr == nil:
			c = -1
		case berr == nil:
			c = 1
		default:
			c = cmp.Compare(as[i], bs[i])
		}
		if c != 0 {
			return c
		}
	}
	return cmp.Compare(len(as), len(bs))
}

// preParts splits "rc.1", "rc1" and "rc-1" alike, so that rc9 comes before rc10.
func preParts(s string) []string {
	var out []string
	digit := false
	start := 0
	flush := func(end int) {
		if end > start {
			out = append(out, s[start:end])
		}
	}
	for i, r := range s {
		switch isDigit := r >= '0' && r <= '9'; {
		case r == '.' || r == '-' || r == '_':
			flush(i)
			start = i + 1
		case i > start && isDigit != digit:
			flush(i)
			start = i
			digit = isDigit
		default:
			digit = isDigit
		}
	}
	flush(len(s))
	return out
}
