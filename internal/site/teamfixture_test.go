package site

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"daybreak/content"
	"daybreak/internal/compose"
	"daybreak/internal/config"
	"daybreak/internal/model"
)

// house is a deployment day of some size to print: so many customer systems
// beside a test system, so many changes.
type house struct {
	systems, changes int
	long             bool // names and titles of 40 letters without a space
	wild             bool // texts that are one word of 85, 90 or 300 letters
}

var customers = []string{
	"Alpenreisen", "Nordlicht Touren", "Hanse Kreuzfahrten", "Radreisen Donau", "Studienreisen Klio", "Wanderwelt", "Inselhüpfer",
	"Burgen & Schlösser", "Fjordfahrten", "Weinstraße Reisen", "Polarlicht", "Sonnenziel", "Kulturbus", "Bergsteigerschule",
}

// titles are what the changes are called, each with steps and what to expect.
var titles = [][4]string{
	{"Anzahlung je Saison festlegen", "Reise mit Abreise im August anlegen / buchen / Anzahlung auf der Bestätigung prüfen", "30 % statt 20 %", "payments"},
	{"Warteliste rückt bei Stornierung selbst nach", "Ausgebuchte Reise öffnen / eine Buchung stornieren / Warteliste ansehen", "der erste Eintrag ist gebucht, Mail ist im Ausgang", "booking"},
	{"Reiseunterlagen in neuem Aussehen drucken", "Unterlagen einer Busreise drucken", "Logo, Reiseverlauf und Hotels stehen auf höchstens zwei Seiten", "documents"},
	{"Preisliste rechnet Kinderrabatt nicht mehr doppelt", "Familie mit zwei Kindern anbieten / Preis mit der Preisliste vergleichen", "", "offers"},
	{"Kontingente je Hotel im Kalender sehen", "Kontingente öffnen / Hotel wählen / Monat wechseln", "freie Zimmer stimmen mit der Liste überein", "allotments"},
	{"Suche findet Reisende auch ohne Umlaute", "nach „Mueller“ suchen", "„Müller“ wird gefunden", "booking"},
	{"Rechnung nennt den Leistungszeitraum", "Schlussrechnung erzeugen", "Zeitraum steht unter dem Betreff", "payments"},
}

// given and families make 120 names.
var (
	given    = []string{"Åse", "Özlem", "Maximilian", "Jo", "Ève", "Zoë", "Friederike", "Đorđe", "Ida", "Uğur"}
	families = []string{"Änderle", "von der Weiden", "Li", "Szymborska", "Øverland", "Müller-Lüdenscheidt", "Abt", "Zöllner", "O’Neill", "Ünal", "Beck", "Castañeda"}
)

// endless are words without a place to break: a compound, an address, and a
// title as it is clipped.
var endless = []string{
	strings.Repeat("Donaudampfschifffahrt", 5)[:85],
	"https://shop.example.com/" + strings.Repeat("buchung-", 8) + "x",
	strings.Repeat("W", 300),
}

func (h house) config() *config.Config {
	c := &config.Config{Languages: []model.Lang{model.German, model.English}, Timezone: "Europe/Berlin"}
	c.Product.Name = "Kurswagen"
	c.Product.Accent = "#0b5f5a"
	c.History.Language = model.German
	c.Migrations, c.Configuration = []string{"db/migrations/**"}, []string{"config/**"}
	for _, a := range [][3]string{{"booking", "Buchung", "Booking"}, {"offers", "Angebote & Preise", "Offers & prices"}, {"documents", "Reiseunterlagen", "Travel documents"}, {"payments", "Zahlung", "Payments"}, {"allotments", "Kontingente", "Allotments"}} {
		c.Areas = append(c.Areas, config.Area{ID: a[0], Name: model.Text{"de": a[1], "en": a[2]}})
	}
	c.Areas[0].Risky, c.Areas[2].Depends, c.Areas[3].Depends = true, []string{"booking"}, []string{"booking"}
	for i := range h.systems {
		s := config.System{ID: fmt.Sprintf("K%d", i+1), Name: customers[i%len(customers)]}
		if h.long {
			s.Name = "Donaudampfschifffahrtsgesellschaftsreisen"
		}
		c.Systems = append(c.Systems, s)
	}
	if h.systems > 3 {
		c.Systems[3].Areas = []string{"booking", "offers", "payments"}
		c.Systems = append(c.Systems, config.System{ID: "K99", Name: "Zitronenhain Ferien", NotToday: model.Text{"de": "zieht bis Freitag in ein anderes Rechenzentrum um"}})
	}
	if h.systems > 0 {
		c.Systems = append(c.Systems, config.System{ID: "T1", Name: "Abnahmesystem", Test: true})
	}
	c.People = []config.Person{
		{ID: "sabine", Name: "Sabine Aumüller", Initials: "SA", Phone: "140"}, {ID: "henrik", Name: "Henrik Voss", Initials: "HV", Phone: "141"},
		{ID: "petra", Name: "Petra Stadler", Initials: "PS", Phone: "142"}, {ID: "luca", Name: "Luca Ferrante", Initials: "LF", Phone: "143"},
		{ID: "miriam", Name: "Miriam Kestner", Initials: "MK", Phone: "201"}, {ID: "jonas", Name: "Jonas Oberhauser", Initials: "JO", Phone: "202"},
		{ID: "ayse", Name: "Ayşe Demirel", Initials: "AD", Phone: "203", Mails: []string{"ayse@example.org"}}, {ID: "tomasz", Name: "Tomasz Wilk", Initials: "TW", Phone: "204"},
	}
	c.Roles = []config.Role{
		{ID: "SUP", Person: "sabine", Deputy: "henrik"}, {ID: "DEV", Person: "jonas", Deputy: "tomasz"}, {ID: "RDEV", Person: "ayse", Deputy: "tomasz"},
		{ID: "CDEV", Person: "miriam", Deputy: "jonas"}, {ID: "TEAM", Person: "petra", Deputy: "luca"},
	}
	c.Train = &config.Train{Every: "3w", Weekday: "tuesday", First: "2026-04-28", Start: "06:30", Opening: "09:00", Rollback: 30, Buffer: 15, Database: 20}
	return c
}

