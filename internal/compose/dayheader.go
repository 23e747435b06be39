package compose

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/journal"
	"daybreak/internal/model"
)

// Header gives what every sheet of the day says about itself. day is the
// deployment day; with the zero day it is the tag's, or the train's next one
// where nothing is tagged yet.
func Header(c *config.Config, r *model.Release, l model.Lang, day time.Time) model.DayHeader {
	h := model.DayHeader{
		Lang:       l,
		Product:    c.Product.Name,
		Accent:     c.Product.Accent,
		Version:    versionText(r),
		Slug:       r.Slug(),
		Baseline:   diag.Printable(r.Previous),
		Target:     diag.Printable(r.Tag),
		Date:       deploymentDay(c, !r.Unreleased, r.Date, day),
		Revision:   1,
		Unreleased: r.Unreleased,
		Prerelease: r.Prerelease,
		Hotfix:     r.HotfixOf != "",
		SameBuild:  diag.Printable(r.SameBuild),
	}
	h.Next = nextTrain(c, h.Date)
	for _, s := range c.Systems {
		why, in := s.NotToday.In(l, c.Languages...)
		h.Systems = append(h.Systems, model.DaySystem{
			ID: s.ID, Name: s.Name, Test: s.Test, Today: !s.Test && why == "", Why: why, WhyLang: foreign(why, in, l),
		})
	}
	counts := map[model.Kind]int{}
	live := r.Live()
	for i := range live {
		if onChecklist(&live[i]) {
			counts[live[i].Kind]++
		} else {
			h.Internal++
		}
	}
	for _, k := range append(model.Kinds(), model.KindNone) {
		if counts[k] > 0 {
			h.Counts = append(h.Counts, model.KindCount{Kind: k, Count: counts[k]})
		}
	}
	h.Fingerprint = fingerprint(c, r, h)
	return h
}

// List puts on a header what the day's journal says of the list of systems:
// today's daybreak.yaml doesn't know it of an earlier day.
func List(c *config.Config, h *model.DayHeader, said map[string]journal.Listing) {
	var moved []string
	for i := range h.Systems {
		s := &h.Systems[i] // as many as are configured, in the same order
		l, ok := said[s.ID]
		// The journal has the reason in the language of the house alone.
		why, _ := c.Systems[i].NotToday.In(c.Primary(), c.Languages...)
		if !ok || s.Test || l.Today == s.Today && (l.Why == "" || l.Why == oneLine(why)) {
			continue
		}
		s.Today, s.Why, s.WhyLang = l.Today, sheetText(l.Why), foreign(l.Why, c.Primary(), h.Lang)
		moved = append(moved, fmt.Sprint(s.ID, s.Today))
	}
	if len(moved) > 0 {
		sum := sha256.Sum256([]byte(h.Fingerprint + strings.Join(moved, " ")))
		h.Fingerprint = hex.EncodeToString(sum[:4])
	}
}

// onChecklist reports whether customers could notice the change, which is
// wider than being told of it: what nothing classifies is checked as well.
func onChecklist(ch *model.Change) bool {
	return ch.Audience.Scope != model.AudienceInternal && !ch.NoNote
}

// fingerprint is 8 hex digits over every fact that a sheet could show, and over
// nothing else: the language and the brand's colour leave it alone.
func fingerprint(c *config.Config, r *model.Release, h model.DayHeader) string {
	type change struct {
		ID, Title, Author string
		Kind              model.Kind
		Breaking          bool
		Areas, Touched    []string
		Audience          model.Audience
		Trailers          []model.Trailer
		Paths             []string
		Reverts           []model.Hash
	}
	facts := struct {
		Product, Baseline, Target string
		Commit                    model.Hash
		Date                      string
		Systems                   []config.System
		People                    []config.Person
		Roles                     []config.Role
		Areas                     []config.Area
		Train                     *config.Train
		Changes                   []change
		Alarms                    []model.Alarm
	}{
		Product: h.Product, Baseline: h.Baseline, Target: h.Target, Commit: r.Commit,
		Systems: c.Systems, Roles: c.Roles, Areas: c.Areas, Train: c.Train, Alarms: r.Alarms,
	}
	facts.People = slices.Clone(c.People)
	for i := range facts.People {
		facts.People[i].Private = nil // on nobody else's sheet
	}
	if !h.Date.IsZero() {
		facts.Date = h.Date.Format(time.DateOnly)
	}
	for _, ch := range r.Live() {
		facts.Changes = append(facts.Changes, change{
			ID: ch.ID, Title: ch.Title, Author: developer(c, &ch), Kind: ch.Kind, Breaking: ch.Breaking, Areas: ch.Areas,
			Touched: ch.Touched, Audience: ch.Audience, Trailers: ch.Trailers, Reverts: ch.Reverts,
			Paths: slices.Concat(touched(&ch, c.Migrations), touched(&ch, c.Configuration)),
		})
	}
	data, err := json.Marshal(facts)
	if err != nil { // plain values only
		panic(err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:4])
}

