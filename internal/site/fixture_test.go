package site

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"daybreak/content"
	"daybreak/internal/model"
	"daybreak/internal/theme"
	"daybreak/templates"
	"daybreak/themes"
)

// memory is a Sink that keeps the files.
type memory map[string][]byte

func (m memory) Put(path string, data []byte) error {
	if _, twice := m[path]; twice {
		return fmt.Errorf("%s is written twice", path)
	}
	m[path] = data
	return nil
}

var shippedTheme = sync.OnceValues(func() (*theme.Theme, error) { return openTheme("default") })

// openTheme loads one of the themes that ship, as daybreak does.
func openTheme(name string) (*theme.Theme, error) {
	look, err := fs.Sub(themes.FS, name)
	if err != nil {
		return nil, err
	}
	base, err := fs.Sub(themes.FS, "default")
	if err != nil {
		return nil, err
	}
	strings, err := fs.Sub(content.FS, "strings")
	if err != nil {
		return nil, err
	}
	return theme.Load(theme.Options{Name: name, Templates: templates.FS, Theme: look, Base: base, Strings: strings})
}

func loadTheme(t testing.TB) *theme.Theme {
	t.Helper()
	th, err := shippedTheme()
	if err != nil {
		t.Fatal(err)
	}
	return th
}

// kept are the sites that several tests look at, each built once.
var kept = map[any]memory{}

// keep gives a site of its own to each test; the files' bytes nobody changes.
func keep(which any, build func() memory) memory {
	if kept[which] == nil {
		kept[which] = build()
	}
	return maps.Clone(kept[which])
}

// build makes a site in memory.
func build(t testing.TB, p PublicSite) memory {
	t.Helper()
	m := memory{}
	if err := Public(p, loadTheme(t), m); err != nil {
		t.Fatal(err)
	}
	return m
}

func day(s string) time.Time {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return d
}

// told is one note of the story in both languages.
type told struct {
	kind     model.Kind
	area     int
	de, en   string // en "" : there is only German
	deB, enB string // bodies
	act      string // German text of what to do
	actEN    string
}

var areas = []map[model.Lang]string{
	{"de": "Buchung", "en": "Booking"}, {"de": "Preise", "en": "Pricing"}, {"de": "Kontingente", "en": "Allotments"},
	{"de": "Rechnungen", "en": "Invoices"}, {"de": "Reiseunterlagen", "en": "Travel documents"}, {"de": "Kundenportal", "en": "Customer portal"},
}

type chapter struct {
	version, date string
	de, en        string
	deIn, enIn    string
	hotfix, same  string
	delivered     []model.DeliveredNote
	notes         []told
}

