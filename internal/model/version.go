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
	Line    string // prefix of a product line without its separator, in lower case: "api" of "api/v1.2.0" and "API-1.2.0"; "" mostly
	Numbers [4]int // missing numbers are 0
	Len     int    // how many numbers were written
	Pre     string // semver pre-release, in lower case: "rc.1"
	Build   string // semver build metadata; no part of the order
	Text    string // as people write it, without line and "v": "2026.14.0-RC.1"

	LineText string // Line in its tag's own letters
}

// The parts of a version behind its line, all in lower case: numbers or an ISO
// date, then letters that qualify them, then build metadata.
var (
	versionBody = regexp.MustCompile(`^(v\.?)?((?:19|20)\d\d-\d\d-\d\d(?:[.-]\d{1,4})?|\d{1,14}(?:[._]\d{1,14}){0,3})(?:` +
		`[-._]?((?:alpha|beta|a|b|c|rc|pre|dev|preview|snapshot|nightly|m|milestone|cr|candidate|ea|post|hotfix|patch|hf|sp|p|final|ga|release)[-._]?\d*(?:[-.][0-9a-z.-]+)?)` +
		`|-([0-9a-z][0-9a-z._-]*)|([a-z]))?(?:\+([0-9a-z._-]+))?$`)
	numberSplit = regexp.MustCompile(`[._-]`)
)

// plainLines are prefixes that say no more than "this is a release".
var plainLines = map[string]bool{"release": true, "releases": true, "version": true, "ver": true, "rel": true, "r": true, "v": true, "tag": true, "tags": true}

// ParseVersion reads the version out of a tag's name: what stands in front of it
// is the product line, parted from it by "-", "/", "_", "@", a "v" or, where
// two numbers follow, by nothing ("go1.21"). The second result is false for
// tags that name no version.
func ParseVersion(tag string) (Version, bool) {
	if len(tag) > 200 {
		return Version{}, false
	}
	lower := asciiLower(tag) // of the same length: places in it are places in tag
	for i := range len(lower) {
		line, parted, ok := lineBefore(lower, i)
		if !ok {
			continue
		}
		at := versionBody.FindStringSubmatchIndex(lower[i:])
		if at == nil {
			continue
		}
		v := versionOf(line, submatches(lower[i:], at), submatches(tag[i:], at))
		if v.Line != "" {
			v.LineText = tag[:len(line)]
		}
		if marksAPoint.MatchString(v.Pre) {
			return Version{}, false
		}
		// A lone number behind a word ("build-17", "sprint3") is a counter, not a
		// version, unless a v or a plain word like release says so.
		if v.Len > 1 || v.Line == "" && parted || at[3] > at[2] && parted {
			return v, true
		}
	}
	return Version{}, false
}

// marksAPoint matches what is written behind a version to mark a place in history
// that nobody released: where a branch begins, or where support has ended.
var marksAPoint = regexp.MustCompile(`^(?:branch[-_.]?point|bp|root|eol|eom)$`)

// writtenDay is a version that is a day without anything between its parts.
var writtenDay = regexp.MustCompile(`^((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$`)

// asciiLower is lower case for ASCII alone, so that the length stays.
func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// submatches cuts what a pattern's index pairs name out of a text.
func submatches(s string, at []int) []string {
	out := make([]string, len(at)/2)
	for i := range out {
		if at[2*i] >= 0 {
			out[i] = s[at[2*i]:at[2*i+1]]
		}
	}
	return out
}

// lineBefore tells whether a version may start at i, and what line stands in
// front of it: parted by a separator, or glued to its letters.
func lineBefore(s string, i int) (line string, parted, ok bool) {
	if i == 0 {
		return "", true, true
	}
	if strings.IndexByte("-/_@.", s[i-1]) >= 0 {
		return s[:i-1], true, s[i-1] != '.' || !endsInDigit(s[:i-1])
	}
	return s[:i], false, s[i-1] >= 'a' && s[i-1] <= 'z' && s[i] >= '0' && s[i] <= '9'
}

func endsInDigit(s string) bool {
	return s != "" && s[len(s)-1] >= '0' && s[len(s)-1] <= '9'
}

