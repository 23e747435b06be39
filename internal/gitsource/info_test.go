package gitsource

import (
	"context"
	"slices"
	"strings"
	"testing"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

func TestInfoFitsTheRepository(t *testing.T) {
	f := newFixture(t)
	f.git("remote add origin git@gitlab.example.org:group/buchung.git")
	f.commit("feat: Gruppenpreise für Busreisen", "src/a", "1", "docs/b", "2", ".hidden/c", "3")
	f.tag("v1.0.0")
	f.topic("topic", "fix: Rabatt wird nicht doppelt abgezogen")
	f.merge("topic", "Merge branch 'topic' into 'main'\n\nfix: Rabatt\n\nSee merge request group/buchung!4")
	f.tag("v1.1.0-rc.1")
	f.write(".mailmap", "Ada Lovelace <ada@example.org>\n")
	f.commit("chore: names")
	info, err := f.open(Options{}).Info(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if info.Name != "buchung" || info.Forge != "gitlab" || info.RemoteURL != "https://gitlab.example.org/group/buchung" || info.Main != "main" {
		t.Errorf("identity: %+v", info)
	}
	if info.Releases != 2 || info.Prereleases != 1 || info.Newest != "v1.0.0" || !slices.Equal(info.Tags, []string{"v[0-9]*"}) {
		t.Errorf("tags: %+v", info)
	}
	if info.Commits != 5 || info.Conventional != 1 || info.Language != model.German {
		t.Errorf("titles: %+v", info)
	}
	if !slices.Equal(info.Folders, []string{"docs", "src"}) {
		t.Errorf("folders: %v", info.Folders)
	}
	if len(info.Authors) != 1 || info.Authors[0].Name != "Ada Lovelace" || info.Authors[0].Commits != 5 {
		t.Errorf("authors: %+v", info.Authors)
	}
}

// The globs of a new workspace match what they were made from, and none of the tags that
// would make every command warn of a release without a version.
func TestInfoGlobsMatchReleasesAlone(t *testing.T) {
	for _, c := range []struct{ tags, want []string }{
		{[]string{"8.0.0", "8.1.0rc1", "8.x", "8.0.x"}, []string{"[0-9]*[0-9]"}},
		{[]string{"v1.0.0", "v1.0.x", "cli-2.0.0", "cli-2.0.1", "other"}, []string{"cli-[0-9]*", "v[0-9]*[0-9]"}},
		{[]string{"v1.0.0-beta", "v1.0.x"}, []string{"v[0-9]*.[0-9]*.[0-9]*"}},
		{[]string{"v1.0.0", "v1.1.0-rc", "v1.2.3.x9y"}, nil},
	} {
		f := newFixture(t)
		f.commit("feat: one")
		for _, tag := range c.tags {
			f.tag(tag)
		}
		info, err := f.open(Options{}).Info(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(info.Tags, c.want) {
			t.Errorf("%v: globs %q, want %q", c.tags, info.Tags, c.want)
		}
		all, _, err := f.open(Options{}).Releases(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		globbed, found, err := f.open(Options{Tags: info.Tags}).Releases(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if len(globbed) != len(all) || found.Worst() > diag.Note {
			t.Errorf("%v: %d of %d releases with %q; %v", c.tags, len(globbed), len(all), info.Tags, found)
		}
	}
}

// A place in the code in front of a colon is no conventional type, and one request that
// came along with somebody else's commits is no forge.
func TestInfoOfPlaces(t *testing.T) {
	f := newFixture(t)
	for _, place := range []string{"booking", "booking/prices", "net/http"} {
		f.commit(place + ": take the sum")
	}
	info, err := f.open(Options{}).Info(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if info.Conventional*float64(info.Commits) > 1 { // the fixture begins with one
		t.Errorf("%v of %d titles are conventional", info.Conventional, info.Commits)
	}
	r := &Repository{}
	if got := r.forge("", map[string]int{"gerrit": 1}, 2000); got != "" {
		t.Errorf("requests on %q", got)
	}
	if got := r.forge("", map[string]int{"gerrit": 1, "gitlab": 30}, 2000); got != "gitlab" {
		t.Errorf("requests on %q", got)
	}
}

func TestWebAddress(t *testing.T) {
	for remote, want := range map[string]string{
		"git@github.com:owner/name.git":                 "https://github.com/owner/name",
		"ssh://git@host.example:7999/p/name.git":        "https://host.example/p/name",
		"https://user:secret@host.example:8443/p/n.git": "https://host.example:8443/p/n",
		"http://host.example/n/":                        "http://host.example/n",
		"/srv/git/name.git":                             "",
		"../name":                                       "",
		"file:///srv/name":                              "",
		"javascript:alert(1)//":                         "",
		`C:\repos\name`:                                 "",
	} {
		if got := webAddress(remote); got != want {
			t.Errorf("webAddress(%q) = %q, want %q", remote, got, want)
		}
		if strings.Contains(webAddress(remote), "secret") {
			t.Errorf("webAddress(%q) keeps credentials", remote)
		}
	}
}
