// Package compose turns facts into documents: it decides what kind a change
// is, who is told of it, in which words, and what the team must do and check.
// Every editorial rule of daybreak lives here. It is pure: releases and
// configuration in, values of package model out.
package compose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// internalKind is what a commit type maps to where customers are not told.
const internalKind = "internal"

// typeKinds maps the conventional commit types in use
// (https://www.conventionalcommits.org, the Angular convention, and what
// public repositories write) to kinds. The configuration adds and overrides.
var typeKinds = map[string]string{
	"feat": "added", "feature": "added", "add": "added", "new": "added",
	"fix": "fixed", "bugfix": "fixed", "hotfix": "fixed", "bug": "fixed",
	"perf": "changed", "change": "changed", "improve": "changed", "improvement": "changed",
	"enhance": "changed", "enhancement": "changed", "ui": "changed", "ux": "changed",
	"remove": "removed", "removed": "removed", "deprecate": "deprecated", "deprecated": "deprecated",
	"security": "security", "sec": "security",
	"chore": internalKind, "ci": internalKind, "test": internalKind, "tests": internalKind,
	"build": internalKind, "style": internalKind, "refactor": internalKind, "doc": internalKind,
	"docs": internalKind, "deps": internalKind, "dep": internalKind, "release": internalKind,
	"wip": internalKind, "internal": internalKind, "lint": internalKind, "tooling": internalKind,
	"dev": internalKind, "cleanup": internalKind, "meta": internalKind, "infra": internalKind,
}

// internalScopes are scopes that make even a fix or feature the team's own.
var internalScopes = []string{"deps", "deps-dev", "dev-deps", "ci", "test", "tests", "release", "lint", "tooling", "internal"}

// trailerKinds maps the values of a Changelog trailer, as GitLab and others
// use it (https://docs.gitlab.com/user/project/changelogs/), to kinds.
var trailerKinds = map[string]string{
	"added": "added", "feature": "added", "new": "added",
	"changed": "changed", "improved": "changed", "performance": "changed", "other": "changed",
	"fixed": "fixed", "bugfix": "fixed", "bug": "fixed",
	"removed": "removed", "deprecated": "deprecated", "security": "security",
	"internal": internalKind, "none": internalKind, "skip": internalKind, "no": internalKind,
}

// Classify puts kind, breaking, areas, audience and bucket on every change of
// the release. Trailers that name something unknown are diagnosed; the change
// then keeps what the other sources say.
func Classify(c *config.Config, r *model.Release) diag.List {
	var list diag.List
	for i := range r.Changes {
		classifyChange(c, &r.Changes[i], &list)
	}
	return list
}

func classifyChange(c *config.Config, ch *model.Change, list *diag.List) {
	applyFragment(c, ch)
	ch.NoNote = declaredNone(c, ch)
	classifyKind(c, ch, list)
	ch.Breaking = ch.Header.Breaking || saysBreaking(c, ch) || len(ch.Trailer("BREAKING-CHANGE")) > 0
	if len(ch.Inner) > 0 && !ch.Breaking {
		ch.Breaking = slices.ContainsFunc(ch.Inner, func(in model.Commit) bool { return in.Header.Breaking })
	}
	classifyAreas(c, ch, list)
	classifyAudience(c, ch, list)
}

// saysBreaking reports a Breaking trailer, bare or of any language.
func saysBreaking(c *config.Config, ch *model.Change) bool {
	return len(trailer(c, ch, "Breaking")) > 0 || slices.ContainsFunc(c.Languages, func(l model.Lang) bool {
		return len(trailer(c, ch, "Breaking-"+string(l))) > 0
	})
}

// declaredNone reports whether the author said that no note is needed.
func declaredNone(c *config.Config, ch *model.Change) bool {
	if ch.Fragment != nil {
		return ch.Fragment.Silent
	}
	if slices.ContainsFunc(ch.Blocks, func(b model.NoteBlock) bool { return b.None }) {
		return true
	}
	notes := trailer(c, ch, "Release-Note")
	return len(notes) > 0 && !slices.ContainsFunc(notes, func(s string) bool { return !isNone(s) })
}

