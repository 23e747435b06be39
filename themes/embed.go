// Package themes embeds the looks: for each theme a folder with its style
// sheets, its palette and its little script.
package themes

import "embed"

// FS holds the folder; a theme is a folder in it, "default" the one that is
// used where nothing else is said. Another theme has of default what it lacks
// itself, see theme.Options.
//
//go:embed all:default all:plain
var FS embed.FS
