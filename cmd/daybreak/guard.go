package main

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"daybreak/content"
	"daybreak/internal/diag"
	"daybreak/internal/editorial"
	"daybreak/internal/guard"
	"daybreak/internal/model"
)

// guard makes the guard for what the workspace and its history know.
func (w *workspace) guard(list []model.Release) *guard.Guard {
	return guard.New(guard.Options{Config: w.config, Releases: list, Bare: w.dir == "", Sources: w.sources(), Known: shippedTexts(), Copied: w.copied()})
}

// copied says where the files lie that a site has copies of.
func (w *workspace) copied() map[string]string {
	out := map[string]string{}
	if logo := w.config.Product.Logo; logo != "" {
		out[logoName(logo)] = logo
	}
	// A folder that isn't there has no pictures.
	_ = fs.WalkDir(w.content, "releases", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && path.Ext(name) != ".md" {
			out[editorial.PictureAddress(strings.TrimPrefix(name, "releases/"))] = "content/" + name
		}
		return nil
	})
	return out
}

// shippedTexts are the texts that come with the program, from which the guard
// knows the words that name nobody. What a workspace has over them isn't asked:
// it can hold a name.
func shippedTexts() []string {
	var out []string
	for _, root := range []string{"strings", "mails", "runbook.de.yaml", "runbook.en.yaml", "checks.de.yaml", "checks.en.yaml"} {
		// The files are embedded: walking and reading them can't fail.
		_ = fs.WalkDir(content.FS, root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return nil
			}
			if data, err := fs.ReadFile(content.FS, name); err == nil {
				out = append(out, string(data))
			}
			return nil
		})
	}
	return out
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
var errLeaks = diag.Refuse("leaks", diag.Say("internal facts would leave the house; nothing was written"),
	diag.Say("mend the texts that are named above, or write the exceptions down under guard.allow."))
