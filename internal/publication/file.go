// Package publication holds how a release comes to its customers: the file that
// remembers it, the states that follow from it and from the day's journal, and
// what stands in the way.
//
// # The file
//
// content/releases/<version>/publication.yaml lies in the workspace and belongs
// into git. `daybreak approve`, `publish` and `withdraw` write it:
//
//	version: 2026.15.0
//	tag: v2026.15.0
//	object: 5a1c…              what the tag was, so that a moved one is told
//	published: 2026-11-24      for everybody; absent while it isn't
//	corrected: [2026-11-26]    days on which the words were mended
//	withdrawn: {day: 2026-11-27, reason: price import}
//	systems:
//	    K1: {since: 2026-11-24, at: "07:02"}
//	approvals:
//	    - by: SA
//	      day: 2026-11-23
//	      texts: {de !412: 1f0c22ab}
//	words:                     the notes as customers read them
//	    de:
//	        title: …
//	        notes: [{id: "!412", kind: added, title: …}]
//	        corrected: [{day: 2026-11-26, audience: public}]   and who reads what differs
//
// The words stay as they are, whatever becomes of drafts and commits, until the
// release is published again.
package publication

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	yaml "go.yaml.in/yaml/v4"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// Name is the file's name in a release's folder.
const Name = "publication.yaml"

// MaxSize is the largest file that is read, in bytes.
const MaxSize = 8 << 20

const preamble = "# daybreak wrote this: what was published, and when. Keep it in git. To mend a text,\n# edit the release's notes and run `daybreak publish` again.\n"

type file struct {
	Version   string                `yaml:"version"`
	Tag       string                `yaml:"tag,omitempty"`
	Object    string                `yaml:"object,omitempty"`
	Published string                `yaml:"published,omitempty"`
	Corrected []string              `yaml:"corrected,omitempty,flow"`
	Withdrawn *withdrawn            `yaml:"withdrawn,omitempty"`
	Systems   map[string]running    `yaml:"systems,omitempty"`
	Approvals []approval            `yaml:"approvals,omitempty"`
	Words     map[model.Lang]*words `yaml:"words,omitempty"`
}

type withdrawn struct {
	Day    string `yaml:"day"`
	Reason string `yaml:"reason,omitempty"`
}

type running struct {
	Since string `yaml:"since"`
	At    string `yaml:"at,omitempty"`
}

type approval struct {
	By    string            `yaml:"by"`
	Day   string            `yaml:"day"`
	Texts map[string]string `yaml:"texts,omitempty"`
}

type words struct {
	Title     string      `yaml:"title,omitempty"`
	TitleLang model.Lang  `yaml:"title_lang,omitempty"`
	Intro     string      `yaml:"intro,omitempty"`
	IntroLang model.Lang  `yaml:"intro_lang,omitempty"`
	Known     string      `yaml:"known,omitempty"`
	KnownLang model.Lang  `yaml:"known_lang,omitempty"`
	Notes     []note      `yaml:"notes,omitempty"`
	Delivered []delivered `yaml:"delivered,omitempty"`
	Mended    []mended    `yaml:"corrected,omitempty"`
}

// mended is one correction of a language's words.
type mended struct {
	Day     string  `yaml:"day"`
	Concern concern `yaml:",inline"`
}

type note struct {
	ID       string         `yaml:"id,omitempty"`
	Anchor   string         `yaml:"anchor"`
	Kind     model.Kind     `yaml:"kind"`
	Title    string         `yaml:"title"`
	Body     string         `yaml:"body,omitempty"`
	Breaking bool           `yaml:"breaking,omitempty"`
	Act      string         `yaml:"act,omitempty"`
	ActLang  model.Lang     `yaml:"act_lang,omitempty"`
	Folded   int            `yaml:"folded,omitempty"`
	Lang     model.Lang     `yaml:"lang"`
	Details  []model.Detail `yaml:"details,omitempty"`
	Concern  concern        `yaml:",inline"`
}

type concern struct {
	Areas       []string            `yaml:"areas,omitempty,flow"`
	AreaUnknown bool                `yaml:"area_unknown,omitempty"`
	Audience    model.AudienceScope `yaml:"audience"`
	Systems     []string            `yaml:"systems,omitempty,flow"`
}

func packConcern(c model.Concern) concern {
	return concern{c.Areas, c.AreaUnknown, c.Audience.Scope, c.Audience.Systems}
}

func (c concern) unpack() model.Concern {
	return model.Concern{Audience: model.Audience{Scope: c.Audience, Systems: c.Systems}, Areas: c.Areas, AreaUnknown: c.AreaUnknown}
}

