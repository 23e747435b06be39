package serve

import (
	"context"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"daybreak/internal/diag"
)

// shown are all files that a handler of the tests may ever give.
var shown = map[string]string{
	"public/index.html":    `<html><head><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-x' 'strict-dynamic'"></head><body><p>index</p></body></html>`,
	"public/404.html":      "<p>the site's own",
	"public/de/index.html": "<p>deutsch",
	"public/feed.xml":      "<feed/>",
	"public/feeds/x.json":  "{}",
	"public/a b/ü.css":     "a{}",
	"mail/1.0/A.de.md":     "Betreff",
	"mail/1.0/A.de.eml":    "Subject:",
	"team/index.html":      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:"><p>team`,
}

func handlerOf(t testing.TB) http.Handler {
	s := New(nil, nil, "preview.test")
	s.state.next(&Edition{
		Title: "T", Trees: []Tree{{Path: "public/", Name: "<Customers>", About: "all"}},
		File: func(name string) ([]byte, error) {
			if data, ok := shown[name]; ok {
				return []byte(data), nil
			}
			return nil, fs.ErrNotExist
		},
		Paths: func(folder string) []string {
			var out []string
			for name := range shown {
				if strings.HasPrefix(name, folder) {
					out = append(out, name)
				}
			}
			return out
		},
		Note: func(name string) string {
			if name == "team/index.html" {
				return `not "yet" <b>`
			}
			return ""
		},
		Check: func(context.Context, func(diag.List)) bool { return false },
	}, nil)
	return s.handler()
}

