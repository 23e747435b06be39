package delivery

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

const testBucket = "changelog"

var testKeys = Keys{ID: "AKIATEST", Secret: "very/secret+key"}

// store is an S3 server on this machine, with what can go wrong in front of it.
// After each change it looks at the bucket as a reader would.
type store struct {
	t       *testing.T
	server  *httptest.Server
	backend *s3mem.Backend
	s3      http.Handler

	mu sync.Mutex
	// before may answer a request itself and return true.
	before   func(w http.ResponseWriter, r *http.Request, body []byte) bool
	after    func(n int)       // called when the n-th request is done
	lines    map[net.Conn]bool // that are open
	closed   *sync.Cond        // one of them was closed, or opened
	requests []string
	puts     []string
	headers  http.Header       // of the last time that the first page was brought
	known    map[string]string // what was there before a delivery began
}

func newStore(t *testing.T) *store {
	t.Helper()
	s := &store{t: t, backend: s3mem.New(), lines: map[net.Conn]bool{}}
	s.closed = sync.NewCond(&s.mu)
	if err := s.backend.CreateBucket(testBucket); err != nil {
		t.Fatal(err)
	}
	s.s3 = gofakes3.New(s.backend).Server()
	s.server = httptest.NewUnstartedServer(s)
	s.server.Config.ConnState = func(c net.Conn, state http.ConnState) {
		s.mu.Lock()
		defer s.mu.Unlock()
		switch state {
		case http.StateNew:
			s.lines[c] = true
		case http.StateClosed:
			delete(s.lines, c)
		}
		s.closed.Broadcast()
	}
	s.server.Start()
	t.Cleanup(s.server.Close)
	return s
}

// run runs a process that talks to the store, and kills it when so many requests
// of it are done, 0 for never. It gives how many there were once the store has done
// all that it was sent: what lay in a line when the process was killed, too.
func (s *store) run(cmd *exec.Cmd, at int) (requests int, said []byte, err error) {
	s.t.Helper()
	defer time.AfterFunc(2*time.Minute, func() { panic("a process at the store, or the store itself, has hung") }).Stop()
	var text bytes.Buffer
	cmd.Stdout, cmd.Stderr = &text, &text
	s.mu.Lock()
	first, before := len(s.requests), maps.Clone(s.lines)
	err = cmd.Start()
	if at > 0 && err == nil {
		s.after = func(n int) {
			if n == first+at {
				_ = cmd.Process.Kill()
			}
		}
	}
	s.mu.Unlock()
	if err != nil {
		s.t.Fatal(err)
	}
	err = cmd.Wait()
	// Lines are taken in their order: once this one is, all of the process's are known.
	last, dialed := net.Dial("tcp", s.server.Listener.Addr().String())
	if dialed != nil {
		s.t.Fatal(dialed)
	}
	defer last.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.after = nil
	for {
		known, open := false, 0
		for c := range s.lines {
			if c.RemoteAddr().String() == last.LocalAddr().String() {
				known = true
			} else if !before[c] {
				open++
			}
		}
		if known && open == 0 {
			return len(s.requests) - first, text.Bytes(), err
		}
		s.closed.Wait()
	}
}

// answer has something answer requests before the store does; nil for nothing.
func (s *store) answer(before func(w http.ResponseWriter, r *http.Request, body []byte) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = before
}

// asked gives how many requests there were so far.
func (s *store) asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.requests)
}

func (s *store) bucket() *Bucket {
	return &Bucket{Endpoint: s.server.URL, Bucket: testBucket, Prefix: "notes", Region: "eu-test-1", Keys: testKeys, Wait: time.Millisecond}
}

func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client was killed
	}
	if want := signature(r, body); want != "" {
		s.t.Errorf("%s %s: the signature should be %s", r.Method, r.URL, want)
	}
	s.mu.Lock()
	s.requests = append(s.requests, r.Method+" "+r.URL.Path)
	n, before, after := len(s.requests), s.before, s.after
	s.mu.Unlock()
	if before == nil || !before(w, r, body) {
		r.Body = io.NopCloser(bytes.NewReader(body))
		s.s3.ServeHTTP(w, r)
		if r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, "/notes/index.html") {
			s.mu.Lock()
			s.headers = r.Header.Clone()
			s.mu.Unlock()
		}
		if r.Method == http.MethodPut || r.Method == http.MethodDelete {
			s.mu.Lock()
			s.puts = append(s.puts, strings.TrimPrefix(r.URL.Path, "/"+testBucket+"/notes/"))
			if lacks := dangling(s.files(), s.known); lacks != "" {
				s.t.Errorf("after %s %s a reader finds a broken page: %s", r.Method, r.URL.Path, lacks)
			}
			s.mu.Unlock()
		}
	}
	if after != nil {
		after(n)
	}
}

