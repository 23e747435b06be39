package delivery

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"daybreak/internal/output"
)

// The test binary runs itself as the process that is killed.
const childVar = "DAYBREAK_DELIVERY_CHILD"

func TestMain(m *testing.M) {
	switch os.Getenv(childVar) {
	case "":
		os.Exit(m.Run())
	case "folder":
		s, err := Public(os.Args[1])
		if err == nil {
			_, err = (&Folder{Path: os.Args[2], Keep: 2}).Deliver(s)
		}
		finish(err)
	case "bucket":
		s, err := Public(os.Args[1])
		if err == nil {
			_, err = (&Bucket{Endpoint: os.Args[2], Bucket: testBucket, Prefix: "notes", Region: "eu-test-1", Keys: testKeys, Wait: 1}).Deliver(context.Background(), s)
		}
		finish(err)
	case "kept", "rollback":
		k := keptOn(os.Args[2], os.Args[3])
		if os.Getenv(childVar) == "rollback" {
			_, _, err := k.Rollback(context.Background(), 0, anyVersion)
			finish(err)
		}
		s, err := Public(os.Args[1])
		if err == nil {
			_, _, err = k.Deliver(context.Background(), s)
		}
		finish(err)
	}
}

func anyVersion(Version) error { return nil }

// keptOn is a bucket of the test's store whose earlier versions lie in dir.
func keptOn(server, dir string) *Kept {
	return &Kept{
		Bucket: &Bucket{Endpoint: server, Bucket: testBucket, Prefix: "notes", Region: "eu-test-1", Keys: testKeys, Wait: 1},
		Shelf:  &Shelf{Dir: dir, Keep: 2}, Name: "cloud",
	}
}

func finish(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(0)
}

// generation is a small site in which every page links others and shows a
// picture that only this generation has.
func generation(n int) map[string]string {
	picture := fmt.Sprintf("assets/picture.%08x.png", n)
	page := func(up, text string, links ...string) string {
		var b strings.Builder
		fmt.Fprintf(&b, "<p>generation %d %s<img src=\"%s%s\">", n, text, up, picture)
		for _, l := range links {
			fmt.Fprintf(&b, "<a href=\"%s\">x</a>", l)
		}
		return b.String()
	}
	files := map[string]string{
		picture: fmt.Sprint("picture ", n), "assets/logo.svg": "<svg/>",
		"feed.xml": fmt.Sprint("<feed>", n), "feed.json": fmt.Sprint(n), "releases.json": fmt.Sprint(n), "latest.json": fmt.Sprintf(`{"version": "1.%d.0"}`, n),
		"robots.txt": "User-agent: *\n", "CHANGELOG.md": fmt.Sprint(n),
	}
	var all []string
	for r := max(1, n-2); r <= n; r++ { // an old release falls away each time
		href := fmt.Sprintf("releases/1.%d.0+x/index.html", r)
		all = append(all, href)
		links := []string{"../../index.html"}
		if r < n {
			links = append(links, fmt.Sprintf("../1.%d.0+x/index.html", r+1))
		}
		files[href] = page("../../", fmt.Sprint("release ", r), links...)
	}
	files["index.html"] = page("", "first page", append(all, "en/index.html")...)
	files["en/index.html"] = page("../", "english", "../index.html", "../"+all[0])
	return files
}

// buildTree writes a built tree as daybreak does.
func buildTree(t *testing.T, public map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "site")
	tree, err := output.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	put := func(name, text string) {
		if err := tree.Put(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	for p, text := range public {
		put("public/"+p, text)
	}
	put("systems/K1/index.html", "for K1 alone")
	put("team/index.html", "for the team alone")
	put("mail/1.0.0/A.de.md", "a mail")
	if err := tree.Commit(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func publicOf(t *testing.T, tree string) *Site {
	t.Helper()
	s, err := Public(tree)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

var linkPattern = regexp.MustCompile(`(?:href|src)="([^"#]+)`)

// linked gives the pages that lists lead to, and all that those lead to.
func linked(files map[string]string) map[string]string {
	out := map[string]string{}
	var follow func(p string)
	follow = func(p string) {
		text, there := files[p]
		if _, seen := out[p]; seen || !there || path.Ext(p) != ".html" {
			return
		}
		out[p] = text
		for _, m := range linkPattern.FindAllStringSubmatch(text, -1) {
			follow(path.Join(path.Dir(p), m[1]))
		}
	}
	for p := range files {
		if stepOf(p) == lists {
			follow(p)
		}
	}
	return out
}

// dangling names a page and what it lacks, "" where every page is whole: it has
// its pictures, and whoever comes to it from a list or from a page that was there
// before finds every page that it names. Pages that are new to the bucket may
// name lists and each other a moment early: nobody knows their address yet.
func dangling(files, before map[string]string) string {
	for p, text := range files {
		if path.Ext(p) != ".html" {
			continue
		}
		_, known := before[p]
		for _, m := range linkPattern.FindAllStringSubmatch(text, -1) {
			to := path.Join(path.Dir(p), m[1])
			picture, list := stepOf(to) == assets, stepOf(to) == lists
			if files[to] == "" && (picture || known || stepOf(p) == lists && !list) {
				return p + " lacks " + to
			}
		}
	}
	return ""
}
