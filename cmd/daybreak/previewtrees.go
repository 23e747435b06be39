package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"daybreak/internal/compose"
	"daybreak/internal/diag"
	"daybreak/internal/guard"
	"daybreak/internal/model"
	"daybreak/internal/output"
	"daybreak/internal/publication"
	"daybreak/internal/serve"
)

// tree is one part of an edition, written when somebody first asks for it.
type tree struct {
	part
	write func() (*output.Late, diag.List, error)
}

// show makes an edition of serve out of ours.
func (p *preview) show(ctx context.Context, e *edition) *serve.Edition {
	var trees []tree
	watch := sync.OnceValue(func() *guard.Guard { return e.w.guard(e.list) })
	e.withhold = func(notes []model.Notes) diag.List { return watch().Withhold(notes) }
	for _, part := range e.parts() {
		once := sync.OnceValue(func() written { return writtenOf(ctx, part) })
		trees = append(trees, tree{part, func() (*output.Late, diag.List, error) { w := once(); return w.files, w.found, w.err }})
	}
	of := func(path string) (*output.Late, error) {
		for _, t := range trees {
			if strings.HasPrefix(path, t.dir+"/") {
				files, _, err := t.write()
				return files, err
			}
		}
		return nil, fs.ErrNotExist
	}
	out := &serve.Edition{Title: e.w.config.Product.Name, Problems: told, Note: e.note, Trees: e.trees()}
	out.File = func(path string) ([]byte, error) {
		files, err := of(path)
		if err != nil {
			return nil, err
		}
		return files.File(path)
	}
	out.Paths = func(folder string) []string {
		var under []string
		for _, t := range trees {
			if !strings.HasPrefix(t.dir+"/", folder) && !strings.HasPrefix(folder, t.dir+"/") {
				continue
			}
			if files, _, err := t.write(); err == nil {
				for _, name := range files.Paths() {
					if strings.HasPrefix(name, folder) {
						under = append(under, name)
					}
				}
			}
		}
		return under
	}
	out.Check = func(ctx context.Context, tell func(diag.List)) bool {
		return p.withholdMore(e, p.check(ctx, trees, watch, tell))
	}
	return out
}

// written is a part as it was written.
type written struct {
	files *output.Late
	found diag.List
	err   error
}

func writtenOf(ctx context.Context, p part) written {
	w := written{files: &output.Late{}}
	w.found, w.err = p.write(ctx, w.files)
	if errors.Is(w.err, errContent) { // the list says what it is
		w.err = &diag.ListError{List: w.found}
	}
	return w
}

// mostBroken is after how many pages that can't be made a check gives up: they
// are broken by the same template.
const mostBroken = 20

// check makes every file and looks at what leaves. Where it found something in the
// edition before, it looks first, so that what is mended is soon known to be. It gives
// what must not leave, nil where the context ended first.
func (p *preview) check(ctx context.Context, trees []tree, watch func() *guard.Guard, tell func(diag.List)) []guard.Finding {
	var found diag.List
	leaks := watch().Over(nothing{})
	broken, looked := 0, map[string]bool{}
	var suspects []string
	look := func(name string, data []byte, err error) error {
		if looked[name] {
			return nil
		}
		looked[name] = true
		before := leaks.Found()
		if err == nil {
			err = leaks.Put(name, data)
		}
		if err != nil {
			found, broken = append(found, told(err)...), broken+1
		}
		if err != nil || leaks.Found() > before {
			suspects = append(suspects, name)
		}
		if broken > mostBroken {
			return errBroken
		}
		return nil
	}
	all := func() diag.List { return append(slices.Clone(found), leaks.Report()...) }
	var sound []*output.Late
	for _, t := range trees {
		if ctx.Err() != nil {
			return nil
		}
		files, more, err := t.write()
		if err != nil {
			found = append(found, told(err)...)
			continue
		}
		found = append(found, more...)
		for _, name := range p.suspected() {
			if data, err := files.File(name); !errors.Is(err, fs.ErrNotExist) && look(name, data, err) != nil {
				break
			}
		}
		sound = append(sound, files)
	}
	tell(all())
	for _, files := range sound {
		if err := files.Each(ctx, look); err != nil {
			break
		}
	}
	if ctx.Err() != nil {
		return nil
	}
	p.suspect(suspects)
	tell(all())
	return leaks.Findings()
}

// withholdMore keeps from the next edition what build would write anew without: see
// workspace.withholdMore. It reports whether there is anything.
func (p *preview) withholdMore(e *edition, leaks []guard.Finding) bool {
	w := workspace{config: e.w.config, dir: e.w.dir, leaks: leaks}
	titles, more := w.meeting(e.list)
	p.mu.Lock()
	defer p.mu.Unlock()
	leaky := map[changeKey]guard.Title{}
	maps.Copy(leaky, p.leaky)
	maps.Copy(leaky, titles)
	more = more && len(leaky) > len(p.leaky)
	p.leaky = leaky
	return more
}

func (p *preview) titles() map[changeKey]guard.Title {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.leaky
}

var errBroken = errors.New("too many pages can't be made")

// nothing is a sink that drops what it gets.
type nothing struct{}

func (nothing) Put(string, []byte) error { return nil }

func (p *preview) suspected() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.suspects
}

func (p *preview) suspect(files []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.suspects = files
}

// trees names the parts for the start page.
func (e *edition) trees() []serve.Tree {
	out := []serve.Tree{
		{Path: "public/", Name: "Customers", About: "the changelog site that everybody reads"},
		{Path: "team/", Name: "Team", About: "runbook, checklist and ledger of each release"},
		{Path: "mail/", Name: "Mails", About: "of each release, outcome and language"},
	}
	for _, s := range e.w.config.Systems {
		if !s.Test {
			out = append(out, serve.Tree{Path: "systems/" + s.ID + "/", Name: s.Name, About: "the site of system " + s.ID})
		}
	}
	return out
}

// note says where a release's page differs from what its readers see now.
func (e *edition) note(path string) string {
	if !e.early {
		return ""
	}
	before, after, ok := strings.Cut(path, "/releases/")
	slug, _, inside := strings.Cut(after, "/")
	p := e.known[slug]
	if !ok || !inside || p == nil {
		return ""
	}
	if id, ofSystem := strings.CutPrefix(before, "systems/"); ofSystem {
		id, _, _ = strings.Cut(id, "/")
		if _, runs := p.Systems[id]; !runs {
			return fmt.Sprintf("Preview: %s is not published for %s yet.", p.Version, id)
		}
	} else if !p.Withdrawn.IsZero() {
		return fmt.Sprintf("Preview: %s was taken back; customers don't see it.", p.Version)
	} else if !p.Public() {
		return fmt.Sprintf("Preview: %s is not published yet; customers don't see it.", p.Version)
	}
	if e.rewritten(slug, p) {
		return fmt.Sprintf("Preview: customers read the words of %s as they were published; publish again to show these.", p.Version)
	}
	return ""
}

// rewritten reports whether a release's words differ from those that were
// published.
func (e *edition) rewritten(slug string, p *model.Publication) bool {
	at := slices.IndexFunc(e.list, func(r model.Release) bool { return r.Slug() == slug })
	if at < 0 || p.Words == nil {
		return false
	}
	now := map[model.Lang]*model.ReleaseWords{}
	for _, l := range e.w.config.Languages {
		now[l] = compose.Words(e.w.config, &e.list[at], l)
	}
	return len(publication.Changed(publication.Sums(p.Words), publication.Sums(now))) > 0
}
