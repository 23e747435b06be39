package message

import (
	"regexp"
	"slices"
	"strings"
)

// Git itself never translates its merge messages. What other languages there
// are in histories comes from localised forges (the Chinese edition of GitLab
// writes 合并分支 'x' 到 'y'), from desktop programs, and from people who translate
// git's line as they type it. They share one shape: a word for merging, a word
// for branch, the source's name and often the target's.

// foreignMerges are stems of "merge" and the words for "branch" that go with
// them, in lower case. Both must be there: "Fusion der Preistabellen" is no merge
// of branches.
var foreignMerges = []struct {
	stems    []string
	branches *regexp.Regexp
}{
	{[]string{"zusammen", "verschm", "merge", "gemergt"}, regexp.MustCompile(`\b(?:zweige?s?|branch(?:e?s)?)\b|entwicklungszweig`)},
	{[]string{"fusion"}, regexp.MustCompile(`\bbranches?\b|\bramas?\b`)},                              // French, Spanish
	{[]string{"mezcla", "combina", "merge"}, regexp.MustCompile(`\bramas?\b`)},                        // Spanish
	{[]string{"mescla", "junção", "juntar", "merge"}, regexp.MustCompile(`\b(?:ramos?|branch)\b`)},    // Portuguese
	{[]string{"unione", "unisc", "unito", "fusione"}, regexp.MustCompile(`\b(?:rami|ramo|branch)\b`)}, // Italian
	{[]string{"слия", "слит", "слил", "мерж", "merge"}, regexp.MustCompile(`ветк|ветв`)},              // Russian
	{[]string{"マージ", "統合"}, regexp.MustCompile(`ブランチ`)},
	{[]string{"合并", "合併"}, regexp.MustCompile(`分支`)},
	{[]string{"병합", "머지"}, regexp.MustCompile(`브랜치`)},
	{[]string{"scal", "połącz", "merge"}, regexp.MustCompile(`gałę[zź]`)}, // Polish
}

// branchWords are parts of words for "branch": without any of them in a subject
// none of the patterns above can fit.
var branchWords = []string{"branch", "zweig", "rama", "ramo", "rami", "ветк", "ветв", "ブランチ", "分支", "브랜치", "gałę"}

func hasBranchWord(lower string) bool {
	return slices.ContainsFunc(branchWords, func(word string) bool { return strings.Contains(lower, word) })
}

// quotedName is a name in the quotation marks of any of these languages.
var quotedName = regexp.MustCompile(`'([^'\s]+)'|"([^"\s]+)"|„([^“”\s]+)[“”]|“([^”\s]+)”|«\s?([^»\s]+)\s?»|»([^«\s]+)«|「([^」\s]+)」|‚([^‘\s]+)‘|‘([^’\s]+)’|` + "`([^`\\s]+)`")

// readForeignMerge reads merge messages in other languages than English. Names
// must be quoted: the first is the source, the second the target.
func (p *parser) readForeignMerge(subject string) {
	if len(subject) > 500 || !strings.ContainsAny(subject, "'\"„“«»「‚‘`") {
		return
	}
	lower := strings.ToLower(subject)
	if !hasBranchWord(lower) {
		return
	}
	for _, f := range foreignMerges {
		if !slices.ContainsFunc(f.stems, func(stem string) bool { return strings.Contains(lower, stem) }) {
			continue
		}
		// The words count, not the names of the branches.
		words := quotedName.ReplaceAllString(lower, " ")
		names := quotedName.FindAllStringSubmatch(subject, 3)
		if len(names) == 0 || len(names) > 2 || !f.branches.MatchString(words) ||
			!slices.ContainsFunc(f.stems, func(stem string) bool { return strings.Contains(words, stem) }) {
			continue
		}
		p.Merge = MergeBranch
		p.Source = oneLine(strings.Join(names[0][1:], ""))
		if len(names) == 2 {
			p.Target = oneLine(strings.Join(names[1][1:], ""))
		}
		return
	}
}
