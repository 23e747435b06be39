package site

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// maxPage is how large a page with its styles may be, for ordinary releases.
const maxPage = 60_000

// checkPages holds what must be true of every page that daybreak makes,
// whatever was put in.
func checkPages(t *testing.T, files memory) {
	t.Helper()
	pages := 0
	for name, data := range files {
		if path.Ext(name) != ".html" {
			continue
		}
		pages++
		for _, problem := range pageProblems(files, name, data) {
			t.Errorf("%s: %s", name, problem)
		}
		if len(data) > maxPage {
			t.Errorf("%s: %d bytes", name, len(data))
		}
	}
	if pages == 0 {
		t.Error("no pages")
	}
}

var doubleEscape = regexp.MustCompile(`&amp;(amp|lt|gt|quot|#39|#34);`)

func pageProblems(files memory, name string, data []byte) (problems []string) {
	say := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	doc, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		return []string{err.Error()}
	}
	if m := doubleEscape.Find(data); m != nil {
		say("double escape %s", m)
	}
	if bytes.Contains(data, []byte("ZgotmplZ")) || bytes.Contains(data, []byte("<no value>")) {
		say("a template refused a value")
	}
	ids, seen := map[string]bool{}, map[string]int{}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		seen[n.Data]++
		for _, a := range n.Attr {
			switch {
			case a.Key == "id":
				if ids[a.Val] || a.Val == "" {
					say("id %q twice or empty", a.Val)
				}
				ids[a.Val] = true
			// html/template takes data-on… for a handler and quotes its value as script.
			case strings.HasPrefix(a.Key, "on"), strings.HasPrefix(a.Key, "data-on"), a.Key == "style":
				say("attribute %s", a.Key)
			}
		}
		switch n.Data {
		case "html":
			if attr(n, "lang") == "" {
				say("no language")
			}
		case "meta":
			want := "default-src 'none'; style-src 'sha256-"
			if strings.HasPrefix(name, "team/") && !strings.Contains(name, "/find/") {
				want = "default-src 'none'; style-src 'unsafe-inline'; " // paper's running texts differ from page to page
			}
			if strings.EqualFold(attr(n, "http-equiv"), "Content-Security-Policy") && (strings.HasPrefix(attr(n, "content"), want) || attr(n, "content") == "default-src 'none'") {
				seen["policy"]++
			}
		case "script":
			if attr(n, "src") != "" {
				say("script from %s", attr(n, "src"))
			}
		case "base", "iframe", "object", "embed", "form":
			say("element %s", n.Data)
		}
	}
	for element, want := range map[string]int{"h1": 1, "title": 1, "policy": 1, "main": 1} {
		if seen[element] != want {
			say("%d × %s, want %d", seen[element], element, want)
		}
	}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			for _, key := range []string{"href", "src"} {
				if target := attr(n, key); target != "" {
					if problem := linkProblem(files, name, n, key, target, ids); problem != "" {
						say("%s", problem)
					}
				}
			}
		}
	}
	return problems
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// linkProblem follows a link: what is relative must be among the files, and a
// fragment among the ids of its page; what is absolute must be a plain link.
func linkProblem(files memory, name string, n *html.Node, key, target string, ids map[string]bool) string {
	u, err := url.Parse(target)
	switch {
	case err != nil:
		return fmt.Sprintf("link %q: %v", target, err)
	case u.Scheme == "data" && n.Data == "link" && attr(n, "rel") == "icon":
		return ""
	case u.Scheme == "http" || u.Scheme == "https":
		if n.Data == "a" || n.Data == "link" && (attr(n, "rel") == "canonical" || attr(n, "rel") == "alternate") {
			return ""
		}
		return fmt.Sprintf("<%s %s> requests %q", n.Data, key, target)
	case (u.Scheme == "mailto" || u.Scheme == "tel") && n.Data == "a":
		return ""
	case u.Scheme != "" || u.Host != "" || strings.HasPrefix(target, "/"):
		return fmt.Sprintf("link %q is neither relative nor a web address", target)
	}
	if u.Path == "" {
		if !ids[u.Fragment] {
			return fmt.Sprintf("no id %q", u.Fragment)
		}
		return ""
	}
	file := path.Join(path.Dir(name), u.Path)
	data, ok := files[file]
	if !ok {
		return fmt.Sprintf("dangling link %q", target)
	}
	if u.Fragment != "" && !bytes.Contains(data, []byte(`id="`+u.Fragment+`"`)) {
		return fmt.Sprintf("no id %q in %s", u.Fragment, file)
	}
	return ""
}

// checkFeeds holds what must be true of every feed and list.
func checkFeeds(t *testing.T, files memory) {
	t.Helper()
	for name, data := range files {
		switch path.Ext(name) {
		case ".xml":
			d := xml.NewDecoder(bytes.NewReader(data))
			for {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Errorf("%s: %v", name, err)
					break
				}
			}
		case ".json":
			if !json.Valid(data) {
				t.Errorf("%s is no JSON", name)
			}
		}
		if strings.HasSuffix(name, "feed.xml") || strings.Contains(name, "/feeds/") && path.Ext(name) == ".xml" {
			checkAtom(t, name, data)
		}
	}
}

func checkAtom(t *testing.T, name string, data []byte) {
	t.Helper()
	var feed atomFeed
	if err := xml.Unmarshal(data, &feed); err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	ids := []string{feed.ID}
	for _, e := range feed.Entries {
		ids = append(ids, e.ID)
		if e.Title == "" || e.Updated == "" || len(e.Links) == 0 {
			t.Errorf("%s: entry %s lacks what RFC 4287 asks for", name, e.ID)
		}
		content, err := html.Parse(strings.NewReader(e.Content.Text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for n := range content.Descendants() {
			if n.Type == html.ElementNode && slices.Contains([]string{"script", "img", "iframe", "style"}, n.Data) {
				t.Errorf("%s: <%s> in an entry", name, n.Data)
			}
		}
	}
	slices.Sort(ids)
	if len(slices.Compact(ids)) != len(feed.Entries)+1 {
		t.Errorf("%s: ids are not unique", name)
	}
}
