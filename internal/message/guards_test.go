package message

import "testing"

// FuzzGuards holds the cheap looks that spare most messages a pattern against
// the patterns themselves.
func FuzzGuards(f *testing.F) {
	for _, s := range []string{
		"", "A", "Automatic merge from submit-queue", "If you want to cherry-pick this change", "查看合并请求 !1", "查x", "Merge in A/b from x", "# x", "**x", "<p>",
		"Signed-off-by: A", "fix: x Signed-off-by: A", "x: y\tCHANGE-ID: I1", "fixes #12", "fix: #12", "Closes : https://example.org", "(cherry picked from commit 1)", "See also", "Refs: x",
		"The hold renews itself now. Nothing ends in payment.", "Twenty characters ok!\tThen more", "Twenty characters are. Élan", "ends. not", "ohne Bruch. Ende",
		"Zusammenführung des Zweigs 'a'", "Fusion de la branche 'a'", "fusiona la rama 'a'", "Слияние ветки 'a'", "合并分支 'a'", "Scal gałąź 'a'", "병합 브랜치 'a'",
		"this is commit 0123456789012345678901234567890123456789 upstream.", "commit 0123456789012345678901234567890123456789 upstream.", "[ Upstream commit 0123456789012345678901234567890123456789 ]",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = valid(s)
		if got, want := isBoilerplate(s), boilerplate.MatchString(s); got != want {
			t.Errorf("boilerplate %q: %v, the pattern says %v", s, got, want)
		}
		if got, want := isTrueTrailer(s), trueTrailer.MatchString(s); got != want {
			t.Errorf("trailer %q: %v, the pattern says %v", s, got, want)
		}
		if signOff.MatchString(s) && !mayBeSigned(s) {
			t.Errorf("%q is signed off", s)
		}
		if firstSentence.MatchString(s) && !sentenceEnds(s) {
			t.Errorf("a sentence ends in %q", s)
		}
		for _, foreign := range foreignMerges {
			if foreign.branches.MatchString(s) && !hasBranchWord(s) {
				t.Errorf("%q speaks of a branch", s)
			}
		}
	})
}
