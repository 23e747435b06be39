package config

import (
	"fmt"
	"net/mail"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/bmatcuk/doublestar/v4"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// shipped are the languages that daybreak's own strings exist in.
var shipped = []model.Lang{model.German, model.English}

// language reports a language that daybreak has no strings for.
func (d *decoder) language(at place, key, tag string) {
	hint := diag.Say("daybreak speaks de (German) and en (English).")
	for _, l := range shipped {
		if len(tag) > 2 && strings.HasPrefix(strings.ToLower(tag), string(l)) {
			hint = diag.Say("Did you mean %q? %s", l, hint)
			break
		}
	}
	d.add(at, key, "unknown-language", diag.Say("unknown language %q", tag), hint)
}

// bad reports an impossible value at a key whose place is known.
func (d *decoder) bad(key, code string, message, hint diag.Phrase) {
	d.add(d.at[key], key, code, message, hint)
}

// warn reports something that can be meant but hardly is.
func (d *decoder) warn(key, code string, message, hint diag.Phrase) {
	d.bad(key, code, message, hint)
	d.list[len(d.list)-1].Severity = diag.Warning
}

// validate checks what no single value shows. Values that the decoder refused
// are empty here and pass: one mistake is told once.
func (d *decoder) validate(c *Config) {
	d.product(c)
	d.repositories(c)
	d.history(c)
	d.areas(c)
	d.systems(c)
	d.people(c)
	d.guard(&c.Guard)
	d.glossary(c)
	d.letters(c)
	if c.Train != nil {
		d.train(c.Train)
	}
	d.publish(c)
	d.globs("migrations", c.Migrations)
	d.globs("configuration", c.Configuration)
	doubles(d, "languages", c.Languages)
	doubles(d, "notes.show", c.Notes.Show)
	if !isZone(c.Timezone) {
		d.bad("timezone", "unknown-zone", diag.Say("unknown time zone %q", c.Timezone), zoneHint(c.Timezone))
	}
}

func (d *decoder) product(c *Config) {
	d.address("product.url", c.Product.URL)
	d.address("product.home", c.Product.Home)
	d.mail("product.contact.mail", c.Product.Contact.Mail)
	if logo := c.Product.Logo; logo != "" && !isLocal(logo) {
		d.bad("product.logo", "bad-value", diag.Say("the logo %q is not a path inside the workspace", logo), diag.Say("Put the picture beside daybreak.yaml and write its path with slashes: content/logo.svg."))
	}
}

func isLocal(p string) bool {
	return !strings.ContainsAny(p, `\:`) && !path.IsAbs(p) && path.Clean(p) != ".." && !strings.HasPrefix(path.Clean(p), "../")
}

func (d *decoder) repositories(c *Config) {
	var names, paths []string
	for i, r := range c.Repositories {
		at := fmt.Sprintf("repositories[%d]", i)
		names, paths = append(names, r.Name), append(paths, r.Path)
		if r.Name == "" && len(c.Repositories) > 1 && r.Path != "" {
			d.bad(at, "missing-key", diag.Say("repository %q needs a name, because there are several", r.Path), diag.Say("Write name: %s.", nameFromPath(r.Path)))
		}
		for j, glob := range r.Tags {
			d.pattern(fmt.Sprintf("%s.tags[%d]", at, j), glob)
		}
		d.globs(at+".paths", r.Paths)
		d.address(at+".url", r.URL)
		if strings.HasPrefix(r.Main, "-") || strings.ContainsAny(r.Main, " ~^:?*[\\") || strings.Contains(r.Main, "..") {
			d.bad(at+".main", "bad-value", diag.Say("%q is no branch name", r.Main), diag.Say("Write one branch's name, for example main."))
		}
	}
	d.unique("repositories[%d].name", "repository", names)
	if !slices.ContainsFunc(c.Repositories, func(r Repository) bool { return len(r.Paths) > 0 || len(r.Tags) > 0 }) {
		d.unique("repositories[%d].path", "repository", paths) // parts of a monorepo share one
	}
}

func nameFromPath(p string) string {
	base := strings.TrimSuffix(path.Base(strings.ReplaceAll(p, `\`, "/")), ".git")
	if base == "." || base == ".." || base == "/" || base == "" {
		return "main"
	}
	return base
}

func (d *decoder) history(c *Config) {
	for i, t := range c.History.Tickets {
		d.regexp(fmt.Sprintf("history.tickets[%d]", i), t)
	}
	owner := map[string]string{}
	for _, name := range sortedKeys(c.History.Trailers) {
		d.trailerName("history.trailers."+name, name)
		for j, alias := range c.History.Trailers[name] {
			low := strings.ToLower(alias)
			if other, taken := owner[low]; taken && alias != "" {
				d.bad(fmt.Sprintf("history.trailers.%s[%d]", name, j), "duplicate-value", diag.Say("trailer %q stands for %q already", alias, other), diag.Say("One trailer can have one meaning."))
				continue
			}
			owner[low] = name
		}
	}
}

// trailerName wants the name of one of daybreak's trailers, alone or for one
// language.
func (d *decoder) trailerName(key, name string) {
	names := model.TrailerNames()
	if slices.Contains(names, name) {
		return
	}
	if base, l, ok := model.LocalTrailer(name); ok && name == base+"-"+string(l) {
		return
	}
	hint := diag.Say("Known: %s; Release-Note-en and the like for one language.", strings.Join(names, ", "))
	if best := closest(name, names); best != "" {
		hint = diag.Say("Did you mean %q?", best)
	}
	d.bad(key, "unknown-trailer", diag.Say("daybreak has no trailer %q", name), hint)
}

func (d *decoder) areas(c *Config) {
	ids := make([]string, len(c.Areas))
	scopes := map[string]string{}
	for i, a := range c.Areas {
		ids[i] = a.ID
	}
	d.unique("areas[%d].id", "area", ids)
	for i, a := range c.Areas {
		at := fmt.Sprintf("areas[%d]", i)
		d.globs(at+".paths", a.Paths)
		doubles(d, at+".depends", a.Depends)
		for j, on := range a.Depends {
			key := fmt.Sprintf("%s.depends[%d]", at, j)
			if on != "" && on == a.ID {
				d.bad(key, "bad-value", diag.Say("area %q depends on itself", on), diag.Say("Delete it from the list."))
				continue
			}
			d.reference(key, "area", on, ids)
		}
		for j, s := range a.Scopes {
			low := strings.ToLower(s)
			if other, taken := scopes[low]; taken && s != "" && other != a.ID {
				d.bad(fmt.Sprintf("%s.scopes[%d]", at, j), "duplicate-value", diag.Say("scope %q means the area %q already", s, other), diag.Say("One scope can mean one area."))
			}
			scopes[low] = a.ID
		}
	}
}

func (d *decoder) systems(c *Config) {
	areas := make([]string, len(c.Areas))
	for i, a := range c.Areas {
		areas[i] = a.ID
	}
	ids := make([]string, len(c.Systems))
	languages := c.Languages
	if len(languages) == 0 {
		languages = []model.Lang{model.English}
	}
	for i, s := range c.Systems {
		at := fmt.Sprintf("systems[%d]", i)
		ids[i] = s.ID
		d.address(at+".url", s.URL)
		d.address(at+".notes", s.Notes)
		d.recipients(c, i)
		doubles(d, at+".areas", s.Areas)
		doubles(d, at+".languages", s.Languages)
		doubles(d, at+".also", s.Also)
		for j, a := range s.Areas {
			d.reference(fmt.Sprintf("%s.areas[%d]", at, j), "area", a, areas)
		}
		for j, l := range s.Languages {
			if l != "" && !slices.Contains(languages, l) {
				d.bad(fmt.Sprintf("%s.languages[%d]", at, j), "unknown-language", diag.Say("system %q wants the language %q, which the documents are not made in", s.ID, l), diag.Say("Add %s to languages at the top.", l))
			}
		}
	}
	d.unique("systems[%d].id", "system", ids)
}

func (d *decoder) people(c *Config) {
	ids := make([]string, len(c.People))
	owner := map[string]string{}
	for i, p := range c.People {
		ids[i] = p.ID
		for j, m := range p.Mails {
			key := fmt.Sprintf("people[%d].mails[%d]", i, j)
			d.mail(key, m)
			low := strings.ToLower(m)
			if other, taken := owner[low]; taken && m != "" {
				d.bad(key, "duplicate-value", diag.Say("mail address %q belongs to %q already", m, other), diag.Say("One address belongs to one person."))
				continue
			}
			owner[low] = p.ID
		}
	}
	d.unique("people[%d].id", "person", ids)
	roles := make([]string, len(c.Roles))
	for i, r := range c.Roles {
		roles[i] = r.ID
		at := fmt.Sprintf("roles[%d]", i)
		d.reference(at+".person", "person", r.Person, ids)
		d.reference(at+".deputy", "person", r.Deputy, ids)
		if r.Person != "" && r.Person == r.Deputy {
			d.bad(at+".deputy", "bad-value", diag.Say("%q can't be the deputy of the same person", r.Deputy), diag.Say("Name somebody else."))
		}
	}
	d.unique("roles[%d].id", "role", roles)
}

func (d *decoder) train(t *Train) {
	if t.First != "" {
		day, err := time.Parse(time.DateOnly, t.First)
		switch weekday := strings.ToLower(day.Weekday().String()); {
		case err != nil:
			d.bad("train.first", "bad-value", diag.Say("there is no day %q", t.First), diag.Phrase{})
		case t.Weekday != "" && weekday != t.Weekday:
			d.bad("train.first", "weekday-mismatch", diag.Say("%s is a %s, but the rollout is on %s", t.First, weekday, t.Weekday), diag.Say("Change train.first or train.weekday."))
		}
	}
	d.days(t)
	start, err1 := time.Parse("15:04", t.Start)
	opening, err2 := time.Parse("15:04", t.Opening)
	if err1 != nil || err2 != nil {
		return
	}
	key := "train.opening"
	if _, written := d.at[key]; !written {
		key = "train.start"
	}
	if _, written := d.at[key]; !written {
		key = "train"
	}
	minutes := int(opening.Sub(start).Minutes())
	switch need := t.Database + t.Rollback + t.Buffer; {
	case minutes <= 0:
		d.bad(key, "impossible-times", diag.Say("the offices open at %s, which is not after the start at %s", t.Opening, t.Start), diag.Say("train.start is the green light of the morning, train.opening when customers begin to work."))
	case minutes < need:
		d.warn(key, "impossible-times", diag.Say("%d minutes from start to opening are fewer than database %d + rollback %d + buffer %d", minutes, t.Database, t.Rollback, t.Buffer), diag.Say("A failing database update could not be rolled back in time: start earlier."))
	}
}

// unique refuses an id that is there twice; case makes no difference, because
// ids become folder names. format gives the key of the i-th.
func (d *decoder) unique(format, what string, ids []string) {
	first := map[string]int{}
	for i, id := range ids {
		low := strings.ToLower(id)
		j, double := first[low]
		if !double || id == "" {
			first[low] = i
			continue
		}
		key := fmt.Sprintf(format, i)
		d.bad(key, "duplicate-id", diag.Say("%s %q is there already, in line %d", diag.Say(what), id, d.at[fmt.Sprintf(format, j)].line), diag.Say("Give one of them another name."))
	}
}

// doubles refuses the same value twice in a list.
func doubles[T ~string](d *decoder, key string, list []T) {
	for i, v := range list {
		if v != "" && slices.Contains(list[:i], v) {
			d.bad(fmt.Sprintf("%s[%d]", key, i), "duplicate-value", diag.Say("%q is in the list already", v), diag.Say("Delete one of them."))
		}
	}
}

// reference checks that an id is one of those that are defined.
func (d *decoder) reference(key, what, id string, ids []string) {
	if id == "" || slices.Contains(ids, id) {
		return
	}
	hint := diag.Phrase{}
	known := slices.DeleteFunc(slices.Clone(ids), func(s string) bool { return s == "" })
	switch best := closest(id, known); {
	case best != "":
		hint = diag.Say("Did you mean %q?", best)
	case len(known) == 0:
		hint = diag.Say("No %s is defined yet.", diag.Say(what))
	case len(known) <= 12:
		hint = diag.Say("Known: %s.", strings.Join(known, ", "))
	}
	d.bad(key, "unknown-reference", diag.Say("unknown %s %q", diag.Say(what), id), hint)
}

// globs checks path globs (https://github.com/bmatcuk/doublestar#patterns)
// against the paths that git knows: relative, with slashes.
func (d *decoder) globs(key string, globs []string) {
	for i, g := range globs {
		k := fmt.Sprintf("%s[%d]", key, i)
		switch {
		case g == "" || !d.pattern(k, g):
		case strings.HasPrefix(g, "/"), strings.HasPrefix(g, "./"), strings.HasPrefix(g, "../"), strings.Contains(g, "/../"):
			d.bad(k, "bad-glob", diag.Say("%q matches no path: git's paths begin at the top of the repository", g), diag.Say("Write %q.", strings.TrimLeft(g, "./")))
		case strings.HasPrefix(g, "!"):
			d.bad(k, "bad-glob", diag.Say("%q: a glob can't be negated", g), diag.Say("Name what is meant instead of what isn't."))
		case strings.HasSuffix(g, "/"):
			d.bad(k, "bad-glob", diag.Say("%q matches no file", g), diag.Say("Write %q for all that lies in the folder.", g+"**"))
		}
	}
}

func (d *decoder) pattern(key, glob string) bool {
	if doublestar.ValidatePattern(glob) {
		return true
	}
	d.bad(key, "bad-glob", diag.Say("%q is no glob", glob), diag.Say("A bracket or brace is not closed: * is any part of a name, ** any folders, {a,b} a choice, [a-z] one character."))
	return false
}

// address refuses what only looks like an absolute web address.
func (d *decoder) address(key, s string) {
	if s == "" {
		return
	}
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		d.bad(key, "bad-address", diag.Say("%q is no absolute web address", s), diag.Say("It begins with https:// and a host's name."))
	case u.User != nil:
		d.bad(key, "bad-address", diag.Say("the address at %q holds a user name or password", key), diag.Say("Leave it out: it would be shown to readers."))
	}
}

func (d *decoder) mail(key, s string) {
	if s == "" {
		return
	}
	if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
		d.bad(key, "bad-address", diag.Say("%q is no mail address", s), diag.Say("Write the bare address, without a name."))
	}
}

// isZone knows the names of the time zone database, and none that depends on
// the machine. Empty is the default.
func isZone(name string) bool {
	switch name {
	case "":
		return true
	case "Local", "localtime", "posixrules", "Factory":
		return false
	}
	if strings.HasPrefix(name, "posix/") || strings.HasPrefix(name, "right/") {
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil
}

// zoneHint tries what people write instead: another case, the town alone.
func zoneHint(name string) diag.Phrase {
	town := strings.ReplaceAll(strings.TrimSpace(name), " ", "_")
	town = town[strings.LastIndex(town, "/")+1:]
	upper := true
	town = strings.Map(func(r rune) rune {
		defer func() { upper = r == '_' || r == '-' }()
		if upper {
			return unicode.ToUpper(r)
		}
		return unicode.ToLower(r)
	}, town)
	for _, continent := range []string{"Europe", "America", "Asia", "Africa", "Australia", "Pacific", "Atlantic", "Indian"} {
		if town != "" && isZone(continent+"/"+town) {
			return diag.Say("Did you mean %q?", continent+"/"+town)
		}
	}
	return diag.Say("Write a name of the IANA database, for example Europe/Berlin, or UTC.")
}