// withContent mixes the content files into the fingerprint: a moved step is a
// fact on the sheet as well.
func withContent(h model.DayHeader, d DayContent) model.DayHeader {
	sum := sha256.Sum256(append([]byte(h.Fingerprint), d.digest[:]...))
	h.Fingerprint = hex.EncodeToString(sum[:4])
	return h
}

// touched lists the paths of a change that match one of the globs and are
// still there, in order.
func touched(ch *model.Change, globs []string) []string {
	var out []string
	for _, p := range ch.Paths {
		if p.Status != 'D' && matchesAny(globs, p.Path) {
			out = append(out, sheetText(strings.ToValidUTF8(p.Path, "\uFFFD")))
		}
	}
	slices.Sort(out)
	return out
}

// developer names who answers for a change: its Owner trailer, else who wrote
// the first commit of it; with the extension where people are configured.
func developer(c *config.Config, ch *model.Change) string {
	for _, v := range trailer(c, ch, "Owner") {
		if v = sheetText(v); v != "" {
			if p := personOf(c, v); p != nil {
				return personLine(p)
			}
			return v
		}
	}
	author := ch.Tip.Author
	if len(ch.Inner) > 0 {
		author = ch.Inner[0].Author
	}
	for _, v := range []string{author.Mail, author.Name} {
		if p := personOf(c, v); p != nil {
			return personLine(p)
		}
	}
	return sheetText(author.Name)
}

// sheetText makes untrusted text fit for a sheet: one line, without control
// characters and without marks that turn its direction.
func sheetText(s string) string {
	return oneLine(strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' {
			return ' '
		}
		if unicode.IsControl(r) || diag.IsBidiControl(r) {
			return -1
		}
		return r
	}, s))
}

// personOf finds a person by id, initials, name or address.
func personOf(c *config.Config, text string) *config.Person {
	if text == "" {
		return nil
	}
	name, mail, _ := strings.Cut(text, "<")
	name, mail = strings.TrimSpace(name), strings.Trim(mail, "<> ")
	for i := range c.People {
		p := &c.People[i]
		for _, known := range append([]string{p.ID, p.Initials, p.Name}, p.Mails...) {
			if known != "" && (strings.EqualFold(known, text) || strings.EqualFold(known, name) || strings.EqualFold(known, mail)) {
				return p
			}
		}
	}
	return nil
}

func personLine(p *config.Person) string {
	if p.Phone == "" {
		return p.Name
	}
	return p.Name + ", " + p.Phone
}

// initialsOf gives a person's initials as signed on paper.
func initialsOf(p *config.Person) string {
	if p.Initials != "" {
		return p.Initials
	}
	var b strings.Builder
	for _, w := range strings.Fields(p.Name) {
		b.WriteString(string([]rune(w)[:1]))
	}
	return cmp.Or(strings.ToUpper(b.String()), p.ID)
}

// today gives the systems that get the release; where no system is configured
// at all, there is one that is called Live.
func today(h model.DayHeader) []model.DaySystem {
	if len(h.Systems) == 0 {
		return []model.DaySystem{{ID: "Live", Today: true}}
	}
	var out []model.DaySystem
	for _, s := range h.Systems {
		if s.Today {
			out = append(out, s)
		}
	}
	return out
}
