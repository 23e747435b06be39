package gitsource

import (
	"regexp"
	"slices"
	"strings"

	"daybreak/internal/message"
	"daybreak/internal/model"
)

// mergeRole is what a merge does to the line it stands on.
type mergeRole int

const (
	roleTopic   mergeRole = iota // brings a topic: one change
	roleOctopus                  // brings several: each side a change
	roleSync                     // joins long-lived lines: both sides' commits stand for themselves
)

// stableBranch matches branches that live on from release to release.
var stableBranch = regexp.MustCompile(`^(?:(?:releases?|stable|maint|maintenance|support|version|hotfixes)[-/_]?)?v?\d+(?:[._-](?:\d+|x))*(?:[-_.](?:stable|dev|maint|branch|x))?$`)

// longLived names the branches that no one request owns.
var longLived = []string{"main", "master", "trunk", "develop", "development", "dev", "devel", "default", "next", "staging", "stable", "integration", "maint", "production", "prod", "live", "release"}

// isLongLived reports whether a branch named in a merge message lives on after
// the merge: the main line, development and release branches.
func (r *Repository) isLongLived(branch string) bool {
	for _, prefix := range []string{"refs/heads/", "refs/remotes/", "remotes/", "origin/", "upstream/"} {
		branch = strings.TrimPrefix(branch, prefix)
	}
	return branch != "" && (branch == r.mainName || slices.Contains(longLived, branch) || stableBranch.MatchString(branch))
}

// role decides what the merge at i, standing on a line, does to it.
//
// The message is asked first: it names branches. Where it names none, or
// wrongly, the shape decides. A request from a fork's branch "master" is a topic
// like any other; a request from a branch that holds merged requests itself only
// carries them on.
func (w *walk) role(i int32, f *facts) (mergeRole, model.Reason) {
	g := w.r.graph
	parents := g.parents(i)
	m := f.message
	source, target := m.Source, m.Target
	long := w.r.isLongLived(source)
	switch {
	case len(parents) > 2:
		return roleOctopus, model.Reason{}
	case !g.related(parents[0], parents[1]):
		return roleTopic, model.Reason{}
	case m.Request != nil:
		if w.carriesRequests(parents[1]) && (long || w.r.isLongLived(lastSegment(source))) {
			return roleSync, model.Because("carries-branch", source)
		}
		return roleTopic, model.Reason{}
	case m.Merge == message.MergeTag && w.r.tags.byName[source] != nil:
		return roleSync, model.Because("merge-of-release", source)
	case source != "" && lastSegment(source) == lastSegment(target):
		return roleSync, model.Because("two-copies", lastSegment(source))
	case long && (target == "" || w.r.isLongLived(target)):
		return roleSync, model.Because("long-lived", source)
	case long:
		return roleSync, model.Because("main-into-topic")
	case w.carriesRequests(parents[1]):
		return roleSync, model.Because("carries-requests")
	}
	return roleTopic, model.Reason{}
}

func lastSegment(branch string) string { return branch[strings.LastIndexByte(branch, '/')+1:] }

// carriesRequests reports whether the first-parent chain from i, as far as
// nothing else has claimed it, holds merges of requests.
func (w *walk) carriesRequests(i int32) bool {
	for w.free(i) {
		parents := w.r.graph.parents(i)
		if len(parents) == 0 {
			return false
		}
		if len(parents) > 1 {
			f, err := w.r.at(i)
			if err == nil && f.message.Request != nil {
				return true
			}
		}
		i = parents[0]
	}
	return false
}

// hasOwnNote reports whether a message carries a note for readers of its own.
func hasOwnNote(m *message.Message) bool {
	for _, t := range m.Trailers {
		if strings.HasPrefix(strings.ToLower(t.Key), "release-note") {
			return true
		}
	}
	return slices.ContainsFunc(m.Blocks, func(b model.NoteBlock) bool { return strings.HasPrefix(b.Kind, "release-note") })
}
