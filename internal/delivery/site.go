// Package delivery brings finished sites to where customers read them: into a
// folder that a web server shows, or into a bucket of an S3-compatible store.
//
// What can be delivered is decided by types: a [Site] is the public site or that
// of one customer system, and there is no way to make one of anything else in a
// built tree.
//
// # What readers see meanwhile
//
// A folder changes from one version to the next at once: it is a link, which is
// replaced in one step. A bucket can't do that, so things arrive in an order in
// which nothing ever names what isn't there yet: assets, pages (the deepest
// first, those that list them last), feeds; then what is no longer needed goes,
// in the opposite order. Before each step the store is asked whether it really
// has what it has taken.
package delivery

import (
	"cmp"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"daybreak/internal/diag"
	"daybreak/internal/output"
)

// Site is one finished site of a built tree.
type Site struct {
	name string // "public", or a system's id
	root *os.Root
	sums map[string]string     // SHA-256 in hex by path inside the site
	at   func(p string) string // where a file lies in root; nil for where its path says
}

// Public opens the site for everybody.
func Public(tree string) (*Site, error) { return open(tree, "public", "public") }

// System opens one customer's own site.
func System(tree, id string) (*Site, error) {
	if !systemID.MatchString(id) {
		return nil, fmt.Errorf("%q is no id of a system", id)
	}
	return open(tree, id, "systems/"+id)
}

var systemID = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}_-]*$`)

func open(tree, name, folder string) (*Site, error) {
	all, err := output.Sums(tree)
	if err != nil {
		return nil, diag.Refuse("not-built", diag.Say("%q holds no finished site", tree),
			diag.Say("build it first: `daybreak build`.")).Because(err)
	}
	s := &Site{name: name, sums: map[string]string{}}
	for p, sum := range all {
		if rel, ok := strings.CutPrefix(p, folder+"/"); ok {
			s.sums[rel] = sum
		}
	}
	if len(s.sums) == 0 {
		return nil, diag.Refuse("not-built", diag.Say("%q holds no site %q", tree, name),
			diag.Say("build it again: `daybreak build`; a system's site is there once the system stands in daybreak.yaml."))
	}
	if s.root, err = os.OpenRoot(filepath.Join(tree, filepath.FromSlash(folder))); err != nil {
		return nil, fmt.Errorf("opening the site %q: %w", name, err)
	}
	return s, nil
}

// Close ends the reading.
func (s *Site) Close() error { return s.root.Close() }

// Name is "public", or the system's id.
func (s *Site) Name() string { return s.name }

// Digest is a sum over all files and their names.
func (s *Site) Digest() string { return digest(s.sums) }

func digest(sums map[string]string) string {
	h := sha256.New()
	for _, p := range sorted(sums) {
		fmt.Fprintf(h, "%s  %s\n", sums[p], p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func sorted[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// read gives a file as it was built; one that was changed since is refused.
func (s *Site) read(p string) ([]byte, error) {
	at := filepath.FromSlash(p)
	if s.at != nil {
		at = s.at(p)
	}
	data, err := s.root.ReadFile(at)
	if err != nil {
		return nil, fmt.Errorf("reading %s of the site %q: %w", p, s.name, err)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != s.sums[p] {
		return nil, diag.Refuse("site-changed", diag.Say("%s of the site %q is not as daybreak built it", p, s.name),
			diag.Say("build it again: `daybreak build`."))
	}
	return data, nil
}

// step is when a file arrives.
type step int

const (
	assets step = iota
	pages
	indexes // data for the lists that names pages
	lists   // pages that name others
	feeds
	steps // how many there are
)

func (s step) String() string {
	return [...]string{"assets", "pages", "indexes", "lists", "feeds"}[s]
}

// stepOf sorts a file into its step.
func stepOf(p string) step {
	base := path.Base(p)
	switch path.Ext(p) {
	case ".html":
		if base == "index.html" && !strings.Contains(p, "releases/") {
			return lists
		}
		return pages
	case ".js":
		if path.Base(path.Dir(p)) == "search" {
			return indexes
		}
	case ".xml", ".md", ".txt", ".ics":
		return feeds
	case ".json":
		if base == "feed.json" || base == "releases.json" || base == "latest.json" || isFeed(p) {
			return feeds
		}
	}
	return assets
}

// isFeed knows the feeds of kinds and areas.
func isFeed(p string) bool {
	ext := path.Ext(p)
	return path.Base(path.Dir(p)) == "feeds" && (ext == ".xml" || ext == ".json")
}

// isFront knows the first page of a language.
func isFront(p string) bool {
	dir, base := path.Split(p)
	return base == "index.html" && strings.Count(dir, "/") <= 1 && !strings.HasSuffix(dir, "feeds/") && !strings.HasSuffix(dir, "changes/")
}

// ordered gives the files of a step: the deepest first, so that the first page
// comes last.
func (s *Site) ordered(which step) []string {
	var out []string
	for _, p := range sorted(s.sums) {
		if stepOf(p) == which {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(strings.Count(b, "/"), strings.Count(a, "/")) })
	return out
}

// kinds are the media types of what a site holds; the system's own table may
// say anything.
var kinds = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".json": "application/json", ".xml": "application/xml", ".md": "text/markdown; charset=utf-8", ".txt": "text/plain; charset=utf-8",
	".ics": "text/calendar; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
	".gif": "image/gif", ".webp": "image/webp", ".ico": "image/x-icon", ".woff2": "font/woff2", ".webmanifest": "application/manifest+json",
}

func kindOf(p string) string {
	switch base := path.Base(p); {
	case base == "feed.xml" || isFeed(p) && path.Ext(p) == ".xml":
		return "application/atom+xml; charset=utf-8"
	case base == "feed.json" || isFeed(p):
		return "application/feed+json"
	}
	return cmp.Or(kinds[strings.ToLower(path.Ext(p))], "application/octet-stream")
}

// hashed knows names that change with the content: "search.3f2a91c0.json".
var hashed = regexp.MustCompile(`[.-][0-9a-f]{8,64}\.[a-z0-9]+$`)

// cacheOf says how long a file may be kept by browsers and proxies.
func cacheOf(p string) string {
	switch {
	case hashed.MatchString(path.Base(p)):
		return "public, max-age=31536000, immutable"
	case stepOf(p) == assets && path.Ext(p) != ".json" && path.Ext(p) != ".js":
		return "public, max-age=3600"
	}
	return "public, max-age=60"
}

func md5Hex(data []byte) string {
	sum := md5.Sum(data)
	return hex.EncodeToString(sum[:])
}
