package model

// Edited is what a workspace's draft says of one release in one language.
type Edited struct {
	File  string // the draft's path in the workspace
	Title string // headline of the release, "" where nobody wrote one
	Intro string // markdown
	Known string // markdown: what is known not to work yet

	Aliases []string // further addresses of the release: versions, or paths of the site

	// Notes are the draft's headings in the order of the page. A note without
	// an ID belongs to no change and always has Words.
	Notes []EditedNote
}

// EditedNote is one heading of a draft.
type EditedNote struct {
	ID    string
	Kind  Kind         // of the section in which it stands
	Words *EditedWords // nil where nobody touched what daybreak had written there
}

// EditedWords are a person's words for one change in one language.
type EditedWords struct {
	Title string // plain text
	Body  string // markdown
	Act   string // markdown: what the reader must do
	At    string // "content/releases/2026.14.0/notes.de.md:12"
}
