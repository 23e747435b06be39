package publication

import (
	"slices"
	"strings"

	"daybreak/internal/journal"
	"daybreak/internal/model"
)

// Stage says how far a release is on its way to the customers.
type Stage string

// The stages, in their order; Withdrawn is the way back.
const (
	Draft     Stage = "draft"      // its words are being worked on
	Ready     Stage = "ready"      // the checks find nothing, and who must approve has approved
	RolledOut Stage = "rolled out" // every system of the day runs it
	Published Stage = "published"  // customers read of it
	Withdrawn Stage = "withdrawn"  // customers read of it no longer
)

// Rollout is what the journal says of a release.
type Rollout struct {
	File    string // the journal, inside the workspace
	Written bool   // there is such a file
	Version string // whose day it is: another one for a hotfix
	Gate    string // code of the gate after which customers are told, "" where the runbook has none
	Step    string // code of the step that brings the version to a system
	Phase   journal.Phase
	Day     string        // the last day that the journal names, as time.DateOnly; "" for none
	Latest  journal.Clock // the latest time that it has of that day, journal.None for none
	Systems []System
}

// System is one system's part of a rollout.
type System struct {
	ID       string
	Today    bool   // it is to get the release
	Has      bool   // it runs the release, or a hotfix of it
	At       string // "07:02", "" where nobody wrote it down
	Day      string // on which day that was, as time.DateOnly; "" where not said
	Back     bool   // it was rolled back
	Told     bool   // its customers had the mail
	Decision journal.Decision
}

// RolloutOf takes from a day's journal what it says of a version: the day's own
// one, or a hotfix that was rolled out on that day.
func RolloutOf(file string, written bool, p journal.Plan, s journal.State, version string) Rollout {
	out := Rollout{File: file, Written: written, Version: p.Version, Gate: p.Tell, Step: p.Rollout, Phase: s.Phase, Day: s.Day, Latest: s.Latest}
	var gate []journal.Event
	for _, st := range s.Steps {
		if st.Code == p.Tell && p.Tell != "" {
			gate = st.Events
		}
	}
	hotfix := version != p.Version
	for _, sys := range s.Systems {
		own := System{ID: sys.ID, Today: sys.Today, Has: sys.Has, At: sys.Got.String(), Day: sys.GotDay, Back: sys.Back, Told: sys.Told}
		if hotfix {
			own.Today, own.Has, own.At, own.Day = false, sys.Has && atLeast(sys.Version, version), sys.Since.String(), sys.SinceDay
			for _, h := range s.Hotfixes {
				own.Today = own.Today || sameVersion(h.Version, version) && slices.Contains(h.Systems, sys.ID)
			}
		}
		for _, e := range gate {
			if len(e.Systems) == 0 || slices.Contains(e.Systems, sys.ID) {
				own.Decision = e.Decision
			}
		}
		out.Systems = append(out.Systems, own)
	}
	return out
}

// Tells reports whether a day's journal says anything of a version.
func Tells(s journal.State, version string) bool {
	return slices.ContainsFunc(s.Hotfixes, func(h journal.Event) bool { return sameVersion(h.Version, version) })
}

func sameVersion(a, b string) bool {
	return strings.TrimPrefix(a, "v") == strings.TrimPrefix(b, "v")
}

func atLeast(a, b string) bool {
	x, ok1 := model.ParseVersion(a)
	y, ok2 := model.ParseVersion(b)
	return ok1 && ok2 && x.Compare(y) >= 0
}

// System finds a system by its id, nil where there is none.
func (r *Rollout) System(id string) *System {
	for i := range r.Systems {
		if r.Systems[i].ID == id {
			return &r.Systems[i]
		}
	}
	return nil
}

// Missing lists the systems of the day that don't run the release.
func (r *Rollout) Missing() []string {
	return r.ids(func(s System) bool { return s.Today && !s.Has })
}

// RolledBack lists those of them that had it and went back.
func (r *Rollout) RolledBack() []string {
	return r.ids(func(s System) bool { return s.Today && !s.Has && s.Back })
}

// Having lists the systems that run it.
func (r *Rollout) Having() []string {
	return r.ids(func(s System) bool { return s.Has })
}

func (r *Rollout) ids(keep func(System) bool) []string {
	var out []string
	for _, s := range r.Systems {
		if keep(s) {
			out = append(out, s.ID)
		}
	}
	return out
}

// Complete reports whether every system of the day runs it.
func (r *Rollout) Complete() bool { return len(r.Missing()) == 0 && len(r.Having()) > 0 }

// Allowed reports whether the customers of a system may be told.
func (r *Rollout) Allowed(s System) bool {
	return r.Gate == "" || s.Decision == journal.Go || s.Decision == journal.GoWith
}
