package gitsource

import (
	"runtime"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
)

// What a manifest says its package is called. What can't be read says nothing.
func TestNamesInManifests(t *testing.T) {
	for _, c := range []struct{ file, text, want string }{
		{"package.json", `{"version": "1", "name": "@org/cli"}`, "@org/cli"},
		{"package.json", "\ufeff{\"name\": \"cli\"}", "cli"},
		{"package.json", `{"name": 3}`, ""},
		{"package.json", `["name"]`, ""},
		{"package.json", `{"name": "cli"`, ""},
		{"Cargo.toml", "[workspace]\nmembers = [\n  \"name\",\n]\n\n[package]\r\nname = \"org-trace\"\r\nversion = \"1\"\n[lib]\nname = \"other\"\n", "org-trace"},
		{"Cargo.toml", "[ package ] # this one\n  name='a_b' # so\n", "a_b"},
		{"Cargo.toml", "[workspace.package]\nname = \"a\"\n", ""},
		{"Cargo.toml", "[package]\nversion = \"1\"\n[[bin]]\nname = \"a\"\n", ""},
		{"Cargo.toml", "[[package]]\nname = \"a\"\n", ""},
		{"Cargo.toml", "[package.metadata]\nname = \"a\"\n", ""},
		{"Cargo.toml", "name = \"a\"\n[package]\nname = 3\n", ""},
		{"pyproject.toml", "[tool.poetry]\nname = \"poet\"\n[project]\nname = \"org.py\"\n", "org.py"},
		{"pyproject.toml", "[project]\nversion = \"1\"\n[tool.poetry]\nname = \"poet\"\n", "poet"},
		{"pubspec.yaml", "description: a\nname: org_tool\n", "org_tool"},
		{"pubspec.yaml", "  name: inner\n", ""},
	} {
		if got := manifests[c.file]([]byte(c.text)); got != c.want {
			t.Errorf("%s says %q, want %q:\n%s", c.file, got, c.want, c.text)
		}
	}
}

// Manifests lie in repositories of others: keys half a million deep take a few times the
// memory that the manifest takes itself.
func TestHostileManifests(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("a.", 1<<19-8) + "a=1\n",
		"[" + strings.Repeat("a.", 1<<19-8) + "a]\n",
		"a=" + strings.Repeat("{a=", maxManifest/3-8),
		strings.Repeat("[", maxManifest-8),
	} {
		text := []byte(text + "[package]\nname = \"x\"\n")
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		manifests["Cargo.toml"](text)
		runtime.ReadMemStats(&after)
		if spent := after.TotalAlloc - before.TotalAlloc; spent > 8*maxManifest {
			t.Errorf("%.10q took %d bytes, at most %d", text, spent, 8*maxManifest)
		}
	}
}

// A tree may hold what git would refuse to make: a folder without a name is none.
func TestFolderWithoutName(t *testing.T) {
	f := newFixture(t)
	f.commit("feat: start", "cli/package.json", `{"name": "cli"}`)
	blob := f.feed(`{"name": "odd"}`, "hash-object", "-w", "--stdin")
	raw := plumbing.NewHash(f.feed("100644 blob "+blob+"\tpackage.json\n", "mktree"))
	nameless := f.feed("40000 \x00"+string(raw[:]), "hash-object", "-w", "-t", "tree", "--literally", "--stdin")
	odd := f.run("commit-tree", "-m", "feat: odd", "-p", "HEAD", nameless)
	f.tag("v1.0.0")
	f.run("tag", "-a", "-m", "odd", "odd@1.0.0", odd)
	f.want("v1.0.0", "from\n told feat: start (1)\n told chore: start (1)")
}
