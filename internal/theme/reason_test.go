package theme_test

import (
	"strings"
	"testing"

	"daybreak/internal/model"
)

// The English strings are the words of the terminal, and every language says
// every reason with all that is in its gaps.
func TestReasonsAreSaidInEveryLanguage(t *testing.T) {
	th := load(t, shipped(t))
	for _, code := range model.ReasonCodes() {
		r := model.Because(code, []string{"aa11", "bb22", "cc33"}[:model.ReasonGaps(code)]...)
		for _, l := range th.Languages() {
			got, err := th.Reason(l, r)
			if err != nil {
				t.Errorf("%s in %s: %v", code, l, err)
			}
			for _, arg := range r.Args {
				if !strings.Contains(got, arg) {
					t.Errorf("%s in %s leaves out %s: %q", code, l, arg, got)
				}
			}
			if l == model.English && got != r.String() {
				t.Errorf("%s: %q on pages, %q in the terminal", code, got, r)
			}
		}
	}
	rs := model.Reasons{model.Because("parted", "v1", "", "1111\n2222"), model.Because("between-previews")}
	got, err := th.Sentence(model.German, rs)
	if err != nil || !strings.Contains(got, "Spitze der Hauptlinie") || !strings.Contains(got, "1111 und 2222; Vorab") {
		t.Errorf("got %q, %v", got, err)
	}
	if s := rs.String(); !strings.Contains(s, "the main line's tip") || !strings.HasSuffix(s, "at 1111 and 2222; pre-releases count from one to the next.") {
		t.Errorf("got %q", s)
	}
}
