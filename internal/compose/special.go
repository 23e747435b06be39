package compose

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// specialNotes collects what must be known before the green light: alarms of
// history first, then the changes in order, each with its deploy notes,
// migrations, configuration and what it takes back. daybreak's own sentences
// come from the content; what authors wrote stays as they wrote it.
func (b *runbookBuilder) specialNotes(r *model.Release) {
	for _, a := range r.Alarms {
		text := a.Text
		if a.Code == "null-back-merge" && b.day.special.alarm != "" {
			text = b.fill(b.day.special.alarm, map[string]string{"title": a.Subject, "release": a.In, "change": a.Commit.Short(), "files": ""})
		}
		n := model.SpecialNote{Text: sheetText(text), Alarm: true, Source: a.Commit.Short()}
		if text == a.Text { // history tells its alarms in English only
			n.TextLang = foreign(n.Text, model.English, b.day.Lang)
		}
		b.special = append(b.special, n)
	}
	live := r.Live()
	for i := range live {
		b.notesOf(&live[i])
	}
	b.special = joinNotes(b.special)
	for i := range b.special {
		b.special[i].Code = fmt.Sprintf("B%d", i+1)
	}
	b.pointAtNotes()
}

var stepName = regexp.MustCompile(`[\pL\pN]+`)

// pointAtNotes finds the steps that notes name ("only after G3"), so that each
// stands where it is done as well. Coffee and systems can have the same codes;
// a system is what authors mean.
func (b *runbookBuilder) pointAtNotes() {
	b.notesAt = map[string][]string{}
	named := map[string]bool{}
	for _, p := range b.day.phases {
		for _, s := range p.steps {
			named[s.code] = s.kind != model.StepBreak
		}
	}
	for _, s := range b.config.Systems {
		delete(named, s.ID)
	}
	for _, n := range b.special {
		for _, word := range unique(stepName.FindAllString(n.Text, -1)) {
			if named[word] {
				b.notesAt[word] = append(b.notesAt[word], n.Code)
			}
		}
	}
}

// joinNotes makes one of the notes that say the same: what two changes ask for
// is done once, and read aloud once.
func joinNotes(notes []model.SpecialNote) []model.SpecialNote {
	var out []model.SpecialNote
	for _, n := range notes {
		i := slices.IndexFunc(out, func(o model.SpecialNote) bool {
			return !n.Alarm && !o.Alarm && o.Text == n.Text && o.Rollback == n.Rollback && o.Owner == n.Owner && o.Threshold == n.Threshold && slices.Equal(o.Systems, n.Systems)
		})
		switch {
		case i < 0:
			out = append(out, n)
		case out[i].Source != n.Source: // else the same change says it twice
			out[i].Source += ", " + n.Source
		}
	}
	return out
}

// dependencies is the one line for all dependency and submodule updates. There
// is nothing to do for them, so they are no special note, which wants a tick.
func (b *runbookBuilder) dependencies(r *model.Release) string {
	list, n := Dependencies(r)
	if len(list) == 0 {
		return ""
	}
	text := b.fill(b.day.special.dependencies, map[string]string{"count": strconv.Itoa(n), "names": dependencyNames(list), "title": dependencyTitle(n, b.day.Lang), "change": "", "release": "", "files": ""})
	return sheetText(text)
}

