package gitsource

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/go-git/go-git/v5/plumbing"

	"daybreak/internal/model"
)

// Info is what a new workspace can be fitted to. What isn't known is empty.
type Info struct {
	Name         string     // of the repository, out of the remote's address, else the folder
	Forge        string     // as in Request.Forge
	RemoteURL    string     // web address of the repository, without credentials
	Main         string     // the main line's branch
	Tags         []string   // globs that match the release tags and no others, one for each product line; nil where that takes more than a glob
	Releases     int        // how many tags name a version
	Newest       string     // tag of the highest release
	Commits      int        // how many of the newest commits were looked at
	Conventional float64    // share of titles with a conventional type, 0 to 1
	Language     model.Lang // that most titles seem to be in
	Folders      []string   // top folders, without those that start with a dot
	Authors      []Author   // by number of changes, most first
	Prereleases  int        // how many of Releases are
	Tickets      []string   // RE2 patterns of the ticket ids that messages name
}

// Author is somebody who wrote commits.
type Author struct {
	Name    string
	Mails   []string // addresses used, most used first
	Commits int
}

// infoCommits is how much of the newest history Info looks at.
const infoCommits = 2000

// Info looks at tags, configuration, the tip's tree and the newest commits.
func (r *Repository) Info(ctx context.Context) (Info, error) {
	info := Info{Main: r.mainName}
	r.readMailmap()
	info.RemoteURL = webAddress(r.remote())
	info.Name = strings.TrimSuffix(path.Base(info.RemoteURL), ".git")
	if info.RemoteURL == "" {
		dir := r.dir
		if filepath.Base(dir) == ".git" {
			dir = filepath.Dir(dir)
		}
		info.Name = strings.TrimSuffix(filepath.Base(dir), ".git")
	}
	list, _, err := r.readTags()
	if err != nil {
		return info, err
	}
	info.Releases = len(list)
	info.Tags = tagGlobs(list, r.tagsWithoutVersion())
	for _, t := range newestFirst(list) {
		if t.version.IsPrerelease() {
			info.Prereleases++
		} else if info.Newest == "" {
			info.Newest = t.name
		}
	}
	if r.mainTip.IsZero() {
		return info, nil
	}
	forges := map[string]int{}
	if err := r.surveyCommits(ctx, &info, forges); err != nil {
		return info, err
	}
	info.Forge = r.forge(info.RemoteURL, forges, info.Commits)
	return info, r.surveyTree(&info)
}

// surveyCommits walks the newest commits of the main line.
func (r *Repository) surveyCommits(ctx context.Context, info *Info, forges map[string]int) error {
	queue, seen := []plumbing.Hash{r.mainTip}, map[plumbing.Hash]bool{r.mainTip: true}
	conventional, titles, german := 0, 0, 0
	people := map[string]map[string]int{}
	tickets := ticketCount{}
	for len(queue) > 0 && info.Commits < infoCommits {
		if err := ctx.Err(); err != nil {
			return err
		}
		h := queue[0]
		queue = queue[1:]
		c, err := r.readCommit(h)
		if err != nil {
			return fmt.Errorf("read history: %w", err)
		}
		for _, p := range c.parents {
			if !seen[p] {
				seen[p] = true
				queue = append(queue, p)
			}
		}
		info.Commits++
		f := r.parseCommit(h, c)
		if f.message.Request != nil && f.message.Request.Forge != "" {
			forges[f.message.Request.Forge]++
		}
		a := f.commit.Author
		if people[a.Name] == nil {
			people[a.Name] = map[string]int{}
		}
		people[a.Name][a.Mail]++
		if len(c.parents) > 1 && !hasRealTitle(f) {
			continue
		}
		titles++
		tickets.add(f.commit.Subject + "\n" + f.commit.Body)
		// "net/http: fix …" has a header of the same form, which names a place in the code
		// and says nothing of the kind.
		if t := f.message.Header.Type; model.TypeKind(t) != "" || t == "revert" {
			conventional++
		}
		if looksGerman(f.message.Title) {
			german++
		}
	}
	if titles > 0 {
		info.Conventional = float64(conventional) / float64(titles)
	}
	info.Tickets = tickets.patterns(titles)
	info.Language = model.English
	if german*4 > titles {
		info.Language = model.German
	}
	for name, mails := range people {
		a := Author{Name: name}
		for mail, n := range mails {
			a.Mails = append(a.Mails, mail)
			a.Commits += n
		}
		slices.SortFunc(a.Mails, func(x, y string) int { return cmp.Or(mails[y]-mails[x], strings.Compare(x, y)) })
		info.Authors = append(info.Authors, a)
	}
	slices.SortFunc(info.Authors, func(x, y Author) int {
		return cmp.Or(y.Commits-x.Commits, strings.Compare(x.Name, y.Name))
	})
	return nil
}

func (r *Repository) surveyTree(info *Info) error {
	c, err := r.readCommit(r.mainTip)
	if err != nil {
		return err
	}
	entries, err := r.trees.entries(c.tree)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.isTree() && e.name[0] != '.' {
			info.Folders = append(info.Folders, string(e.name))
		}
	}
	return nil
}

