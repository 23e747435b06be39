package site

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"daybreak/internal/browser"
	"daybreak/internal/model"
)

// What is filled in survives: a reload, a second page of the same day, which
// shows it at once, and hours with the lid closed.
func TestADayIsKept(t *testing.T) {
	d, b := ordinaryDay(t), openBrowser(t)
	checklist := d.open(t, b, "checklist", browser.View{})
	english := d.open(t, b, "en/runbook", browser.View{})
	runbook := d.open(t, b, "runbook", browser.View{})
	do[bool](t, runbook, `tap('[data-step=S01] .day-input'); dayPanel.take("x", "S02 0622\nS03 0631\nS04 0633\nG1 go SA/JO 0634\nS05 0635\nS06 0636-\nC01 K1 ok"); return true`)
	if got := do[string](t, checklist, `await until(() => !text('.day-count').startsWith("0")); return text('.day-step') + " " + at('[data-row=C01] .day-cell').dataset.value`); got != "S06 · Aktualisieren: Datenbank jedes Systems ✓" {
		t.Errorf("the checklist shows %q", got)
	}
	if got := do[string](t, english, `await until(() => at('[data-step=S01] .day-input').value); return at('[data-step=S01] .day-input').value + at('.day-moved').hidden`); got != "06:41true" {
		t.Errorf("the English page shows %q", got)
	}
	runbook.Close()

	again := d.open(t, b, "runbook", browser.View{})
	if got := do[string](t, again, `return text('.day-step') + " | " + text('.day-due') + " | " + text('.day-next') + " | " + at('[data-step=S01] .day-input').value`); got != "S06 · Aktualisieren: Datenbank jedes Systems | noch 14 min: 06:55 läuft noch → Gelb: weiter mit W1 | nächste Freigabe G2 um 07:00 | 06:41" {
		t.Errorf("after a reload the page shows %q", got)
	}
	// The lid: no event but the one of coming back.
	got := do[string](t, again, `clock("07:12"); dispatchEvent(new Event("visibilitychange"));
		return [text('.day time'), text('.day-due'), text('.ladder [aria-current] .day-badge'), text('.ladder [aria-current] time'), text('[data-step=S06] .day-badge')].join(" | ")`)
	if want := "07:12 | seit 17 min überfällig: 06:55 läuft noch → Gelb: weiter mit W1 | GILT JETZT | 07:20 | seit 17 min überfällig"; got != want {
		t.Errorf("after the lid was closed the page shows %q, want %q", got, want)
	}
	// The keys: j leads to what is due, ? lists them, and fields keep theirs.
	got = do[string](t, again, `press("body", "j"); const first = document.activeElement.closest("[data-step]").dataset.step;
		press('[data-step=S07] .day-input', "?"); const quiet = !document.querySelector("dialog[open]");
		press("body", "?"); return [first, quiet, at("dialog[open]").id].join(" ")`)
	if got != "S06 true day-keys" {
		t.Errorf("the keys lead to %q", got)
	}
	// Mail A has its time from what was ticked; what is open stands out.
	got = do[string](t, again, `at("dialog[open]").close(); dayPanel.take("x", "S07 0703-0709"); press("body", "m");
		return at('.day-text').textContent + [...document.querySelectorAll('.day-text mark')].map((m) => m.textContent) + text('.day-gaps')`)
	if !strings.Contains(got, "Seit 07:09 Uhr.") || !strings.HasSuffix(got, "[GRUND]Noch offen: [GRUND]. Bitte ausfüllen, bevor die Mail hinausgeht.") {
		t.Errorf("mail A is %q", got)
	}
}

// Where the browser keeps nothing, the page says so, works on, and saves.
func TestAPageWithoutStorageSaysSo(t *testing.T) {
	d, b := ordinaryDay(t), openBrowser(t)
	for name, broken := range map[string]string{
		"blocked": `Object.defineProperty(window, "localStorage", {get() { throw new DOMException("denied", "SecurityError"); }})`,
		"full":    `Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); }`,
	} {
		p := d.open(t, b, "runbook", browser.View{Before: standing("06:41") + ";" + broken})
		if said := do[string](t, p, `return text('.day-warn')`); !strings.Contains(said, "behält nicht, was Sie eintragen") {
			t.Errorf("%s: the page says %q", name, said)
		}
		file := do[string](t, p, `tap('[data-step=S01] .day-input'); tap('.roll li'); return saved()`)
		if !strings.Contains(file, "S01 06:41\n06:41 note | ticked today.K1") {
			t.Errorf("%s: the file is %q", name, file)
		}
		if problems, err := p.Problems(); err != nil || len(problems) > 0 {
			t.Errorf("%s: %q %v", name, problems, err)
		}
		p.Close()
	}
}

