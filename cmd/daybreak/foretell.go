package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"daybreak/internal/compose"
	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// foretold is what the documents will say of commits, and what is missing.
type foretold struct {
	Changes []foretoldChange `json:"changes"`
	// Problems are those that belong to no single change.
	Problems diag.List `json:"problems"`
}

type foretoldChange struct {
	ID       string      `json:"id"`
	Title    string      `json:"title"`
	Kind     string      `json:"kind"`
	KindFrom string      `json:"kindFrom"`
	Breaking bool        `json:"breaking"`
	Areas    []string    `json:"areas"`
	Audience string      `json:"audience"`
	Systems  []string    `json:"systems,omitempty"`
	Told     bool        `json:"told"`             // customers will read of it
	Reason   string      `json:"reason,omitempty"` // why they won't
	Customer []voiceJSON `json:"customer"`
	Act      []voiceJSON `json:"act,omitempty"` // what customers must do
	Operator []voiceJSON `json:"operator"`
	Verifier []voiceJSON `json:"verifier"`
	Risk     []string    `json:"risk,omitempty"`
	Owner    []string    `json:"owner,omitempty"`
	Problems diag.List   `json:"problems"`
}

// voiceJSON is what one reader will read in one language.
type voiceJSON struct {
	Language model.Lang `json:"language"`
	Says     string     `json:"says,omitempty"` // what it is to the team: the trailer's name
	Text     string     `json:"text"`
	Body     string     `json:"body,omitempty"`
	Source   string     `json:"source,omitempty"`
	Fallback bool       `json:"fallback,omitempty"` // it is in another language than the page
	Reviewed bool       `json:"reviewed"`           // somebody wrote it for this reader
}

func (f *foretold) worst() diag.Severity {
	worst := f.Problems.Worst()
	for i := range f.Changes {
		worst = max(worst, f.Changes[i].Problems.Worst())
	}
	return worst
}

// foretell composes the three voices of every live change.
func foretell(c *config.Config, r *model.Release, found diag.List) *foretold {
	out := &foretold{Changes: []foretoldChange{}, Problems: diag.List{}}
	own := map[model.Hash]int{}
	for _, ch := range r.Live() {
		own[ch.Merge] = len(out.Changes)
		out.Changes = append(out.Changes, foretellOne(c, &ch))
	}
	for _, d := range found {
		i, ok := own[model.Hash(d.Position.Commit)]
		if !ok && len(out.Changes) == 1 {
			i, ok = 0, true
		}
		if ok {
			out.Changes[i].Problems.Add(d)
		} else {
			out.Problems.Add(d)
		}
	}
	for i := range out.Changes {
		out.Changes[i].Problems.Sort()
	}
	return out
}

func foretellOne(c *config.Config, ch *model.Change) foretoldChange {
	bucket, why := compose.BucketOf(c, ch)
	f := foretoldChange{
		ID: ch.ID, Title: ch.Title, Kind: string(ch.Kind), KindFrom: ch.KindFrom.String(), Breaking: ch.Breaking,
		Areas: append([]string{}, ch.Areas...), Audience: string(ch.Audience.Scope), Systems: ch.Audience.Systems,
		Told: bucket == model.BucketTold, Customer: []voiceJSON{}, Operator: []voiceJSON{}, Verifier: []voiceJSON{}, Problems: diag.List{},
	}
	if !f.Told {
		f.Reason = why.String()
	}
	for _, l := range c.Languages {
		if f.Told {
			w := compose.WordingOf(c, ch, l)
			f.Customer = append(f.Customer, voiceJSON{Language: l, Text: w.Title, Body: w.Body, Source: w.Source, Fallback: w.Lang != l, Reviewed: w.Reviewed})
			if act := compose.Act(c, ch, l); ch.Breaking && act.Text != "" {
				f.Act = append(f.Act, voiceJSON{Language: l, Text: act.Text, Source: act.Source, Fallback: act.Lang != l, Reviewed: true})
			}
		}
		f.Operator = append(f.Operator, said(c, ch, l, rolloutKeys...)...)
		f.Verifier = append(f.Verifier, said(c, ch, l, checkKeys...)...)
	}
	for _, v := range compose.Voices(c, ch, c.Primary(), "Risk") {
		f.Risk = append(f.Risk, v.Text)
	}
	for _, v := range compose.Voices(c, ch, c.Primary(), "Owner") {
		f.Owner = append(f.Owner, v.Text)
	}
	f.lacks(c, ch)
	return f
}

// said gives what trailers say to the team in a language.
func said(c *config.Config, ch *model.Change, l model.Lang, keys ...string) []voiceJSON {
	var out []voiceJSON
	for _, key := range keys {
		for _, v := range compose.Voices(c, ch, l, key) {
			out = append(out, voiceJSON{Language: l, Says: key, Text: v.Text, Source: v.Source, Fallback: v.Lang != l, Reviewed: true})
		}
	}
	return out
}

