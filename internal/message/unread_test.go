package message

import (
	"slices"
	"strings"
	"testing"
)

func knownKey(key string) bool {
	return slices.Contains([]string{"release-note", "release-note-de", "deploy-note", "area", "verify"}, strings.ToLower(key))
}

// A line that reads like a trailer and that git doesn't take for one is found
// with the reason; what git reads, prose and code are left alone.
func TestUnreadTrailers(t *testing.T) {
	for name, c := range map[string]struct {
		message string
		want    []Unread
	}{
		"read":                   {"fix: x\n\nBody.\n\nRelease-Note: seen\nArea: booking\n", nil},
		"beside breaking change": {"fix: x\n\nBREAKING CHANGE: log in\nRelease-Note: lost\n", []Unread{{"Release-Note", "lost", MixedParagraph, "BREAKING CHANGE: log in"}}},
		"below prose":            {"fix: x\n\nSome words\nArea: booking\n", []Unread{{"Area", "booking", MixedParagraph, "Some words"}}},
		"followed by prose":      {"fix: x\n\nRelease-Note: lost\n\nThat is all.\n", []Unread{{"Release-Note", "lost", NotLast, ""}}},
		"two paragraphs":         {"fix: x\n\nRelease-Note: lost\nArea: booking\n\nSigned-off-by: A <a@b>\n", []Unread{{"Release-Note", "lost", NotLast, ""}, {"Area", "booking", NotLast, ""}}},
		"no empty line":          {"fix: x\nRelease-Note: lost\n", []Unread{{"Release-Note", "lost", InTitle, ""}}},
		"under a divider":        {"fix: x\n\nBody.\n---\nRelease-Note: lost\n", []Unread{{"Release-Note", "lost", UnderDivider, ""}}},
		"prose":                  {"fix: x\n\nVerify: that it works, as\nalways.\n\nSo we said.\n", nil},
		"code":                   {"fix: x\n\n```\nRelease-Note: example\n```\n\nText.\n", nil},
		"signed off":             {"fix: x\n\nsome words\nRelease-Note: seen\nSigned-off-by: A <a@b>\n", nil},
		"comments":               {"fix: x\n\nRelease-Note: seen\n# Release-Note: comment\n", nil},
		"nothing":                {"", nil},
	} {
		t.Run(name, func(t *testing.T) {
			m := Parse(c.message, Options{})
			if got := UnreadTrailers(m.Subject, m.Body, knownKey); !slices.Equal(got, c.want) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

// Whatever a message says, what is found is a known key with a value, and there
// are never more of them with the trailers together than lines.
func FuzzUnreadTrailers(f *testing.F) {
	f.Add("fix: x\n\nRelease-Note: a\n\nBREAKING CHANGE: b\nArea: c\n")
	f.Add("a\n---\nVerify: b\n```\nArea: c\n<!--\n")
	f.Fuzz(func(t *testing.T, text string) {
		m := Parse(text, Options{})
		found := UnreadTrailers(m.Subject, m.Body, knownKey)
		if len(found)+len(m.Trailers) > len(strings.Fields(text))+1 {
			t.Fatalf("%d found beside %d trailers", len(found), len(m.Trailers))
		}
		for _, u := range found {
			if !knownKey(u.Key) || u.Value == "" {
				t.Fatalf("%+v", u)
			}
		}
	})
}
