package editorial

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// Pair is a draft and what daybreak generated the last time, nil where that is lost.
type Pair struct{ Draft, Base *Draft }

// Shelf holds the drafts of a workspace by release and language.
type Shelf map[string]map[model.Lang]Pair

// Load reads every draft below Folder in the workspace. A workspace without
// drafts gives an empty shelf. The error is for I/O alone.
func Load(workspace fs.FS, languages []model.Lang, names Names) (Shelf, diag.List, error) {
	shelf := Shelf{}
	folders, err := fs.ReadDir(workspace, Folder)
	if errors.Is(err, fs.ErrNotExist) {
		return shelf, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading the drafts: %w", err)
	}
	var list diag.List
	for _, f := range folders {
		if !f.IsDir() {
			if looksLikeDraft.MatchString(f.Name()) {
				list.Add(misplaced(Folder+"/"+f.Name(), languages))
			}
			continue
		}
		for _, l := range languages {
			pair, more, err := read(workspace, f.Name(), l, names)
			list = append(list, more...)
			if err != nil {
				return nil, list, err
			}
			if pair.Draft == nil {
				continue
			}
			if more.Worst() != diag.Error {
				list = append(list, pair.Draft.unshown(pair.Base, names)...)
			}
			if shelf[f.Name()] == nil {
				shelf[f.Name()] = map[model.Lang]Pair{}
			}
			shelf[f.Name()][l] = pair
		}
		more, err := strangers(workspace, f.Name(), languages)
		list = append(list, more...)
		if err != nil {
			return nil, list, err
		}
	}
	return shelf, list, nil
}

func read(workspace fs.FS, slug string, l model.Lang, names Names) (Pair, diag.List, error) {
	file := path.Join(Folder, Name(slug, l))
	data, err := contents(workspace, file)
	if err != nil || data == nil {
		return Pair{}, nil, err
	}
	d, list := Parse(file, l, data, names)
	list = append(list, d.illustrate(workspace)...)
	pair := Pair{Draft: d}
	file = path.Join(BaseFolder, Name(slug, l))
	if data, err = contents(workspace, file); err != nil || data == nil {
		return pair, list, err
	}
	// daybreak alone writes the base; what git's merges or a hand made of it is
	// no reason to stop, it only knows less.
	base, broken := Parse(file, l, data, names)
	if broken.Worst() == diag.Error {
		list.Add(diag.New(diag.Warning, "draft-base", broken[0].Position,
			diag.Say("what daybreak remembers of this draft can't be read: %s", broken[0].Message),
			diag.Say("run `daybreak draft`; until then every text that differs from its facts counts as a person's.")))
		return pair, list, nil
	}
	pair.Base = base
	return pair, list, nil
}

// contents reads a file of bounded size; nil where there is none.
func contents(workspace fs.FS, file string) ([]byte, error) {
	f, err := workspace.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the drafts: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	return append([]byte{}, data...), nil
}

// looksLikeDraft are the files in which people write texts.
var looksLikeDraft = regexp.MustCompile(`(?i)\.(md|markdown|mdown|txt|text|rst|adoc|html?|docx?|odt|rtf)$`)

// printedFolder is where the sheets lie that were printed of a release: daybreak's own.
const printedFolder = "printed"

// strangers warns about texts that nobody will read because of their names.
func strangers(workspace fs.FS, slug string, languages []model.Lang) (diag.List, error) {
	files, err := fs.ReadDir(workspace, path.Join(Folder, slug))
	if err != nil {
		return nil, fmt.Errorf("reading the drafts: %w", err)
	}
	var list diag.List
	for _, f := range files {
		name := path.Join(Folder, slug, f.Name())
		if f.IsDir() && f.Name() != printedFolder {
			below, err := fs.ReadDir(workspace, name)
			if err != nil {
				return nil, fmt.Errorf("reading the drafts: %w", err)
			}
			for _, f := range below {
				if !f.IsDir() && looksLikeDraft.MatchString(f.Name()) {
					list.Add(misplaced(name+"/"+f.Name(), languages))
				}
			}
		}
		lang, isDraft := strings.CutPrefix(strings.TrimSuffix(f.Name(), ".md"), "notes.")
		if f.IsDir() || !looksLikeDraft.MatchString(f.Name()) || isDraft && slices.Contains(languages, model.Lang(lang)) && strings.HasSuffix(f.Name(), ".md") {
			continue
		}
		list.Add(diag.New(diag.Warning, "draft-name", diag.Position{File: name},
			diag.Say("no draft is called %q, so its words are not shown", f.Name()),
			diag.Say("drafts are called %s; a language must stand under `languages` in daybreak.yaml.", draftsCalled(languages))))
	}
	return list, nil
}

// misplaced warns about a text that lies in no release's folder, where nobody reads it.
func misplaced(file string, languages []model.Lang) diag.Diagnostic {
	return diag.New(diag.Warning, "draft-name", diag.Position{File: file},
		diag.Say("a draft lies in its release's folder, so these words are not shown"),
		diag.Say("move it to %s/<version>/ and call it %s.", Folder, draftsCalled(languages)))
}

func draftsCalled(languages []model.Lang) string {
	var names []string
	for _, l := range languages {
		names = append(names, path.Base(Name("", l)))
	}
	return strings.Join(names, ", ")
}
