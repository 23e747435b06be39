package model

import (
	"slices"
	"time"
)

// Release is a dated set of changes. Its facts come from one tag, or from
// several tags of one train (Parts).
type Release struct {
	Version    Version   // the zero Version where Unreleased
	Tag        string    // the tag's name, as git has it; "" where Unreleased
	TagObject  Hash      // the tag object's id, or the commit's for a lightweight tag
	OtherTags  []string  // further release tags on the same commit
	Commit     Hash      // the tag peeled
	Date       time.Time // tagger's date, else committer's; not yet in the configured zone
	Prerelease bool
	Unreleased bool    // merged but not yet tagged: Commit is the main line's tip
	Previous   string  // the tag where the range starts, "" for the first
	HotfixOf   string  // the version that this one mends, "" for a release of the main line
	SameBuild  string  // the lowest version that already marks this very commit, "" mostly
	Explain    Reasons // why the range is what it is
	Repository string  // name of the repository, "" where there is only one

	Changes []Change  // all that was merged: with Bucket "" what this release brings, else withdrawn or delivered
	Skipped []Skipped // the commits that are no unit of work
	Alarms  []Alarm
	Intro   Text   // what note files say of the release as a whole, markdown
	Commits int    // how many commits the range holds
	Parts   []Part // the repositories it is made of, where there are several

	Edited map[Lang]*Edited // what the workspace's drafts say, set by compose.Edit

	// Set by compose.Publish: nil for a release that counts as published on its
	// tag's date, with the words of its changes and drafts.
	Publication *Publication
}

// Part is what one repository brings to a release of a train of several.
type Part struct {
	Repository string
	Tag        string // "" where Unreleased
	Previous   string // the tag where its range starts, "" for the first
	Commit     Hash
	Commits    int
	Explain    Reasons
}

// Live gives the changes that this release really brings: neither withdrawn
// nor delivered earlier.
func (r *Release) Live() []Change {
	live := 0
	for i := range r.Changes {
		if r.Changes[i].Bucket == "" {
			live++
		}
	}
	out := slices.Grow([]Change(nil), live)
	for i := range r.Changes {
		if r.Changes[i].Bucket == "" {
			out = append(out, r.Changes[i])
		}
	}
	return out
}

// Skipped is a commit of the range that belongs to no change.
type Skipped struct {
	Commit     Commit
	Repository string // set by compose.Join where a train has several, else ""
	Bucket     Bucket
	Reason     Reason // merge of the main line into a topic branch
}

// Alarm is something in the shape of history that the team must know before
// the rollout: a fix of an earlier release is not in this one.
type Alarm struct {
	Code    string // "null-back-merge", "tag-moved"
	Commit  Hash   // the commit that is missing
	In      string // the release that has it
	Subject string
	Text    string // English sentence
}

// Slug gives the name of the release in paths: the version's slug, or
// "unreleased".
func (r *Release) Slug() string {
	if r.Unreleased {
		return "unreleased"
	}
	return r.Version.Slug()
}
