// Package content embeds the prose and data that daybreak ships: the starter
// workspace, the demo story, the UI strings and the documentation.
package content

import "embed"

// FS holds the folder.
//
//go:embed all:docs all:strings all:demo all:mails all:starter *.yaml
var FS embed.FS
