package fragment

import "strings"

// kindWords are the words for kinds that the tools bring and their users add,
// lower case, the more telling before the less. A word counts where it begins
// a word of the name: "fix" is in "Bug Fixes", not in "prefix".
var kindWords = []struct {
	begin    string
	kind     string
	breaking bool
}{
	{"breaking", "changed", true}, {"incompat", "changed", true}, {"backward", "changed", true}, {"upgrade", "changed", true},
	{"secur", "security", false}, {"cve", "security", false}, {"vuln", "security", false},
	{"deprecat", "deprecated", false},
	{"remov", "removed", false}, {"delet", "removed", false},
	{"fix", "fixed", false}, {"bug", "fixed", false}, {"correct", "fixed", false}, {"regress", "fixed", false},
	{"trivial", "internal", false}, {"misc", "internal", false}, {"internal", "internal", false}, {"process", "internal", false},
	{"doc", "internal", false}, {"test", "internal", false}, {"ci", "internal", false}, {"chore", "internal", false},
	{"develop", "internal", false}, {"contrib", "internal", false}, {"packag", "internal", false}, {"refactor", "internal", false},
	{"build", "internal", false}, {"hous", "internal", false}, {"under", "internal", false},
	{"add", "added", false}, {"feat", "added", false}, {"new", "added", false},
	{"chang", "changed", false}, {"enhanc", "changed", false}, {"improv", "changed", false}, {"perf", "changed", false},
}

// kindWord gives the kind that a tool's word, or the name that its
// configuration gives to the word, means. An unknown word is a change.
func (s *Source) kindWord(word, label string) (kind string, breaking bool) {
	for _, name := range []string{word, label} {
		if k := s.kinds[strings.ToLower(name)]; k != "" {
			return k, false
		}
	}
	for _, name := range []string{word, label} {
		words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r < 'a' || r > 'z' })
		for _, k := range kindWords {
			for _, w := range words {
				if strings.HasPrefix(w, k.begin) {
					return k.kind, k.breaking
				}
			}
		}
	}
	if strings.TrimSpace(word) == "" {
		return "", false
	}
	return "changed", false
}
