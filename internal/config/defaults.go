package config

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	// Time zones must be known on machines without a zone database (Windows,
	// small containers), or the same input would give other bytes there.
	_ "time/tzdata"

	"daybreak/internal/model"
)

// Default is the configuration for a repository without a workspace: English,
// UTC, and everything told that isn't internal.
func Default() *Config {
	c := &Config{Notes: Notes{Unclassified: "tell", Unreleased: true}}
	c.fill()
	return c
}

// DefaultTrain gives the clock times that hold where none are configured. It
// has no rhythm.
func DefaultTrain() Train {
	return Train{Start: "06:30", Opening: "09:00", Rollback: 30, Buffer: 15, Database: 20}
}

// PublicSite is the Delivery.Site of the site for everybody.
const PublicSite = "public"

// Location is the time zone in which all dates and clock times are meant; UTC
// where the configured name is unknown, which Parse diagnoses.
func (c *Config) Location() *time.Location {
	if !isZone(c.Timezone) {
		return time.UTC
	}
	zone, err := time.LoadLocation(c.Timezone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// fill puts the defaults of the package comment where there is no value. Those
// of a train are there before it is read, so that a 0 can be written.
func (c *Config) fill() {
	set := func(s *string, value string) {
		if *s == "" {
			*s = value
		}
	}
	if len(c.Languages) == 0 {
		c.Languages = []model.Lang{model.English}
	}
	if c.History.Language == "" {
		c.History.Language = model.English
	}
	set(&c.Timezone, "UTC")
	set(&c.Notes.Unclassified, "withhold")
	set(&c.Notes.Titles, "tell")
	if c.Product.URL != "" && !strings.HasSuffix(c.Product.URL, "/") {
		c.Product.URL += "/"
	}
	for i := range c.Systems {
		if n := &c.Systems[i].Notes; *n != "" && !strings.HasSuffix(*n, "/") {
			*n += "/"
		}
	}
	set(&c.Mail.From, c.Product.Contact.Mail)
	set(&c.Mail.Name, c.Product.Contact.Name)
	if s := c.Mail.SMTP; s != nil && s.Port == 0 {
		s.Port = map[string]int{"tls": 465, "none": 25}[s.Security]
		if s.Port == 0 {
			s.Port = 587
		}
	}
	for i := range c.Deliver {
		d := &c.Deliver[i]
		set(&d.Site, PublicSite)
		set(&d.S3.Region, "us-east-1")
		if d.Keep == 0 {
			d.Keep = 5
		}
	}
	for i := range c.People {
		set(&c.People[i].Initials, initials(c.People[i].Name))
	}
	// A text written without a language is in the primary one.
	c.eachText(func(t model.Text) {
		if s, ok := t[""]; ok {
			delete(t, "")
			t[c.Primary()] = s
		}
	})
}

func (c *Config) eachText(do func(model.Text)) {
	do(c.Product.Tagline)
	do(c.Product.Contact.Hours)
	for _, a := range c.Areas {
		do(a.Name)
	}
	for _, s := range c.Systems {
		do(s.NotToday)
	}
	for _, r := range c.Roles {
		do(r.Name)
	}
	for _, p := range c.People {
		for _, row := range p.Private {
			do(row.Text)
		}
	}
	if c.Train == nil {
		return
	}
	for _, s := range c.Train.Blocked {
		do(s.Reason)
	}
	for _, s := range c.Train.Changed {
		do(s.Reason)
	}
}

// initials takes the first letters of the names, not of the particles between
// them ("Anna von der Au" is AA), at most three.
func initials(name string) string {
	var out []rune
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return unicode.IsSpace(r) || r == '-' }) {
		r, _ := utf8.DecodeRuneInString(word)
		if !unicode.IsLower(r) && unicode.IsLetter(r) && len(out) < 3 {
			out = append(out, r)
		}
	}
	if len(out) == 0 && name != "" {
		r, _ := utf8.DecodeRuneInString(name)
		out = append(out, unicode.ToUpper(r))
	}
	return string(out)
}
