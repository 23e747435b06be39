package gitsource

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/go-git/go-billy/v5"
	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	gitconfig "github.com/go-git/go-git/v5/plumbing/format/config"
	"github.com/go-git/go-git/v5/storage/filesystem/dotgit"

	"daybreak/internal/diag"
	"daybreak/internal/message"
)

// Options says how a repository is read. The zero value suits any repository.
type Options struct {
	Tags    []string         // globs (doublestar) of release tags; empty: every tag that names a version
	Main    string           // the main line's branch; "": HEAD, else origin/HEAD
	Include []string         // path globs of a monorepo part: changes that touch none of them are left out
	Paths   bool             // fill Change.Paths and Change.Submodules
	Tickets []*regexp.Regexp // patterns of ticket ids
	// Submodules are folders of further repositories that may be submodules'.
	Submodules []string
	Forge      string                             // where requests are made, "" to go by the messages
	Cache      string                             // folder for what was read, "" for none; it may not exist yet
	Progress   func(what string, done, total int) // may be nil; total 0 is "not known"
}

// Repository is an open repository. It is not safe for concurrent use.
type Repository struct {
	o       Options
	dir     string                 // the git directory that all worktrees share
	work    string                 // the work tree, "" for a bare repository
	subs    map[string]*Repository // by folder, nil where it can't be opened, see submodules.go
	objects *objects
	refs    map[string]plumbing.Hash // full name → id, symbolic ones resolved
	noRefs  []string                 // full names of those that lead to no id, sorted
	config  *gitconfig.Config

	mainName string // short branch name, "" where HEAD is detached
	mainTip  plumbing.Hash

	released []*tagged // the releases as their tags say, the unreleased one last
	tagDiags diag.List // what reading them had to say
	tags     *tagSet
	graph    *graph
	part     *part // what graph is a part of, nil where it is whole
	clocks   clocks
	trees    *treeReader
	extra    []plumbing.Hash // tips beyond tags and the main line

	mailmap message.Mailmap

	facts *factStore       // of all workers
	held  map[int32]*facts // of the release that is being put together

	pathSets map[int32]string // by position, see patchid.go

	noteTrees map[string]map[int32][]plumbing.Hash // by note folders and position, see notefiles.go
}

// Open opens the repository at path: a work tree, a bare repository, a linked
// worktree, or a .git folder itself. Folders above path are not searched.
//
// What can't be read rightly is refused with a *diag.Problem: not-a-repository,
// shallow-clone, sha256-repository, reftable-repository,
// unsupported-repository, no-commits, unknown-branch.
func Open(path string, o Options) (*Repository, error) {
	gitDir, common, err := Locate(path)
	if err != nil {
		return nil, err
	}
	r := &Repository{o: o, dir: common, clocks: usualClocks, subs: map[string]*Repository{}}
	if _, err := os.Stat(filepath.Join(path, ".git")); err == nil {
		r.work = path
	}
	r.forget()
	if err := r.checkFormat(); err != nil {
		return nil, err
	}
	if err := r.checkShallow(path); err != nil {
		return nil, err
	}
	if err := r.readRefs(gitDir); err != nil {
		return nil, err
	}
	if r.objects, err = openObjects(common, r.refs); err != nil {
		return nil, err
	}
	r.trees = newTreeReader(r.objects)
	if err := r.findMain(path); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// forget drops what was found out about commits by their positions.
func (r *Repository) forget() {
	r.held = map[int32]*facts{}
	r.pathSets, r.noteTrees = map[int32]string{}, nil
}

// readMailmap reads .mailmap of the main line's tip, see gitmailmap(5). A clone
// that lacks the file's blob goes without.
func (r *Repository) readMailmap() {
	r.mailmap = message.ParseMailmap("")
	if r.mainTip.IsZero() {
		return
	}
	c, err := r.readCommit(r.mainTip)
	if err != nil {
		return // the walk will say so
	}
	if l, err := r.trees.blobAt(c.tree, ".mailmap"); err == nil && l.mode&modeKind == 0o100000 {
		if _, b, err := r.objects.read(l.id); err == nil {
			text, _ := message.Decode(b, "")
			r.mailmap = message.ParseMailmap(text)
		}
	}
}

// Close gives back the files that the repository holds open.
func (r *Repository) Close() error {
	return cmp.Or(r.closeSubmodules(), r.dropPart(), r.objects.close())
}

func notARepository(path string, err error) error {
	p := diag.Refuse("not-a-repository", diag.Say("%q is not a git repository", path),
		diag.Say("Give the folder that holds .git, or a bare repository.")).Because(err)
	if abs, e := filepath.Abs(path); e == nil {
		for up := filepath.Dir(abs); ; up = filepath.Dir(up) {
			if _, e := os.Stat(filepath.Join(up, ".git")); e == nil {
				p.Advise(diag.Say("The repository around it starts further up: give %q.", up))
				break
			}
			if up == filepath.Dir(up) {
				break
			}
		}
	}
	return p
}

// Locate finds the git directory (with HEAD) and the one that all worktrees
// share (with objects and refs), see gitrepository-layout(5).
func Locate(path string) (gitDir, common string, err error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", "", diag.Refuse("not-a-repository", diag.Say("%q does not exist", path),
			diag.Say("Give the folder that holds .git, or a bare repository."))
	case err != nil:
		return "", "", fmt.Errorf("open repository: %w", err)
	case !info.IsDir():
		return "", "", notARepository(path, nil)
	}
	gitDir = filepath.Join(path, ".git")
	info, err = os.Stat(gitDir)
	switch {
	case err == nil && !info.IsDir():
		if gitDir, err = readGitFile(gitDir, path); err != nil {
			return "", "", err
		}
	case errors.Is(err, fs.ErrNotExist):
		gitDir = path
	case err != nil:
		return "", "", fmt.Errorf("open repository: %w", err)
	}
	if gitDir, err = filepath.Abs(gitDir); err != nil {
		return "", "", fmt.Errorf("open repository: %w", err)
	}
	common = gitDir
	if b, err := os.ReadFile(filepath.Join(gitDir, "commondir")); err == nil {
		if common = strings.TrimSpace(string(b)); !filepath.IsAbs(common) {
			common = filepath.Join(gitDir, common)
		}
	}
	for _, need := range []string{filepath.Join(gitDir, "HEAD"), filepath.Join(common, "objects")} {
		if _, err := os.Stat(need); err != nil {
			return "", "", notARepository(path, nil)
		}
	}
	return gitDir, common, nil
}