// files reads the bucket behind the server's back, without daybreak's own list.
func (s *store) files() map[string]string {
	out := map[string]string{}
	list, err := s.backend.ListBucket(testBucket, nil, gofakes3.ListBucketPage{})
	if err != nil {
		s.t.Error(err)
		return nil
	}
	for _, c := range list.Contents {
		o, err := s.backend.GetObject(testBucket, c.Key, nil)
		if err != nil {
			s.t.Error(err)
			continue
		}
		data, err := io.ReadAll(o.Contents)
		o.Contents.Close()
		if err != nil {
			s.t.Error(err)
		}
		if p, ours := strings.CutPrefix(c.Key, "notes/"); ours && p != ledgerKey {
			out[p] = string(data)
		}
	}
	return out
}

// know remembers which pages readers know of: those that they knew, and those that
// a list leads to. What a killed run left behind is none of them.
func (s *store) know() {
	files := s.files()
	s.mu.Lock()
	defer s.mu.Unlock()
	known := linked(files)
	for p := range s.known {
		if text, ok := files[p]; ok {
			known[p] = text
		}
	}
	s.known = known
}

func (s *store) holds(n int) {
	s.t.Helper()
	got := s.files()
	if !maps.Equal(got, generation(n)) {
		s.t.Errorf("the bucket doesn't hold generation %d but %v", n, sorted(got))
	}
}

func (s *store) deliver(n int) Result {
	s.t.Helper()
	s.know()
	r, err := s.bucket().Deliver(context.Background(), publicOf(s.t, buildTree(s.t, generation(n))))
	if err != nil {
		s.t.Fatalf("generation %d: %v", n, err)
	}
	s.holds(n)
	return r
}

// signature computes what a request should be signed with, by the book
// (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html);
// "" where it is.
func signature(r *http.Request, body []byte) string {
	_, rest, _ := strings.Cut(r.Header.Get("Authorization"), "Credential="+testKeys.ID+"/")
	scope, rest, _ := strings.Cut(rest, ", SignedHeaders=")
	names, got, _ := strings.Cut(rest, ", Signature=")
	var headers strings.Builder
	for _, name := range strings.Split(names, ";") {
		value := strings.Join(r.Header.Values(name), ",")
		switch name {
		case "host":
			value = r.Host
		case "content-length":
			value = fmt.Sprint(r.ContentLength)
		}
		headers.WriteString(name + ":" + strings.TrimSpace(value) + "\n")
	}
	query := strings.Split(r.URL.RawQuery, "&")
	slices.Sort(query)
	sum := sha256.Sum256(body)
	canonical := strings.Join([]string{r.Method, r.URL.EscapedPath(), strings.Join(query, "&"), headers.String(), names, hex.EncodeToString(sum[:])}, "\n")
	hashed := sha256.Sum256([]byte(canonical))
	text := "AWS4-HMAC-SHA256\n" + r.Header.Get("X-Amz-Date") + "\n" + scope + "\n" + hex.EncodeToString(hashed[:])
	key := []byte("AWS4" + testKeys.Secret)
	for _, part := range strings.Split(scope, "/") {
		key = sign(key, part)
	}
	if want := hex.EncodeToString(sign(key, text)); want != got || !strings.Contains(names, "x-amz-content-sha256") || !strings.Contains(scope, "/eu-test-1/s3/") {
		return want + " over\n" + canonical
	}
	return ""
}

