package compose

import (
	"testing"

	"daybreak/internal/config"
	"daybreak/internal/diag"
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
		"!1279 add pictures":           "Add pictures",
		"修复错误问题（issue#3779@Github）":    "修复错误问题",
		"✨ add rows":                   "Add rows",
		":sparkles: add rows":          "Add rows",
		"♻️ 👷‍♀️ tidy":                 "Tidy",
		"🎉":                            "🎉",
		":ruby":                        ":ruby",
		"raft/raftpb: keep the order":  "Keep the order",
		"server/raft: keep the order":  "Keep the order",
		"raft/log: keep it":            "Keep it",
		"booking: keep the order":      "booking: keep the order",
		"Excel/CSV: a choice":          "Excel/CSV: a choice",
		"docs: see http://x.example/y": "docs: see http://x.example/y",
		"Add callout [ci skip]":        "Add callout",
		"[skip ci] add callout (#4)":   "Add callout",
		"Say [ci] skips":               "Say [ci] skips",
		"***NO_CI*** tidy":             "Tidy",
		"3 new themes":                 "3 new themes",
		"bug 31 is no longer possible": "Bug 31 is no longer possible",
		"[2.0] sums":                   "[2.0] sums",
		"#hashtags in texts":           "#hashtags in texts",
		"issues from 2019: hidden":     "Issues from 2019: hidden",
	} {
		if got := publicTitle(config.Default(), &model.Change{Title: in, Paths: []model.PathChange{{Path: "server/raft/raftpb/a.go"}, {Path: "raft/log.go"}}}); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// An emoji of gitmoji says the kind, as a conventional type does; others say nothing.
func TestKindOfEmoji(t *testing.T) {
	for title, want := range map[string]model.Kind{
		"✨ rows of seats": model.KindAdded, ":bug: sums": model.KindFixed, "⚡️ searching": model.KindChanged, "🔒️ tokens": model.KindSecurity,
		"😗 sums": model.KindChanged, "修复金额": model.KindFixed, "SpringUtil增加getBean重载": model.KindAdded, "ループの削除": model.KindRemoved,
	} {
		ch := model.Change{Title: title}
		classifyKind(config.Default(), &ch, &diag.List{})
		if ch.Kind != want {
			t.Errorf("%q: %q, want %q", title, ch.Kind, want)
		}
	}
	ch := model.Change{Title: "📝 manual"}
	if classifyKind(config.Default(), &ch, &diag.List{}); ch.Audience.Scope != model.AudienceInternal {
		t.Errorf("%+v", ch.Audience)
	}
}