// germanWords stand in few English titles.
var germanWords = map[string]bool{
	"der": true, "die": true, "das": true, "und": true, "für": true, "mit": true, "von": true, "bei": true, "nicht": true,
	"wird": true, "werden": true, "ist": true, "den": true, "dem": true, "ein": true, "eine": true, "einer": true, "im": true,
	"zu": true, "zur": true, "zum": true, "auf": true, "aus": true, "nach": true, "beim": true, "auch": true, "kein": true,
	"keine": true, "wenn": true, "fehler": true, "neue": true, "neuer": true, "neues": true, "behoben": true, "korrigiert": true,
	"hinzugefügt": true, "angepasst": true, "oder": true, "über": true, "sich": true, "kann": true, "können": true,
}

func looksGerman(title string) bool {
	for word := range strings.FieldsFuncSeq(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if germanWords[word] || strings.ContainsAny(word, "äöüß") {
			return true
		}
	}
	return false
}

// tagGlobs gives a glob for each way in which release tags are written, the shortest of
// some forms that match none of the others, names without a version such as 8.0.x. It is
// nil where no such form is found: then every tag that is a version is a release anyway.
func tagGlobs(list []*tagged, others []string) []string {
	starts := map[string][]string{} // what stands before the version: the tags that begin so
	for _, t := range list {
		digit := strings.IndexAny(t.name, "0123456789")
		if text := strings.Index(t.name, t.version.Text); text >= 0 {
			digit = text
		}
		start := t.name[:max(digit, 0)]
		starts[start] = append(starts[start], t.name)
	}
	var out []string
	for _, start := range slices.Sorted(maps.Keys(starts)) {
		names := starts[start]
		at := slices.IndexFunc(versionForms, func(form string) bool {
			glob := []string{start + form}
			return !slices.ContainsFunc(others, func(name string) bool { return matchesTag(glob, name) }) &&
				!slices.ContainsFunc(names, func(name string) bool { return !matchesTag(glob, name) })
		})
		if at < 0 {
			return nil
		}
		out = append(out, start+versionForms[at])
	}
	return out
}

// versionForms are globs of versions, the ones that match most first.
var versionForms = []string{"[0-9]*", "[0-9]*[0-9]", "[0-9]*.[0-9]*", "[0-9]*.*[0-9]", "[0-9]*.[0-9]*[0-9]", "[0-9]*.[0-9]*.[0-9]*"}

// tagsWithoutVersion are the names of the tags that mark no release, sorted.
func (r *Repository) tagsWithoutVersion() []string {
	var names []string
	for ref := range r.refs {
		if name, ok := strings.CutPrefix(ref, "refs/tags/"); ok {
			if _, isVersion := model.ParseVersion(name); !isVersion {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// remote is the address of origin, else of the only remote.
func (r *Repository) remote() string {
	section := r.config.Section("remote")
	if section.HasSubsection("origin") {
		return section.Subsection("origin").Option("url")
	}
	if len(section.Subsections) == 1 {
		return section.Subsections[0].Option("url")
	}
	return ""
}

// webAddress makes an https address of a remote's; "" for paths of a machine
// and whatever else no browser opens.
func webAddress(remote string) string {
	if host, rest, ok := strings.Cut(remote, ":"); ok && !strings.Contains(remote, "://") && !strings.ContainsAny(host, `/\`) && strings.ContainsAny(host, "@.") {
		// scp form: git@host:owner/name.git
		host = host[strings.LastIndexByte(host, '@')+1:]
		remote = "https://" + host + "/" + strings.TrimPrefix(rest, "/")
	}
	u, err := url.Parse(remote)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	switch u.Scheme {
	case "https", "http", "ssh", "git", "git+ssh":
	default:
		return ""
	}
	host := u.Hostname()
	if u.Port() != "" && strings.HasPrefix(u.Scheme, "http") {
		host = u.Host
	}
	scheme := "https"
	if u.Scheme == "http" {
		scheme = "http"
	}
	return scheme + "://" + host + strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), ".git")
}

// forge guesses where requests are made: by the messages, then by the address.
func (r *Repository) forge(address string, seen map[string]int, commits int) string {
	if r.o.Forge != "" {
		return r.o.Forge
	}
	best := ""
	for _, name := range []string{"github", "gitlab", "gitea", "bitbucket", "azure", "gerrit", "phabricator"} {
		if seen[name] > seen[best] || best == "" && seen[name] > 0 {
			best = name
		}
	}
	const share = 100 // fewer came along with somebody else's commits
	if seen[best]*share > commits {
		return best
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	for _, known := range [][2]string{
		{"github", "github"}, {"gitlab", "gitlab"}, {"gitea", "gitea"}, {"codeberg", "gitea"}, {"forgejo", "gitea"},
		{"bitbucket", "bitbucket"}, {"dev.azure.com", "azure"}, {"visualstudio.com", "azure"},
		{"gerrit", "gerrit"}, {"googlesource.com", "gerrit"}, {"phabricator", "phabricator"},
	} {
		if strings.Contains(u.Hostname(), known[0]) {
			return known[1]
		}
	}
	return ""
}
