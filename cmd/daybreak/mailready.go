package main

import (
	"cmp"
	"slices"
	"strings"

	"daybreak/internal/compose"
	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/mail"
	"daybreak/internal/model"
	"daybreak/internal/output"
)

type letter struct {
	model.Mail
	facts  model.MailFacts
	to     []mail.Address
	hotfix string
}

// letters writes the mails that were asked for. Systems for which the mail is
// wrong are left out, and said so, unless they were named.
func (d *desk) letters() ([]letter, error) {
	o := model.Outcome(d.flags.outcome)
	var systems []*config.System
	for _, s := range d.customers() {
		named := slices.ContainsFunc(d.flags.systems, func(id string) bool { return strings.EqualFold(id, s.ID) })
		if len(d.flags.systems) > 0 && !named {
			continue
		}
		why := d.morning.Unfit(s.ID, o)
		switch {
		case why == nil:
			systems = append(systems, s)
		case named:
			return nil, diag.Refuse(why.Code, diag.Say("mail %s would be wrong: %s", o, why.Phrases.Message), d.journalHint(why.Phrases.Hint))
		default:
			d.m.say("mail %s is not for %s: %s", o, s.ID, why.Phrases.Message)
		}
	}
	if len(d.customers()) > 0 && len(systems) == 0 {
		return nil, diag.Refuse("mail-outcome", diag.Say("there is no system for which mail %s is right", o),
			diag.Say("`daybreak mail %s%s` shows which ones are.", d.list[0].Slug(), d.w.place.flags()))
	}
	if len(d.customers()) == 0 {
		systems = []*config.System{nil} // a text that fits every customer
	}
	var out []letter
	for _, s := range systems {
		more, err := d.lettersOf(s, o)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, d.ready(out)
}

// journalHint says how a line that a hint shows comes into the journal.
func (d *desk) journalHint(hint diag.Phrase) diag.Phrase {
	if !strings.Contains(hint.String(), "`") {
		return hint
	}
	return diag.Say("%s Such a line is added with `daybreak journal add --now%s %s LINE`.", hint, d.w.place.flags(), d.list[0].Slug())
}

// lettersOf writes the mail of one system in each of its languages.
func (d *desk) lettersOf(s *config.System, o model.Outcome) ([]letter, error) {
	c := d.w.config
	languages, id := c.Languages, ""
	if s != nil {
		languages, id = compose.SystemLanguages(c, s), s.ID
	}
	var out []letter
	for _, l := range languages {
		if d.flags.lang != "" && string(l) != d.flags.lang {
			continue
		}
		to := d.w.addressees(s, l)
		if len(to) == 0 && s != nil && len(s.Addressees()) > 0 {
			continue // nobody there reads it
		}
		notes := compose.AllNotes(c, d.list, s, l, 1)
		if len(notes) == 0 {
			return nil, diag.Refuse("mail-release", diag.Say("customers are not told of this release"),
				diag.Say("pre-releases have notes with `notes: {prereleases: true}` alone."))
		}
		facts := d.w.mailFacts(notes[0], s)
		facts.Day, facts.Time = d.morning.Day, d.flags.clock
		if facts.Time == "" {
			facts.Time = d.morning.Since(id, o).String()
		}
		one := letter{to: to}
		if o == model.OutcomeHotfix {
			one.hotfix = cmp.Or(d.flags.hotfix, d.morning.HotfixOf(id))
			facts.Hotfix = d.hotfixFacts(s, l, one.hotfix)
		}
		m, found, err := mail.Compose(d.w.content, facts, o, mailWords(d.look, l))
		if err != nil {
			return nil, err
		}
		if found.Worst() == diag.Error {
			return nil, &diag.ListError{List: found}
		}
		d.m.diagnostics(found)
		one.Mail, one.facts = m, facts
		out = append(out, one)
	}
	return out, nil
}

// hotfixFacts gives what a hotfix's own notes tell a customer, nil where no tag
// of it is known, or where they tell nothing: then people must write it.
func (d *desk) hotfixFacts(s *config.System, l model.Lang, version string) *model.HotfixFacts {
	v, _ := model.ParseVersion(version)
	for _, n := range compose.AllNotes(d.w.config, slices.Concat(d.w.beside, d.list), s, l, 0) {
		if n.Unreleased || n.Slug != v.Slug() {
			continue
		}
		facts := compose.HotfixFacts(d.w.config, s, n)
		if facts != nil && s != nil {
			facts.From = d.morning.Since(s.ID, model.OutcomeDone).String()
		}
		return facts
	}
	return nil
}

// ready fills in the placeholders and refuses what is still open, or what must
// not leave.
func (d *desk) ready(letters []letter) error {
	used := make([]bool, len(d.flags.set))
	for i := range letters {
		for j, set := range d.flags.set {
			name, text, _ := strings.Cut(set, "=")
			filled, ok := mail.Fill(letters[i].Mail, name, text)
			letters[i].Mail, used[j] = filled, used[j] || ok
		}
	}
	if j := slices.Index(used, false); j >= 0 && len(letters) > 0 {
		name, _, _ := strings.Cut(d.flags.set[j], "=")
		hint := diag.Say("Nothing is left to fill in.")
		if open := letters[0].Open; len(open) > 0 {
			hint = diag.Say("Open: %s.", strings.Join(open, ", "))
		}
		return diag.Refuse("mail-placeholder", diag.Say("mail %s has no placeholder %q", d.flags.outcome, "["+strings.Trim(name, "[]")+"]"), hint)
	}
	if list := d.stillOpen(letters); len(list) > 0 {
		return &diag.ListError{List: list}
	}
	return d.guarded(letters)
}

// stillOpen tells of placeholders nobody has filled in, each once.
func (d *desk) stillOpen(letters []letter) diag.List {
	var list diag.List
	in := map[string][]string{}
	first := map[string]letter{}
	var order []string
	for _, l := range letters {
		for _, open := range l.Open {
			if _, seen := first[open]; !seen {
				first[open], order = l, append(order, open)
			}
			if l.For != "" && !slices.Contains(in[open], l.For) {
				in[open] = append(in[open], l.For)
			}
		}
	}
	for _, open := range order {
		l, hint, still := first[open], diag.Say("Fill it in: --set %q.", strings.Trim(open, "[]")+"=…"), diag.Say("%s is still open", open)
		if open == d.look.T(l.Lang, "mail.time") {
			hint = diag.Say("Say since when: --time 07:21, or write it into the journal.")
		}
		if open == d.look.T(l.Lang, "mail.date") {
			hint = diag.Say("Say which day: --day 2026-11-03.")
		}
		if len(in[open]) > 1 {
			still = diag.Say("%s is still open in the mails of %s", open, strings.Join(in[open], ", "))
		}
		list.Add(diag.New(diag.Error, "mail-placeholder", diag.Position{File: mail.Name(l.Mail) + ".md"}, still, hint))
	}
	return list
}

// guarded reads the finished mails as a customer's program would: what was
// typed in on the morning may name another customer.
func (d *desk) guarded(letters []letter) error {
	watch := d.w.guard(d.list)
	tree := watch.Over(&output.Memory{})
	for _, l := range letters {
		if err := tree.Put(mail.Name(l.Mail)+".md", mail.Markdown(l.Mail, d.look.T(l.Lang, "mail.subject"))); err != nil {
			return err
		}
	}
	if leaks := tree.Report(); leaks.Worst() == diag.Error {
		return &diag.ListError{List: leaks}
	}
	return nil
}

// letterJSON is a ready mail for scripts.