// lacks adds a warning for everything that somebody will miss.
func (f *foretoldChange) lacks(c *config.Config, ch *model.Change) {
	add := func(severity diag.Severity, code, message, hint string) {
		f.Problems.Add(diag.Diagnostic{Severity: severity, Code: code, Position: diag.Position{Commit: string(ch.Merge)}, Message: message, Hint: hint})
	}
	internal := ch.Audience.Scope == model.AudienceInternal
	if !ch.Classified && !internal && !ch.NoNote {
		add(diag.Warning, "unclassified", "nothing says what kind of change it is",
			"begin the title with feat: or fix:, or add a trailer `Changelog: added|changed|fixed|removed|deprecated|security|internal`.")
	}
	if f.Told {
		var bare, foreign []string
		for _, v := range f.Customer {
			switch {
			case !v.Reviewed:
				bare = append(bare, string(v.Language))
			case v.Fallback:
				foreign = append(foreign, string(v.Language))
			}
		}
		if len(bare) > 0 {
			add(diag.Warning, "no-customer-text", "customers will read the title as it is", fmt.Sprintf("add a trailer `Release-Note: …`%s, or a note file, with a sentence for customers; `Release-Note: none` where they need none.", perLanguage(c)))
		} else if len(foreign) > 0 {
			add(diag.Warning, "no-translation", "there is no text in "+strings.Join(foreign, ", "), "add `Release-Note-"+foreign[0]+": …`, or leave it to the ones who edit the draft.")
		}
		if !slices.ContainsFunc(f.Verifier, func(v voiceJSON) bool { return v.Says == "Verify" }) && !compose.NeedsNoCheck(c, ch) {
			add(diag.Warning, "no-verification", "nobody said how to check it on the day", "add `Verify: …` with what to do, and `Expect: …` with what must be seen.")
		}
	}
	if ch.Breaking && compose.Act(c, ch, c.Primary()).Text == "" {
		add(diag.Warning, "no-breaking-text", "it is breaking, but nobody said what customers must do", "add `Breaking: …` with what they must do.")
	}
	if path := compose.Migration(c, ch); path != "" && len(f.Operator) == 0 {
		add(diag.Warning, "no-deploy-note", fmt.Sprintf("it changes the database (%q), but nothing is said to the one who rolls out", path), "add `Deploy-Note: …`, and `Rollback-Note: …` where going back takes a hand.")
	}
}

func perLanguage(c *config.Config) string {
	if len(c.Languages) < 2 {
		return ""
	}
	return fmt.Sprintf(" (and `Release-Note-%s: …`)", c.Languages[1])
}

// print writes the three voices for a developer.
func (f *foretold) print(out io.Writer) error {
	var b strings.Builder
	if len(f.Changes) == 0 {
		b.WriteString("nothing to tell: there is no commit\n")
	}
	for i := range f.Changes {
		if i > 0 {
			b.WriteString("\n")
		}
		f.Changes[i].print(&b)
	}
	for _, d := range f.Problems {
		b.WriteString(d.String() + "\n")
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// labels are what the trailers for the team are called in front of their texts.
var labels = map[string]string{"Deploy-Note": "rollout", "Rollback-Note": "way back", "Verify": "check", "Expect": "must see", "Tested-On": "tested on"}

func (f *foretoldChange) print(b *strings.Builder) {
	line := func(label, text string) {
		fmt.Fprintf(b, "  %-10s %s\n", label, strings.ReplaceAll(diag.Printable(text), "\n", "\n"+strings.Repeat(" ", 13)))
	}
	fmt.Fprintf(b, "%s %s\n", diag.Printable(f.ID), diag.Printable(f.Title))
	kind := f.Kind
	if f.Breaking {
		kind += ", breaking"
	}
	line("kind", kind+" ("+f.KindFrom+")")
	for _, fact := range []struct {
		label string
		names []string
	}{{"area", f.Areas}, {"risk", f.Risk}, {"owner", f.Owner}} {
		if len(fact.names) > 0 {
			line(fact.label, strings.Join(fact.names, ", "))
		}
	}
	switch {
	case !f.Told:
		line("customers", "are not told: "+f.Reason)
	case f.Audience == string(model.AudienceSystems):
		line("told to", cmp.Or(strings.Join(f.Systems, ", "), "no system"))
	}
	last := ""
	voices := func(label string, list []voiceJSON) {
		for _, v := range list {
			text := string(v.Language) + ": " + v.Text
			if v.Body != "" {
				text += "\n" + v.Body
			}
			if v.Fallback {
				text += "\n(in another language)"
			}
			if v.Source != "" {
				text += "\n(" + v.Source + ")"
			}
			if own := labels[v.Says]; own != "" {
				label = own
			}
			if label == last {
				line("", text)
				continue
			}
			line(label, text)
			last = label
		}
	}
	voices("customers", f.Customer)
	voices("must do", f.Act)
	voices("rollout", f.Operator)
	voices("check", f.Verifier)
	for _, d := range f.Problems {
		d.Position = diag.Position{File: d.Position.File, Line: d.Position.Line, Column: d.Position.Column}
		line("", d.String())
	}
}