func sign(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

// Only what differs is brought, in the order assets, pages, lists, feeds; what is
// no longer needed goes last; and nothing is written twice.
func TestBucket(t *testing.T) {
	s := newStore(t)
	if r := s.deliver(1); r.Brought != len(generation(1)) || r.Deleted != 0 {
		t.Errorf("%+v", r)
	}
	s.puts = nil
	if r := s.deliver(1); r.Brought != 0 || r.Same != len(generation(1)) || len(s.puts) > 1 {
		t.Errorf("nothing new: %+v, but written were %v", r, s.puts)
	}
	for n := 2; n <= 5; n++ {
		s.puts = nil
		s.deliver(n)
	}
	last := assets
	for _, p := range s.puts[1 : len(s.puts)-1] { // without the ledger
		if strings.Contains(p, "1.2.0+x") || strings.Contains(p, "00000004") {
			continue // deletions
		}
		if stepOf(p) < last {
			t.Errorf("%s came after the %s: %v", p, last, s.puts)
		}
		last = max(last, stepOf(p))
	}
	if h := s.headers; h.Get("Content-Type") != "text/html; charset=utf-8" || h.Get("Cache-Control") != "public, max-age=60" {
		t.Errorf("the first page came with %v", h)
	}
}

// What others put into the bucket is never written over and never deleted.
func TestBucketRefusesWhatIsNotOurs(t *testing.T) {
	s := newStore(t)
	put := func(key string) {
		if _, err := s.backend.PutObject(testBucket, key, nil, strings.NewReader("theirs"), 6, nil); err != nil {
			t.Fatal(err)
		}
	}
	put("elsewhere.html")
	put("notes/theirs.txt")
	_, err := s.bucket().Deliver(context.Background(), publicOf(t, buildTree(t, generation(1))))
	problem(t, err, "target-not-ours", "theirs.txt")
	if _, err := s.backend.DeleteObject(testBucket, "notes/theirs.txt"); err != nil {
		t.Fatal(err)
	}
	s.deliver(1)
	put("notes/added-later.txt")
	_, err = s.bucket().Deliver(context.Background(), publicOf(t, buildTree(t, generation(4))))
	if err != nil {
		t.Fatal(err)
	}
	got := s.files()
	if got["added-later.txt"] != "theirs" || len(got) != len(generation(4))+1 {
		t.Errorf("%v", sorted(got))
	}
	if _, err := s.backend.HeadObject(testBucket, "elsewhere.html"); err != nil {
		t.Error(err)
	}
}

// A client killed at each of its requests: no reader ever meets a broken page
// (the store looks after each change), and the next run ends right.
func TestBucketKilled(t *testing.T) {
	trees := []string{buildTree(t, generation(1)), buildTree(t, generation(4))}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for at := 1; at == 1 || at <= total; at += 3 {
		s := newStore(t)
		s.deliver(1)
		s.know()
		cmd := exec.Command(self, trees[1], s.server.URL)
		cmd.Env = append(os.Environ(), childVar+"=bucket")
		if total == 0 { // the first run is not killed: it counts
			n, out, err := s.run(cmd, 0)
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			total = n
			at = -2 // begin with the first request
		} else {
			_, _, _ = s.run(cmd, at)
		}
		s.deliver(4)
		s.deliver(1) // and back: what is left of both is gone
	}
	t.Logf("killed at every third of %d requests", total)
}

// A store that can't be trusted: each time the client either ends right or says
// that it didn't, and readers never meet a broken page.
func TestBucketLies(t *testing.T) {
	type fault struct {
		name  string
		right bool                                                                    // it ends right in spite of it
		do    func(try int, w http.ResponseWriter, r *http.Request, body []byte) bool // of that request
	}
	put := func(r *http.Request, part string) bool {
		return r.Method == http.MethodPut && strings.Contains(r.URL.Path, part)
	}
	var forgot sync.Map
	for _, c := range []fault{
		{"takes a picture and doesn't keep it", false, func(_ int, _ http.ResponseWriter, r *http.Request, _ []byte) bool { return put(r, ".png") }},
		{"takes a page and doesn't keep it", false, func(_ int, _ http.ResponseWriter, r *http.Request, _ []byte) bool {
			return put(r, "releases/1.4.0")
		}},
		{"forgets everything once", true, func(_ int, _ http.ResponseWriter, r *http.Request, _ []byte) bool {
			_, again := forgot.LoadOrStore(r.URL.Path, true)
			return put(r, "") && !again
		}},
		{"is overloaded", true, func(try int, w http.ResponseWriter, _ *http.Request, _ []byte) bool {
			if try < tries {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
			return try < tries
		}},
		{"drops the line", true, func(try int, w http.ResponseWriter, _ *http.Request, _ []byte) bool {
			if try < tries {
				panic(http.ErrAbortHandler)
			}
			return false
		}},
		{"deletes nothing", false, func(_ int, w http.ResponseWriter, r *http.Request, _ []byte) bool {
			if r.Method == http.MethodDelete {
				w.WriteHeader(http.StatusNoContent)
			}
			return r.Method == http.MethodDelete
		}},
		{"refuses the keys", false, func(_ int, w http.ResponseWriter, _ *http.Request, _ []byte) bool {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, "<Error><Code>SignatureDoesNotMatch</Code><Message>"+testKeys.ID+"</Message></Error>")
			return true
		}},
		{"sends nonsense", false, func(_ int, w http.ResponseWriter, r *http.Request, _ []byte) bool {
			fmt.Fprint(w, "<html>It works!")
			return r.Method == http.MethodGet
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStore(t)
			s.deliver(1)
			var mu sync.Mutex
			made := map[string]int{}
			s.answer(func(w http.ResponseWriter, r *http.Request, body []byte) bool {
				mu.Lock()
				made[r.Method+r.URL.String()]++
				try := made[r.Method+r.URL.String()]
				mu.Unlock()
				return c.do(try, w, r, body)
			})
			s.know()
			site := publicOf(t, buildTree(t, generation(4)))
			_, err := s.bucket().Deliver(context.Background(), site)
			if (err == nil) != c.right {
				t.Fatalf("ends right: %v, %v", err == nil, err)
			}
			if err != nil && strings.Contains(err.Error(), testKeys.Secret) {
				t.Error("the key is in the message")
			}
			s.answer(nil)
			s.deliver(4)
		})
	}
}

// A store that keeps half of what it takes, and says so of the whole.
func TestBucketTruncates(t *testing.T) {
	s := newStore(t)
	s.answer(func(w http.ResponseWriter, r *http.Request, body []byte) bool {
		if r.Method != http.MethodPut || !strings.HasSuffix(r.URL.Path, "logo.svg") {
			return false
		}
		meta := map[string]string{sumHeader: r.Header.Get(sumHeader)}
		if _, err := s.backend.PutObject(testBucket, "notes/assets/logo.svg", meta, bytes.NewReader(body[:3]), 3, nil); err != nil {
			t.Error(err)
		}
		w.Header().Set("Etag", `"`+md5Hex(body)+`"`)
		return true
	})
	_, err := s.bucket().Deliver(context.Background(), publicOf(t, buildTree(t, generation(1))))
	problem(t, err, "store-lies", "assets/logo.svg")
	if got := s.files(); got["index.html"] != "" {
		t.Error("pages came although an asset didn't")
	}
	s.answer(nil)
	s.deliver(1)
}

func TestBucketUnreachable(t *testing.T) {
	s := newStore(t)
	s.server.Close()
	_, err := s.bucket().Deliver(context.Background(), publicOf(t, buildTree(t, generation(1))))
	problem(t, err, "store-unreachable", s.server.URL)
}

// A slow store is waited for, and an interruption ends the waiting.
func TestBucketSlow(t *testing.T) {
	s := newStore(t)
	ctx, stop := context.WithCancel(context.Background())
	s.answer(func(_ http.ResponseWriter, r *http.Request, _ []byte) bool {
		if r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, "index.html") {
			stop()
			<-r.Context().Done() // never answers
			return true
		}
		return false
	})
	if _, err := s.bucket().Deliver(ctx, publicOf(t, buildTree(t, generation(1)))); err == nil {
		t.Error("it ended well")
	}
	s.answer(nil)
	s.deliver(1)
}

