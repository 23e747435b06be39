// Command release builds what people download: for each platform an archive with
// the program, its manual pages and completions, and SHA256SUMS over all of them.
//
//	go run ./cmd/release --version 1.2.0 --out dist
//
// The same commit and Go version give the same bytes, wherever and whenever it
// runs: paths are trimmed, and every time in an archive is that of the commit.
package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// platforms are those that archives are made for, as GOOS/GOARCH.
var platforms = []string{"darwin/amd64", "darwin/arm64", "linux/amd64", "linux/arm64", "windows/amd64"}

// plan says what to build.
type plan struct {
	version   string
	out       string
	platforms []string
	dirty     bool // also from a work tree with changes
}

func main() {
	p := plan{platforms: platforms}
	flag.StringVar(&p.version, "version", "", "version, like 1.2.0")
	flag.StringVar(&p.out, "out", "dist", "folder to write")
	flag.Parse()
	if err := p.run(); err != nil {
		fmt.Fprintln(os.Stderr, "release: "+err.Error())
		os.Exit(1)
	}
}

var version = regexp.MustCompile(`^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$`)

// run writes all archives and their sums.
func (p plan) run() error {
	if !version.MatchString(p.version) {
		return fmt.Errorf("%q is no version: write it like 1.2.0", p.version)
	}
	when, err := p.commitTime()
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "daybreak-release-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	extras, err := p.extras(work)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(p.out, 0o755); err != nil {
		return err
	}
	var sums []string
	for _, platform := range p.platforms {
		name, data, err := p.archive(work, platform, extras, when)
		if err != nil {
			return fmt.Errorf("%s: %w", platform, err)
		}
		if err := os.WriteFile(filepath.Join(p.out, name), data, 0o644); err != nil {
			return err
		}
		sums = append(sums, fmt.Sprintf("%x  %s\n", sha256.Sum256(data), name))
		fmt.Println(filepath.Join(p.out, name))
	}
	return os.WriteFile(filepath.Join(p.out, "SHA256SUMS"), []byte(strings.Join(sums, "")), 0o644)
}

// commitTime is that of the checked-out commit. A work tree with changes is
// refused: nobody could build the same again.
func (p plan) commitTime() (time.Time, error) {
	changes, err := output("git", "status", "--porcelain")
	if err != nil {
		return time.Time{}, err
	}
	if len(changes) > 0 && !p.dirty {
		return time.Time{}, errors.New("the work tree has changes: commit or stash them first")
	}
	out, err := output("git", "log", "-1", "--format=%ct")
	if err != nil {
		return time.Time{}, err
	}
	seconds, err := strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64)
	return time.Unix(seconds, 0).UTC(), err
}

// compile builds the program for a platform.
func (p plan) compile(file, platform string) error {
	goos, goarch, _ := strings.Cut(platform, "/")
	c := exec.Command("go", "build", "-trimpath", "-buildvcs=true", "-ldflags", "-s -w -buildid= -X main.release="+p.version, "-o", file, "daybreak/cmd/daybreak")
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+goos, "GOARCH="+goarch, "GOFLAGS=")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	return nil
}

// extras are the manual pages, the completions and the README, by their path in
// the archives; the program itself writes the first two.
func (p plan) extras(work string) (map[string][]byte, error) {
	program := filepath.Join(work, "host", "daybreak")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	if err := p.compile(program, runtime.GOOS+"/"+runtime.GOARCH); err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	manual := filepath.Join(work, "man")
	if _, err := output(program, "man", "--dir", manual); err != nil {
		return nil, err
	}
	pages, err := os.ReadDir(manual)
	if err != nil {
		return nil, err
	}
	for _, page := range pages {
		if files["man/man1/"+page.Name()], err = os.ReadFile(filepath.Join(manual, page.Name())); err != nil {
			return nil, err
		}
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if files["completions/daybreak."+shell], err = output(program, "completion", shell); err != nil {
			return nil, err
		}
	}
	top, err := output("go", "list", "-m", "-f", "{{.Dir}}", "daybreak")
	if err != nil {
		return nil, err
	}
	files["README.md"], err = os.ReadFile(filepath.Join(strings.TrimSpace(string(top)), "README.md"))
	return files, err
}

// archive makes the archive of one platform: zip for Windows, else tar.gz.
func (p plan) archive(work, platform string, extras map[string][]byte, when time.Time) (string, []byte, error) {
	program := "daybreak"
	if strings.HasPrefix(platform, "windows/") {
		program += ".exe"
	}
	built := filepath.Join(work, filepath.FromSlash(platform), program)
	if err := p.compile(built, platform); err != nil {
		return "", nil, err
	}
	data, err := os.ReadFile(built)
	if err != nil {
		return "", nil, err
	}
	files := maps.Clone(extras)
	files[program] = data
	folder := "daybreak-" + p.version + "-" + strings.ReplaceAll(platform, "/", "-")
	var b bytes.Buffer
	if strings.HasSuffix(program, ".exe") {
		err = writeZip(&b, folder, files, program, when)
		return folder + ".zip", b.Bytes(), err
	}
	err = writeTar(&b, folder, files, program, when)
	return folder + ".tar.gz", b.Bytes(), err
}

func mode(name, program string) int64 {
	if name == program {
		return 0o755
	}
	return 0o644
}

func writeTar(w io.Writer, folder string, files map[string][]byte, program string, when time.Time) error {
	packed := gzip.NewWriter(w) // its header holds neither name nor time
	t := tar.NewWriter(packed)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		header := &tar.Header{Typeflag: tar.TypeReg, Name: path.Join(folder, name), Size: int64(len(files[name])), Mode: mode(name, program), ModTime: when, Format: tar.FormatPAX}
		if err := t.WriteHeader(header); err != nil {
			return err
		}
		if _, err := t.Write(files[name]); err != nil {
			return err
		}
	}
	return errors.Join(t.Close(), packed.Close())
}

func writeZip(w io.Writer, folder string, files map[string][]byte, program string, when time.Time) error {
	z := zip.NewWriter(w)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		header := &zip.FileHeader{Name: path.Join(folder, name), Method: zip.Deflate, Modified: when}
		header.SetMode(os.FileMode(mode(name, program)))
		f, err := z.CreateHeader(header)
		if err != nil {
			return err
		}
		if _, err := f.Write(files[name]); err != nil {
			return err
		}
	}
	return z.Close()
}

// output runs a program for what it prints.
func output(name string, args ...string) ([]byte, error) {
	c := exec.Command(name, args...)
	var complaint bytes.Buffer
	c.Stderr = &complaint
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w\n%s", filepath.Base(name), strings.Join(args, " "), err, complaint.String())
	}
	return out, nil
}
