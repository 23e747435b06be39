package main

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"daybreak/internal/diag"
	"daybreak/internal/guard"
	"daybreak/internal/model"
)

// guard makes the guard for what the workspace and its history know.
func (w *workspace) guard(list []model.Release) *guard.Guard {
	return guard.New(guard.Options{Config: w.config, Releases: list, Bare: w.dir == "", Sources: w.sources()})
}

// sources are the texts of the workspace that end in documents, so that a
// finding names the line to mend.
func (w *workspace) sources() []guard.Source {
	var out []guard.Source
	read := func(root string) {
		// A folder that isn't there has no texts; what can't be read stops the
		// build where it is needed.
		_ = fs.WalkDir(w.content, root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || root == "releases" && path.Ext(name) != ".md" {
				return nil
			}
			data, err := fs.ReadFile(w.content, name)
			if err != nil {
				return nil
			}
			for i, line := range strings.Split(string(data), "\n") {
				if line = strings.TrimSpace(line); line != "" {
					out = append(out, guard.Source{Text: line, Position: diag.Position{File: "content/" + name, Line: i + 1}})
				}
			}
			return nil
		})
	}
	read("mails")
	read("strings")
	read("releases")
	setting := func(key, text string) {
		if text != "" {
			out = append(out, guard.Source{Text: text, Position: w.config.At(key)})
		}
	}
	p := w.config.Product
	setting("product.name", p.Name)
	setting("product.home", p.Home)
	setting("product.contact.name", p.Contact.Name)
	setting("product.contact.phone", p.Contact.Phone)
	for _, l := range w.config.Languages {
		setting("product.tagline", p.Tagline[l])
		setting("product.contact.hours", p.Contact.Hours[l])
		for i, a := range w.config.Areas {
			setting(fmt.Sprintf("areas[%d].name", i), a.Name[l])
		}
	}
	return out
}

// errLeaks stops a build whose diagnostics say what would have leaked.
var errLeaks = &diag.Problem{
	Code:    "leaks",
	Message: "internal facts would leave the house; nothing was written",
	Hint:    "mend the texts that are named above, or write the exceptions down under guard.allow.",
}