func TestKeys(t *testing.T) {
	env := map[string]string{"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret"}
	k, err := LoadKeys("", func(name string) string { return env[name] })
	if err != nil || k.ID != "id" || k.Secret != "secret" {
		t.Errorf("%v", err)
	}
	if text := fmt.Sprintf("%v %+v %#v %s", k, k, k, k); strings.Contains(text, "secret") {
		t.Errorf("it prints as %s", text)
	}
	delete(env, "AWS_SECRET_ACCESS_KEY")
	_, err = LoadKeys("", func(name string) string { return env[name] })
	problem(t, err, "no-keys", "")
	file := filepath.Join(t.TempDir(), "credentials")
	_, err = LoadKeys(file, nil)
	problem(t, err, "no-keys", "not there")
	for text, want := range map[string]Keys{
		"[default]\naws_access_key_id = a\naws_secret_access_key=b=\n[other]\naws_access_key_id = x\n": {ID: "a", Secret: "b="},
		"# note\nAWS_ACCESS_KEY_ID=a\nAWS_SECRET_ACCESS_KEY = b\naws_session_token = c\n":              {ID: "a", Secret: "b", Token: "c"},
		"[other]\naws_access_key_id = x\naws_secret_access_key = y\n":                                  {},
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := LoadKeys(file, nil)
		if want.ID == "" {
			problem(t, err, "no-keys", "holds no keys")
			continue
		}
		if err != nil || got.ID != want.ID || got.Secret != want.Secret || got.Token != want.Token {
			t.Errorf("%q: read wrongly, %v", text, err)
		}
	}
}
