package main

import (
	"strings"

	"daybreak/internal/compose"
	"daybreak/internal/config"
	"daybreak/internal/model"
)

// rangeJSON is a range for scripts. The commits in changes and skipped are
// together exactly `git rev-list from..to`, each once.
type rangeJSON struct {
	From    string        `json:"from"`
	To      string        `json:"to"`
	Changes []changeJSON  `json:"changes"`
	Skipped []skippedJSON `json:"skipped"`
}

type changeJSON struct {
	ID           string       `json:"id"`
	Repository   string       `json:"repository,omitempty"` // of a train of several
	Title        string       `json:"title"`
	Kind         string       `json:"kind"`
	Breaking     bool         `json:"breaking"`
	Area         *string      `json:"area"`
	Audience     string       `json:"audience"`
	Merge        *string      `json:"merge"`   // the merge commit, null for a plain or squashed commit
	Commits      []commitJSON `json:"commits"` // the merge commit first
	Refs         []string     `json:"refs"`
	Paths        []string     `json:"paths"`
	Reverts      []string     `json:"reverts"`
	PickedFrom   []string     `json:"pickedFrom"`
	Areas        []string     `json:"areas"`
	Systems      []string     `json:"systems,omitempty"`
	Bucket       string       `json:"bucket"`
	Reason       string       `json:"reason,omitempty"` // why customers aren't told, where they aren't
	KindFrom     string       `json:"kindFrom"`
	AreasFrom    string       `json:"areasFrom,omitempty"`
	AudienceFrom string       `json:"audienceFrom,omitempty"` // what names the audience and the systems; else the kind decides
	Fragment     string       `json:"fragment,omitempty"`     // the note file that tells of it
	NoteOf       string       `json:"noteOf,omitempty"`       // the change that it is a further note of; it has no commits
	Request      *requestJSON `json:"request,omitempty"`
	Submodules   []bumpJSON   `json:"submodules,omitempty"`

	Dependencies []dependencyJSON `json:"dependencies,omitempty"` // of a change that does nothing but update them

	Words    map[model.Lang]wordsJSON `json:"words"`    // what customers read, by language of the page
	Operator []voiceJSON              `json:"operator"` // what the one who rolls out reads
	Verifier []voiceJSON              `json:"verifier"` // what the one who checks reads
}

// bumpJSON is a submodule that a change took to another commit.
type bumpJSON struct {
	Path   string   `json:"path"`
	Old    *string  `json:"old"`              // null where it was added
	New    *string  `json:"new"`              // null where it was removed
	Back   bool     `json:"back,omitempty"`   // new is older than old
	Titles []string `json:"titles,omitempty"` // of the changes between, newest first, where the sub-repository is at hand
}

// dependencyJSON is one dependency taken to another version; "" is not said.
type dependencyJSON struct {
	Name string `json:"name"`
	From string `json:"from"`
	To   string `json:"to"`
}

// wordsJSON is a change's text for customers and where it comes from.
type wordsJSON struct {
	Title    string     `json:"title"`
	Body     string     `json:"body,omitempty"`
	Language model.Lang `json:"language"` // the one it is really in
	Source   string     `json:"source"`
	Reviewed bool       `json:"reviewed"`
}

type requestJSON struct {
	Forge  string `json:"forge,omitempty"`
	Number string `json:"number"`
	Source string `json:"source,omitempty"`
	Target string `json:"target,omitempty"`
	URL    string `json:"url,omitempty"`
}

type commitJSON struct {
	Hash     string      `json:"hash"`
	Subject  string      `json:"subject"`
	Trailers [][2]string `json:"trailers"`
}

type skippedJSON struct {
	Hash    string `json:"hash"`
	Subject string `json:"subject"`
	Reason  string `json:"reason"`
	Bucket  string `json:"bucket"`
}

