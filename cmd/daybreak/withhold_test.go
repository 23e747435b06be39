package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"daybreak/internal/compose"
	"daybreak/internal/diag"
	"daybreak/internal/guard"
	"daybreak/internal/model"
	"daybreak/internal/output"
)

// A title that nobody worded and that holds what must not leave stops no build, and
// no byte of it leaves: not on any page, in a feed, mail, index or picture's
// metadata; what somebody worded beside it is told, and the ledger has both.
func TestRawTitlesStayInTheHouse(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, configFile), []byte(leakSettings), 0o666); err != nil {
		t.Fatal(err)
	}
	w, err := openWorkspace(place{workspace: dir})
	if err != nil {
		t.Fatal(err)
	}
	look, err := w.theme()
	if err != nil {
		t.Fatal(err)
	}
	disguises := leakDisguises()
	for i, leak := range leaks {
		for j, name := range slices.Sorted(maps.Keys(disguises)) {
			if (i+j)%6 != 0 { // the builds of TestNoLeakThroughAnyOutput have tried the others
				continue
			}
			r := leakyRelease("Wartelisten zeigen")
			raw := r.Changes[0]
			raw.ID, raw.Title, raw.Trailers = "!413", "show "+disguises[name](leak)+" aside", nil
			raw.Tip.Hash = "2f3c1a7be2d45f60718293a4b5c6d7e8f9011223"
			raw.Merge = raw.Tip.Hash
			r.Changes, r.Commits = append(r.Changes, raw), 2
			list := []model.Release{r}
			compose.Classify(w.config, &list[0])
			w.withhold(list, w.leakyWords(list))
			into := &output.Memory{}
			found, err := write(t.Context(), w, look, list, into)
			if err != nil {
				t.Errorf("%q as %s stops the build: %v\n%v", leak, name, err, found)
				continue
			}
			if !slices.ContainsFunc(found.Of(func(d diag.Diagnostic) bool { return d.Code == "titles-withheld" }), func(d diag.Diagnostic) bool {
				return strings.Contains(d.Message, "1 title that nobody worded is kept from customers")
			}) {
				t.Errorf("%q as %s: nobody hears of it: %v", leak, name, found)
			}
			told := false
			for _, path := range into.Paths() {
				data, _ := into.File(path)
				if !guard.Leaves(path) {
					continue
				}
				told = told || strings.Contains(string(data), "Wartelisten zeigen")
				for _, text := range []string{leak, raw.Title, " aside"} {
					if strings.Contains(string(data), text) && !(strings.Contains(path, "/K2/") && text == leak) { // K2 reads its own name
						t.Errorf("%q as %s leaves in %s", leak, name, path)
					}
				}
			}
			if ledger, _ := into.File("team/1.2.0/ledger/index.html"); !told || !strings.Contains(string(ledger), "bucket-withheld") {
				t.Errorf("%q as %s: told %v, or the ledger has no drawer for it", leak, name, told)
			}
		}
	}
}

// Two titles that mean together what neither means alone stop no build: what the files
// show is withheld, and all is written anew; what somebody worded stays, and stops it.
func TestTitlesThatMeetStayInTheHouse(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, configFile), []byte(leakSettings), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, worded := range []bool{false, true} {
		w, err := openWorkspace(place{workspace: dir})
		if err != nil {
			t.Fatal(err)
		}
		look, err := w.theme()
		if err != nil {
			t.Fatal(err)
		}
		r := leakyRelease("Wartelisten zeigen")
		for i, title := range []string{"ok petra@", "innen.example: mend the hold"} {
			raw := r.Changes[0]
			raw.ID, raw.Title, raw.Trailers = fmt.Sprintf("!42%d", i), title, nil
			raw.Tip.Hash = model.Hash(fmt.Sprintf("%d%039d", i+3, 7))
			raw.Merge, raw.Header = raw.Tip.Hash, model.Header{Type: "feat", Text: title}
			if worded {
				raw.Trailers = []model.Trailer{{Key: "Release-Note", Value: title}}
			}
			r.Changes, r.Commits = append(r.Changes, raw), r.Commits+1
		}
		list := []model.Release{r}
		compose.Classify(w.config, &list[0])
		w.withhold(list, w.leakyWords(list))
		if len(w.withheld) > 0 {
			t.Fatalf("alone they mean nothing: %v", w.withheld)
		}
		_, err = write(t.Context(), w, look, list, &output.Memory{})
		if !errors.Is(err, errLeaks) {
			t.Fatalf("together they pass: %v", err)
		}
		// A preview keeps the same from its next edition, and makes only one more for it.
		p, e := &preview{}, &edition{w: w, list: list}
		if more := p.withholdMore(e, w.leaks); more == worded || len(p.titles()) == 0 && !worded || p.withholdMore(e, w.leaks) {
			t.Errorf("worded %v: a preview withholds %v more, %v", worded, more, p.titles())
		}
		if again := slices.Clone(list); !worded {
			again[0].Changes = slices.Clone(list[0].Changes)
			w.withhold(again, p.titles())
			if _, err := write(t.Context(), w, look, again, &output.Memory{}); err != nil {
				t.Errorf("with what the preview keeps: %v", err)
			}
			w.withheld = nil
			if _, err = write(t.Context(), w, look, list, &output.Memory{}); !errors.Is(err, errLeaks) {
				t.Fatalf("the list was changed: %v", err)
			}
		}
		if more := w.withholdMore(list); more == worded {
			t.Fatalf("worded %v: withheld more %v", worded, more)
		}
		if worded {
			continue
		}
		into := &output.Memory{}
		if found, err := write(t.Context(), w, look, list, into); err != nil {
			t.Fatalf("%v %v", err, found)
		}
		if page, _ := into.File("public/releases/1.2.0/index.html"); strings.Contains(string(page), "petra@") || !strings.Contains(string(page), "Wartelisten") {
			t.Error("the page has it, or nothing else")
		}
	}
}
