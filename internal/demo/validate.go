package demo

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

var (
	versionForm = regexp.MustCompile(`^20\d\d\.\d{1,2}\.\d+$`)
	clockForm   = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)
	pathForm    = regexp.MustCompile(`^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$`)
)

var forms = []Form{GitHubMerge, GitHubSquash, GitLabMerge, GitLabSquash, GiteaMerge, Bitbucket, Azure, Plain}

// check collects what is wrong with a story. Each message says where and
// quotes what it found.
type check struct {
	story *Story
	errs  []error
	where string
	seen  map[string]string // request id → where it was first met
}

func (c *check) wrong(format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf(c.where+": "+format, args...))
}

// validate gives every authoring error there is.
func validate(s *Story) []error {
	c := &check{story: s, where: "product.yaml", seen: map[string]string{}}
	c.product()
	last := s.Start.Date.Time
	tagged := map[string]bool{}
	for i := range s.Releases {
		r := &s.Releases[i]
		c.where = r.File
		c.release(r)
		for j := range r.Requests {
			q := &r.Requests[j]
			c.where = fmt.Sprintf("%s:%d: request %q", r.File, q.Line, q.ID)
			c.request(r, q)
		}
		c.where = r.File
		if r.Hotfix != nil {
			if !tagged[r.Hotfix.Of] {
				c.wrong("hotfix of %q, which is no release of a file before", r.Hotfix.Of)
			}
		} else {
			if !r.Date.After(last) {
				c.wrong("date %s is not after the release before", r.Date.Format(time.DateOnly))
			}
			last = r.Date.Time
		}
		if r.Version == "" && i != len(s.Releases)-1 {
			c.wrong("no version: only the last file may hold untagged work")
		}
		tagged[r.Version] = true
	}
	for i := range s.Releases {
		if h := s.Releases[i].Hotfix; h != nil {
			c.where = s.Releases[i].File
			for _, id := range h.Picks {
				if c.seen[id] == "" {
					c.wrong("picks request %q, which does not exist", id)
				}
			}
		}
	}
	return c.errs
}

func (c *check) product() {
	p := &c.story.Product
	for name, value := range map[string]string{"name": p.Name, "slug": p.Slug, "remote": p.Remote, "ticket": p.Ticket, "start.message": p.Start.Message} {
		if value == "" {
			c.wrong("%s is missing", name)
		}
	}
	if len(p.Clocks) == 0 || p.Clocks[0].From.After(p.Start.Date.Time) {
		c.wrong("clocks must begin at or before the start")
	}
	for id, person := range p.People {
		if person.Name == "" || !strings.Contains(person.Mail, "@") {
			c.wrong("person %q needs a name and a mail address", id)
		}
	}
	c.person("start.by", p.Start.By)
	if len(c.story.Tree) == 0 {
		c.wrong("the folder tree holds no file to start with")
	}
	slices.SortFunc(c.errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
}

func (c *check) person(role, id string) {
	if _, ok := c.story.People[id]; !ok {
		c.wrong("%s names %q, who is not among the people of product.yaml", role, id)
	}
}

func (c *check) release(r *Release) {
	if r.Date.IsZero() {
		c.wrong("date is missing")
	}
	if r.Form != "" && !slices.Contains(forms, r.Form) {
		c.wrong("unknown form %q, known are %v", r.Form, forms)
	}
	if r.Version != "" {
		if !versionForm.MatchString(r.Version) {
			c.wrong("version %q is not YYYY.N.P", r.Version)
		}
		if !clockForm.MatchString(r.Clock) {
			c.wrong("clock %q is not HH:MM", r.Clock)
		}
		if strings.TrimSpace(r.Message) == "" {
			c.wrong("a tag needs a message")
		}
		c.person("by", r.By)
	}
	if r.Hotfix != nil {
		if len(r.Requests) > 0 || len(r.Hotfix.Picks) == 0 || !pathForm.MatchString(r.Hotfix.Branch) {
			c.wrong("a hotfix needs a branch and picks, and has no requests of its own")
		}
	} else if len(r.Requests) == 0 {
		c.wrong("no requests")
	}
	if k := r.Candidate; k != nil && !slices.ContainsFunc(r.Requests, func(q Request) bool { return q.ID == k.After }) {
		c.wrong("candidate after request %q, which is not in this file", k.After)
	}
}

func (c *check) request(r *Release, q *Request) {
	switch {
	case q.ID == "":
		c.wrong("id is missing")
	case c.seen[q.ID] != "":
		c.wrong("already used at %s", c.seen[q.ID])
	}
	if q.Revert != nil {
		if c.seen[q.Revert.Of] == "" {
			c.wrong("reverts request %q, which comes in no line before", q.Revert.Of)
		}
		if q.Revert.Form != "commit" && q.Revert.Form != "web" {
			c.wrong("revert.form %q is neither commit nor web", q.Revert.Form)
		}
	} else if strings.TrimSpace(q.Title) == "" {
		c.wrong("title is missing")
	}
	c.seen[q.ID] = fmt.Sprintf("%s:%d", r.File, q.Line)
	if f := r.form(q); !slices.Contains(forms, f) {
		c.wrong("unknown form %q, known are %v", f, forms)
	}
	c.person("by", q.By)
	if q.Merger != "" {
		c.person("merger", q.Merger)
	}
	for _, id := range q.With {
		c.person("with", id)
	}
	if q.Owner != "" {
		c.person("owner", q.Owner)
	}
	if len(q.Files) == 0 && q.Revert == nil {
		c.wrong("touches no file")
	}
	if q.Update && len(q.Commits) < 2 {
		c.wrong("update needs at least two commits, main is merged before the last")
	}
	c.edits(q)
	c.texts(q)
}

func (c *check) edits(q *Request) {
	for _, e := range q.Files {
		ways := 0
		for _, on := range []bool{e.Text != "", e.Set != "", e.Delete} {
			if on {
				ways++
			}
		}
		if ways > 1 {
			c.wrong("file %q: only one of text, set and delete", e.Path)
		}
		// go-git would check the path too, but only when the tree is read again.
		if !pathForm.MatchString(e.Path) || strings.Contains(e.Path, "..") {
			c.wrong("file %q is not a plain relative path", e.Path)
		}
		if strings.HasSuffix(e.Path, ".sql") && e.Text == "" {
			c.wrong("file %q: a migration needs its text", e.Path)
		}
	}
}

// texts refuses what would not survive as a trailer, and leftovers of writing.
func (c *check) texts(q *Request) {
	for name, t := range map[string]Text{"note": q.Note, "verify": q.Verify, "expect": q.Expect, "deploy": q.Deploy, "rollback": q.Rollback, "breaking": q.Breaking, "risk": q.Risk} {
		for _, lang := range []string{"de", "en"} {
			for _, line := range t[lang] {
				if line == "" || strings.Contains(line, "\n") {
					c.wrong("%s: each text is one paragraph and not empty", name)
				}
				if strings.Contains(line, "TODO") || strings.Contains(line, "XXX") {
					c.wrong("%s: unfinished text %q", name, line)
				}
			}
		}
	}
}
