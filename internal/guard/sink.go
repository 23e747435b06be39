package guard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"daybreak/internal/diag"
)

// Sink takes finished files.
type Sink interface {
	Put(path string, data []byte) error
}

// Watch is a sink that reads everything that leaves on its way into another.
// What it passes on is complete; whoever has the tree must not commit it where
// Report holds an error.
type Watch struct {
	guard *Guard
	next  Sink
	found []Finding
}

// Over puts the guard in front of a sink.
func (g *Guard) Over(next Sink) *Watch { return &Watch{guard: g, next: next} }

// Put scans a file where it leaves, and passes it on.
func (w *Watch) Put(path string, data []byte) error {
	if Leaves(path) {
		w.found = append(w.found, w.guard.Scan(path, data)...)
	}
	return w.next.Put(path, data)
}

// Found counts what was found so far, the same text in two files twice.
func (w *Watch) Found() int { return len(w.found) }

// Report gives a diagnostic for each text that must not leave, however many
// files hold it.
func (w *Watch) Report() diag.List {
	type key struct {
		class Class
		text  string
		from  Source
	}
	groups := map[key][]Finding{}
	var order []key
	for _, f := range w.found {
		s, _ := w.guard.origin(f)
		k := key{f.Class, strings.ToLower(f.raw), s}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], f)
	}
	var list diag.List
	for _, k := range order {
		files := groups[k]
		// The release's own page shows best where it stands.
		slices.SortStableFunc(files, func(a, b Finding) int {
			return cmp.Or(cmp.Compare(strings.Count(b.File, "/"), strings.Count(a.File, "/")), cmp.Compare(a.File, b.File))
		})
		list.Add(w.guard.diagnostic(files[0], len(files)-1))
	}
	list.Sort()
	return list
}

// diagnostic tells of a finding; more is how many further files hold it.
func (g *Guard) diagnostic(f Finding, more int) diag.Diagnostic {
	what := words[f.Class]
	if f.What != "" {
		what += " (" + f.What + ")"
	}
	others := ""
	switch {
	case more == 1:
		others = " and 1 more file"
	case more > 1:
		others = fmt.Sprintf(" and %d more files", more)
	}
	d := diag.Diagnostic{
		Severity: diag.Error,
		Code:     "leak-" + string(f.Class),
		Position: diag.Position{File: f.File},
		Message:  fmt.Sprintf("%s %q must not leave: %s%s: %q", what, f.Text, f.File, others, f.Around),
		Hint:     hints[f.Class],
	}
	if s, ok := g.origin(f); ok {
		d.Position = s.Position
		if s.Change != "" {
			d.Message = fmt.Sprintf("change %s: %s", s.Change, d.Message)
		}
	}
	return d
}

// except is how to let something pass.
const except = " Where it may leave, write it under guard.allow in daybreak.yaml, with the reason."

var hints = map[Class]string{
	Secret:   "take the secret back where it was issued, and out of the text; what was merged once is known.",
	Private:  "write the customer's text without it." + except,
	Customer: "write the customer's text without the name, or address the change to that system (trailer Systems)." + except,
	Ticket:   "write the customer's text without it; notes.show can show requests and tickets on purpose." + except,
	Mail:     "name product.contact instead." + except,
	Host:     "write the customer's text without it." + except,
	Address:  "write the customer's text without it." + except,
	Branch:   "write the customer's text without it." + except,
	Hash:     "write the customer's text without it." + except,
	Person:   "write the customer's text without the name; notes.show can show authors on purpose." + except,
	Comment:  "delete the comment; readers see it in the page's source." + except,
	Path:     "say what customers know the part as." + except,
}
