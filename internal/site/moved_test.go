package site

import (
	"strings"
	"testing"

	"daybreak/internal/browser"
	"daybreak/internal/model"
)

// withAliases is the story with old addresses, and what is known not to work yet.
func withAliases() PublicSite {
	p := realistic()
	for _, l := range p.Languages {
		p.Notes[l][0].Aliases = []string{"2026.14", "news/spring.html", "news/may", "releases/2026.13.0", "2026.13.0", "feed.xml"}
		p.Notes[l][2].Aliases = []string{"2026.14"}
		p.Notes[l][0].Known = "- Der Export großer Gruppen braucht **länger**.\n- Fax geht nicht mehr."
		if l == model.English {
			p.Notes[l][0].KnownLang = model.German
		}
	}
	return p
}

// An old address leads to the release's page in its language; a page of its own
// always wins, and so does the newer of two releases.
func TestOldAddressesHold(t *testing.T) {
	files := build(t, withAliases())
	checkPages(t, files)
	for name, want := range map[string]string{
		"releases/2026.14/index.html":    "../../releases/2026.14.0/index.html",
		"news/spring.html":               "../releases/2026.14.0/index.html",
		"news/may/index.html":            "../../releases/2026.14.0/index.html",
		"en/releases/2026.14/index.html": "../../releases/2026.14.0/index.html",
	} {
		page := string(files["public/"+name])
		if !strings.Contains(page, `<meta http-equiv="refresh" content="0; url=`+want+`">`) || !strings.Contains(page, `<meta name="robots" content="noindex">`) {
			t.Errorf("%s does not lead to %s: %.900s", name, want, page)
		}
		canonical := `<link rel="canonical" href="https://neues.meridian.example/releases/2026.14.0/">`
		if strings.HasPrefix(name, "en/") {
			canonical = strings.Replace(canonical, "example/", "example/en/", 1)
		}
		if !strings.Contains(page, canonical) {
			t.Errorf("%s lacks %s", name, canonical)
		}
	}
	if text := words(t, files, "releases/2026.13.0/index.html"); !strings.Contains(text, "Sammelrechnung") {
		t.Error("an alias took the place of a page")
	}
}

func TestKnownIssues(t *testing.T) {
	files := build(t, withAliases())
	for name, want := range map[string]string{
		"releases/2026.14.0/index.html":    "Bekannte Einschränkungen Der Export großer Gruppen braucht länger . Fax geht nicht mehr.",
		"en/releases/2026.14.0/index.html": "Known issues de Der Export",
		"index.html":                       "Bekannte Einschränkungen Der Export",
	} {
		if text := words(t, files, name); !strings.Contains(text, want) {
			t.Errorf("%s lacks %q: %s", name, want, text)
		}
	}
	for name, want := range map[string]string{"feed.xml": "Bekannte Einschränkungen", "CHANGELOG.md": "### Bekannte Einschränkungen\n\n- Der Export", "latest.json": `"known_issues": "- Der Export`} {
		if !strings.Contains(string(files["public/"+name]), want) {
			t.Errorf("%s lacks %q", name, want)
		}
	}
}

// A link to one change finds it where it stands now.
func TestOldLinksToAChange(t *testing.T) {
	p := large(900)
	p.Notes[model.German][1].Aliases = []string{"old"}
	for i := range p.Notes[model.German] {
		for k := range p.Notes[model.German][i].Sections {
			for n := range p.Notes[model.German][i].Sections[k].Notes {
				if note := &p.Notes[model.German][i].Sections[k].Notes[n]; note.Anchor == "n-2-0290" {
					note.Also = []string{"n-like-0290"}
				}
			}
		}
	}
	b, served, disk := shelfOf(t, build(t, p))
	for from, want := range map[string]string{
		served("releases/2026.14.0/index.html#n-2-0290"):    "/releases/2026.14.0/", // a later part
		served("releases/2026.14.0/index.html#n-like-0290"): "/releases/2026.14.0/", // of a note that reads the same
		disk("releases/2026.12.0/index.html#n-2-0290"):      "/releases/2026.14.0/", // another release
		served("releases/old/index.html#n-1-0"):             "/releases/2026.13.1/",
	} {
		page := opened(t, b, from, browser.View{})
		got := eval[string](t, page, `new Promise(done => { const look = () => document.readyState === "complete" && document.getElementById(location.hash.slice(1)) ? done(location.href) : setTimeout(look, 20); look(); })`)
		_, hash, _ := strings.Cut(from, "#")
		if !strings.Contains(got, want) || !strings.HasSuffix(got, "#"+hash) {
			t.Errorf("%s leads to %s", from, got)
		}
	}
}

func TestMovedPagesInABrowser(t *testing.T) {
	files := build(t, withAliases())
	dir := onDisk(t, files)
	validate(t, dir, []string{"public/releases/2026.14/index.html", "public/releases/2026.14.0/index.html"})
	audit(t, dir, []string{"public/en/releases/2026.14.0/index.html"}, twoViews)
}
