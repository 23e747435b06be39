// Package templates embeds the templates of every page and mail.
//
// A file whose name starts with "_" is a partial of its folder, every file of
// layout/ a partial of all folders; every other file is a page. A workspace
// overrides any of them by a file of the same path under templates/.
package templates

import "embed"

// FS holds the folder.
//
//go:embed all:docs all:layout all:mail all:public all:team
var FS embed.FS
