package site

import (
	"daybreak/internal/browser"
	"daybreak/internal/model"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var writeTo = flag.String("write", "", "folder to write the team's pages of the fixtures to, for looking at them")

var houses = []house{
	{systems: 0, changes: 3}, {systems: 1, changes: 3}, {systems: 6, changes: 30}, {systems: 7, changes: 30}, {systems: 14, changes: 120},
	{systems: 40, changes: 30},
	{systems: 6, changes: 12, long: true}, {systems: 7, changes: 12, wild: true},
}

func TestTeamPagesHoldWhatEveryPageHolds(t *testing.T) {
	for _, h := range houses {
		files := h.pages(t)
		for name, data := range files {
			for _, problem := range pageProblems(files, name, data) {
				t.Errorf("%s %s: %s", h, name, problem)
			}
		}
	}
}

func TestTeamPagesInABrowser(t *testing.T) {
	dir := onDisk(t, ordinary.pages(t))
	audit(t, dir, []string{"team/index.html", "team/2026.9.0/runbook/index.html", "team/en/2026.9.0/checklist/index.html", "team/2026.9.0/ledger/index.html"}, twoViews)
}

func TestTeamPagesAreValid(t *testing.T) {
	for _, h := range []house{ordinary, {systems: 0, changes: 3}, {systems: 14, changes: 20}} {
		files := h.pages(t)
		validate(t, onDisk(t, files), htmlPages(files))
	}
}

func TestTeamPagesAreWritten(t *testing.T) {
	for _, h := range houses {
		t.Run(h.String(), func(t *testing.T) {
			pages := h.pages(t)
			for _, want := range []string{
				"team/index.html", "team/2026.9.0/runbook/index.html", "team/2026.9.0/checklist/index.html", "team/2026.9.0/ledger/index.html",
				"team/2026.9.0/poster/index.html", "team/en/2026.9.0/phone/index.html",
				"team/en/index.html", "team/en/2026.9.0/runbook/index.html", "team/en/2026.9.0/checklist/index.html", "team/en/2026.9.0/ledger/index.html",
			} {
				if len(pages[want]) == 0 {
					t.Errorf("no page %s", want)
				}
			}
			for path, data := range pages {
				if !strings.HasPrefix(path, "team/") {
					t.Errorf("page %s lies outside team/", path)
				}
				if !strings.Contains(string(data), `content="noindex`) {
					t.Errorf("%s may be indexed", path)
				}
				if *writeTo != "" {
					file := filepath.Join(*writeTo, h.String(), filepath.FromSlash(path))
					if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(file, data, 0o666); err != nil {
						t.Fatal(err)
					}
				}
			}
		})
	}
}

// Texts from a repository and a configuration that want to break out of HTML,
// of the style sheet with paper's running texts, or of their line.
func TestHostileTextsStayTexts(t *testing.T) {
	const evil = `</style><script>alert(1)</script>"} @page{margin:0} body{display:none} /* \" {{.}} ` + "\u202egnp\u0007"
	h := house{systems: 2, changes: 4}
	c, r := h.config(), h.release()
	c.Product.Name = "Evil " + evil
	c.Systems[0].Name, c.Systems[1].NotToday = evil, model.Text{"de": evil}
	c.People[0].Name = evil
	r.Previous = "v1/../" + evil
	r.Alarms = []model.Alarm{{Code: "tag-moved", Commit: "0123456789", Subject: evil, Text: evil}}
	for i := range r.Changes {
		r.Changes[i].Title = evil
		r.Changes[i].Tip.Author.Name = evil
		r.Changes[i].Tip.Author.Mail = ""
		for _, key := range []string{"Verify", "Expect", "Tested-On", "Deploy-Note", "Rollback-Note", "Owner", "Risk"} {
			r.Changes[i].Trailers = append(r.Changes[i].Trailers, model.Trailer{Key: key, Value: evil})
		}
	}
	files := pagesOf(t, c, &r)
	for name, data := range files {
		for _, problem := range pageProblems(files, name, data) {
			t.Errorf("%s: %s", name, problem)
		}
		scripts := 0 // the day mode's data and its script
		if strings.Contains(string(data), `id="day-parts"`) {
			scripts = 2
		}
		if strings.Count(string(data), "<script") != scripts || strings.Count(string(data), "</script") != scripts || strings.ContainsAny(string(data), "\u202e\u0007") {
			t.Errorf("%s lets a text out of its place", name)
		}
		// The second style sheet is the one with the running texts.
		if sheets := strings.Split(string(data), "<style>"); len(sheets) > 2 && strings.Contains(sheets[2][:strings.Index(sheets[2], "</style>")], `"} @page{margin:0}`) {
			t.Errorf("%s lets a text into its style sheet", name)
		}
	}
	b := openBrowser(t)
	p, err := b.Page(save(t, files["team/2026.9.0/runbook/index.html"]), browser.View{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	shown, err := browser.Eval[bool](p, `getComputedStyle(document.body).display !== "none" && document.scripts.length === 2 && document.body.matches(".has-day")`)
	if err != nil || !shown {
		t.Errorf("the page is broken: %v", err)
	}
}

// A text that exists in one language only is marked on the other's pages, to
// the eye and to a reader's voice; on its own pages it is not.
func TestTeamTextsSayTheirLanguage(t *testing.T) {
	files := ordinary.pages(t)
	for _, c := range []struct{ document, text string }{
		{"runbook", "Schalter waitlist.auto_promote bleibt"},          // Deploy-Note
		{"runbook", "V0142_down.sql einspielen"},                      // Rollback-Note
		{"runbook", "zieht bis Freitag in ein anderes Rechenzentrum"}, // not_today
		{"checklist", "zieht bis Freitag in ein anderes Rechenzentrum"},
		{"checklist", "Ausgebuchte Reise öffnen"}, // Verify
		{"checklist", "30 % statt 20 %"},          // Expect
		{"checklist", "erst mit dem nächsten Nachtlauf"},
	} {
		marked := regexp.MustCompile(`lang="?de"?>` + regexp.QuoteMeta(c.text))
		if other := files["team/en/2026.9.0/"+c.document+"/index.html"]; !marked.Match(other) || !strings.Contains(string(other), "Available in German only") {
			t.Errorf("the English %s doesn't mark %q as German", c.document, c.text)
		}
		own := string(files["team/2026.9.0/"+c.document+"/index.html"])
		if !strings.Contains(own, c.text) || marked.MatchString(own) || strings.Contains(own, "fallback\"") || strings.Contains(own, "class=fallback") {
			t.Errorf("the German %s doesn't say %q plainly", c.document, c.text)
		}
	}
}