func (b *runbookBuilder) notesOf(ch *model.Change) {
	base := model.SpecialNote{Systems: systemsOf(b.config, ch), Owner: developer(b.config, ch), Source: ch.ID}
	back, in := localizedTexts(b.config, ch, "Rollback-Note", b.day.Lang, func(string) bool { return true })
	base.Rollback = strings.Join(each(back, sheetText), " / ")
	base.BackLang = foreign(base.Rollback, in, b.day.Lang)
	facts := map[string]string{"change": ch.ID, "title": b.title(ch), "release": "", "files": ""}

	migrations, settings := touched(ch, b.config.Migrations), touched(ch, b.config.Configuration)
	var threshold string
	if len(migrations) > 0 {
		threshold = b.fill(b.day.special.migrationThreshold, facts)
		facts["files"] = fileNames(migrations)
	}
	deploy, in := b.deployNotes(ch)
	for i, text := range deploy {
		n := base
		n.Text, n.TextLang = text, foreign(text, in, b.day.Lang)
		// The first note of a change speaks for its files as well: one thing to
		// read aloud, not three.
		if i == 0 && len(migrations)+len(settings) > 0 {
			n.Threshold = threshold
			n.Source += " · " + fileNames(slices.Concat(migrations, settings))
		}
		b.special = append(b.special, n)
		b.wantRollback(ch, n)
	}
	if len(migrations) > 0 && len(deploy) == 0 {
		n := base
		n.Text, n.Threshold = b.fill(b.day.special.migration, facts), threshold
		b.special = append(b.special, n)
		b.wantRollback(ch, n)
	}
	if len(settings) > 0 && len(deploy) == 0 {
		n := base
		facts["files"] = fileNames(settings)
		n.Text = b.fill(b.day.special.configuration, facts)
		b.special = append(b.special, n)
	}
	if len(ch.Reverts) > 0 {
		n := base
		n.Text = b.fill(b.day.special.reverted, facts)
		b.special = append(b.special, n)
	}
	if slices.ContainsFunc(back, saysSomething) && len(deploy)+len(migrations)+len(settings)+len(ch.Reverts) == 0 {
		// The way there needs no hand, the way back does.
		n := base
		n.Text = b.title(ch)
		b.special = append(b.special, n)
	}
}

// deployNotes gives the Deploy-Note trailers in the document's language, else
// in another one, for a note must not be lost; and the language.
func (b *runbookBuilder) deployNotes(ch *model.Change) ([]string, model.Lang) {
	texts, l := localizedTexts(b.config, ch, "Deploy-Note", b.day.Lang, func(v string) bool {
		v = sheetText(v)
		return v != "" && !isNone(v)
	})
	return each(texts, sheetText), l
}

// wantRollback tells of a note that nobody can take back.
func (b *runbookBuilder) wantRollback(ch *model.Change, n model.SpecialNote) {
	if n.Rollback == "" {
		b.list.Add(diag.New(
			diag.Warning, "no-rollback", diag.Position{Commit: string(ch.Merge), Part: `trailer "Rollback-Note"`},
			diag.Say("the deployment of %s is special, but nobody says how to take it back", ch.ID),
			diag.Say("Fill in the line on the sheet by hand; the next time a trailer Rollback-Note says it."),
		))
	}
	if n.Owner == "" {
		b.list.Add(diag.New(
			diag.Warning, "no-owner", diag.Position{Commit: string(ch.Merge), Part: `trailer "Owner"`},
			diag.Say("nobody answers for the special note of %s", ch.ID),
			diag.Say("Write the owner on the sheet by hand before the green light; the next time a trailer Owner names a person of daybreak.yaml."),
		))
	}
}

// title is the change's wording in the document's language.
func (b *runbookBuilder) title(ch *model.Change) string {
	return sheetText(WordingOf(b.config, ch, b.day.Lang).Title)
}

// systemsOf names the systems that a change is for, nil for all of them.
func systemsOf(c *config.Config, ch *model.Change) []string {
	if ch.Audience.Scope == model.AudienceSystems {
		return ch.Audience.Systems
	}
	var out []string
	for _, v := range trailer(c, ch, "Systems") {
		for _, name := range splitList(v) {
			for _, s := range c.Systems {
				if strings.EqualFold(s.ID, name) || strings.EqualFold(s.Name, name) {
					out = append(out, s.ID)
				}
			}
		}
	}
	return unique(out)
}

// fileNames shortens paths for a sheet: the names, at most three of them.
func fileNames(paths []string) string {
	names := each(paths, path.Base)
	if len(names) > 3 {
		return strings.Join(names[:3], ", ") + fmt.Sprintf(" +%d", len(names)-3)
	}
	return strings.Join(names, ", ")
}

func each(in []string, f func(string) string) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = f(s)
	}
	return out
}