// story is what a tour operators' reservation system might tell.
var story = []chapter{
	{version: "2026.14.0", date: "2026-05-12", de: "Gruppen buchen, ohne Listen abzutippen", en: "Group bookings without retyping lists",
		deIn: "Teilnehmerlisten kommen jetzt direkt aus der Tabelle ins System. Dazu haben wir die Zimmerverteilung neu gebaut und zwölf kleinere Ärgernisse behoben.",
		enIn: "Passenger lists now go straight from your spreadsheet into the system. We also rebuilt room allocation and mended a dozen smaller annoyances.",
		notes: []told{
			{kind: model.KindAdded, area: 0, de: "Teilnehmerlisten lassen sich aus Excel und CSV einlesen", en: "Import passenger lists from Excel and CSV", deB: "Spalten werden erkannt und können vor dem Einlesen zugeordnet werden. Fehlende Geburtsdaten oder Ausweisnummern sind **vor** dem Speichern markiert.\n\n- bis zu 500 Teilnehmer je Gruppe\n- Vorlagen je Veranstalter\n- doppelte Namen werden gemeldet, nicht überschrieben", enB: "Columns are recognised and can be mapped before the import. Missing dates of birth or passport numbers are marked **before** anything is saved.\n\n- up to 500 passengers a group\n- templates for each operator\n- duplicate names are reported, never overwritten"},
			{kind: model.KindAdded, area: 2, de: "Freie Plätze je Abreisetag auf einen Blick", en: "See free seats for each departure day at a glance"},
			{kind: model.KindAdded, area: 5, de: "Kunden können ihre Anzahlung im Portal per Karte leisten", deB: "Die Zahlart schalten Sie unter *Einstellungen → Portal → Zahlung* frei."},
			{kind: model.KindChanged, area: 0, de: "Die Zimmerverteilung zeigt Wünsche und Zuteilung nebeneinander", en: "Room allocation shows wishes and assignments side by side", deB: "Bisher lagen beide auf getrennten Seiten. Zimmer ziehen Sie jetzt mit der Maus oder mit `Alt` und den Pfeiltasten.", enB: "They used to live on two pages. Move rooms with the mouse, or with `Alt` and the arrow keys."},
			{kind: model.KindChanged, area: 3, de: "Rechnungen im PDF tragen die Buchungsnummer in der Kopfzeile", en: "PDF invoices carry the booking number in their header"},
			{kind: model.KindChanged, area: 1, de: "Schnittstelle für Tagespreise verlangt einen Schlüssel", en: "The daily price interface asks for a key", act: "Bitte hinterlegen Sie bis **1. Juni** einen Schlüssel unter *Einstellungen → Schnittstellen*. Ohne Schlüssel liefert die Schnittstelle danach keine Preise mehr.", actEN: "Please add a key under *Settings → Interfaces* by **1 June**. Without one, the interface stops returning prices after that day."},
			{kind: model.KindFixed, area: 1, de: "Frühbucherrabatt galt am letzten Tag nur bis 12 Uhr", en: "The early-bird discount ended at noon on its last day"},
			{kind: model.KindFixed, area: 4, de: "Umlaute in Hotelnamen fehlten auf dem Voucher", en: "Umlauts in hotel names were missing on vouchers"},
			{kind: model.KindFixed, area: 0, de: "Umbuchen auf eine ausgebuchte Reise brach ohne Meldung ab", en: "Rebooking to a sold-out tour stopped without a message"},
			{kind: model.KindSecurity, area: 5, de: "Anmeldung im Portal bremst nach fünf Fehlversuchen", en: "Portal sign-in slows down after five failed attempts"},
			{kind: model.KindDeprecated, area: 4, de: "Versand der Unterlagen als Fax endet mit Version 2026.20", en: "Sending documents by fax ends with version 2026.20"},
		},
		delivered: []model.DeliveredNote{{Title: "Doppelte Mahnung bei Teilzahlung", Version: "2026.13.1", Slug: "2026.13.1", Lang: model.German}}},
	{version: "2026.13.1", date: "2026-04-23", hotfix: "2026.13.0", notes: []told{
		{kind: model.KindFixed, area: 3, de: "Bei Teilzahlung ging die Mahnung doppelt hinaus", en: "Part payments triggered two reminders"}}},
	{version: "2026.13.0", date: "2026-04-21", notes: []told{
		{kind: model.KindAdded, area: 3, de: "Sammelrechnung für mehrere Buchungen einer Agentur", en: "One invoice for several bookings of an agency", deB: "Im Agenturkonto wählen Sie die Buchungen und den Rechnungsempfänger.", enB: "Choose the bookings and the recipient in the agency's account."},
		{kind: model.KindAdded, area: 2, de: "Warteliste rückt automatisch nach, wenn ein Platz frei wird", en: "Waiting lists move up by themselves when a seat becomes free"},
		{kind: model.KindChanged, area: 0, de: "Suche findet Kunden auch ohne Akzent im Namen", en: "Search finds customers without typing the accents in their names"},
		{kind: model.KindFixed, area: 1, de: "Kinderermäßigung rechnete beim zweiten Kind mit dem Erwachsenenpreis", en: "The second child's discount was taken from the adult price"},
		{kind: model.KindFixed, area: 4, de: "Reiseplan zeigte Flugzeiten in der Zeitzone des Büros", en: "Itineraries showed flight times in the office's time zone"}}},
	{version: "2026.12.0", date: "2026-03-31", de: "Ein ruhigeres Büro vor Ostern", en: "A calmer office before Easter", deIn: "Vor der Hochsaison ging es uns um Tempo: Listen öffnen im Mittel dreimal so schnell.", enIn: "Before the high season we worked on speed: lists open three times as fast on average.", notes: []told{
		{kind: model.KindChanged, area: 0, de: "Buchungslisten mit mehr als 10.000 Zeilen öffnen in unter einer Sekunde", en: "Booking lists of more than 10,000 rows open in less than a second"},
		{kind: model.KindChanged, area: 2, de: "Kontingentkalender merkt sich Ausschnitt und Filter", en: "The allotment calendar remembers its range and filters"},
		{kind: model.KindFixed, area: 5, de: "Portal meldete Kunden nach dem Passwortwechsel ab", en: "The portal signed customers out after a password change"}}},
	{version: "2026.11.0", date: "2026-03-10", notes: nil},
	{version: "2026.10.1", date: "2026-02-19", hotfix: "2026.10.0", notes: []told{
		{kind: model.KindFixed, area: 1, de: "Saisonzuschläge fehlten bei Reisen über den Monatswechsel", en: "Season surcharges were missing on tours across the end of a month"}}},
	{version: "2026.10.0", date: "2026-02-17", notes: []told{
		{kind: model.KindAdded, area: 4, de: "Reiseunterlagen in der Sprache des Reisenden", en: "Travel documents in the traveller's own language", deB: "Deutsch, Englisch, Französisch und Niederländisch; die Sprache steht am Teilnehmer.", enB: "German, English, French and Dutch; set for each passenger."},
		{kind: model.KindAdded, area: 1, de: "Preise lassen sich für eine Stunde festhalten", en: "Hold a price for one hour"},
		{kind: model.KindRemoved, area: 3, de: "Der alte Rechnungsdruck über das Formular R-12 entfällt", en: "The old invoice print by form R-12 is gone", act: "Stellen Sie Vorlagen, die noch `R-12` nennen, auf die neuen Layouts um.", actEN: "Move templates that still name `R-12` to the new layouts."},
		{kind: model.KindFixed, area: 0, de: "Stornogebühr wurde bei Gruppen nur einmal berechnet", en: "Groups were charged a cancellation fee only once"}}},
	{version: "2026.9.0", date: "2026-01-27", same: "2026.8.2"},
	{version: "2026.8.2", date: "2026-01-08", notes: []told{
		{kind: model.KindChanged, area: 3, de: "E-Rechnung nach EN 16931 auch für Agenturen im Ausland", en: "E-invoices to EN 16931 for agencies abroad too"}}},
	{version: "2025.31.0", date: "2025-12-02", de: "Kontingente über Häuser hinweg", en: "Allotments across hotels", notes: []told{
		{kind: model.KindAdded, area: 2, de: "Ein Kontingent gilt für mehrere Häuser einer Kette", en: "One allotment covers several hotels of a chain"},
		{kind: model.KindFixed, area: 2, de: "Rückgabe von Kontingenten wurde am Stichtag nicht gemeldet", en: "Released allotments were not reported on the deadline"}}},
	{version: "2025.30.0", date: "2025-11-11", notes: []told{
		{kind: model.KindAdded, area: 5, de: "Reisende laden ihren Reisepass im Portal hoch", en: "Travellers upload their passports in the portal"},
		{kind: model.KindSecurity, area: 5, de: "Hochgeladene Ausweise werden nach der Rückreise gelöscht", en: "Uploaded passports are deleted after the tour"}}},
}