// isNone reports whether a text says that there is nothing to say.
func isNone(s string) bool {
	switch strings.ToLower(strings.Trim(strings.TrimSpace(s), ".\"'")) {
	case "none", "n/a", "na", "-", "no", "keine", "keiner", "entfällt":
		return true
	}
	return false
}

// classifyKind asks, strongest first: the Changelog or Kind trailer, the
// header of the title, the headers of the inner commits, the title's verb.
func classifyKind(c *config.Config, ch *model.Change, list *diag.List) {
	for _, key := range []string{"Changelog", "Kind"} {
		for _, v := range trailer(c, ch, key) {
			if k, ok := trailerKinds[strings.ToLower(strings.TrimSpace(v))]; ok {
				setKind(ch, k, saidBy(ch, key))
				return
			}
			list.Add(trailerProblem(ch, key, fmt.Sprintf("%q is no kind", v),
				"use one of added, changed, fixed, removed, deprecated, security, internal."))
		}
	}
	ch.Dependencies = nil
	if len(ch.Reverts) == 0 && !ch.Header.Breaking && ch.Fragment == nil && !ch.NoNote && !hasCustomerText(c, ch) {
		if ch.Dependencies = dependencyBumps(ch); ch.Dependencies != nil {
			setKind(ch, internalKind, model.Because("dependencies"))
			return
		}
	}
	if len(ch.Reverts) > 0 {
		// It takes back what customers already have: they must hear of it.
		setKind(ch, string(model.KindRemoved), model.Because("takes-released"))
		return
	}
	if k := headerKind(c, ch.Header); k != "" {
		setKind(ch, k, model.Because("header", ch.Header.Type))
		return
	}
	if k := innerKind(c, ch); k != "" {
		setKind(ch, k, model.Because("inner-headers"))
		return
	}
	k := verbKind(ch.Title)
	if k == internalKind {
		setKind(ch, k, model.Because("words"))
		return
	}
	ch.Kind, ch.Classified = model.Kind(cmp.Or(k, string(model.KindChanged))), false
	ch.KindFrom = model.Because("unsaid")
	if k != "" {
		ch.KindFrom = model.Because("verb")
	}
}

func setKind(ch *model.Change, kind string, from model.Reason) {
	ch.Classified, ch.KindFrom = true, from
	if kind == internalKind {
		ch.Kind, ch.Audience.Scope = model.KindChanged, model.AudienceInternal
		return
	}
	ch.Kind = model.Kind(kind)
}

func headerKind(c *config.Config, h model.Header) string {
	if h.Type == "" {
		return ""
	}
	k := c.History.Types[h.Type]
	if k == "" {
		k = typeKinds[h.Type]
	}
	// A breaking change is never only the team's, whatever its type.
	if slices.Contains(internalScopes, strings.ToLower(h.Scope)) && !h.Breaking {
		return internalKind
	}
	if k == internalKind && h.Breaking {
		return string(model.KindChanged)
	}
	return k
}

// innerKind is for a request whose own title says nothing: the kind of its
// most telling inner commit, or internal where every one of them is.
func innerKind(c *config.Config, ch *model.Change) string {
	rank := []string{"security", "added", "removed", "deprecated", "fixed", "changed"}
	best, seen, internal := len(rank), 0, 0
	for _, in := range ch.Inner {
		k := headerKind(c, in.Header)
		if k == "" {
			continue
		}
		seen++
		if k == internalKind {
			internal++
		} else if i := slices.Index(rank, k); i >= 0 && i < best {
			best = i
		}
	}
	switch {
	case best < len(rank):
		return rank[best]
	case seen > 0 && internal == len(ch.Inner):
		return internalKind
	}
	return ""
}