func (h house) release() model.Release {
	r := model.Release{Tag: "v2026.9.0", Previous: "v2026.8.0", Date: time.Date(2026, 6, 30, 4, 8, 0, 0, time.UTC)}
	r.Version, _ = model.ParseVersion(r.Tag)
	kinds := []model.Kind{model.KindAdded, model.KindAdded, model.KindChanged, model.KindFixed, model.KindAdded, model.KindChanged, model.KindFixed}
	for i := range h.changes {
		t := titles[i%len(titles)]
		hash := model.Hash(fmt.Sprintf("%040x", i+1))
		ch := model.Change{
			ID: fmt.Sprintf("!%d", 412+i), Title: t[0], Merge: hash, Tip: model.Commit{Hash: hash, Author: model.Person{Name: "Ayşe Demirel", Mail: "ayse@example.org"}},
			Kind: kinds[i%len(kinds)], Classified: true, KindFrom: model.Because("trailer", "Changelog"), Areas: []string{t[3]}, Touched: []string{t[3]},
			Audience: model.Audience{Scope: model.AudiencePublic},
			Trailers: []model.Trailer{{Key: "Verify", Value: t[1]}, {Key: "Expect", Value: t[2]}, {Key: "Tested-On", Value: "T1, 26.06., AD"}},
		}
		if h.changes > 100 {
			ch.Tip.CoAuthors = []model.Person{{Name: given[i%len(given)] + " " + families[i/len(given)%len(families)]}}
		}
		if h.long {
			ch.Tip.CoAuthors = []model.Person{{Name: "Donaudampfschifffahrtsgesellschaftskapitän"}}
			ch.Title = "Rindfleischetikettierungsüberwachungsaufgaben " + t[0]
		}
		switch i {
		case 0:
			ch.Paths = []model.PathChange{{Status: 'A', Path: "db/migrations/V0142__deposit_by_season.sql"}}
			ch.Trailers = append(ch.Trailers, model.Trailer{Key: "Deploy-Note", Value: "Vor dem Klick den Nachtlauf der Zahlungen anhalten, sonst sperrt er die Tabelle deposit_rule"}, model.Trailer{Key: "Rollback-Note", Value: "V0142_down.sql einspielen, dauert unter einer Minute"})
		case 1:
			ch.Trailers = append(ch.Trailers, model.Trailer{Key: "Deploy-Note", Value: "Schalter waitlist.auto_promote bleibt bei K1 und K3 aus, bis der Kunde anruft und die Warteliste geprüft ist"}, model.Trailer{Key: "Rollback-Note", Value: "Schalter auf aus; wer schon nachgerückt ist, behält seinen Platz, die Mails sind dann aber schon hinaus"}, model.Trailer{Key: "Systems", Value: "K1, K3"}, model.Trailer{Key: "Owner", Value: "tomasz"})
			ch.Audience = model.Audience{Scope: model.AudienceSystems, Systems: []string{"K1", "K3"}}
		case 4:
			ch.Trailers = nil
		case 5:
			ch.Trailers = []model.Trailer{{Key: "Verify", Value: "none, because erst mit dem nächsten Nachtlauf zu sehen"}}
		}
		if h.wild {
			word := endless[i%len(endless)]
			ch.Tip.CoAuthors = []model.Person{{Name: word}}
			ch.Title = word
			ch.Trailers = nil
			for _, key := range []string{"Verify", "Expect", "Tested-On", "Owner", "Risk"} {
				ch.Trailers = append(ch.Trailers, model.Trailer{Key: key, Value: word})
			}
			if i < len(endless) {
				ch.Trailers = append(ch.Trailers, model.Trailer{Key: "Deploy-Note", Value: word}, model.Trailer{Key: "Rollback-Note", Value: word})
			}
		}
		r.Changes = append(r.Changes, ch)
		r.Commits++
	}
	for i := range min(h.changes, 5) {
		hash := model.Hash(fmt.Sprintf("%040x", 5000+i))
		r.Changes = append(r.Changes, model.Change{ID: hash.Short(), Title: "cache the Gradle downloads", Merge: hash, Tip: model.Commit{Hash: hash, Author: model.Person{Name: "Tomasz Wilk"}}, Audience: model.Audience{Scope: model.AudienceInternal}, KindFrom: model.Because("header", "ci")})
		r.Commits++
	}
	if !h.wild {
		r.Edited = map[model.Lang]*model.Edited{model.German: {Known: "- E-Rechnungen auf Niederländisch folgen im Dezember; bis dahin kommen sie als PDF."}}
	}
	return r
}