// A plan that is built anew takes over what was filled in: steps by their code,
// rows by their change although their codes are counted anew. What is gone
// stays to be seen and saved, and what changed is told.
func TestARebuiltPlanTakesOver(t *testing.T) {
	before, b := ordinaryDay(t), openBrowser(t)
	old := before.open(t, b, "runbook", browser.View{})
	row := func(d filling, change string) string {
		for _, c := range d.docs.Checklists["de"][0].Matrix[0].Checks {
			if c.ChangeID == change {
				return c.Code
			}
		}
		return ""
	}
	kept, lost := "!420", "!421"
	do[bool](t, old, `dayPanel.take("x", "S01 0615\nW2 0746\n`+row(before, kept)+` K2 x1b wrong\n`+row(before, lost)+` K1 ok PS\nH1 0935-0950"); return true`)

	r := ordinary.release()
	for i := range r.Changes {
		if r.Changes[i].ID == lost {
			r.Changes = append(r.Changes[:i], r.Changes[i+1:]...)
			break
		}
	}
	r.Changes = r.Changes[2:] // the first rows, so that all others move up
	c := ordinary.config()
	c.Train.Database = 30
	docs := documentsOf(t, c, &r)
	for _, l := range docs.Languages {
		for i := range docs.Runbooks[l][0].Phases {
			steps := &docs.Runbooks[l][0].Phases[i].Steps
			for j := range *steps {
				if (*steps)[j].Code == "W2" {
					*steps = append((*steps)[:j:j], (*steps)[j+1:]...)
					break
				}
			}
		}
	}
	after := newDay(t, docs)
	if row(after, kept) == row(before, kept) {
		t.Fatal("the row's code didn't move; the test shows nothing")
	}
	p := after.open(t, b, "checklist", browser.View{})
	got := do[string](t, p, `return at('[data-row=`+row(after, kept)+`] td:nth-child(5) .day-cell').dataset.value + "|" + text('.day-moved') + "|" + text('.day-gone')`)
	for _, want := range []string{"✗ 1|", "S06 hat sich geändert: 06:55, 06:55 läuft noch → Gelb: weiter mit W1 → 07:05, 07:05 läuft noch → Gelb: weiter mit W1", "W2 steht nicht mehr im Plan", row(before, lost) + " steht nicht mehr im Plan: !421", "W2 07:45 07:46", row(before, lost) + " K1 ok PS"} {
		if !strings.Contains(got, want) {
			t.Errorf("the page doesn't show %q: %s", want, got)
		}
	}
	file := do[string](t, p, `tap('[data-do=seen]'); return saved()`)
	for _, want := range []string{"S01 06:15\n", "H1 09:35-09:50\n", row(after, kept) + " K2 x1b | wrong\n", "note | no longer in the plan: W2 07:45 07:46", "note | no longer in the plan: " + row(before, lost) + " K1 ok PS"} {
		if !strings.Contains(file, want) {
			t.Errorf("the file lacks %q:\n%s", want, file)
		}
	}
	after.state(t, file)
	p.Close()
	if moved := do[bool](t, after.open(t, b, "runbook", browser.View{}), `return at('.day-moved').hidden && at('[data-step=S01] .day-input').value === "06:15"`); !moved {
		t.Error("what was seen is told again, or S01 is lost")
	}
}

// Paper: nothing of the day mode prints on an untouched page, and what is
// filled in prints as a filled copy on as many sheets.
func TestAFilledInDayPrints(t *testing.T) {
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		lacking(t, err.Error())
	}
	d, b := ordinaryDay(t), openBrowser(t)
	text := func(p *browser.Page) string {
		pdf, err := p.PDF()
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "x.pdf")
		if err := os.WriteFile(file, pdf, 0o644); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(tool, "-layout", file, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	for _, document := range []string{"runbook", "checklist"} {
		plain := text(d.open(t, b, document, browser.View{NoScript: true}))
		p := d.open(t, b, document, browser.View{})
		if got := text(p); folded(got) != folded(plain) {
			t.Errorf("the untouched %s prints otherwise than without a script:\n%s\n%s", document, folded(got), folded(plain))
		}
		do[bool](t, p, `dayPanel.take("x", "S01 0615\nS06 0635-0702\nG1 go-with SA/JO 0634 only K1 first\nC02 K1 ok PS\nC03 K1 x1b price wrong\nticked"); press('body', 't'); return true`)
		got := text(p)
		wants := []string{"06:15", "SA", "JO", "GO mit Auflage", "only K1 first", "06:35–", "07:02"}
		if document == "checklist" {
			wants = []string{"PS", "✗ 1", "C03 K1", "price wrong"}
		}
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("the filled copy of the %s lacks %q", document, want)
			}
		}
		if strings.Contains(got, "Protokolldatei") || strings.Count(got, "\f") != strings.Count(plain, "\f") {
			t.Errorf("the filled copy of the %s shows the tools, or takes %d sheets instead of %d", document, strings.Count(got, "\f"), strings.Count(plain, "\f"))
		}
		do[bool](t, p, `tap('[data-do=erase]'); return true`)
		p.Close()
	}
}

// Days that are history have no day mode: they are two trains older than the
// newest one.
func TestOldDaysAreHistory(t *testing.T) {
	r := ordinary.release()
	docs := documentsOf(t, ordinary.config(), &r)
	for _, l := range docs.Languages {
		old := docs.Runbooks[l][0]
		old.Date, old.Slug, old.Version = old.Date.AddDate(0, 0, -43), "2026.7.0", "2026.7.0"
		docs.Runbooks[l] = append(docs.Runbooks[l], old)
	}
	docs.Mails = []model.Mail{{Outcome: model.OutcomeDone, Lang: "de", Slug: "2026.9.0", Subject: "only-here", Body: "x\n"}}
	files := written(t, docs)
	for name, want := range map[string]bool{"team/2026.9.0/runbook/index.html": true, "team/2026.7.0/runbook/index.html": false} {
		page := string(files[name])
		if strings.Contains(page, "only-here") != want || strings.Contains(page, "<script") != want || regexp.MustCompile(`script-src 'sha256-`).MatchString(page) != want {
			t.Errorf("%s: has the day mode: want %v", name, want)
		}
	}
}
