package demo

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// Story is the whole invented history: who worked on what, and what was
// released when. It is read from the files under content/demo, which hold
// every word; the Go code only knows how forges write messages.
type Story struct {
	Product
	Releases []Release         // main line, hotfixes between, in the order of their files; the untagged one last
	Tree     map[string]string // path → text of the files that the history starts with
}

// Product is content/demo/product.yaml: what holds for every release.
type Product struct {
	Name   string            `yaml:"name"`
	Remote string            `yaml:"remote"` // URL of the clone's origin
	Slug   string            `yaml:"slug"`   // "group/name", as forges write it into messages
	Ticket string            `yaml:"ticket"` // trailer in which tickets stand
	Start  Start             `yaml:"start"`
	Clocks []Clock           `yaml:"clocks"`
	People map[string]Person `yaml:"people"`
	Forges map[string]string `yaml:"forges"` // host in messages that carry one, by form
}

// Start is the first commit.
type Start struct {
	Date    Day    `yaml:"date"`
	By      string `yaml:"by"`
	Message string `yaml:"message"`
}

// Clock says which offset of UTC the team's clocks show from a day on. A time
// zone database would do as well, but not every machine has one.
type Clock struct {
	From   Day `yaml:"from"`
	Offset int `yaml:"offset"` // hours east of UTC
}

// Person is a developer.
type Person struct {
	Name string `yaml:"name"`
	Mail string `yaml:"mail"`
}

// Release is one file under content/demo/story.
type Release struct {
	File string `yaml:"-"`

	Version   string     `yaml:"version"` // "" for what is merged and not tagged
	Date      Day        `yaml:"date"`    // of the tag; of the untagged, the day up to which work was merged
	Clock     string     `yaml:"clock"`   // HH:MM of the tag
	By        string     `yaml:"by"`
	Message   string     `yaml:"message"`
	Form      Form       `yaml:"form"` // of its requests, where they name none
	Candidate *Candidate `yaml:"candidate"`
	Hotfix    *Hotfix    `yaml:"hotfix"`
	Requests  []Request  `yaml:"requests"`
}

// Tag is the release's tag, "" where it has none.
func (r *Release) Tag() string {
	if r.Version == "" {
		return ""
	}
	return "v" + r.Version
}

// Candidate is a tag in the middle of a release's requests.
type Candidate struct {
	Version string `yaml:"version"`
	After   string `yaml:"after"` // the request that is the last one in it
	Message string `yaml:"message"`
}

// Hotfix makes a release a side branch: it starts at a release and takes over
// single commits of the main line.
type Hotfix struct {
	Of     string   `yaml:"of"`     // version
	Branch string   `yaml:"branch"` // stays in the repository
	Picks  []string `yaml:"picks"`  // requests whose commit is cherry-picked
}

// Form is how a request's merge looks in history.
type Form string

// The forms, named for the forge that writes them.
const (
	GitHubMerge  Form = "github"
	GitHubSquash Form = "github-squash"
	GitLabMerge  Form = "gitlab"
	GitLabSquash Form = "gitlab-squash"
	GiteaMerge   Form = "gitea"
	Bitbucket    Form = "bitbucket"
	Azure        Form = "azure"
	Plain        Form = "plain" // pushed without a request
)

// Request is one merged unit of work.
type Request struct {
	Line int `yaml:"-"` // in the release's file

	ID     string   `yaml:"id"` // the forge's number; any unique word for a plain commit
	Form   Form     `yaml:"form"`
	By     string   `yaml:"by"`
	Merger string   `yaml:"merger"` // who pressed the button, the author where empty
	With   []string `yaml:"with"`   // co-authors
	Title  string   `yaml:"title"`
	Branch string   `yaml:"branch"` // made from the title where empty
	Ticket string   `yaml:"ticket"`
	Body   string   `yaml:"body"`

	Note     Text   `yaml:"note"`
	Verify   Text   `yaml:"verify"`
	Expect   Text   `yaml:"expect"`
	Tested   string `yaml:"tested"`
	Deploy   Text   `yaml:"deploy"`
	Rollback Text   `yaml:"rollback"`
	Breaking Text   `yaml:"breaking"`
	Kind     string `yaml:"kind"`
	Area     string `yaml:"area"`
	Audience string `yaml:"audience"`
	Systems  string `yaml:"systems"`
	Risk     Text   `yaml:"risk"`
	Owner    string `yaml:"owner"`
	Inner    bool   `yaml:"inner"` // the trailers stand in the last inner commit, not in the merge

	Commits []string `yaml:"commits"` // subjects of the inner commits; the title where empty
	Fork    int      `yaml:"fork"`    // off which of main's commits it was branched: 1 the last one, 2 the one before …; 0 for any
	Update  bool     `yaml:"update"`  // main was merged into the topic before its last commit
	Files   []Edit   `yaml:"files"`
	Revert  *Revert  `yaml:"revert"`
}

