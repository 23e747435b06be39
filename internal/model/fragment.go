package model

// Fragment is one note out of a file that developers wrote into the product's
// repository. A file can hold several.
type Fragment struct {
	// Key names it for people and for drafts; it stays while the words change:
	// "123.feature", "slow-search-8b1f…/fixes-2".
	Key    string
	Path   string // of the file, in the repository
	Format string // "daybreak", "changie", "towncrier", "reno", "scriv"
	Commit Hash   // the commit of the release that added the file
	Later  bool   // its words were mended after the release
	In     string // version of the release beside this one that told the same file already, "" mostly

	Text     Text      // markdown, for customers; empty where it says nothing to them
	Trailers []Trailer // what else it says, under the names of daybreak's trailers
	Change   string    // the change that it names itself: "!412", "#7", a hash; "" mostly
	Refs     []Ref     // numbers and tickets in its name or fields
	Silent   bool      // it declares that customers need no note
	Prelude  bool      // it introduces the whole release
}

// Trailer gives the values that the fragment has for a trailer's key.
func (f *Fragment) Trailer(key string) []string {
	if f == nil {
		return nil
	}
	return trailerValues(f.Trailers, key)
}
