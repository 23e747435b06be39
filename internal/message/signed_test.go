package message

import "testing"

// A message of nothing but who signed it off has no title: people and their addresses
// are nobody's news.
func TestSignedOffWithoutTitle(t *testing.T) {
	for text, want := range map[string]string{
		"Signed-off-by: A <a@b>\n":                               "",
		"Signed-off-by: A <a@b>\nReviewed-by: C <c@d>\n":         "",
		"Change-Id: I0123456789012345678901234567890123456789\n": "",
		"Signed-off-by: A <a@b>\n\nKeep the hold\n":              "Keep the hold",
		"Signed-off-by: A <a@b>\n\nReviewed-by: C <c@d>\n":       "",
		"Keep the hold\nSigned-off-by: A <a@b>\n":                "Keep the hold",
		"Ask for Signed-off-by lines\n":                          "Ask for Signed-off-by lines",
	} {
		if got := Parse(text, Options{}).Title; got != want {
			t.Errorf("%q: title %q, want %q", text, got, want)
		}
	}
}
