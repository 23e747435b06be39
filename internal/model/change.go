// Package model holds the words of daybreak as types: releases and changes as
// history gives them, and the documents that are made from them. It has no I/O.
//
// There are two halves. release.go, change.go and commit.go are facts, made by
// gitsource; they hold everything, names and hashes included. notes.go,
// runbook.go, checklist.go and mail.go are documents, made by compose; what a
// document of the public tree cannot hold cannot leak (see notes.go).
package model

// Kind says what a change does to the product, in the words of
// https://keepachangelog.com/en/1.1.0/.
type Kind string

// The kinds. KindNone is a change that nothing could classify.
const (
	KindNone       Kind = ""
	KindAdded      Kind = "added"
	KindChanged    Kind = "changed"
	KindFixed      Kind = "fixed"
	KindRemoved    Kind = "removed"
	KindDeprecated Kind = "deprecated"
	KindSecurity   Kind = "security"
)

// Kinds lists the kinds in the order in which documents show them.
func Kinds() []Kind {
	return []Kind{KindAdded, KindChanged, KindFixed, KindSecurity, KindDeprecated, KindRemoved}
}

// AudienceScope says how far a change is told.
type AudienceScope string

// The audiences.
const (
	AudiencePublic   AudienceScope = "public"   // every customer
	AudienceSystems  AudienceScope = "systems"  // only the systems named
	AudienceInternal AudienceScope = "internal" // the team alone
)

// Audience is who may read of a change.
type Audience struct {
	Scope   AudienceScope `json:"scope"`
	Systems []string      `json:"systems,omitempty"` // system ids, only with AudienceSystems
}

// Bucket is the one drawer of the ledger in which a commit lies. Every commit
// of a range lies in exactly one.
type Bucket string

// The buckets.
const (
	BucketTold         Bucket = "told"         // in the customer's notes
	BucketInternal     Bucket = "internal"     // a kind or audience that customers are not told
	BucketWithdrawn    Bucket = "withdrawn"    // merged and reverted inside the range, and the revert itself
	BucketDelivered    Bucket = "delivered"    // already in an earlier release, by cherry-pick or backport
	BucketNoNote       Bucket = "no-note"      // its author declared that it needs no note
	BucketWithheld     Bucket = "withheld"     // its words in history hold what must not leave, and nobody can mend them
	BucketUnclassified Bucket = "unclassified" // nothing says what it is
	BucketStructure    Bucket = "structure"    // merges of the main line, tags' own commits: no unit of work
)

// Change is one merged unit of work: one request, one squash commit, one plain
// commit. It is the thing that a note tells about.
type Change struct {
	// ID is the key: "!123" or "#123" for a request, the Change-Id, the hash a
	// cherry-pick names, else the first 12 digits of its own hash. Unique within
	// a range.
	ID    string
	Title string // one line, as its author wrote it, without the conventional header's type and scope

	Header Header   // the conventional header, empty where there is none
	Merge  Hash     // the commit that brought it to the line: merge, squash or the commit itself
	Tip    Commit   // that commit
	Inner  []Commit // its inner commits, oldest first, without Tip

	Request    *Request     // nil for a plain commit
	Refs       []Ref        // tickets and requests named anywhere in it, each once
	Trailers   []Trailer    // of the merge first, then of the inner commits, in order
	Blocks     []NoteBlock  // `release-note` fenced blocks
	Paths      []PathChange // filled only where asked for (gitsource.Options.Paths), and where Submodules are
	Reverts    []Hash       // what it takes back of earlier releases (inside the range they cancel)
	PickedFrom []Hash       // what it was cherry-picked from
	Submodules []SubmoduleBump

	// Set by compose.Attach: the note file that tells of it, nil for none; and,
	// for a note beside the change's own one, the id of that change. Such a note
	// has no commits: they are the other's.
	Fragment *Fragment
	NoteOf   string

	Repository string // set by compose.Join where a train has several, else ""

	// Set by gitsource: why it isn't a change of this release, "" where it is.
	Bucket Bucket // "", BucketWithdrawn or BucketDelivered
	Reason Reason // for the ledger: reverted by 1a2b3c4d
	In     string // for BucketDelivered: the release that already has it
	InAs   Hash   // and the commit that brought it there

	// Set by compose.Classify from all of the above and the configuration.
	Kind     Kind
	Breaking bool
	// ActByDraft says that a draft alone made it breaking, by saying what readers must do.
	ActByDraft bool
	Areas      []string // area ids that the note speaks of, the most concerned first
	// AreaUnknown says that its author named an area and that none of that name
	// is known: nobody can say which systems have it, Areas is a guess.
	AreaUnknown bool
	Touched     []string // area ids whose paths it touches, Areas included, in the configuration's order
	NoNote      bool     // its author declared that customers need no note
	Audience    Audience
	Classified  bool // false: nothing said what kind it is, Kind is a guess
	// What a change does to dependencies that does nothing else; such changes are
	// folded into one line.
	Dependencies []DependencyBump
	KindFrom     Reason // where Kind comes from, for --explain: `trailer "Changelog"`, `header "feat"`

	// Set by compose.Edit from the workspace's drafts.
	Edited  map[Lang]*EditedWords // a person's words
	LeftOut bool                  // a draft of its release leaves it out

	// What must not leave of its words in history, a line each, where nobody can mend
	// them any more and no draft has others; "" for nothing. The guard's to set.
	Guarded string
}

// Commits gives all its commits, tip first; none for a note beside another one.
func (c *Change) Commits() []Commit {
	if c.NoteOf != "" {
		return nil
	}
	return append([]Commit{c.Tip}, c.Inner...)
}

// Trailer gives the values of the trailers with the key, compared without case.
func (c *Change) Trailer(key string) []string { return trailerValues(c.Trailers, key) }

// Request is a merge or pull request as its merge message tells of it.
type Request struct {
	Forge  string // "github", "gitlab", "bitbucket", "azure", "gitea", "gerrit", "phabricator", ""
	Number string // digits, or "D123" / a Change-Id
	Sign   string // "#", "!" or "": how the forge writes it
	Title  string
	Source string // source branch, may carry "owner/"
	Target string // target branch
	URL    string // where the message or configuration gives one
}

// PathChange is one touched path between the first parent and the change's tip.
type PathChange struct {
	Status byte   // 'A', 'M', 'D', 'R' (renamed), 'T' (type changed), as git names them
	Path   string // the new path; raw bytes of git as a string, may be invalid UTF-8
	Old    string // the old path, only with 'R'
}

// String gives "lib 1a2b3c4d..5e6f7a8b"; an added or removed submodule lacks a side.
func (b SubmoduleBump) String() string {
	return b.Path + " " + b.Old.Short() + ".." + b.New.Short()
}

// DependencyBump is one dependency taken to another version. What its title
// doesn't say is "".
type DependencyBump struct{ Name, From, To string }

// SubmoduleBump is a change of a submodule's commit.
type SubmoduleBump struct {
	Path     string
	Old, New Hash // "" where it was added or removed
	// Titles are those of the changes between, newest first, where the
	// sub-repository is at hand. Back: New comes before Old, so they are gone.
	Titles []string
	Back   bool
}