// classifyAreas takes the Area trailer, else the scope, else the paths.
func classifyAreas(c *config.Config, ch *model.Change, list *diag.List) {
	counts := map[string]int{}
	for _, p := range ch.Paths {
		for _, a := range c.Areas {
			if matchesAny(a.Paths, p.Path) || (p.Old != "" && matchesAny(a.Paths, p.Old)) {
				counts[a.ID]++
			}
		}
	}
	ch.Areas, ch.AreaUnknown = nil, false
	for _, v := range trailer(c, ch, "Area") {
		for _, name := range splitList(v) {
			if id := areaID(c, name); id != "" {
				ch.Areas = append(ch.Areas, id)
			} else if len(c.Areas) > 0 {
				ch.AreaUnknown = true
				list.Add(unknownArea(c, ch, name))
			}
		}
	}
	// Its author named a part that nobody knows: what the scope or the paths say
	// is good enough for a label, and only a guess at who has it.
	ch.AreaUnknown = ch.AreaUnknown && len(ch.Areas) == 0
	if len(ch.Areas) == 0 && ch.Header.Scope != "" {
		for _, scope := range splitList(ch.Header.Scope) {
			if id := areaID(c, scope); id != "" {
				ch.Areas = append(ch.Areas, id)
			}
		}
	}
	if len(ch.Areas) == 0 {
		for _, a := range c.Areas {
			if counts[a.ID] > 0 {
				ch.Areas = append(ch.Areas, a.ID)
			}
		}
		slices.SortStableFunc(ch.Areas, func(a, b string) int { return cmp.Compare(counts[b], counts[a]) })
	}
	ch.Areas = unique(ch.Areas)
	ch.Touched = nil
	for _, a := range c.Areas {
		if counts[a.ID] > 0 || slices.Contains(ch.Areas, a.ID) {
			ch.Touched = append(ch.Touched, a.ID)
		}
	}
}

// classifyAudience takes the Audience and Systems trailers over what the kind says.
func classifyAudience(c *config.Config, ch *model.Change, list *diag.List) {
	if ch.Audience.Scope == "" {
		ch.Audience.Scope = model.AudiencePublic
	}
	// Where commits of one change name several, the narrowest holds.
	internal := false
	for _, v := range trailer(c, ch, "Audience") {
		switch scope := audienceScope(v); {
		case scope == model.AudienceInternal:
			internal = true
		case scope != model.AudiencePublic:
			addSystems(c, ch, "Audience", v, list)
		case ch.Audience.Scope != model.AudienceSystems:
			ch.Audience.Scope = model.AudiencePublic
		}
	}
	if internal {
		ch.Audience.Scope = model.AudienceInternal
	}
	if ch.Audience.Scope != model.AudienceInternal {
		for _, v := range trailer(c, ch, "Systems") {
			addSystems(c, ch, "Systems", v, list)
		}
	}
	ch.Audience.Systems = unique(ch.Audience.Systems)
}

// audienceScope reads the words for everybody and for nobody, "" for any other.
func audienceScope(v string) model.AudienceScope {
	switch strings.ToLower(strings.TrimSpace(v)) {
	case "public", "customers", "all", "öffentlich", "kunden":
		return model.AudiencePublic
	case "internal", "team", "none", "intern":
		return model.AudienceInternal
	}
	return ""
}

// addSystems narrows the audience to systems. A name that isn't known narrows
// too: to tell everyone because of a typing error would be the wrong side to err on.
func addSystems(c *config.Config, ch *model.Change, key, value string, list *diag.List) {
	ch.Audience.Scope = model.AudienceSystems
	for _, name := range splitList(value) {
		i := slices.IndexFunc(c.Systems, func(s config.System) bool {
			same := func(n string) bool { return strings.EqualFold(n, name) }
			return same(s.ID) || same(s.Name) || slices.ContainsFunc(s.Also, same)
		})
		if i < 0 {
			list.Add(trailerProblem(ch, key, fmt.Sprintf("%q is no system", name),
				"it is told to none but the systems that are named rightly; add it to `systems` in daybreak.yaml, or name it there under `also`."))
			continue
		}
		ch.Audience.Systems = append(ch.Audience.Systems, c.Systems[i].ID)
	}
}

