package serve

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"daybreak/internal/diag"
)

// events is where pages hear of changes. No built tree has a file of that name.
const events = "/.daybreak/events"

// handler answers GET and HEAD.
func (s *Server) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Content-Security-Policy", "frame-ancestors 'none'")
		switch {
		case !s.knownHost(r.Host):
			// A page elsewhere could have its own name lead here, and read what the
			// team alone may (DNS rebinding).
			http.Error(w, fmt.Sprintf("this preview doesn't answer to the name %q; open it as localhost, by its number, or name the host with --addr", r.Host), http.StatusMisdirectedRequest)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			h.Set("Allow", "GET, HEAD")
			http.Error(w, "a preview can only be read", http.StatusMethodNotAllowed)
		case r.URL.Path == events:
			s.stream(w, r)
		default:
			s.serve(w, r)
		}
	})
}

// knownHost lets numbers through, which no foreign name can stand for.
func (s *Server) knownHost(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(strings.TrimSuffix(strings.Trim(name, "[]"), "."))
	return net.ParseIP(name) != nil || name == "localhost" || strings.HasSuffix(name, ".localhost") || slices.Contains(s.hosts, name)
}

// stream tells a page of each change as it happens (Server-Sent Events,
// https://html.spec.whatwg.org/multipage/server-sent-events.html).
func (s *Server) stream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	if r.Method == http.MethodHead {
		return
	}
	out := http.NewResponseController(w)
	for {
		data, changed := s.state.event()
		if _, err := fmt.Fprintf(w, "retry: 500\ndata: %s\n\n", data); err != nil || out.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-changed:
		}
	}
}

// serve answers for a path of the trees. The path is only ever a name to look up.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	name, ok := strings.CutPrefix(r.URL.Path, "/")
	folder := name == "" || strings.HasSuffix(name, "/")
	if plain := strings.TrimSuffix(name, "/"); !ok || plain != "" && !fs.ValidPath(plain) || strings.ContainsAny(name, "\\\x00") || !utf8.ValidString(name) {
		s.missing(w, r, "")
		return
	}
	edition, edited := s.state.current()
	if edition == nil || name == "" {
		s.send(w, r, http.StatusOK, "index.html", pageOf(startPage(edition), ""), edited, "")
		return
	}
	if folder {
		name += "index.html"
	}
	data, err := edition.File(name)
	switch {
	case err == nil:
		note := edition.Note(name)
		p := pageOf(data, note)
		s.state.keep(name, p)
		s.send(w, r, http.StatusOK, name, p, edited, note)
	case !errors.Is(err, fs.ErrNotExist):
		s.unmakeable(w, r, edition, edited, name, err)
	case folder:
		if files := edition.Paths(strings.TrimSuffix(name, "index.html")); len(files) > 0 {
			s.send(w, r, http.StatusOK, "index.html", pageOf(listPage(strings.TrimSuffix(name, "index.html"), files), ""), edited, "")
			return
		}
		s.missing(w, r, name)
	case len(edition.Paths(name+"/")) > 0:
		to := url.URL{Path: "/" + name + "/", RawQuery: r.URL.RawQuery}
		http.Redirect(w, r, to.String(), http.StatusFound)
	default:
		s.missing(w, r, name)
	}
}

// unmakeable answers with the page as it was when it could be made last; what is
// wrong now is laid over it.
func (s *Server) unmakeable(w http.ResponseWriter, r *http.Request, e *Edition, edited, name string, err error) {
	found := diag.List{{Severity: diag.Error, Code: "page", Position: diag.Position{File: name}, Message: err.Error()}}
	if e.Problems != nil {
		found = e.Problems(err)
	}
	s.state.failed(e, found)
	if kept, ok := s.state.kept(name); ok {
		s.send(w, r, http.StatusOK, name, kept, edited, "")
		return
	}
	s.send(w, r, http.StatusInternalServerError, "index.html", pageOf(brokenPage(name), ""), edited, "")
}

// missing answers with the nearest 404.html of the tree, or a page of our own.
func (s *Server) missing(w http.ResponseWriter, r *http.Request, name string) {
	edition, edited := s.state.current()
	for dir := path.Dir(name); edition != nil && name != "" && dir != "."; dir = path.Dir(dir) {
		if data, err := edition.File(dir + "/404.html"); err == nil {
			s.send(w, r, http.StatusNotFound, "404.html", pageOf(data, ""), edited, "")
			return
		}
	}
	s.send(w, r, http.StatusNotFound, "index.html", pageOf(missingPage(r.URL.Path), ""), edited, "")
}

// pageOf gives a file its tag, which is the same as long as the page is.
func pageOf(data []byte, note string) page {
	sum := sha256.Sum256(append([]byte(note+"\x00"), data...))
	return page{data: data, tag: `"` + hex.EncodeToString(sum[:12]) + `"`}
}

// send writes a page, with the script that reloads it where it is one of HTML.
func (s *Server) send(w http.ResponseWriter, r *http.Request, status int, name string, p page, edited, note string) {
	data := p.data
	if path.Ext(name) == ".html" {
		data = enliven(data, edited, p.tag, note)
	}
	w.Header().Set("Content-Type", contentType(name))
	w.Header().Set("ETag", p.tag)
	w.Header().Set("Content-Length", fmt.Sprint(len(data)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(data) // whoever asked may be gone
	}
}

// contentType is fixed, for it must not depend on what the system knows.
func contentType(name string) string {
	if t, ok := types[path.Base(name)]; ok {
		return t
	}
	if strings.Contains(name, "/feeds/") {
		name = "feed" + path.Ext(name)
		if t, ok := types[name]; ok {
			return t
		}
	}
	if t, ok := types[strings.ToLower(path.Ext(name))]; ok {
		return t
	}
	return "application/octet-stream"
}

var types = map[string]string{
	"feed.xml":  "application/atom+xml; charset=utf-8",
	"feed.json": "application/feed+json",
	".html":     "text/html; charset=utf-8",
	".css":      "text/css; charset=utf-8",
	".js":       "text/javascript; charset=utf-8",
	".json":     "application/json",
	".xml":      "application/xml",
	".txt":      "text/plain; charset=utf-8",
	".md":       "text/plain; charset=utf-8", // browsers save text/markdown instead of showing it
	".eml":      "message/rfc822",
	".ics":      "text/calendar; charset=utf-8",
	".svg":      "image/svg+xml",
	".png":      "image/png",
	".jpg":      "image/jpeg",
	".jpeg":     "image/jpeg",
	".gif":      "image/gif",
	".webp":     "image/webp",
	".avif":     "image/avif",
	".ico":      "image/x-icon",
	".woff2":    "font/woff2",
	".pdf":      "application/pdf",
}
