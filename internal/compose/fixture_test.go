package compose

import (
	"fmt"
	"time"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

var fixtureDay = time.Date(2026, 5, 12, 0, 0, 0, 0, time.UTC)

// fixtureConfig is a house like the one that the product is made for: six
// customer systems, one of them not today, and a test system.
func fixtureConfig() *config.Config {
	c := &config.Config{Languages: []model.Lang{model.English}, Timezone: "UTC"}
	c.Product = config.Product{Name: "Rundreise", Accent: "#0b5c8a"}
	c.Languages = []model.Lang{model.German, model.English}
	c.History.Language = model.German
	c.Migrations = []string{"db/migrations/**"}
	c.Configuration = []string{"config/**"}
	c.Areas = []config.Area{
		{ID: "booking", Name: model.Text{"de": "Buchung", "en": "Booking"}, Risky: true},
		{ID: "price", Name: model.Text{"de": "Preise", "en": "Prices"}},
		{ID: "invoice", Name: model.Text{"de": "Rechnung", "en": "Invoices"}, Depends: []string{"price"}},
		{ID: "portal", Name: model.Text{"de": "Kundenportal", "en": "Portal"}, Depends: []string{"booking"}},
	}
	c.Systems = []config.System{
		{ID: "T1", Name: "Testsystem", Test: true},
		{ID: "K1", Name: "Alpenreisen"}, {ID: "K2", Name: "Nordlicht Touren"}, {ID: "K3", Name: "Hanse Kreuzfahrten"},
		{ID: "K4", Name: "Radreisen Donau", Areas: []string{"booking", "price"}},
		{ID: "K5", Name: "Studienreisen Klio", NotToday: model.Text{"de": "Inventur bis Mittwoch"}}, {ID: "K6", Name: "Wanderwelt"},
	}
	c.People = []config.Person{
		{ID: "mk", Name: "Marta Klein", Phone: "214", Mails: []string{"marta@example.org"}},
		{ID: "ts", Name: "Tom Seidel", Initials: "TS", Phone: "231"},
		{ID: "jb", Name: "Jana Brandt", Phone: "232", Mails: []string{"jana@example.org"}},
	}
	c.Roles = []config.Role{
		{ID: "SUP", Person: "mk", Deputy: "ts"}, {ID: "DEV", Person: "jb", Deputy: "ts"},
	}
	c.Train = &config.Train{Every: "3w", Weekday: "tuesday", First: "2026-01-06", Start: "06:30", Opening: "09:00", Rollback: 30, Buffer: 15, Database: 20}
	return c
}

// fixtureRelease has n changes for customers; the first carries a database
// migration, the next two deploy notes.
func fixtureRelease(n int) model.Release {
	r := model.Release{Tag: "v2026.14.0", Previous: "v2026.13.0", Date: fixtureDay, Commit: "aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44"}
	r.Version, _ = model.ParseVersion(r.Tag)
	areas := []string{"booking", "price", "invoice", "portal"}
	kinds := []model.Kind{model.KindAdded, model.KindChanged, model.KindFixed}
	for i := range n {
		hash := model.Hash(fmt.Sprintf("%040x", i+1))
		ch := model.Change{
			ID: fmt.Sprintf("!%d", 400+i), Title: fmt.Sprintf("Buchungsliste zeigt Reisende in Gruppe %d", i), Merge: hash,
			Tip:  model.Commit{Hash: hash, Author: model.Person{Name: "Jana Brandt", Mail: "jana@example.org"}},
			Kind: kinds[i%3], Classified: true, Areas: []string{areas[i%4]}, Audience: model.Audience{Scope: model.AudiencePublic},
			Trailers: []model.Trailer{{Key: "Verify", Value: "Vorgang öffnen / Gruppe wählen / Liste drucken"}, {Key: "Tested-On", Value: "T1, 08.05., TS"}},
		}
		switch i {
		case 0:
			ch.Paths = []model.PathChange{{Status: 'A', Path: "db/migrations/0042_gruppen.sql"}}
			ch.Trailers = append(ch.Trailers, model.Trailer{Key: "Rollback-Note", Value: "0042_down.sql einspielen"})
		case 1:
			ch.Trailers = append(ch.Trailers, model.Trailer{Key: "Deploy-Note", Value: "Vor dem Start den Druckdienst anhalten"}, model.Trailer{Key: "Owner", Value: "MK"})
		case 2:
			ch.Trailers = []model.Trailer{{Key: "Deploy-Note", Value: "Preiscache leeren"}, {Key: "Rollback-Note", Value: "Cache erneut leeren"}}
			ch.Audience = model.Audience{Scope: model.AudienceSystems, Systems: []string{"K1", "K3"}}
		}
		r.Changes = append(r.Changes, ch)
	}
	return r
}
