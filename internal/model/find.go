package model

import "time"

// Finding answers "is my fix in?" for one change, wherever it was merged: a fix
// and its backports are one.
type Finding struct {
	ID     string
	Title  string
	Keys   []string // its requests and tickets, as people write them
	Hashes []string // 8 digits of every commit of it, and of what it was picked from
	In     []FoundIn
}

// First is the first release that contains it, nil where all took it back.
func (f *Finding) First() *FoundIn {
	for i := range f.In {
		if !f.In[i].Withdrawn {
			return &f.In[i]
		}
	}
	return nil
}

// FoundIn is one release that a change was merged into.
type FoundIn struct {
	Version   string // "" while it isn't tagged
	Slug      string
	Date      time.Time // day in the configured zone, zero while it isn't tagged
	Withdrawn bool      // and taken back before it came out
	Lost      bool      // Withdrawn, for a merge threw its work away
}