// rangeOut makes the JSON form. A change that doesn't count (withdrawn,
// delivered) gives its commits to skipped, with the reason.
func rangeOut(c *config.Config, r *model.Release, from, to string) rangeJSON {
	out := rangeJSON{From: from, To: to, Changes: []changeJSON{}, Skipped: []skippedJSON{}}
	for i := range r.Changes {
		ch := &r.Changes[i]
		if ch.Bucket != "" {
			for _, co := range ch.Commits() {
				out.Skipped = append(out.Skipped, skippedJSON{string(co.Hash), co.Subject, ch.Reason.String(), string(ch.Bucket)})
			}
			continue
		}
		out.Changes = append(out.Changes, changeOut(c, ch))
	}
	for _, s := range r.Skipped {
		out.Skipped = append(out.Skipped, skippedJSON{string(s.Commit.Hash), s.Commit.Subject, s.Reason.String(), string(s.Bucket)})
	}
	return out
}

func changeOut(c *config.Config, ch *model.Change) changeJSON {
	bucket, reason := compose.BucketOf(c, ch)
	j := changeJSON{
		ID: ch.ID, Repository: ch.Repository, Title: ch.Title, Kind: string(ch.Kind), Breaking: ch.Breaking, Audience: string(ch.Audience.Scope),
		Refs: []string{}, Paths: []string{}, Reverts: hashes(ch.Reverts), PickedFrom: hashes(ch.PickedFrom),
		Areas: append([]string{}, ch.Areas...), Systems: ch.Audience.Systems, Bucket: string(bucket), KindFrom: ch.KindFrom.String(),
		AreasFrom: compose.AreasFrom(c, ch), AudienceFrom: compose.AudienceFrom(c, ch),
		Operator: []voiceJSON{}, Verifier: []voiceJSON{},
	}
	if bucket != model.BucketTold {
		j.Reason = reason.String()
	}
	if len(ch.Areas) > 0 {
		j.Area = &ch.Areas[0]
	}
	if ch.Fragment != nil {
		j.Fragment = strings.ToValidUTF8(ch.Fragment.Path, "\ufffd")
	}
	if j.NoteOf = ch.NoteOf; j.NoteOf != "" {
		j.Commits = []commitJSON{}
	}
	if len(ch.Tip.Parents) > 1 && ch.NoteOf == "" {
		merge := string(ch.Merge)
		j.Merge = &merge
	}
	for _, co := range ch.Commits() {
		cj := commitJSON{Hash: string(co.Hash), Subject: co.Subject, Trailers: [][2]string{}}
		for _, t := range co.Trailers {
			cj.Trailers = append(cj.Trailers, [2]string{t.Key, t.Value})
		}
		j.Commits = append(j.Commits, cj)
	}
	for _, r := range ch.Refs {
		j.Refs = append(j.Refs, r.String())
	}
	for _, p := range ch.Paths {
		j.Paths = append(j.Paths, strings.ToValidUTF8(p.Path, "\ufffd"))
	}
	for _, b := range ch.Submodules {
		j.Submodules = append(j.Submodules, bumpOut(b))
	}
	for _, d := range ch.Dependencies {
		j.Dependencies = append(j.Dependencies, dependencyJSON(d))
	}
	j.Words = map[model.Lang]wordsJSON{}
	for _, l := range c.Languages {
		w := compose.WordingOf(c, ch, l)
		j.Words[l] = wordsJSON{w.Title, w.Body, w.Lang, w.Source, w.Reviewed}
		j.Operator = append(j.Operator, said(c, ch, l, rolloutKeys...)...)
		j.Verifier = append(j.Verifier, said(c, ch, l, checkKeys...)...)
	}
	if q := ch.Request; q != nil {
		j.Request = &requestJSON{q.Forge, q.Number, q.Source, q.Target, q.URL}
	}
	return j
}

func bumpOut(b model.SubmoduleBump) bumpJSON {
	j := bumpJSON{Path: strings.ToValidUTF8(b.Path, "\ufffd"), Back: b.Back, Titles: b.Titles}
	if b.Old != "" {
		old := string(b.Old)
		j.Old = &old
	}
	if b.New != "" {
		new := string(b.New)
		j.New = &new
	}
	return j
}

func hashes(in []model.Hash) []string {
	out := make([]string, len(in))
	for i, h := range in {
		out[i] = string(h)
	}
	return out
}
