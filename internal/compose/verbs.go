package compose

import (
	"regexp"
	"strings"
	"unicode"

	"daybreak/internal/model"
)

// verbs maps the first word of a plain title to a kind. It is a guess: a
// change classified only so stays unclassified.
var verbs = map[string]model.Kind{
	"add": model.KindAdded, "adds": model.KindAdded, "added": model.KindAdded, "introduce": model.KindAdded,
	"introduces": model.KindAdded, "implement": model.KindAdded, "implements": model.KindAdded,
	"support": model.KindAdded, "supports": model.KindAdded, "new": model.KindAdded, "create": model.KindAdded,
	"allow": model.KindAdded, "enable": model.KindAdded, "neu": model.KindAdded, "ergänze": model.KindAdded, "neue": model.KindAdded,

	"fix": model.KindFixed, "fixes": model.KindFixed, "fixed": model.KindFixed, "fixing": model.KindFixed,
	"correct": model.KindFixed, "corrects": model.KindFixed, "repair": model.KindFixed, "resolve": model.KindFixed,
	"resolves": model.KindFixed, "prevent": model.KindFixed, "prevents": model.KindFixed, "avoid": model.KindFixed,
	"behebe": model.KindFixed, "behebt": model.KindFixed, "korrigiere": model.KindFixed, "korrigiert": model.KindFixed, "bugfix": model.KindFixed,

	"remove": model.KindRemoved, "removes": model.KindRemoved, "removed": model.KindRemoved, "drop": model.KindRemoved,
	"drops": model.KindRemoved, "delete": model.KindRemoved, "entferne": model.KindRemoved, "entfernt": model.KindRemoved, "revert": model.KindRemoved,

	"deprecate": model.KindDeprecated, "deprecates": model.KindDeprecated, "deprecated": model.KindDeprecated,

	"change": model.KindChanged, "changes": model.KindChanged, "improve": model.KindChanged, "improves": model.KindChanged,
	"update": model.KindChanged, "make": model.KindChanged, "use": model.KindChanged, "rename": model.KindChanged,
	"move": model.KindChanged, "rework": model.KindChanged, "speed": model.KindChanged, "optimize": model.KindChanged,
	"verbessere": model.KindChanged, "ändere": model.KindChanged, "simplify": model.KindChanged, "switch": model.KindChanged,
}

// internalOpenings are openings of plain titles that are the team's own work
// in practically every repository: dependency bumps, release commits, typing
// errors, tests.
var internalOpenings = []string{
	"bump ", "bumps ", "update dependency ", "update dependencies", "upgrade dependencies", "update go.sum", "go mod tidy",
	"prepare release", "prepare for release", "prepare for next", "[maven-release-plugin]", "version bump",
	"refactor", "clean up", "cleanup", "typo", "fix typo", "fix lint", "lint", "gofmt", "whitespace", "formatting",
	"test ", "tests ", "add test", "fix test", "fix flaky", "update readme", "readme", "update changelog", "changelog", "ci:", "[ci]", "update docs", "docs ",
	"wip", "merge ", "update translations", "pre-commit", "[pre-commit", "initial commit", "update .", "fix build", "fix ci",
}

// releaseWork are titles of commits that make a version and change nothing in it.
var releaseWork = regexp.MustCompile(`^(?:prepar(?:e|es|ed|ing)(?: for)?(?: the)?(?: release)?(?: of)? (?:v\d|\d+\.\d|\d+ release)|release (?:v?\d|version|notes?\b|candidate|branch|commit|script|process|workflow|checklist|action|tool|bot\b|build|date|doc|.*\d\.\d)|(?:updat(?:e|es|ed|ing)|set|change|increase|increment|raise) (?:the )?version(?: number)?(?: to\b|$)|version v?\d|back to dev|(?:start|begin|open) (?:v?\d[\w.]* development|development of v?\d|(?:the )?next development)|bump(?:ed|ing) )`)

// verbKind guesses from a plain title: a kind, "internal", or "".
func verbKind(title string) string {
	t := strings.ToLower(withoutEmoji(strings.TrimSpace(title)))
	if _, version := model.ParseVersion(t); version && !strings.Contains(t, " ") {
		return internalKind // the commit that sets it
	}
	if releaseWork.MatchString(t) {
		return internalKind
	}
	for _, o := range internalOpenings {
		if strings.HasPrefix(t, o) {
			return internalKind
		}
	}
	// "net/http: fix x" and "[booking] fix x" name the place first.
	if i := strings.Index(t, ": "); i > 0 && i < 40 && !strings.ContainsAny(t[:i], "!? ") {
		if internalPlace(t[:i]) {
			return internalKind
		}
		t = t[i+2:]
	} else if strings.HasPrefix(t, "[") {
		if i := strings.Index(t, "] "); i > 0 {
			t = t[i+2:]
		}
	}
	if k := hanKind(t); k != "" {
		return string(k)
	}
	word, _, _ := strings.Cut(t, " ")
	word = strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) })
	return string(verbs[word])
}

// hanVerbs are the words of Chinese and Japanese titles, which stand anywhere in them.
var hanVerbs = []struct {
	words []string
	kind  model.Kind
}{
	{[]string{"修复", "修正", "解决", "解決"}, model.KindFixed},
	{[]string{"新增", "增加", "添加", "追加", "支持", "対応"}, model.KindAdded},
	{[]string{"删除", "移除", "削除"}, model.KindRemoved},
}

// hanKind guesses from a Chinese or Japanese title, by the word that comes first.
func hanKind(title string) model.Kind {
	first, kind := len(title), model.KindNone
	for _, v := range hanVerbs {
		for _, w := range v.words {
			if i := strings.Index(title, w); i >= 0 && i < first {
				first, kind = i, v.kind
			}
		}
	}
	return kind
}

// internalPlace reports whether the place that a title names first ("docs: …",
// ".github/workflows: …") is one that customers never see.
func internalPlace(place string) bool {
	if strings.HasPrefix(place, ".") {
		return true
	}
	first, _, _ := strings.Cut(place, "/")
	switch first {
	case "ci", "build", "docs", "doc", "test", "tests", "testing", "testdata", "readme", "readme.md", "makefile", "scripts",
		"tools", "circleci", "travis", "appveyor", "github", "workflow", "workflows", "releaser", "gitignore", "dockerfile", "go.mod", "deps", "vendor", "lint", "benchmark", "benchmarks", "chore", "contributing", "license", "version", "release":
		return true
	}
	return false
}