type delivered struct {
	ID      string     `yaml:"id,omitempty"`
	Title   string     `yaml:"title"`
	Version string     `yaml:"version"`
	Slug    string     `yaml:"slug,omitempty"`
	Lang    model.Lang `yaml:"lang"`
	Concern concern    `yaml:",inline"`
}

// Format writes the file. Same publication, same bytes.
func Format(p *model.Publication) ([]byte, error) {
	f := file{Version: p.Version, Tag: p.Tag, Object: string(p.TagObject), Published: dayText(p.Day)}
	for _, d := range p.Corrected {
		f.Corrected = append(f.Corrected, dayText(d))
	}
	if !p.Withdrawn.IsZero() {
		f.Withdrawn = &withdrawn{dayText(p.Withdrawn), p.Reason}
	}
	for id, s := range p.Systems {
		if f.Systems == nil {
			f.Systems = map[string]running{}
		}
		f.Systems[id] = running{dayText(s.Day), s.At}
	}
	for _, a := range p.Approvals {
		f.Approvals = append(f.Approvals, approval{a.By, dayText(a.Day), a.Sums})
	}
	for l, w := range p.Words {
		if f.Words == nil {
			f.Words = map[model.Lang]*words{}
		}
		f.Words[l] = pack(w)
	}
	var b bytes.Buffer
	b.WriteString(preamble)
	enc := yaml.NewEncoder(&b)
	if err := enc.Encode(f); err != nil {
		return nil, fmt.Errorf("writing the publication of %s: %w", p.Version, err)
	}
	if err := enc.Close(); err != nil {
		return nil, fmt.Errorf("writing the publication of %s: %w", p.Version, err)
	}
	return b.Bytes(), nil
}

func dayText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

func pack(w *model.ReleaseWords) *words {
	out := &words{Title: w.Title, TitleLang: w.TitleLang, Intro: w.Intro, IntroLang: w.IntroLang, Known: w.Known, KnownLang: w.KnownLang}
	for _, n := range w.Notes {
		out.Notes = append(out.Notes, note{
			ID: n.ID, Anchor: n.Note.Anchor, Kind: n.Note.Kind, Title: n.Note.Title, Body: n.Note.Body, Breaking: n.Note.Breaking, Act: n.Note.BreakingNote, ActLang: n.Note.ActLang, Folded: n.Note.Folded,
			Lang: n.Note.Lang, Details: n.Note.Details, Concern: packConcern(n.Concern),
		})
	}
	for _, d := range w.Delivered {
		out.Delivered = append(out.Delivered, delivered{
			ID: d.ID, Title: d.Note.Title, Version: d.Note.Version, Slug: d.Note.Slug, Lang: d.Note.Lang,
			Concern: packConcern(d.Concern),
		})
	}
	for _, m := range w.Mended {
		out.Mended = append(out.Mended, mended{dayText(m.Day), packConcern(m.Concern)})
	}
	return out
}

// unpack is the way back; l is the language that the words are for.
func (w *words) unpack(l model.Lang) *model.ReleaseWords {
	out := &model.ReleaseWords{Title: w.Title, TitleLang: w.TitleLang, Intro: w.Intro, IntroLang: w.IntroLang, Known: w.Known, KnownLang: w.KnownLang}
	for _, n := range w.Notes {
		out.Notes = append(out.Notes, model.NoteWords{
			ID: n.ID, Concern: n.Concern.unpack(),
			Note: model.Note{
				Anchor: n.Anchor, Kind: n.Kind, Title: n.Title, Body: n.Body, Breaking: n.Breaking, BreakingNote: n.Act, ActLang: n.ActLang, Folded: n.Folded,
				Lang: n.Lang, Fallback: n.Lang != l, Details: n.Details,
			},
		})
	}
	for _, d := range w.Delivered {
		out.Delivered = append(out.Delivered, model.DeliveredWords{
			ID: d.ID, Concern: d.Concern.unpack(),
			Note: model.DeliveredNote{Title: d.Title, Version: d.Version, Slug: d.Slug, Lang: d.Lang, Fallback: d.Lang != l},
		})
	}
	return out
}