// trailer gives the values of one of daybreak's trailers under its own name
// and the configured further names.
func trailer(c *config.Config, ch *model.Change, key string) []string {
	out := ch.Trailer(key)
	for _, alias := range aliases(c, key) {
		out = append(out, ch.Trailer(alias)...)
	}
	return out
}

func trailerProblem(ch *model.Change, key, message, hint string) diag.Diagnostic {
	at := diag.Position{Commit: string(ch.Merge), Part: fmt.Sprintf("trailer %q", key)}
	if len(ch.Fragment.Trailer(key)) > 0 {
		at = diag.Position{File: ch.Fragment.Path}
	}
	return diag.Diagnostic{
		Severity: diag.Warning,
		Code:     "unknown-value",
		Position: at,
		Message:  message,
		Hint:     hint,
	}
}

func unknownArea(c *config.Config, ch *model.Change, name string) diag.Diagnostic {
	d := trailerProblem(ch, "Area", fmt.Sprintf("%q is no area", name),
		"areas are "+strings.Join(areaIDs(c), ", ")+"; add it to `areas` in daybreak.yaml, as an area or among the `scopes` of one.")
	if slices.ContainsFunc(c.Systems, func(s config.System) bool { return len(s.Areas) > 0 }) {
		d.Message += ": systems that have only some areas are not told of it"
	}
	return d
}

// areaID finds an area by id, scope or name in any language.
func areaID(c *config.Config, name string) string {
	name = strings.TrimSpace(name)
	for _, a := range c.Areas {
		if strings.EqualFold(a.ID, name) || slices.ContainsFunc(a.Scopes, func(s string) bool { return strings.EqualFold(s, name) }) {
			return a.ID
		}
		for _, n := range a.Name {
			if strings.EqualFold(n, name) {
				return a.ID
			}
		}
	}
	return ""
}

func areaIDs(c *config.Config) []string {
	ids := make([]string, len(c.Areas))
	for i, a := range c.Areas {
		ids[i] = a.ID
	}
	return ids
}

// areaName is an area's name in the language, its id where it has none.
func areaName(c *config.Config, id string, l model.Lang) string {
	for _, a := range c.Areas {
		if a.ID == id {
			name, _ := a.Name.In(l, c.Languages...)
			return cmp.Or(name, id)
		}
	}
	return id
}

func matchesAny(globs []string, path string) bool {
	for _, g := range globs {
		if ok, _ := doublestar.Match(g, path); ok { // a bad glob is the configuration's diagnostic
			return true
		}
	}
	return false
}

// splitList splits "K1, K2; K3" into its parts, without empty ones.
func splitList(s string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' }) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// unique drops repetitions and keeps the order.
func unique[T comparable](in []T) []T {
	var out []T
	for _, s := range in {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// BucketOf says in which drawer of the ledger a change lies, and why.
func BucketOf(c *config.Config, ch *model.Change) (model.Bucket, model.Reason) {
	switch {
	case ch.Bucket != "":
		return ch.Bucket, ch.Reason
	case ch.LeftOut:
		return model.BucketNoNote, model.Because("left-out")
	case ch.Audience.Scope == model.AudienceInternal:
		if slices.ContainsFunc(trailer(c, ch, "Audience"), func(v string) bool { return audienceScope(v) == model.AudienceInternal }) {
			return model.BucketInternal, saidBy(ch, "Audience")
		}
		return model.BucketInternal, ch.KindFrom
	case ch.NoNote:
		return model.BucketNoNote, model.Because("no-note")
	case !ch.Classified && c.Notes.Unclassified == "withhold":
		return model.BucketUnclassified, model.Because("nothing-says")
	case c.Notes.Titles == "withhold" && !hasCustomerText(c, ch):
		return model.BucketUnclassified, model.Because("no-customertext")
	}
	return model.BucketTold, ch.KindFrom
}
