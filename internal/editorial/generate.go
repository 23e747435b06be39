package editorial

import (
	"strings"

	"daybreak/internal/model"
)

// Facts is what is known of one release in one language, before anybody edits.
type Facts struct {
	Lang    model.Lang
	Label   string            // product and version, the `#` heading
	Changes []Fact            // those that are told, in the order of the page
	Gone    map[string]string // changes by id that were withdrawn or delivered earlier, with the reason
	Quiet   map[string]string // likewise the ones that customers aren't told of; a draft can tell them all the same
	Words   Words
}

// Fact is one change that is told.
type Fact struct {
	ID       string
	Kind     model.Kind
	Title    string // plain text
	Body     string // markdown
	Act      string // markdown: what the reader must do
	Lang     model.Lang
	Reviewed bool     // somebody wrote the words for customers
	Only     []string // systems that alone are told
}

// Generate makes the draft that nobody has edited.
func Generate(f Facts) *Draft {
	d := &Draft{Lang: f.Lang, eol: "\n", Heading: safeTitle(f.Label)}
	d.front = d.newBlock("---\ntitle: \"\"\n---")
	d.head = d.newBlock(headText(f))
	at := map[model.Kind]*Section{}
	for _, k := range model.Kinds() {
		at[k] = d.newSection(f.Words, k)
	}
	for _, fact := range f.Changes {
		if s := at[fact.Kind]; s != nil {
			s.Notes = append(s.Notes, d.newNote(f, fact, false))
		}
	}
	for _, k := range model.Kinds() {
		if len(at[k].Notes) > 0 {
			d.Sections = append(d.Sections, at[k])
		}
	}
	return d
}

func headText(f Facts) string {
	text := "# " + safeTitle(f.Label)
	if f.Words.Help != "" {
		text += "\n\n<!--\n" + strings.TrimSpace(f.Words.Help) + "\n-->"
	}
	return text
}

func (d *Draft) newSection(w Words, k model.Kind) *Section {
	name := w.Kinds[k]
	if name == "" {
		name = string(k)
	}
	return &Section{Kind: k, block: d.newBlock("## " + name + " <!-- " + string(k) + " -->")}
}

// newAside makes the part of the file that is kept but not shown.
func (d *Draft) newAside(w Words) *Section {
	name := w.Aside
	if name == "" {
		name = "Set aside"
	}
	return &Section{Aside: true, block: d.newBlock("## " + name + " <!-- " + asideMarker + " -->")}
}

func (d *Draft) newNote(f Facts, fact Fact, isNew bool) *Note {
	n := &Note{ID: fact.ID, Title: safeTitle(fact.Title), Marks: marksOf(f, fact)}
	if n.Title == "" {
		n.Title = safeTitle(fact.ID)
	}
	if isNew {
		n.Marks = append([]string{MarkNew}, n.Marks...)
	}
	text := "### " + n.Title + " " + marker(n.ID, n.Marks)
	if body := safeBody(fact.Body); body != "" {
		text += "\n\n" + body
	}
	if act := safeBody(fact.Act); act != "" {
		text += "\n\n> " + actMark + "\n> " + strings.ReplaceAll(act, "\n", "\n> ")
	}
	n.block = d.newBlock(text)
	n.Body, n.Act = bodyOf(n.lines[1:])
	return n
}

func marksOf(f Facts, fact Fact) []string {
	var marks []string
	if !fact.Reviewed {
		marks = append(marks, MarkUnreviewed)
	}
	if fact.Lang != "" && fact.Lang != f.Lang {
		marks = append(marks, string(fact.Lang))
	}
	if len(fact.Only) > 0 {
		marks = append(marks, onlyMark+strings.Join(fact.Only, ","))
	}
	return marks
}

func marker(id string, marks []string) string {
	return "<!-- " + strings.Join(append([]string{escapeID(id)}, marks...), " ") + " -->"
}

// mark writes the note's marks into its heading, which else stays as it is.
func (n *Note) mark(marks []string) {
	n.Marks = marks
	line := n.lines[0]
	end := line[len(strings.TrimRight(line, "\r\n")):]
	head := markerAtEnd.ReplaceAllLiteralString(strings.TrimRight(line, "\r\n"), "")
	n.lines = append([]string{head + " " + marker(n.ID, marks) + end}, n.lines[1:]...)
}

// setLeftOut writes the line of the changes that are left out.
func (d *Draft) setLeftOut(ids []string) {
	d.LeftOut = ids
	if len(d.foot.lines) == 0 && len(ids) > 0 {
		d.tail = nil
	}
	if len(ids) == 0 {
		d.foot = block{}
		return
	}
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = escapeID(id)
	}
	d.foot = d.newBlock("<!-- left-out: " + strings.Join(words, " ") + " -->")
}