func ask(h http.Handler, method, target, host string) *http.Response {
	r := httptest.NewRequest(method, "/", nil)
	r.Host = host
	r.URL.Path, r.URL.RawQuery, _ = strings.Cut(target, "?")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func TestHandler(t *testing.T) {
	h := handlerOf(t)
	for _, c := range []struct {
		path, host string
		status     int
		kind, says string
	}{
		{"/", "localhost:7007", 200, "text/html; charset=utf-8", "&lt;Customers&gt;"},
		{"/public/", "127.0.0.1:7007", 200, "text/html; charset=utf-8", "<p>index</p>"},
		{"/public/index.html", "[::1]:7007", 200, "text/html; charset=utf-8", "<p>index</p>"},
		{"/public", "localhost", 302, "text/html; charset=utf-8", `"/public/"`},
		{"/public/nothing/here.html", "localhost", 404, "text/html; charset=utf-8", "the site's own"},
		{"/public/de/nothing", "localhost", 404, "text/html; charset=utf-8", "the site's own"},
		{"/team/nothing", "localhost", 404, "text/html; charset=utf-8", "There is no such page"},
		{"/public/feed.xml", "localhost", 200, "application/atom+xml; charset=utf-8", "<feed/>"},
		{"/public/feeds/x.json", "localhost", 200, "application/feed+json", "{}"},
		{"/public/a b/ü.css", "localhost", 200, "text/css; charset=utf-8", "a{}"},
		{"/mail/", "localhost", 200, "text/html; charset=utf-8", `href="/mail/1.0/"`},
		{"/mail/1.0/A.de.md", "localhost", 200, "text/plain; charset=utf-8", "Betreff"},
		{"/mail/1.0/A.de.eml", "localhost", 200, "message/rfc822", "Subject:"},
		{"/public/", "preview.test:7007", 200, "text/html; charset=utf-8", "<p>index</p>"},
		{"/public/", "evil.example:7007", 421, "text/plain; charset=utf-8", "evil.example"},
		{"/public/", "localhost.evil.example", 421, "text/plain; charset=utf-8", ""},
		{"/public/", "", 421, "text/plain; charset=utf-8", ""},
	} {
		r := ask(h, "GET", c.path, c.host)
		body, _ := io.ReadAll(r.Body)
		if r.StatusCode != c.status || r.Header.Get("Content-Type") != c.kind || !strings.Contains(string(body), c.says) {
			t.Errorf("%s of %q: %d %s %.80q", c.path, c.host, r.StatusCode, r.Header.Get("Content-Type"), body)
		}
		if c.status != 200 {
			continue
		}
		head := ask(h, "HEAD", c.path, c.host)
		if empty, _ := io.ReadAll(head.Body); len(empty) > 0 || head.Header.Get("ETag") != r.Header.Get("ETag") || head.Header.Get("Content-Length") != r.Header.Get("Content-Length") {
			t.Errorf("HEAD %s differs from GET: %v and %v", c.path, head.Header, r.Header)
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE", "PATCH"} {
		if r := ask(h, method, "/public/", "localhost"); r.StatusCode != 405 || r.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s is answered with %d", method, r.StatusCode)
		}
	}
}

// The script comes in by its hash, and nothing else does.
func TestEnliven(t *testing.T) {
	h := handlerOf(t)
	for path, want := range map[string][]string{
		"/public/": {`content="default-src 'none'; script-src 'sha256-x' 'strict-dynamic' ` + liveHash + `; connect-src 'self'"`, "<script data-edition=", "</script></body>"},
		"/team/":   {`content="default-src 'none'; img-src data:; script-src ` + liveHash + `; connect-src 'self'"`, `data-note="not &#34;yet&#34; &lt;b&gt;"`},
		"/":        {"script-src " + liveHash},
	} {
		body, _ := io.ReadAll(ask(h, "GET", path, "localhost").Body)
		for _, w := range want {
			if !strings.Contains(string(body), w) {
				t.Errorf("%s lacks %s:\n%.400s", path, w, body)
			}
		}
	}
	if body, _ := io.ReadAll(ask(h, "GET", "/public/feed.xml", "localhost").Body); string(body) != "<feed/>" {
		t.Errorf("a feed was touched: %s", body)
	}
}

// Whatever is asked for, what is answered is a file of the trees, with its very
// name, or a page of the server's own.
func FuzzPath(f *testing.F) {
	for _, path := range []string{
		"/public/index.html", "/../etc/passwd", "/public/../../etc/passwd", "/public/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/public/..\\..\\x", "/public/\x00", "/\xff",
		"/C:/Windows/win.ini", "/public/./index.html", "/public//index.html", "/public/index.html/", "/team/../public/index.html", "", "*", "/.daybreak", "/public/.", "/public/..", "http://x/y", "/public/index.html?x=/../y",
	} {
		f.Add(path)
	}
	h := handlerOf(f)
	f.Fuzz(func(t *testing.T, path string) {
		if path == events || strings.HasPrefix(path, events+"?") {
			return
		}
		decoded, _, _ := strings.Cut(path, "?")
		if raw, err := url.PathUnescape(decoded); err == nil {
			probe(t, h, raw)
		}
		probe(t, h, decoded)
	})
}

func probe(t *testing.T, h http.Handler, path string) {
	if path == events || strings.Contains(path, "?") {
		return
	}
	r := ask(h, "GET", path, "localhost")
	body, _ := io.ReadAll(r.Body)
	name := strings.TrimPrefix(path, "/")
	if strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	switch data, there := shown[name]; {
	case r.StatusCode == http.StatusOK && there && strings.HasPrefix(path, "/"):
		if !strings.HasSuffix(name, ".html") && string(body) != data {
			t.Errorf("%q gave %q", path, body)
		}
	case r.StatusCode == http.StatusOK: // the start page, or a list of a folder
		if folder := strings.TrimPrefix(path, "/"); path != "/" && (!strings.HasSuffix(folder, "/") || !strings.Contains(string(body), "All trees")) {
			t.Errorf("%q gave a page: %.80q", path, body)
		}
	case r.StatusCode == http.StatusFound:
		if to := r.Header.Get("Location"); !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || !strings.HasSuffix(to, "/") {
			t.Errorf("%q leads to %q", path, to)
		}
	case r.StatusCode != http.StatusNotFound:
		t.Errorf("%q gave %d", path, r.StatusCode)
	}
}