// pages gives the team's site of the house.
func (h house) pages(t testing.TB) memory {
	t.Helper()
	return keep(h, func() memory {
		c, r := h.config(), h.release()
		return pagesOf(t, c, &r)
	})
}

// pagesOf composes a release's documents and writes the team's site of them.
func pagesOf(t testing.TB, c *config.Config, r *model.Release) memory {
	t.Helper()
	return written(t, documentsOf(t, c, r))
}

// written is the team's site.
func written(t testing.TB, ts TeamSite) memory {
	t.Helper()
	out := memory{}
	if err := Team(ts, loadTheme(t), out); err != nil {
		t.Fatal(err)
	}
	return out
}

// documentsOf composes a release's documents.
func documentsOf(t testing.TB, c *config.Config, r *model.Release) TeamSite {
	t.Helper()
	ts := TeamSite{
		Languages: c.Languages, Product: c.Product.Name, Accent: c.Product.Accent,
		Runbooks: map[model.Lang][]model.Runbook{}, Checklists: map[model.Lang][]model.Checklist{}, Ledgers: map[model.Lang][]model.Ledger{},
		Changed: map[model.Lang][]model.Changed{}, Posters: map[model.Lang][]model.Poster{}, Strips: map[model.Lang][]model.PhoneStrip{},
	}
	for _, l := range c.Languages {
		day, problems := compose.LoadDay(content.FS, l)
		if err := problems.Err(); err != nil {
			t.Fatal(err)
		}
		head := compose.Header(c, r, l, time.Time{})
		book, problems := compose.Runbook(c, r, day, head)
		if err := problems.Err(); err != nil {
			t.Fatal(err)
		}
		list, problems := compose.Checklist(c, r, day, head)
		if err := problems.Err(); err != nil {
			t.Fatal(err)
		}
		ts.Runbooks[l] = []model.Runbook{book}
		ts.Checklists[l] = []model.Checklist{list}
		ts.Ledgers[l] = []model.Ledger{compose.Ledger(c, r, head, l)}
		ts.Changed[l] = []model.Changed{{DayHeader: book.DayHeader, Prints: []model.ChangedPrint{{Document: "runbook", At: "2026-06-29 16:40", Fingerprint: "3642a192", Rows: []model.ChangedRow{
			{Label: "tags", Fact: true, Was: "v2026.8.0 → ", Now: "v2026.8.0 → v2026.9.0", Sheets: []int{1}},
			{Label: "B1", Was: r.Changes[0].Title, Sheets: []int{1, 2}},
			{Label: "S06", Now: "06:35–06:55 · Aktualisieren: Datenbank jedes Systems"},
		}}}}}
		ts.Posters[l] = []model.Poster{compose.Poster(c, r, book.DayHeader)}
		ts.Strips[l] = []model.PhoneStrip{compose.PhoneStrip(c, r, &book, nil)}
	}
	return ts
}

func (h house) String() string {
	return fmt.Sprintf("%d-systems-%d-changes%s%s", h.systems, h.changes, map[bool]string{true: "-long"}[h.long], map[bool]string{true: "-wild"}[h.wild])
}

// everyBucket gives the pages of a ledger that needs all words for where
// commits went.
func everyBucket(t testing.TB) memory {
	t.Helper()
	c := ordinary.config()
	ts := TeamSite{Languages: c.Languages, Product: c.Product.Name, Ledgers: map[model.Lang][]model.Ledger{}}
	for _, l := range c.Languages {
		ledger := model.Ledger{DayHeader: model.DayHeader{Lang: l, Product: c.Product.Name, Version: "2026.10.0", Slug: "2026.10.0", Revision: 1, Fingerprint: "00000000"}}
		for i, b := range []model.Bucket{model.BucketTold, model.BucketInternal, model.BucketWithdrawn, model.BucketDelivered, model.BucketNoNote, model.BucketUnclassified, model.BucketStructure} {
			ledger.Sums = append(ledger.Sums, model.LedgerSum{Bucket: b, Changes: 1000 + i, Commits: 2000 + i})
			ledger.Commits += 2000 + i
		}
		ts.Ledgers[l] = []model.Ledger{ledger}
	}
	out := memory{}
	if err := Team(ts, loadTheme(t), out); err != nil {
		t.Fatal(err)
	}
	return out
}
