package compose

import (
	"fmt"
	"strings"
	"testing"

	"daybreak/internal/config"
	"daybreak/internal/message"
	"daybreak/internal/model"
)

// What is a dependency update by its title alone, and what only looks like one.
func TestDependencyTitles(t *testing.T) {
	for title, want := range map[string]string{
		"Bump axios from 1.6.0 to 1.7.2":                                    "axios 1.6.0 1.7.2",
		"Bump actions/checkout from 3 to 4 in /.github/workflows":           "actions/checkout 3 4",
		"build(deps-dev): bump @types/node from 20.1.0 to 20.2.0":           "@types/node 20.1.0 20.2.0",
		"Bump the npm_and_yarn group across 1 directory with 3 updates":     ",,",
		"Update dependency org.postgresql:postgresql to v42.7.7 [SECURITY]": "org.postgresql:postgresql  v42.7.7",
		"fix(deps): update module github.com/x/y to v2":                     "github.com/x/y  v2",
		"Update actions/setup-go action to v5":                              "actions/setup-go  v5",
		"Update all non-major dependencies":                                 "",
		"chore(deps): lock file maintenance":                                "",
		"deps: bump jackson to 2.20.0":                                      "jackson  2.20.0",
		"KAFKA-12: Upgrade jetty from 9.4.51 to 9.4.52":                     "jetty 9.4.51 9.4.52",
		"[pre-commit.ci] pre-commit autoupdate":                             "",
		"chore(deps): remove lodash":                                        "",

		"Update the price from 5.00 to 6.50":    "none",
		"Update module pricing to v2":           "none",
		"Bump version from 1.0 to 1.1":          "none",
		"Upgrade rooms to suites":               "none",
		"Revert \"Bump axios from 1.6 to 1.7\"": "none",
		"feat: update the seat map to v2":       "none",
	} {
		m := message.Parse(title, message.Options{})
		ch := model.Change{Title: m.Title, Header: m.Header, Tip: model.Commit{Author: model.Person{Name: "Ada"}}}
		got := "none"
		if bumps := dependencyBumps(&ch); bumps != nil {
			var all []string
			for _, b := range bumps {
				all = append(all, strings.TrimRight(fmt.Sprintf("%s %s %s", b.Name, b.From, b.To), " "))
			}
			got = strings.Join(all, ",")
		}
		if got != want {
			t.Errorf("%q: %q, want %q", title, got, want)
		}
	}
}

func TestDependenciesAreFolded(t *testing.T) {
	c := config.Default()
	change := func(id, title string, paths ...string) model.Change {
		m := message.Parse(title, message.Options{})
		h := model.Hash(strings.Repeat(id[1:], 40)[:40])
		ch := model.Change{ID: id, Title: m.Title, Header: m.Header, Merge: h, Tip: model.Commit{Hash: h}, Trailers: m.Trailers}
		for _, p := range paths {
			ch.Paths = append(ch.Paths, model.PathChange{Status: 'M', Path: p})
		}
		return ch
	}
	robot := change("#4", "Update framework to 8.1")
	robot.Request = &model.Request{Number: "4", Source: "renovate/framework-8.x"}
	r := model.Release{Commits: 7, Changes: []model.Change{
		change("#1", "Bump axios from 1.6.0 to 1.7.0"),
		change("#2", "Bump axios from 1.7.0 to 1.7.2"),
		change("#3", "tidy", "go.mod", "go.sum"),
		robot,
		change("#5", "feat: export", "go.mod", "export.go"),
		change("#6", "Bump left-pad from 1.0.0 to 2.0.0\n\nRelease-Note: Names are aligned again."),
		change("#7", "2.4.0", "package-lock.json"),
	}}
	Classify(c, &r)
	list, n := Dependencies(&r)
	var ids []string
	for _, ch := range list {
		ids = append(ids, ch.ID)
	}
	if got := strings.Join(ids, " "); got != "#1 #2 #3 #4" || n != 3 {
		t.Fatalf("%s update %d dependencies, want #1 #2 #3 #4 and 3", got, n)
	}
	for l, want := range map[model.Lang]string{model.English: "3 dependencies updated", model.German: "3 Abhängigkeiten aktualisiert"} {
		notes := releaseNotes(c, &r, l, everybody(c))
		found := ""
		for _, s := range notes.Sections {
			for _, note := range s.Notes {
				if note.Folded > 0 {
					found += note.Title
				}
			}
		}
		if found != want {
			t.Errorf("%s: folded as %q, want %q", l, found, want)
		}
		if f := MailFacts(c, notes); strings.Contains(strings.Join(f.Top, "\n"), want) {
			t.Errorf("%s: the mails speak of dependencies", l)
		}
	}
	ledger := Ledger(c, &r, model.DayHeader{}, model.English)
	commits, folds := 0, 0
	for _, row := range ledger.Rows {
		commits += row.Commits
		if len(row.Folded) > 0 {
			if folds++; row.Title != "3 dependencies updated" || len(row.Folded) != 4 || row.Commits != 4 {
				t.Errorf("the ledger folds them as %+v", row)
			}
		}
	}
	if commits != r.Commits || folds != 1 {
		t.Errorf("the ledger has %d commits, %d folded rows", commits, folds)
	}
	c.Notes.Dependencies = "withhold"
	if _, ok := dependencyNote(c, &r, model.English); ok {
		t.Error("withheld updates are told")
	}
}

// A dependency that was taken further several times counts once, and is named with
// where it is at last.
func TestDependenciesAreNamedOnce(t *testing.T) {
	submodule := func(path, old, to string) model.Change {
		return model.Change{
			Dependencies: []model.DependencyBump{{}}, Paths: []model.PathChange{{Status: 'M', Path: path}},
			Submodules: []model.SubmoduleBump{{Path: path, Old: model.Hash(strings.Repeat(old, 8)), New: model.Hash(strings.Repeat(to, 8))}},
		}
	}
	named := func(name, to string) model.Change {
		return model.Change{Dependencies: []model.DependencyBump{{Name: name, To: to}}}
	}
	r := model.Release{Changes: []model.Change{
		submodule("gnulib", "c", "d"), named("axios", "1.7.2"), submodule("gnulib", "b", "c"), named("axios", "1.7.0"), submodule("gnulib", "a", "b"), submodule("vendor/x", "1", "2"),
	}}
	r.Changes[5].Dependencies[0].Name = "vendor/x"
	list, n := Dependencies(&r)
	if got, want := dependencyNames(list), "gnulib aaaaaaaa..dddddddd, axios 1.7.2, vendor/x"; n != 3 || got != want {
		t.Errorf("%d: %s, want 3: %s", n, got, want)
	}
}
