package gitsource

import (
	"bytes"
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// packages finds the folders of a repository's packages by what their manifests
// say: a folder may be called otherwise than its package.
type packages struct {
	r     *Repository
	names map[plumbing.Hash]string            // what a manifest says, by its own id
	in    map[plumbing.Hash]map[string]string // folders by package, by the id of the tree
}

// manifests are the files that name a package, with what reads the name in them.
var manifests = map[string]func([]byte) string{
	"package.json": func(b []byte) string {
		var says struct{ Name string }
		_ = json.Unmarshal(bytes.TrimPrefix(b, []byte("\ufeff")), &says) // what can't be read says nothing
		return says.Name
	},
	"Cargo.toml":     tomlName("package"),
	"pyproject.toml": tomlName("project", "tool.poetry"),
	"pubspec.yaml":   func(b []byte) string { return firstOf(pubspecName.FindSubmatch(b)) },
}

// pubspecName is the line that https://dart.dev/tools/pub/pubspec wants in each.
var pubspecName = regexp.MustCompile(`(?m)^name:[ \t]*["']?([A-Za-z0-9_]+)`)

var (
	// tomlHeader is the line that begins a table, or one of an array of tables.
	tomlHeader = regexp.MustCompile(`(?m)^[ \t]*(\[\[?)[ \t]*([^\[\]\n]*?)[ \t]*\]\]?[ \t\r]*(?:#.*)?$`)
	// tomlNameLine is the line that names a package. Names have nothing in them that
	// must be escaped (https://doc.rust-lang.org/cargo/reference/manifest.html#the-name-field,
	// https://packaging.python.org/en/latest/specifications/name-normalization/).
	tomlNameLine = regexp.MustCompile(`(?m)^[ \t]*name[ \t]*=[ \t]*["']([A-Za-z0-9._-]+)["'][ \t\r]*(?:#.*)?$`)
)

// tomlName reads the name in the first of some tables that has one. It goes by lines:
// a manifest of a megabyte can hold keys so deep that a decoder takes gigabytes for it.
func tomlName(tables ...string) func([]byte) string {
	return func(b []byte) string {
		said := map[string]string{}
		headers := tomlHeader.FindAllSubmatchIndex(b, -1)
		for i, h := range headers {
			end := len(b)
			if i+1 < len(headers) {
				end = headers[i+1][0]
			}
			table, one := string(b[h[4]:h[5]]), h[3]-h[2] == len("[")
			if one && slices.Contains(tables, table) && said[table] == "" {
				said[table] = firstOf(tomlNameLine.FindSubmatch(b[h[1]:end]))
			}
		}
		for _, table := range tables {
			if said[table] != "" {
				return said[table]
			}
		}
		return ""
	}
}

// firstOf gives what the first group of an expression found, "" where it found nothing.
func firstOf(found [][]byte) string {
	if found == nil {
		return ""
	}
	return string(found[1])
}

const (
	// packageDepth is how deep packages lie: "packages/integrations/react".
	packageDepth = 3
	// maxPackageFolders bounds how many folders of a tree are looked through.
	maxPackageFolders = 5000
	// maxManifest is how long a manifest is, in bytes.
	maxManifest = 1 << 20
	// maxWithout is how many releases of a line are looked through in vain.
	maxWithout = 8
)

// notPackages are folders whose packages nobody releases.
var notPackages = []string{"node_modules", "vendor", "third_party", "test", "tests", "testdata", "fixtures", "__fixtures__", "__tests__", "examples", "target"}

// find gives the folders of the releases of one line whose tags name a package,
// newest first in the order of the list; "" for one that has none, or whose package is
// the repository as a whole. Where the newest has none, none is looked for.
func (p *packages) find(tags []*tagged, name string) ([]string, error) {
	out := make([]string, len(tags))
	last, without := "", 0
	for i, t := range tags {
		c, err := p.r.readCommit(t.commit)
		if err != nil {
			return nil, err
		}
		if last == "" || !p.says(c.tree, last, name) {
			last = p.survey(c.tree)[packageKey(name)]
		}
		if out[i] = last; last != "" {
			continue
		}
		if without++; i == 0 || without == maxWithout {
			break
		}
	}
	return out, nil
}

// packageKey is a name in the form in which tags and manifests are compared.
func packageKey(name string) string {
	return strings.ReplaceAll(strings.ToLower(name), "_", "-")
}

// says reports whether a folder holds a manifest of a package's name.
func (p *packages) says(tree plumbing.Hash, folder, name string) bool {
	l, err := p.r.trees.blobAt(tree, folder)
	if err != nil || l.mode&modeKind != modeTree {
		return false
	}
	for _, said := range p.named(l.id) {
		if packageKey(said) == packageKey(name) || packageKey(path.Base(said)) == packageKey(name) {
			return true
		}
	}
	return false
}

// survey lists the folders of a tree by the packages that they hold. Of two folders
// that say the same name the higher one counts. "@org/cli" is "cli", too, where
// nothing else is. Contents that aren't at hand say nothing.
func (p *packages) survey(tree plumbing.Hash) map[string]string {
	if known, ok := p.in[tree]; ok {
		return known
	}
	type folder struct {
		path string
		id   plumbing.Hash
	}
	found, short := map[string]string{}, map[string]string{}
	add := func(to map[string]string, name, at string) {
		if _, ok := to[name]; !ok && name != "" {
			to[name] = at
		}
	}
	level := []folder{{"", tree}}
	for depth, looked := 0, 0; depth <= packageDepth && len(level) > 0; depth++ {
		var below []folder
		for _, f := range level {
			if looked++; looked > maxPackageFolders {
				break
			}
			for _, name := range p.named(f.id) {
				add(found, packageKey(name), f.path)
				if base := path.Base(name); base != name {
					add(short, packageKey(base), f.path)
				}
			}
			entries, err := p.r.trees.entries(f.id)
			if err != nil {
				continue
			}
			for _, e := range entries {
				if name := string(e.name); e.isTree() && !strings.HasPrefix(name, ".") && !slices.Contains(notPackages, name) {
					below = append(below, folder{path.Join(f.path, name), e.id})
				}
			}
		}
		level = below
	}
	for name, at := range short {
		add(found, name, at)
	}
	p.in[tree] = found
	return found
}

// named gives what the manifests in a folder say, in the order of their names.
func (p *packages) named(folder plumbing.Hash) []string {
	entries, err := p.r.trees.entries(folder)
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range entries {
		read := manifests[string(e.name)]
		if read == nil || e.mode&modeKind != 0o100000 {
			continue
		}
		name, known := p.names[e.id]
		if !known {
			if typ, b, err := p.r.objects.read(e.id); err == nil && typ == plumbing.BlobObject && len(b) <= maxManifest {
				name = read(b)
			}
			p.names[e.id] = name
		}
		if name != "" {
			out = append(out, name)
		}
	}
	return out
}

// findFolders finds the lines that are parts of a monorepo by their tags' names:
// "sdk/log/v0.21.0" is a release of the folder sdk/log, as Go's modules have it
// (https://go.dev/ref/mod#vcs-version), where the tag's tree has it. "@scope/cli@3.0.1"
// is one of the folder whose manifest says that name, as npm workspaces have it; so is
// "cli-3.0.1" where two lines at least are packages with a manifest, since a
// product may be called like one of its own folders. The repository must have further
// lines.
func (r *Repository) findFolders(list []*tagged) error {
	byLine := map[string][]*tagged{}
	var lines []string
	for _, t := range slices.Backward(list) {
		if t.unreleased() {
			continue
		}
		if byLine[t.version.Line] == nil {
			lines = append(lines, t.version.Line)
		}
		byLine[t.version.Line] = append(byLine[t.version.Line], t)
	}
	if len(lines) < 2 {
		return nil
	}
	slices.Sort(lines)
	p := &packages{r: r, names: map[plumbing.Hash]string{}, in: map[plumbing.Hash]map[string]string{}}
	parts := map[string][]string{}
	certain := 0
	for _, line := range lines {
		tags := byLine[line]
		if err := r.namedFolders(tags); err != nil {
			return err
		}
		name := strings.TrimSuffix(tags[0].version.LineText, "/")
		if name == "" || strings.HasPrefix(tags[0].name, name+"/") {
			continue
		}
		folders, err := p.find(tags, name)
		if err != nil {
			return err
		}
		if folders[0] != "" {
			parts[line] = folders
			certain++
		}
	}
	for line, folders := range parts {
		for i, t := range byLine[line] {
			if t.folder == "" && (certain > 1 || strings.HasPrefix(t.name, t.version.LineText+"@")) {
				t.folder = folders[i]
			}
		}
	}
	return nil
}

// namedFolders finds the folders of tags that are called by a path.
func (r *Repository) namedFolders(tags []*tagged) error {
	for _, t := range tags {
		folder := strings.TrimSuffix(t.version.LineText, "/")
		if folder == "" || !strings.HasPrefix(t.name, folder+"/") {
			continue
		}
		c, err := r.readCommit(t.commit)
		if err != nil {
			return err
		}
		if l, err := r.trees.blobAt(c.tree, folder); err == nil && l.mode&modeKind == modeTree {
			t.folder = folder
		}
	}
	return nil
}
