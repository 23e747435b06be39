package gitsource

import (
	"bytes"
	"cmp"
	"compress/flate"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// A cache file is cacheMagic, the key (32 bytes), the payload's SHA-256 (32
// bytes) and the payload. The key is a hash of everything that the payload was
// made from. A file whose key or sum doesn't fit is made anew.
//
// Files are written beside and renamed, so another run sees a whole one or none.
const cacheMagic = "daybreak facts 1"

// maxCache bounds the folder, in bytes; the files not written for longest go first.
const maxCache = 1 << 30

// readerVersion changes with every change of what the reader answers. The
// program's own file counts too, see readerID.
const readerVersion = 1

// readerID names this build of the reader; "" where the system can't tell it.
// Developers forget to raise a version, a linker never forgets the time.
var readerID = sync.OnceValue(func() string {
	exe, err := os.Executable()
	if err != nil {
		return ""
	}
	info, err := os.Stat(exe)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d %d %d", readerVersion, info.Size(), info.ModTime().UnixNano())
})

// cacheFile is one file of the cache.
type cacheFile struct {
	path string // "" where nothing can be kept
	key  [sha256.Size]byte
}

// cached names the file for one kind of facts. The place says what the next run
// overwrites, so that facts don't pile up; the key says what they depend on.
func (r *Repository) cached(kind, place, key string) cacheFile {
	if r.o.Cache == "" || key == "" {
		return cacheFile{}
	}
	name := sha256.Sum256([]byte(r.dir + "\x00" + place))
	return cacheFile{filepath.Join(r.o.Cache, fmt.Sprintf("%s-%s.facts", kind, hex.EncodeToString(name[:12]))), sha256.Sum256([]byte(kind + "\x00" + key))}
}

// load gives the payload, nil where there is none that can be trusted.
func (c cacheFile) load() []byte {
	if c.path == "" {
		return nil
	}
	b, err := os.ReadFile(c.path)
	head := len(cacheMagic) + 2*sha256.Size
	if err != nil || len(b) < head || string(b[:len(cacheMagic)]) != cacheMagic || !bytes.Equal(b[len(cacheMagic):][:sha256.Size], c.key[:]) {
		return nil
	}
	sum := sha256.Sum256(b[head:])
	if !bytes.Equal(sum[:], b[head-sha256.Size:head]) {
		return nil
	}
	return b[head:]
}

// cacheWriter writes one file of the cache. Its errors are its own: what can't
// be kept is read again next time.
type cacheWriter struct {
	to   cacheFile
	file *os.File
	sum  hash.Hash
	err  error
}

func (c cacheFile) create() *cacheWriter {
	w := &cacheWriter{to: c, sum: sha256.New()}
	if c.path == "" {
		w.err = os.ErrNotExist
		return w
	}
	if w.err = os.MkdirAll(filepath.Dir(c.path), 0o700); w.err != nil {
		return w
	}
	if w.file, w.err = os.CreateTemp(filepath.Dir(c.path), "new-*.facts"); w.err != nil {
		return w
	}
	_, w.err = w.file.Write(make([]byte, len(cacheMagic)+2*sha256.Size))
	return w
}

func (w *cacheWriter) Write(b []byte) (int, error) {
	if w.err == nil {
		w.sum.Write(b)
		_, w.err = w.file.Write(b)
	}
	return len(b), nil
}

// keep puts the file in place, or throws it away where the facts aren't whole.
func (w *cacheWriter) keep(whole bool) {
	if w.file == nil {
		return
	}
	head := slices.Concat([]byte(cacheMagic), w.to.key[:], w.sum.Sum(nil))
	if w.err == nil {
		_, w.err = w.file.WriteAt(head, 0)
	}
	w.err = cmp.Or(w.err, w.file.Close())
	if w.err == nil && whole {
		w.err = os.Rename(w.file.Name(), w.to.path)
	}
	if w.err != nil || !whole {
		_ = os.Remove(w.file.Name()) // another run prunes what stays
		return
	}
	prune(filepath.Dir(w.to.path), w.to.path, maxCache)
}

// prune removes the files written longest ago until the folder keeps to its
// bound, and what runs that were killed have left.
func prune(dir, except string, bound int64) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	var files []os.FileInfo
	total := int64(0)
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || filepath.Ext(e.Name()) != ".facts" {
			continue
		}
		if strings.HasPrefix(e.Name(), "new-") {
			if time.Since(info.ModTime()) > 24*time.Hour {
				_ = os.Remove(filepath.Join(dir, e.Name()))
			}
			continue
		}
		total += info.Size()
		files = append(files, info)
	}
	slices.SortFunc(files, func(a, b os.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	for _, f := range files {
		name := filepath.Join(dir, f.Name())
		if total <= bound {
			return
		}
		if name != except && os.Remove(name) == nil {
			total -= f.Size()
		}
	}
}

// altered says what stands between objects and history: replace refs and grafts.
func (r *Repository) altered() string {
	h := sha256.New()
	for _, k := range slices.SortedFunc(maps.Keys(r.objects.replaced), compareHash) {
		fmt.Fprintf(h, "%s %s\n", k, r.objects.replaced[k])
	}
	for _, k := range slices.SortedFunc(maps.Keys(r.objects.grafts), compareHash) {
		fmt.Fprintf(h, "%s: %s\n", k, r.objects.grafts[k])
	}
	return string(h.Sum(nil))
}

// state is everything that answers depend on besides immutable objects: the
// reader, its options, and where every ref points. So no answer outlives a tag
// that moved, came or went. In a clone that lacks objects it depends on the
// packs at hand, too. It is "" where the reader can't name itself.
func (r *Repository) state() string {
	if readerID() == "" {
		return ""
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%q %s %s %x\n", readerID(), r.place(), r.mainName, r.mainTip, r.extra, r.altered())
	for _, name := range slices.Sorted(maps.Keys(r.refs)) {
		if strings.HasPrefix(name, "refs/tags/") {
			fmt.Fprintf(h, "%s %s\n", r.refs[name], name)
		}
	}
	promised, _ := filepath.Glob(filepath.Join(r.dir, "objects", "pack", "*.promisor"))
	if len(promised) > 0 {
		all, _ := filepath.Glob(filepath.Join(r.dir, "objects", "pack", "*.pack"))
		fmt.Fprintf(h, "%q\n", all)
	}
	return string(h.Sum(nil))
}

// place tells the answers under different options apart.
func (r *Repository) place() string {
	o := r.o
	o.Tickets, o.Progress, o.Cache = nil, nil, ""
	return fmt.Sprintf("%#v %q", o, r.o.Tickets) // %#v quotes, so no two options look the same
}

// answer is one release, or the diagnostics that close a list of them.
type answer struct {
	Release model.Release
	Live    int
	Last    bool
	Diags   diag.List
}

// answers writes a list of releases into the cache as they are made.
type answers struct {
	file *cacheWriter
	flat *flate.Writer
	gob  *gob.Encoder
}

func (c cacheFile) answers() *answers {
	a := &answers{file: c.create()}
	if a.file.err == nil {
		a.flat, a.file.err = flate.NewWriter(a.file, flate.BestSpeed)
		a.gob = gob.NewEncoder(a.flat)
	}
	return a
}

func (a *answers) put(one answer) {
	if a.file.err == nil {
		a.file.err = a.gob.Encode(one)
	}
}

// keep ends the list. Without it nothing is kept.
func (a *answers) keep(diags diag.List) {
	a.put(answer{Last: true, Diags: diags})
	if a.file.err == nil {
		a.file.err = a.flat.Close()
	}
	a.file.keep(a.file.err == nil)
}

func (a *answers) drop() { a.file.keep(false) }

// eachAnswer gives the kept releases one by one; false where there is no list
// that can be trusted. Its sum was right, so only another build could have
// written what doesn't decode.
func (c cacheFile) eachAnswer(yield func(answer)) (diag.List, bool) {
	b := c.load()
	if b == nil {
		return nil, false
	}
	in := gob.NewDecoder(flate.NewReader(bytes.NewReader(b)))
	for {
		var one answer
		if err := in.Decode(&one); err != nil {
			return nil, false
		}
		if one.Last {
			return one.Diags, true
		}
		yield(one)
	}
}
