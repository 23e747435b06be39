package guard

import (
	"cmp"
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

// Findings gives what was found so far.
func (w *Watch) Findings() []Finding { return w.found }

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

// diagnostic tells of a finding, a line each for what it is, where it would be
// published, how it reads there and which text it comes from; more is how many
// further files hold it. Its position is the place to mend.
func (g *Guard) diagnostic(f Finding, more int) diag.Diagnostic {
	message := diag.Say("%s %q must not leave\n  published in: %s\n  reads there: %s", f.what(), f.Text, andMore(f.File, more), f.Around)
	at := diag.Position{File: f.File}
	if own := g.copiedFrom(f.File); own != "" {
		at.File = own
	} else if s, ok := g.origin(f); ok {
		at = s.Position
		message = diag.Say("%s\n  written as: %s", message, g.quote(s, f))
		if s.Change != "" {
			message = diag.Say("change %s: %s", s.Change, message)
		}
	}
	return diag.New(diag.Error, "leak-"+string(f.Class), at, message, hints[f.Class])
}

// what says what a finding is: "a customer's name (K1)".
func (f Finding) what() diag.Phrase {
	if f.What != "" {
		return diag.Say("%s (%s)", words[f.Class], f.What)
	}
	return words[f.Class]
}

// andMore names a file and counts the others.
func andMore(file string, more int) diag.Phrase {
	switch more {
	case 0:
		return diag.Say("%s", file)
	case 1:
		return diag.Say("%s and 1 more file", file)
	}
	return diag.Say("%s and %d more files", file, more)
}

// quote gives so much of a source as shows it to who looks for it; no secret in it is
// said again.
func (g *Guard) quote(s Source, f Finding) string {
	text := oneLine(s.Text)
	secrets := &scan{guard: g, seen: map[string]bool{}}
	secrets.segment(segment{zoneText, text})
	for _, x := range secrets.found {
		if x.Class != Secret {
			continue
		}
		if !strings.Contains(text, x.raw) {
			return x.Text // it is written in a way that can't be cut out
		}
		text = strings.ReplaceAll(text, x.raw, x.Text)
	}
	at := max(0, strings.Index(lower(text), lower(oneLine(f.raw))))
	return strings.Trim(excerptAround(text, at, at+len(f.raw)), " ")
}

// excerptAround cuts a text around a place.
func excerptAround(text string, from, to int) string {
	const reach = 40
	left, right := max(0, from-reach), min(len(text), to+reach)
	out := clip(text, left, right)
	if left > 0 {
		out = "…" + out
	}
	if right < len(text) {
		out += "…"
	}
	return out
}

// hints say how each class is mended, and how something is let pass.
var hints = func() map[Class]diag.Phrase {
	except := diag.Say("Where it may leave, write it under guard.allow in daybreak.yaml, with the reason.")
	or := func(p diag.Phrase) diag.Phrase { return diag.Say("%s %s", p, except) }
	without := or(diag.Say("write the customer's text without it."))
	return map[Class]diag.Phrase{
		Secret:   diag.Say("take the secret back where it was issued, and out of the text; what was merged once is known."),
		Private:  without,
		Customer: or(diag.Say("write the customer's text without the name, or address the change to that system (trailer Systems).")),
		Ticket:   or(diag.Say("write the customer's text without it; notes.show can show requests and tickets on purpose.")),
		Mail:     or(diag.Say("name product.contact instead.")),
		Host:     without,
		Address:  without,
		Branch:   without,
		Hash:     without,
		Person:   or(diag.Say("write the customer's text without the name; notes.show can show authors on purpose.")),
		Comment:  or(diag.Say("delete the comment; readers see it in the page's source.")),
		Path:     or(diag.Say("say what customers know the part as.")),
	}
}()
