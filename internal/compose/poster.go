package compose

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

// robots are authors that nobody needs to thank: forges mark theirs with
// "[bot]", teams name theirs for what they do. "Peter Bot" is a person.
var robots = regexp.MustCompile(`(?i)\[bot\]|[-_]bot\b|\b(?:build|cd|ci|deploy|merge|release|sync|translation|update) ?bot\b|^(?:github(?: actions)?|gitlab(?: ci)?|jenkins|root|noreply|no-reply)$`)

// isRobot reports whether a name out of history is a program's.
func isRobot(p model.Person) bool {
	local, _, _ := strings.Cut(p.Mail, "@")
	return robots.MatchString(p.Name) || dependencyRobots.MatchString(p.Name) || robots.MatchString(local) && strings.EqualFold(local, p.Name) || strings.Contains(p.Mail, "[bot]@")
}

// Poster thanks everybody who worked on a release: who wrote its commits, alone
// or with others, what was taken back included, and the people of daybreak.yaml.
// What an earlier release already brought was thanked for then.
func Poster(c *config.Config, r *model.Release, h model.DayHeader) model.Poster {
	out := model.Poster{DayHeader: h}
	if c.Train != nil {
		out.Weeks, _ = strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(c.Train.Every), "w"))
	}
	seen := map[string]bool{}
	add := func(name string) {
		name = sheetText(name)
		if key := strings.ToLower(name); name != "" && !seen[key] {
			seen[key] = true
			out.Names = append(out.Names, name)
		}
	}
	for i := range c.People {
		add(c.People[i].Name)
	}
	thank := func(who model.Person) {
		switch p := configured(c, who); {
		case p != nil: // may write under many names
			add(p.Name)
		case !isRobot(who):
			add(who.Name)
		}
	}
	for i := range r.Changes {
		if r.Changes[i].Bucket == model.BucketDelivered {
			continue
		}
		for _, commit := range r.Changes[i].Commits() {
			thank(commit.Author)
			for _, p := range commit.CoAuthors {
				thank(p)
			}
		}
	}
	order := collate.New(language.Make(string(h.Lang)))
	slices.SortFunc(out.Names, func(a, b string) int {
		if n := order.CompareString(a, b); n != 0 {
			return n
		}
		return strings.Compare(a, b)
	})
	return out
}

// configured finds the configured person behind an author.
func configured(c *config.Config, who model.Person) *config.Person {
	if p := personOf(c, who.Mail); p != nil {
		return p
	}
	return personOf(c, who.Name)
}

// phoneLines is how many new things find room on a strip, and in a head.
const phoneLines = 5

// PhoneStrip makes the strip for the phone desk. protocol is nil while the
// release has no journal.
func PhoneStrip(c *config.Config, r *model.Release, b *model.Runbook, protocol *model.Protocol) model.PhoneStrip {
	out := model.PhoneStrip{DayHeader: b.DayHeader}
	words := wordsOf(c, r, b.Lang)
	out.Known, out.KnownLang = words.Known, words.KnownLang
	if out.KnownLang == b.Lang {
		out.KnownLang = ""
	}
	notes := slices.Clone(words.Notes)
	slices.SortStableFunc(notes, func(a, b model.NoteWords) int {
		switch {
		case a.Note.Breaking == b.Note.Breaking:
			return 0
		case a.Note.Breaking:
			return -1
		}
		return 1
	})
	for _, n := range notes {
		if len(out.New) == phoneLines {
			out.More = len(notes) - phoneLines
			break
		}
		out.New = append(out.New, model.PhoneLine{
			Title: sheetText(n.Note.Title), Lang: foreign(n.Note.Title, n.Note.Lang, b.Lang), Act: n.Note.Breaking, Systems: n.Audience.Systems,
		})
	}
	if protocol != nil {
		for _, d := range protocol.Deviations {
			if d.Settled != "ok" { // what is accepted stays as it is, and callers will ask
				out.Deviating = append(out.Deviating, model.PhoneDeviation{Where: d.Where, What: d.What, Hotfix: d.Hotfix})
			}
		}
	}
	for _, p := range b.People {
		if p.Phone != "" || p.DeputyPhone != "" {
			out.Ring = append(out.Ring, p)
		}
	}
	return out
}