// realistic is the story as a site.
func realistic() PublicSite {
	p := PublicSite{
		Languages: []model.Lang{model.German, model.English},
		Notes:     map[model.Lang][]model.Notes{},
		Brand:     map[model.Lang]model.Brand{},
		Assets:    map[string][]byte{"assets/logo.svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28"><circle cx="14" cy="14" r="13" fill="#0f766e"/><path d="M4 17h20M8 17a6 6 0 0 1 12 0" stroke="#fff" stroke-width="2" fill="none"/></svg>`)},
	}
	for _, l := range p.Languages {
		contact := model.Contact{Name: map[model.Lang]string{"de": "Der Kundendienst", "en": "Customer service"}[l], Mail: "service@meridian.example", Phone: "+49 (0)89 123 456-0", Hours: map[model.Lang]string{"de": "Montag bis Freitag, 9 bis 17 Uhr", "en": "Monday to Friday, 9 am to 5 pm"}[l]}
		p.Brand[l] = model.Brand{Name: "Meridian", Logo: "assets/logo.svg", Accent: "#0f766e", URL: "https://neues.meridian.example/", Home: "https://meridian.example/", Contact: contact,
			Tagline: map[model.Lang]string{"de": "Das Reservierungssystem für Reiseveranstalter. Alle drei Wochen eine neue Version, früh am Morgen, bevor Ihr Büro öffnet.", "en": "The reservation system for tour operators. A new version every three weeks, early in the morning, before your office opens."}[l]}
		for _, c := range story {
			p.Notes[l] = append(p.Notes[l], c.notesIn(l))
		}
	}
	return p
}

func (c chapter) notesIn(l model.Lang) model.Notes {
	n := model.Notes{Lang: l, Version: c.version, Slug: c.version, Date: day(c.date), HotfixOf: c.hotfix, SameBuild: c.same, Delivered: slices.Clone(c.delivered)}
	n.Title, n.Intro = c.de, c.deIn
	for i := range n.Delivered {
		n.Delivered[i].Fallback = n.Delivered[i].Lang != l
	}
	if l == model.English {
		n.Title, n.Intro = c.en, c.enIn
	}
	if c.version == story[0].version {
		n.NextDate = day("2026-06-02")
	}
	for _, k := range model.Kinds() {
		s := model.NotesSection{Kind: k}
		for i, t := range c.notes {
			if t.kind != k {
				continue
			}
			note := model.Note{Anchor: fmt.Sprintf("n-%s-%d", c.version[5:6], i), Kind: k, Title: t.de, Body: t.deB, Lang: model.German, Area: areas[t.area][l], AreaID: fmt.Sprintf("a%d", t.area), Breaking: t.act != "", BreakingNote: t.act}
			if l == model.English && t.en != "" {
				note.Title, note.Body, note.BreakingNote, note.Lang = t.en, t.enB, t.actEN, model.English
			}
			note.Fallback = note.Lang != l
			s.Notes = append(s.Notes, note)
			if note.Breaking {
				n.MustAct = append(n.MustAct, note)
			}
		}
		if len(s.Notes) > 0 {
			n.Sections = append(n.Sections, s)
		}
	}
	return n
}