// readGitFile follows the file .git of a linked worktree or submodule.
func readGitFile(file, path string) (string, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("open repository: %w", err)
	}
	target, ok := strings.CutPrefix(strings.TrimSpace(string(b)), "gitdir:")
	if !ok {
		return "", notARepository(path, fmt.Errorf("the file %q names no gitdir", file))
	}
	target = strings.TrimSpace(target)
	if !filepath.IsAbs(target) {
		target = filepath.Join(path, target)
	}
	return target, nil
}

// checkFormat refuses what go-git would misread. The list of extensions is that
// of gitrepository-layout's technical/repository-version.
func (r *Repository) checkFormat() error {
	r.config = gitconfig.New()
	f, err := os.Open(filepath.Join(r.dir, "config"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open repository: %w", err)
	}
	defer f.Close()
	if err := gitconfig.NewDecoder(f).Decode(r.config); err != nil {
		return diag.Refuse("unsupported-repository", diag.Say("the repository's own config file can't be read"),
			diag.Say("Mend that line; `git config --list --local` says what git makes of the file.")).Because(fmt.Errorf("%s:%w", filepath.Join(r.dir, "config"), err))
	}
	extensions := r.config.Section("extensions")
	if v := extensions.Option("objectformat"); v != "" && !strings.EqualFold(v, "sha1") {
		return diag.Refuse("sha256-repository", diag.Say("the repository names its objects with %s, which isn't supported; only sha1 is", strings.ToLower(v)),
			diag.Say("Use a clone whose object format is sha1."))
	}
	if v := extensions.Option("refstorage"); v != "" && !strings.EqualFold(v, "files") {
		return diag.Refuse("reftable-repository", diag.Say("the repository keeps its refs as %s, which isn't supported; only files are", strings.ToLower(v)),
			diag.Say("Run `git refs migrate --ref-format=files`, or use a clone made with `git clone --ref-format=files`."))
	}
	version := r.config.Section("core").Option("repositoryformatversion")
	known := []string{"objectformat", "refstorage", "noop", "noop-v1", "partialclone", "preciousobjects", "worktreeconfig", "relativeworktrees"}
	for _, option := range extensions.Options {
		if version == "1" && !slices.Contains(known, strings.ToLower(option.Key)) {
			return diag.Refuse("unsupported-repository", diag.Say("the repository needs the git extension %q, which isn't supported", option.Key),
				diag.Say("Use an ordinary clone of it."))
		}
	}
	if version != "" && version != "0" && version != "1" {
		return diag.Refuse("unsupported-repository", diag.Say("the repository has format version %q, which isn't supported", version),
			diag.Say("Use an ordinary clone of it."))
	}
	return nil
}

// checkShallow refuses a clone whose history was cut off: every release of it
// would look like the first.
func (r *Repository) checkShallow(path string) error {
	b, err := os.ReadFile(filepath.Join(r.dir, "shallow"))
	if err != nil || len(strings.TrimSpace(string(b))) == 0 {
		return nil
	}
	return diag.Refuse("shallow-clone", diag.Say("%q is a shallow clone: its history is cut off, so no release could be told rightly", path),
		diag.Say("Fetch the rest and the tags:\n  git fetch --unshallow --tags\nIn CI, set the checkout's depth to 0."))
}

// readRefs reads HEAD of this worktree and all shared refs.
func (r *Repository) readRefs(gitDir string) error {
	var system billy.Filesystem = osfs.New(gitDir)
	if gitDir != r.dir {
		system = dotgit.NewRepositoryFilesystem(system, osfs.New(r.dir))
	}
	refs, err := dotgit.New(system).Refs()
	if err != nil {
		return diag.Refuse("broken-refs", diag.Say("the repository's refs can't be read"),
			diag.Say("Run `git fsck`; an empty file under .git/refs can be removed.")).Because(err)
	}
	r.refs = make(map[string]plumbing.Hash, len(refs))
	symbolic := map[string]string{}
	for _, ref := range refs {
		if ref.Type() == plumbing.SymbolicReference {
			symbolic[ref.Name().String()] = ref.Target().String()
		} else if !ref.Hash().IsZero() {
			r.refs[ref.Name().String()] = ref.Hash()
		} else {
			r.noRefs = append(r.noRefs, ref.Name().String())
		}
	}
	for name, target := range symbolic {
		if name == "HEAD" {
			r.mainName = strings.TrimPrefix(target, "refs/heads/")
		}
		// git itself follows at most five links.
		for range 5 {
			next, more := symbolic[target]
			if !more {
				break
			}
			target = next
		}
		if h, ok := r.refs[target]; ok {
			r.refs[name] = h
		} else {
			r.noRefs = append(r.noRefs, name)
		}
	}
	slices.Sort(r.noRefs)
	if t, ok := symbolic["refs/remotes/origin/HEAD"]; ok && r.refs["HEAD"].IsZero() {
		r.mainName = strings.TrimPrefix(t, "refs/remotes/origin/")
	}
	return nil
}

// findMain settles the main line's name and tip.
func (r *Repository) findMain(path string) error {
	names := []string{"HEAD", "refs/remotes/origin/HEAD", "refs/heads/main", "refs/heads/master"}
	if r.o.Main != "" {
		r.mainName = r.o.Main
		names = []string{"refs/heads/" + r.o.Main, "refs/remotes/origin/" + r.o.Main, "refs/remotes/" + r.o.Main, r.o.Main}
	}
	for _, name := range names {
		h, ok := r.refs[name]
		if !ok {
			continue
		}
		tip, err := r.peel(h)
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		if strings.HasSuffix(name, "main") || strings.HasSuffix(name, "master") {
			r.mainName = strings.TrimPrefix(name, "refs/heads/")
		}
		r.mainTip = tip
		return nil
	}
	if r.o.Main != "" {
		return diag.Refuse("unknown-branch", diag.Say("the repository has no branch %q", r.o.Main),
			diag.Say("It has %s.", r.branchList()))
	}
	for name := range r.refs {
		if strings.HasPrefix(name, "refs/tags/") {
			return nil // releases without a main line: an export of tags alone
		}
	}
	return diag.Refuse("no-commits", diag.Say("%q has no commits", path),
		diag.Say("Commit something first, or give another repository."))
}

func (r *Repository) branchList() string {
	var out []string
	for name := range r.refs {
		if short, ok := strings.CutPrefix(name, "refs/heads/"); ok {
			out = append(out, fmt.Sprintf("%q", short))
		} else if short, ok := strings.CutPrefix(name, "refs/remotes/origin/"); ok && short != "HEAD" {
			out = append(out, fmt.Sprintf("%q", short))
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	switch {
	case len(out) == 0:
		return "no branch at all"
	case len(out) > 10:
		return strings.Join(out[:10], ", ") + " and more"
	}
	return strings.Join(out, ", ")
}

func (r *Repository) progress(what string, done, total int) {
	if r.o.Progress != nil {
		r.o.Progress(what, done, total)
	}
}
