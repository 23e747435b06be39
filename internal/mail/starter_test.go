package mail

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	shipped "daybreak/content"
	"daybreak/internal/model"
)

// The mail texts that ship are mail-ready whatever a release has to say:
// bare, ordinary, and with more than fits.
func TestStarterTexts(t *testing.T) {
	bare := model.MailFacts{Product: model.Brand{Name: "Kurswagen"}, Start: "06:30", Opening: "09:00"}
	usual := bare
	usual.Version, usual.Slug = "2026.15.0", "2026.15.0"
	usual.Product.Contact = model.Contact{Name: "Kurswagen Support", Mail: "support@kurswagen.example", Phone: "+49 89 5550 140", Hours: "8–18"}
	usual.Day = time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC)
	usual.Next = time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	usual.Top = []string{"One page for everything that is due", "Accessible documents"}
	usual.More = 1
	usual.Link = "https://neu.kurswagen.example/releases/2026.15.0/"
	full := usual
	full.MustAct = []model.Note{{Title: "Old keys end", BreakingNote: "Please create new ones."}, {Title: "Contracts need a time", BreakingNote: "Please enter it."}}
	full.Top = []string{"a", "b", "c", "d", "e"}
	full.More = 20
	full.Known = []string{"Dutch invoices follow in December."}
	mended, broken := usual, full
	mended.Hotfix = &model.HotfixFacts{Version: "2026.15.1", Fixed: []model.Note{{Title: "Deposits are right again."}}, From: "07:05", Link: "https://neu.kurswagen.example/releases/2026.15.1/"}
	broken.Hotfix = &model.HotfixFacts{Version: "2026.15.1", Fixed: []model.Note{{Title: "One"}, {Title: "Two", Body: "In *full*."}, {Title: "Three"}, {Title: "Four"}, {Title: "Five"}}, MustAct: full.MustAct}

	for _, l := range []model.Lang{model.German, model.English} {
		for _, o := range model.Outcomes() {
			for name, f := range map[string]model.MailFacts{"bare": bare, "usual": usual, "full": full, "mended": mended, "broken": broken} {
				f.Lang = l
				m, diags, err := Compose(shipped.FS, f, o, words)
				if err != nil || len(diags) > 0 {
					t.Errorf("%s/%s %s: %v %v", l, o, name, err, diags)
					continue
				}
				for _, wrong := range mailReady(m.Body) {
					t.Errorf("%s/%s %s: %s\n%s", l, o, name, wrong, m.Body)
				}
				if name == "mended" && o == model.OutcomeHotfix {
					if !strings.Contains(m.Subject, "Deposits are right again") || !strings.Contains(m.Body, "\n- Deposits are right again\n") || !strings.Contains(m.Body, "2026.15.1/\n") || len(m.Open) != 1 {
						t.Errorf("%s: what the hotfix mends isn't told, or more than the time is open: %v\n%s\n%s", l, m.Open, m.Subject, m.Body)
					}
				}
				if m.Subject == "" || strings.Contains(m.Subject, "{{") {
					t.Errorf("%s/%s %s: subject %q", l, o, name, m.Subject)
				}
				if f.Link != "" && (o == model.OutcomeDone || o == model.OutcomeAnnounce) && !strings.Contains(m.Body, "\n"+f.Link+"\n") {
					t.Errorf("%s/%s %s: the link doesn't stand alone", l, o, name)
				}
				if name == "full" && (o == model.OutcomeDone || o == model.OutcomeLate || o == model.OutcomeAnnounce) &&
					!regexp.MustCompile(`(?s)Old keys end.*(- a\n|Kurswagen Support)`).MatchString(m.Body) {
					t.Errorf("%s/%s: what customers must do doesn't come before the news", l, o)
				}
				runs := o != model.OutcomePartly && o != model.OutcomePostponed
				if name == "full" && strings.Contains(m.Body, f.Known[0]) != runs {
					t.Errorf("%s/%s: the limits of a version are for those who run it, or will\n%s", l, o, m.Body)
				}
			}
		}
	}
}

// mailReady gives what in a body would not read well when it is pasted raw.
func mailReady(body string) []string {
	var wrong []string
	lines := strings.Split(strings.TrimSuffix(body, "\n"), "\n")
	if len(lines) > maxLines {
		wrong = append(wrong, fmt.Sprintf("%d lines", len(lines)))
	}
	signature := false
	for i, line := range lines {
		switch {
		case line == "-- ":
			signature = true
		case strings.Trim(line, "-") == "" && line != "":
			if i == 0 || utf8.RuneCountInString(lines[i-1]) != len(line) {
				wrong = append(wrong, "an underline is not as long as its heading")
			}
		case regexp.MustCompile(`^(#|\||<|\s|!\[)|\{\{|<no value>|  |\s$| [.,;:)]|\(\)`).MatchString(line):
			wrong = append(wrong, fmt.Sprintf("line %q", line))
		}
	}
	if !signature || !strings.HasPrefix(lines[len(lines)-2], "-- ") {
		wrong = append(wrong, "no signature of one line after \"-- \"")
	}
	return wrong
}
