package model

import (
	"maps"
	"slices"
	"strings"
)

// Reason says why something is as it is: why a commit lies in a bucket, where a
// kind comes from, why a range starts where it does. It is data, so that pages
// say it in their reader's language (the strings `reason.<code>`), and has one
// English wording for the terminal and for scripts.
type Reason struct {
	Code string // "" for none
	// Args fill the wording's gaps in order. An empty one is the main line's
	// tip, which has no name; several values in one are parted by line feeds.
	Args []string
}

// Because makes a reason.
func Because(code string, args ...string) Reason { return Reason{code, args} }

// IsZero reports whether there is none.
func (r Reason) IsZero() bool { return r.Code == "" }

// String gives the English words, "" for no reason. A code without words
// stands for itself.
func (r Reason) String() string {
	var b strings.Builder
	words, known := reasons[r.Code]
	if !known {
		return strings.Join(append([]string{r.Code}, r.Args...), " ")
	}
	for i := 0; ; i++ {
		before, after, gap := strings.Cut(words, "%")
		b.WriteString(before)
		if !gap {
			return b.String()
		}
		words = after
		switch {
		case i >= len(r.Args):
		case r.Args[i] == "":
			b.WriteString("the main line's tip")
		default:
			b.WriteString(strings.ReplaceAll(r.Args[i], "\n", " and "))
		}
	}
}

// Reasons is a sentence of several, such as a range's explanation.
type Reasons []Reason

// String gives them as one English sentence, "" for none.
func (rs Reasons) String() string {
	if len(rs) == 0 {
		return ""
	}
	var parts []string
	for _, r := range rs {
		parts = append(parts, r.String())
	}
	return strings.Join(parts, "; ") + "."
}

// ReasonCodes lists all codes, sorted.
func ReasonCodes() []string { return slices.Sorted(maps.Keys(reasons)) }

// ReasonGaps counts the gaps of a code's wording.
func ReasonGaps(code string) int { return strings.Count(reasons[code], "%") }

// reasons holds the English wording by code; "%" is a gap.
var reasons = map[string]string{
	// gitsource: why a commit is no change of the release
	"delivered-picked":    "already delivered in % as % (cherry-picked)",
	"delivered-request":   "already delivered in % as % (the same request)",
	"delivered-change-id": "already delivered in % as % (the same change id)",
	"delivered-branch":    "already delivered in % as % (the same branch)",
	"delivered-patch":     "already delivered in % as % (the same patch)",
	"delivered-commit":    "already delivered in %, which holds the same commit",
	"delivered-note":      "already delivered in %, which told the same note file %",
	"elsewhere":           "touches nothing of %",
	"other-line":          "% is the first of its line and goes on with the numbers after %",
	"folder-line":         "its line is that of the folder %, so only what touches that counts",
	"octopus":             "merge of % branches at once; each is a change of its own",
	"dependencies":        "dependency update, told in one line with the others",
	"told-apart":          `merge of the branch "%", whose % changes are told one by one`,
	"merged-again":        "merges again what % merged",
	"main-into-topic":     "merge of the main line into a topic branch",
	"carries-branch":      `carries the changes of branch "%" on; each stands for itself`,
	"carries-requests":    "carries merged requests on; each stands for itself",
	"merge-of-release":    "merge of release %",
	"two-copies":          `joins two copies of branch "%"`,
	"long-lived":          `merge of the long-lived branch "%"`,
	"reverted":            "reverted by %",
	"takes-back":          "takes back %",
	"thrown-away":         "merge % threw it away",
	"takes-back-part":     "takes back %, a part of %",

	// gitsource: why a range is what it is
	"asked":            "the range from % to % was asked for",
	"asked-root":       "the range from the root to % was asked for",
	"no-earlier":       "no earlier release is in the history of %, so its range is all of that history",
	"same-commit":      "% marks the same commit as %, so it brings nothing new",
	"highest-tip":      "% is the highest release in the history of %",
	"highest-below":    "% is the highest version below % in its history",
	"beside":           "% lies on a side line",
	"parted":           "% is the version before but not in the history of %, so the range starts where their lines parted, at %",
	"begun-anew":       "% is the last release in the history of %; numbers were begun anew with it or before",
	"renumbered":       "numbers begin anew with %; the last version before is %",
	"only-higher":      "only higher versions are in the history of %; % is the nearest of them",
	"between-previews": "pre-releases count from one to the next",

	// compose: where a kind comes from, and why a change is not told
	"trailer":         `trailer "%"`,
	"fragment":        `fragment "%"`,
	"header":          `header "%"`,
	"inner-headers":   "headers of its commits",
	"takes-released":  "reverts a released change",
	"words":           "the title's words",
	"verb":            "a guess from the title's verb",
	"unsaid":          "nothing says it",
	"no-note":         "its author declared that it needs no note",
	"nothing-says":    "no trailer, header or word says what kind it is",
	"left-out":        "left out in the draft",
	"draft":           "draft %",
	"no-customertext": "it has no text for customers",
	"guarded":         "its title or note holds what must not leave: %",
}
