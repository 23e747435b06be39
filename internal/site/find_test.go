package site

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"daybreak/internal/browser"
	"daybreak/internal/model"
)

// findings is many changes in many releases: every hundredth was also
// backported, every thousandth taken back.
func findings(count int) []model.Finding {
	out := make([]model.Finding, count)
	for i := range out {
		n := count - i
		in := model.FoundIn{Version: fmt.Sprintf("2026.%d.0", n/100), Slug: fmt.Sprintf("2026.%d.0", n/100), Date: day("2026-05-12")}
		f := model.Finding{ID: fmt.Sprintf("!%d", n), Title: fmt.Sprintf("Änderung <%d> & mehr", n), Keys: []string{fmt.Sprintf("RW-%d", n)}, Hashes: []string{fmt.Sprintf("%08x", n*7919), fmt.Sprintf("%08x", n*104729)}, In: []model.FoundIn{in}}
		if n < 100 {
			f.In[0] = model.FoundIn{Slug: "unreleased"}
		}
		if n%100 == 0 {
			f.In = append(f.In, model.FoundIn{Version: "2099.1.0", Slug: "2099.1.0"})
		}
		if n%1000 == 999 {
			f.In[0].Withdrawn = true
		}
		out[i] = f
	}
	return out
}

func findSite(t *testing.T, count int) memory {
	t.Helper()
	files := memory{}
	ts := TeamSite{Languages: []model.Lang{model.German, model.English}, Product: "Meridian", Findings: findings(count)}
	if err := Team(ts, loadTheme(t), files); err != nil {
		t.Fatal(err)
	}
	return files
}

func TestEveryChangeCanBeFound(t *testing.T) {
	files := findSite(t, 30_000)
	var all strings.Builder
	for name, data := range files {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		for _, problem := range pageProblems(files, name, data) {
			t.Errorf("%s: %s", name, problem)
		}
		if len(data) > 700_000 {
			t.Errorf("%s: %d bytes", name, len(data))
		}
		if strings.HasPrefix(name, "team/find/") {
			all.Write(data)
		}
	}
	if n := strings.Count(all.String(), "<li><b>!"); n != 30_000 {
		t.Errorf("%d changes on the pages", n)
	}
	for _, want := range []string{"<b>!700</b> Änderung &lt;700&gt; &amp; mehr <span>RW-700</span>", "<em>auch in 2099.1.0</em>", "Zusammengeführt und zurückgenommen", "(Fortsetzung)"} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("the pages lack %q", want)
		}
	}
	var data struct {
		Releases []string
		Changes  [][]any
	}
	if err := json.Unmarshal(files["team/find/changes.json"], &data); err != nil {
		t.Fatal(err)
	}
	if len(data.Changes) != 30_000 || len(files["team/find/changes.json"]) > 4<<20 {
		t.Errorf("%d changes in %d bytes", len(data.Changes), len(files["team/find/changes.json"]))
	}
	if _, ok := findSite(t, 100)["team/find/changes.json"]; ok {
		t.Error("a list of one page has data beside it")
	}
}

func TestFindPagesInABrowser(t *testing.T) {
	files := findSite(t, 300)
	dir := onDisk(t, files)
	audit(t, dir, []string{"team/find/index.html"}, twoViews)
	validate(t, dir, []string{"team/find/index.html"})
}

// The script looks through all changes, wherever they stand: through the data
// where a server gives it, else on the page at hand, and says so.
func TestFindingInABrowser(t *testing.T) {
	dir := onDisk(t, findSite(t, 5000))
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer server.Close()
	b := openBrowser(t)
	for _, c := range []struct{ address, query, want string }{
		{server.URL + "/team/en/find/", "rw-12", "111 changes shown|Not released yet · !12 Änderung <12> & mehr RW-12 "},
		{server.URL + "/team/find/", "!300", "11 Änderungen zu sehen|2026.3.0 · !300 Änderung <300> & mehr RW-300 00244014 01df694c auch in 2099.1.0"},
		{server.URL + "/team/find/2/", "00244014C0112233", "1 Änderung zu sehen|2026.3.0 · !300 "},
		{server.URL + "/team/find/", "RW-77777", "Nichts gefunden|"},
		{browser.FileAddress(filepath.Join(dir, "team/find/3/index.html")), "RW-300", "1 Änderung zu sehen. Die Liste aller Änderungen ist von hier aus nicht lesbar; nur diese Seite wurde durchsucht.|2026.3.0 12. Mai 2026 · !300 "},
	} {
		p, err := b.Page(c.address, browser.View{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := browser.Eval[string](p, fmt.Sprintf(`new Promise(done => {
			const said = document.getElementById("said"), input = document.getElementById("query");
			new MutationObserver(() => said.textContent && done(said.textContent + "|" + (document.querySelector("#results li")?.textContent ?? ""))).observe(said, {childList: true});
			input.value = %q; input.dispatchEvent(new Event("input"));
		})`, c.query))
		if err != nil || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s on %s: %q, %v", c.query, c.address, got, err)
		}
		p.Close()
	}
}
