package gitsource

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"daybreak/internal/model"
)

// Tags named like a folder of the tree release that folder alone, and its first
// release doesn't tell the whole repository's history.
func TestLineOfAFolder(t *testing.T) {
	f := newFixture(t)
	f.commit("feat: api", "sdk/api/a.go", "1")
	f.commit("feat: main", "main.go", "1")
	f.tag("v1.0.0")
	f.tag("sdk/api/v0.1.0")
	f.commit("fix: main", "main.go", "2")
	f.topic("topic", "fix: api", "sdk/api/a.go", "2")
	f.merge("topic", "Merge branch 'topic'")
	f.topic("several", "feat: more main", "main.go", "3")
	f.git("checkout -q several")
	f.commit("feat: more api", "sdk/api/a.go", "3")
	f.git("checkout -q main")
	f.merge("several", "Merge branch 'several'")
	f.tag("v1.1.0")
	f.tag("sdk/api/v0.2.0")
	f.tag("gone/v0.1.0")
	rel := f.want("sdk/api/v0.1.0", `from
		told feat: api (1)
		skipped feat: main
		skipped chore: start`)
	if !strings.Contains(rel.Explain.String(), "that of the folder sdk/api") {
		t.Errorf("explained as %q", rel.Explain)
	}
	f.want("sdk/api/v0.2.0", `from sdk/api/v0.1.0
		told feat: more api (1)
		told fix: api (2)
		skipped Merge branch 'several'
		skipped feat: more main
		skipped fix: main`)
	f.want("v1.1.0", `from v1.0.0
		told feat: more api (1)
		told feat: more main (1)
		told fix: api (2)
		told fix: main (1)
		skipped Merge branch 'several'`)
}

// So do tags of an npm package, where the package's own file says its name.
func TestLineOfAPackage(t *testing.T) {
	f := newFixture(t)
	f.commit("feat: cli", "packages/cli/package.json", `{"name": "@org/cli"}`, "packages/core/package.json", `{"name": "core-of-org"}`)
	f.tag("@org/cli@1.0.0")
	f.tag("@org/core@1.0.0")
	f.commit("fix: cli", "packages/cli/cli.js", "1")
	f.commit("fix: core", "packages/core/core.js", "1")
	f.tag("@org/cli@1.0.1")
	f.tag("@org/core@1.0.1")
	f.want("@org/cli@1.0.1", "from @org/cli@1.0.0\n told fix: cli (1)\n skipped fix: core")
	f.want("@org/core@1.0.1", "from @org/core@1.0.0\n told fix: core (1)\n told fix: cli (1)")
}

// Packages are found by their manifests wherever they lie, whatever their folders are
// called, and where they were at the time of the tag.
func TestLinesOfPackages(t *testing.T) {
	f := newFixture(t)
	f.commit("feat: start", "package.json", `{"name": "main"}`, "packages/kits/react/package.json", `{"name": "@org/react"}`, "tool/pubspec.yaml", "name: org_tool\n", "core.js", "1",
		"crates/trace/Cargo.toml", "[package]\nname = \"org-trace\"\n", "py/pyproject.toml", "[project]\nname = \"org.py\"\n", "packages/main/package.json", `{"name": "main"}`)
	f.tag("v7.23.1")
	f.commit("fix: tool before", "tool/a.dart", "0")
	f.tag("org_tool-v7.23.2")
	f.want("org_tool-v7.23.2", "from v7.23.1\n told fix: tool before (1)")
	lines := []string{"@org/react@1.%d.0", "main@1.%d.0", "org_tool-v1.%d.0", "org-trace-1.%d.0", "trace/-1.%d.0", "org.py-1.%d.0"}
	tag := func(n int) {
		for _, line := range lines {
			f.tag(fmt.Sprintf(line, n))
		}
	}
	tag(0)
	f.commit("fix: react", "packages/kits/react/a.js", "1")
	f.commit("fix: tool", "tool/a.dart", "1")
	f.commit("fix: trace", "crates/trace/a.rs", "1")
	f.commit("fix: py", "py/a.py", "1")
	tag(1)
	f.git("mv packages/kits/react packages/ui")
	f.commit("feat: react of its own")
	f.commit("fix: react again", "packages/ui/a.js", "2")
	tag(2)
	f.want("@org/react@1.1.0", "from @org/react@1.0.0\n told fix: react (1)\n skipped fix: py\n skipped fix: trace\n skipped fix: tool")
	f.want("@org/react@1.2.0", "from @org/react@1.1.0\n told fix: react again (1)\n told feat: react of its own (1)")
	f.want("org_tool-v1.1.0", "from org_tool-v1.0.0\n told fix: tool (1)\n skipped fix: py\n skipped fix: trace\n skipped fix: react")
	f.want("org-trace-1.1.0", "from org-trace-1.0.0\n told fix: trace (1)\n skipped fix: py\n skipped fix: tool\n skipped fix: react")
	f.want("org.py-1.1.0", "from org.py-1.0.0\n told fix: py (1)\n skipped fix: trace\n skipped fix: tool\n skipped fix: react")
	// The repository as a whole is called like the package.
	f.want("main@1.1.0", "from main@1.0.0\n told fix: py (1)\n told fix: trace (1)\n told fix: tool (1)\n told fix: react (1)")
}

// Where a release's commit isn't brought back to the main line, nothing is to come
// until that goes on.
func TestReleasedBeyondTheTip(t *testing.T) {
	for _, version := range []string{"v1.1.0", "v1.0.1"} {
		f := newFixture(t)
		f.commit("feat: a", "a", "1")
		f.tag("v1.0.0")
		f.commit("feat: b", "b", "1")
		f.git("checkout -q --detach")
		f.commit("release it", "version", "1")
		f.tag(version)
		f.want(version, "from v1.0.0\n told release it (1)\n told feat: b (1)")
		f.git("checkout -q main")
		f.want("unreleased", "from "+version)
	}
}