// versionOf puts a version together from the parts that versionBody found, in
// lower case and as they were written.
func versionOf(line string, m, written []string) Version {
	if plainLines[line] {
		line = ""
	}
	date := strings.Contains(m[2], "-")
	numbers := numberSplit.Split(m[2], -1)
	v := Version{Line: strings.ToLower(line), Len: len(numbers), Build: m[6], Pre: m[3] + m[4]}
	pre := written[3] + written[4]
	for i, n := range numbers {
		v.Numbers[i], _ = strconv.Atoi(n) // at most 14 digits by the pattern: a time to the second
	}
	if day := writtenDay.FindStringSubmatch(m[2]); day != nil { // in the order of 2018.04.09
		for i := range 3 {
			v.Numbers[i], _ = strconv.Atoi(day[i+1])
		}
	}
	if m[5] != "" {
		// 1.0.2k comes after 1.0.2; 2.0b is a beta, as its pattern matched before.
		v.Pre = "post." + m[5]
	}
	switch v.Pre {
	case "final", "ga", "release", "r":
		v.Pre = ""
	case "a", "b", "c":
		if v.Len >= 3 {
			v.Pre = "post." + v.Pre
		}
	case "m", "p": // without a number behind it one letter among others
		v.Pre = "post." + v.Pre
	}
	v.Text = strings.Join(numbers, ".")
	if date {
		v.Text = m[2]
	}
	switch letter, ok := strings.CutPrefix(v.Pre, "post."); {
	case ok && len(letter) == 1:
		v.Text += cmp.Or(written[5], pre)
	case v.Pre != "":
		v.Text += "-" + pre
	}
	if v.Build != "" {
		v.Text += "+" + written[6]
	}
	return v
}

// IsZero reports whether v is no version.
func (v Version) IsZero() bool { return v.Text == "" }

var isoDate = regexp.MustCompile(`^\d{4}-\d\d-\d\d`)

// Dated reports whether the version is written as a day: 2026-05-12.
func (v Version) Dated() bool { return isoDate.MatchString(v.Text) }

// Yearly reports whether the version begins with a year: 2026.14.0.
func (v Version) Yearly() bool { return v.Numbers[0] >= 1990 && v.Numbers[0] < 2100 }

// IsPrerelease reports whether v comes before its own final version.
func (v Version) IsPrerelease() bool { return v.Pre != "" && !isPost(v.Pre) }

var postWords = regexp.MustCompile(`^(?:post|hotfix|patch|hf|sp|p)(?:[-._]?\d|[-._][a-z]$|$)`)

// isPost reports whether a suffix puts a version behind its own number.
func isPost(pre string) bool { return postWords.MatchString(pre) }

// String gives the version as people write it: line and text.
func (v Version) String() string {
	if v.Line == "" {
		return v.Text
	}
	return cmp.Or(v.LineText, v.Line) + "-" + v.Text
}

// Spoken gives a version as it is said beside the product's name: a line that only
// repeats that name says nothing, "jq-1.8.2" of jq is 1.8.2.
func Spoken(version, product string) string {
	n := len(product) + 1
	if product != "" && len(version) > n && version[n-1] == '-' && version[n] >= '0' && version[n] <= '9' && strings.EqualFold(version[:n-1], product) {
		return version[n:]
	}
	return version
}

// Slug gives the version as one path segment: lower-case letters, digits,
// dot, hyphen, plus; never "." or "..".
func (v Version) Slug() string {
	var b strings.Builder
	for _, r := range strings.ToLower(v.String()) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '.', r == '-', r == '+':
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "-%x", r)
		}
	}
	return strings.TrimLeft(b.String(), ".")
}

// Compare orders by line, numbers, pre-release (semver precedence), text, all
// without regard to case.
func (v Version) Compare(o Version) int {
	if c := cmp.Compare(v.Line, o.Line); c != 0 {
		return c
	}
	for i := range v.Numbers {
		if c := cmp.Compare(v.Numbers[i], o.Numbers[i]); c != 0 {
			return c
		}
	}
	return cmp.Or(comparePre(v.Pre, o.Pre), cmp.Compare(asciiLower(v.Text), asciiLower(o.Text)))
}

func comparePre(a, b string) int {
	rank := func(s string) int {
		switch {
		case isPost(s):
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
			c = cmp.Compare(stage(as[i]), stage(bs[i]))
		}
		if c != 0 {
			return c
		}
	}
	return cmp.Compare(len(as), len(bs))
}

// stage makes words comparable that name the same stage on the way to a final
// version; other words stand for themselves, as semver has it.
func stage(word string) string {
	switch word {
	case "dev", "snapshot", "nightly":
		return "0" // before all others
	case "a":
		return "alpha"
	case "b":
		return "beta"
	case "c", "cr", "candidate":
		return "rc"
	case "milestone", "ea", "preview":
		return "m"
	}
	return word
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
