// Package compose turns facts into documents: it decides what kind a change
// is, who is told of it, in which words, and what the team must do and check.
// Every editorial rule of daybreak lives here. It is pure: releases and
// configuration in, values of package model out.
package compose

import (
	"cmp"
	"slices"
	"strings"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// internalKind is what a commit type maps to where customers are not told.
const internalKind = model.Internal

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
			list.Add(trailerProblem(ch, key, diag.Say("%q is no kind", v),
				diag.Say("use one of added, changed, fixed, removed, deprecated, security, internal.")))
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
	if k := emojiKind(ch.Title); k != "" {
		setKind(ch, k, model.Because("words"))
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
		k = model.TypeKind(h.Type)
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