// What nobody has released yet counts from the parts' last releases where the product
// has had no version of its own for years.
func TestPlainLineLeftBehind(t *testing.T) {
	for years, want := range map[int]string{1: "from v0.0.7\n told feat: b (1)\n told feat: a (1)", 3: "from a@1.0.0\n told feat: b (1)"} {
		f := newFixture(t)
		f.tag("v0.0.7")
		f.clock += int64(years) * 366 * 24 * 60 * 60
		f.commit("feat: a", "a/package.json", `{"name": "a"}`, "b/package.json", `{"name": "b"}`, "c/package.json", `{"name": "c"}`)
		for _, name := range []string{"a@1.0.0", "b@1.0.0", "c@1.0.0"} {
			f.tag(name)
		}
		f.commit("feat: b", "b/b.js", "1")
		f.want("unreleased", want)
	}
}

// A product that is called like one folder of its own is all of it.
func TestProductCalledLikeAFolder(t *testing.T) {
	f := newFixture(t)
	f.commit("feat: start", "shop/Cargo.toml", "[package]\nname = \"shop\"\n", "web/a", "1")
	f.tag("0.9.0")
	f.tag("shop-1.0.0")
	f.commit("fix: web", "web/a", "2")
	f.tag("shop-1.1.0")
	f.want("shop-1.1.0", "from shop-1.0.0\n told fix: web (1)")
}

// The first release of a line that counts on from another one starts there; one
// that doesn't has all of history.
func TestLineThatGoesOn(t *testing.T) {
	f := newFixture(t)
	f.commit("feat: a")
	f.tag("curl-8_21_0")
	f.commit("feat: b")
	f.tag("rc-8_22_0-1")
	f.commit("feat: c")
	f.tag("curl-8_22_0")
	f.commit("feat: d")
	f.tag("tool-1.0.0")
	rel := f.want("rc-8_22_0-1", "from curl-8_21_0\n told feat: b (1)")
	if !strings.Contains(rel.Explain.String(), "goes on with the numbers after curl-8_21_0") {
		t.Errorf("explained as %q", rel.Explain)
	}
	f.want("curl-8_22_0", "from curl-8_21_0\n told feat: c (1)\n told feat: b (1)")
	f.want("tool-1.0.0", "from\n told feat: d (1)\n told feat: c (1)\n told feat: b (1)\n told feat: a (1)\n told chore: start (1)")
}

// Days among numbers are a line of their own, unless the project went over to days.
func TestLineOfDays(t *testing.T) {
	f := newFixture(t)
	f.tag("v0.9")
	f.commit("feat: a")
	f.tag("2017-02-27")
	f.commit("feat: b")
	f.tag("v1.0")
	f.want("v1.0", "from v0.9\n told feat: b (1)\n told feat: a (1)")
	f.commit("feat: c")
	f.tag("2026-05-12")
	f.want("2026-05-12", "from 2017-02-27\n told feat: c (1)\n told feat: b (1)")
}

// A release tags its parts one after another: the product's own version stands first
// on its day, and not the part whose tag was written last.
func TestNewestIsTheProductsOwn(t *testing.T) {
	day := time.Date(2026, 8, 3, 19, 27, 20, 0, time.UTC)
	var list []*tagged
	add := func(name string, at time.Time) {
		v, ok := model.ParseVersion(name)
		if !ok {
			t.Fatalf("%q is no version", name)
		}
		list = append(list, &tagged{name: name, version: v, date: at})
	}
	add("v1.43.0", day.AddDate(0, -2, 0))
	add("v1.44.0", day.AddDate(0, 0, -1))
	add("v1.45.0", day)
	add("schema/v0.0.17", day.AddDate(0, 0, -30))
	add("schema/v0.0.18", day.Add(97*time.Second))
	add("sdk/v1.45.0", day.Add(15*time.Second))
	add("tools/v2.0.0", day.AddDate(0, 0, 1))
	var got []string
	for _, r := range newestFirst(list) {
		got = append(got, r.name)
	}
	if want := "tools/v2.0.0 v1.45.0 schema/v0.0.18 sdk/v1.45.0 v1.44.0 schema/v0.0.17 v1.43.0"; strings.Join(got, " ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, " "), want)
	}
}

// Where a product was called by years first and by small numbers since, its newest
// release is that of now; one that went over to years keeps the order of its numbers.
func TestNewestWhereNumbersBeganAnew(t *testing.T) {
	for _, names := range []string{"29.0.0 8.0.0 2015.1.4 2015.1.0 2014.2", "29.0.0 12.0.0 2015.1.0 2011.2 0.9.0", "2021.1.0 2020.1.0 9.0.0"} {
		var list []*tagged
		want := strings.Split(names, " ")
		for i, name := range want {
			v, _ := model.ParseVersion(name)
			list = append(list, &tagged{name: name, version: v, date: time.Date(2026, 8, 3, 0, 0, 0, 0, time.UTC).AddDate(0, -i, 0)})
		}
		if strings.HasSuffix(names, "9.0.0") { // and is mended long after
			v, _ := model.ParseVersion("9.0.1")
			list = append(list, &tagged{name: "9.0.1", version: v, date: time.Date(2026, 9, 3, 0, 0, 0, 0, time.UTC)})
			want = slices.Insert(want, 2, "9.0.1")
		}
		markFormer(list)
		slices.SortFunc(list, (*tagged).compare)
		var got []string
		for _, r := range newestFirst(list) {
			got = append(got, r.name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