// Revert makes a request one that takes back another one, its files included.
type Revert struct {
	Of   string `yaml:"of"`   // the request
	Form string `yaml:"form"` // "commit": git revert with the hash; "web": the forge's button, which names the number alone
}

// UnmarshalYAML keeps the line, for errors.
func (r *Request) UnmarshalYAML(node *yaml.Node) error {
	type fields Request
	if err := node.Load((*fields)(r), yaml.WithKnownFields()); err != nil {
		return err
	}
	r.Line = node.Line
	return nil
}

// Edit is what a request does to one file. A bare path gets a few lines made
// from the commit's subject in the manner of the file's type.
type Edit struct {
	Path   string `yaml:"path"`
	Text   string `yaml:"text"`   // appended, or the file's whole text where it is new
	Set    string `yaml:"set"`    // a "key = value" or "key: value" line that replaces the line with that key
	Delete bool   `yaml:"delete"` // the file goes
}

// UnmarshalYAML reads a path or the full form.
func (e *Edit) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		e.Path = node.Value
		return nil
	}
	type fields Edit
	return node.Load((*fields)(e), yaml.WithKnownFields())
}

// Text is lines by language: "de" is the team's own, written into trailers
// without a suffix. In YAML a bare string or list is German.
type Text map[string][]string

// UnmarshalYAML reads `text`, `[text, text]` or `{de: …, en: …}`.
func (t *Text) UnmarshalYAML(node *yaml.Node) error {
	*t = Text{}
	if node.Kind != yaml.MappingNode {
		lines, err := lines(node)
		(*t)["de"] = lines
		return err
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		lang := node.Content[i].Value
		if lang != "de" && lang != "en" {
			return fmt.Errorf("line %d: unknown language %q, known are de and en", node.Content[i].Line, lang)
		}
		lines, err := lines(node.Content[i+1])
		if err != nil {
			return err
		}
		(*t)[lang] = lines
	}
	return nil
}

func lines(node *yaml.Node) ([]string, error) {
	if node.Kind == yaml.ScalarNode {
		return []string{strings.TrimSpace(node.Value)}, nil
	}
	var out []string
	if err := node.Load(&out); err != nil {
		return nil, fmt.Errorf("line %d: neither a text nor a list of texts", node.Line)
	}
	return out, nil
}

// Day is a date without a clock, written 2026-04-28.
type Day struct{ time.Time }

// UnmarshalYAML reads the date.
func (d *Day) UnmarshalYAML(node *yaml.Node) error {
	t, err := time.Parse(time.DateOnly, node.Value)
	if err != nil {
		return fmt.Errorf("line %d: %q is no date, write it as 2026-04-28", node.Line, node.Value)
	}
	d.Time = t
	return nil
}

// Load reads and validates a story: product.yaml, story/*.yaml and tree/ in
// fsys. All authoring errors come joined in one error, a line each.
func Load(fsys fs.FS) (*Story, error) {
	s := &Story{Tree: map[string]string{}}
	var errs []error
	if err := loadYAML(fsys, "product.yaml", &s.Product); err != nil {
		errs = append(errs, err)
	}
	files, err := fs.Glob(fsys, "story/*.yaml")
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	for _, file := range files {
		r := Release{File: file}
		if err := loadYAML(fsys, file, &r); err != nil {
			errs = append(errs, err)
			continue
		}
		s.Releases = append(s.Releases, r)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	err = fs.WalkDir(fsys, "tree", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, p)
		s.Tree[strings.TrimPrefix(p, "tree/")] = string(data)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the demo's first files: %w", err)
	}
	if errs := validate(s); len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return s, nil
}

func loadYAML(fsys fs.FS, file string, into any) error {
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return err
	}
	if err := yaml.Load(data, into, yaml.WithKnownFields(), yaml.WithUniqueKeys()); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// form is the request's form, or its release's.
func (r *Release) form(q *Request) Form { return cmp.Or(q.Form, r.Form) }

// branch is the topic branch, as a developer would name it.
func (q *Request) branch() string {
	if q.Branch != "" {
		return q.Branch
	}
	kind, text := "feature", q.Title
	if head, rest, ok := strings.Cut(q.Title, ": "); ok && !strings.Contains(head, " ") {
		kind, _, _ = strings.Cut(strings.TrimSuffix(head, "!"), "(")
		text = rest
	}
	switch kind {
	case "feat":
		kind = "feature"
	case "improve", "perf":
		kind = "improvement"
	}
	return path.Join(kind, slug(text, 5))
}

// slug joins the first words of a text with hyphens.
func slug(text string, words int) string {
	text = strings.ReplaceAll(strings.ToLower(text), "'", "")
	fields := strings.FieldsFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	return strings.Join(fields[:min(words, len(fields))], "-")
}