// Parse reads the file; name is how diagnostics call it, zone the one in which
// its days are meant. What it can't read is an error: to guess what customers
// may see would be the wrong side to err on.
func Parse(name string, data []byte, zone *time.Location) (*model.Publication, diag.List) {
	var list diag.List
	bad := func(line int, format string, args ...any) {
		list.Add(diag.New(diag.Error, "publication-file", diag.Position{File: name, Line: line},
			diag.Say(format, args...),
			diag.Say("daybreak alone writes this file; take the last good one back from git (`git log -- %s`), or join the two sides of a merge by hand.", name)))
	}
	if len(data) > MaxSize {
		bad(0, "the file is larger than %d bytes", MaxSize)
		return nil, list
	}
	var f file
	d, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithKnownFields())
	if err == nil {
		err = d.Load(&f)
	}
	if err != nil {
		said := false
		for line, message := range mistakes(err) {
			bad(line, "%s", message)
			said = true
		}
		switch {
		case said:
		case errors.Is(err, io.EOF):
			bad(0, "the file is empty")
		default:
			bad(0, "the file can't be read: %v", err)
		}
		return nil, list
	}
	if line := diag.SecondDocument(string(data)); line > 0 {
		bad(line, "a second document begins here")
	}
	if _, ok := model.ParseVersion(f.Version); !ok {
		bad(lineOf(data, "version:"), "%q is no version", f.Version)
	}
	day := func(text, key string) time.Time {
		if text == "" {
			return time.Time{}
		}
		t, err := time.ParseInLocation(time.DateOnly, text, zone)
		if err != nil {
			bad(lineOf(data, text), "%s is no day: %q", key, text)
		}
		return t
	}
	p := &model.Publication{Version: f.Version, Tag: f.Tag, TagObject: model.Hash(f.Object), Day: day(f.Published, "published")}
	for _, c := range f.Corrected {
		p.Corrected = append(p.Corrected, day(c, "corrected"))
	}
	if f.Withdrawn != nil {
		p.Withdrawn, p.Reason = day(f.Withdrawn.Day, "withdrawn"), f.Withdrawn.Reason
	}
	for _, id := range slices.Sorted(maps.Keys(f.Systems)) {
		if p.Systems == nil {
			p.Systems = map[string]model.Running{}
		}
		p.Systems[id] = model.Running{Day: day(f.Systems[id].Since, "since"), At: f.Systems[id].At}
	}
	for _, a := range f.Approvals {
		p.Approvals = append(p.Approvals, model.Approval{By: a.By, Day: day(a.Day, "day"), Sums: a.Texts})
	}
	for l, w := range f.Words {
		if p.Words == nil {
			p.Words = map[model.Lang]*model.ReleaseWords{}
		}
		if w == nil {
			w = &words{}
		}
		p.Words[l] = w.unpack(l)
		for _, m := range w.Mended {
			p.Words[l].Mended = append(p.Words[l].Mended, model.Mended{Day: day(m.Day, "corrected"), Concern: m.Concern.unpack()})
		}
	}
	if (!p.Day.IsZero() || len(p.Systems) > 0) && p.Words == nil {
		bad(0, "the release is published, but its words are missing")
	}
	return p, list
}

// mistakes takes the YAML library's errors apart: line and message.
func mistakes(err error) map[int]string {
	out := map[int]string{}
	var many *yaml.LoadErrors
	if errors.As(err, &many) {
		for _, e := range many.Errors {
			out[e.Mark.Line] = "this line doesn't belong here or isn't what was written: " + plain(e.Message)
		}
		return out
	}
	var one *yaml.LoadError
	if errors.As(err, &one) {
		out[one.Mark.Line] = "the file is not YAML from here on: " + plain(one.Message)
	}
	return out
}

// plain cuts what speaks of Go's types.
func plain(message string) string {
	message, _, _ = strings.Cut(message, " into ")
	message, _, _ = strings.Cut(message, " in type ")
	return message
}

// lineOf finds the first line that holds a text, 0 where none does.
func lineOf(data []byte, text string) int {
	for i, line := range strings.Split(string(data), "\n") {
		if strings.Contains(line, text) {
			return i + 1
		}
	}
	return 0
}

// Load reads every release's file below folder, by the releases' slugs. The
// error is for I/O alone.
func Load(workspace fs.FS, folder string, zone *time.Location) (map[string]*model.Publication, diag.List, error) {
	files, err := fs.Glob(workspace, path.Join(folder, "*", Name))
	if err != nil {
		return nil, nil, fmt.Errorf("looking for publications: %w", err)
	}
	var list diag.List
	known := map[string]*model.Publication{}
	for _, f := range files {
		data, err := fs.ReadFile(workspace, f)
		if err != nil {
			return nil, list, fmt.Errorf("reading %s: %w", f, err)
		}
		p, more := Parse(f, data, zone)
		list = append(list, more...)
		if p == nil {
			continue
		}
		slug := path.Base(path.Dir(f))
		if v, ok := model.ParseVersion(p.Version); ok && v.Slug() != slug {
			list.Add(diag.New(diag.Error, "publication-file", diag.Position{File: f, Line: lineOf(data, "version:")},
				diag.Say("the file is about %s, but lies in the folder of %q", p.Version, slug),
				diag.Say("move it back: each release has a folder of its own.")))
			continue
		}
		known[slug] = p
	}
	return known, list, nil
}
