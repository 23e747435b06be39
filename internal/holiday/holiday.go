// Package holiday knows the public holidays of regions. A region is an ISO 3166
// code: of a country ("DE", "AT"), or of a country and its part ("DE-BY",
// "CH-ZH"). The days come from rickar/cal; a country's own list holds only what
// is a holiday in all of it.
package holiday

import (
	"maps"
	"slices"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/ch"
	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/hr"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/si"
	"github.com/rickar/cal/v2/sk"
	"github.com/rickar/cal/v2/us"
)

// The library computes days as midnights of this zone; in the machine's own one
// a midnight can be missing, and the day would be another.
func init() { cal.DefaultLoc = time.UTC }

var regions = map[string][]*cal.Holiday{
	"AT": at.Holidays, "BE": be.Holidays, "CH": ch.Holidays, "CZ": cz.Holidays, "DE": de.Holidays,
	"DK": dk.Holidays, "ES": es.Holidays, "FR": fr.Holidays, "GB": gb.Holidays, "HR": hr.Holidays,
	"IE": ie.Holidays, "IT": it.Holidays, "NL": nl.Holidays, "NO": no.Holidays, "PL": pl.Holidays,
	"SE": se.Holidays, "SI": si.Holidays, "SK": sk.Holidays, "US": us.Holidays,

	"DE-BB": de.HolidaysBB, "DE-BE": de.HolidaysBE, "DE-BW": de.HolidaysBW, "DE-BY": de.HolidaysBY,
	"DE-HB": de.HolidaysHB, "DE-HE": de.HolidaysHE, "DE-HH": de.HolidaysHH, "DE-MV": mecklenburg,
	"DE-NI": de.HolidaysNI, "DE-NW": de.HolidaysNW, "DE-RP": de.HolidaysRP, "DE-SH": de.HolidaysSH,
	"DE-SL": de.HolidaysSL, "DE-SN": de.HolidaysSN, "DE-ST": de.HolidaysST, "DE-TH": de.HolidaysTH,

	"CH-AG": ch.HolidaysAG, "CH-AI": ch.HolidaysAI, "CH-AR": ch.HolidaysAR, "CH-BE": ch.HolidaysBE,
	"CH-BL": ch.HolidaysBL, "CH-BS": ch.HolidaysBS, "CH-FR": ch.HolidaysFR, "CH-GE": ch.HolidaysGE,
	"CH-GL": ch.HolidaysGL, "CH-GR": ch.HolidaysGR, "CH-JU": ch.HolidaysJU, "CH-LU": ch.HolidaysLU,
	"CH-NE": ch.HolidaysNE, "CH-NW": ch.HolidaysNW, "CH-OW": ch.HolidaysOW, "CH-SG": ch.HolidaysSG,
	"CH-SH": ch.HolidaysSH, "CH-SO": ch.HolidaysSO, "CH-SZ": ch.HolidaysSZ, "CH-TG": ch.HolidaysTG,
	"CH-TI": ch.HolidaysTI, "CH-UR": ch.HolidaysUR, "CH-VD": ch.HolidaysVD, "CH-VS": ch.HolidaysVS,
	"CH-ZG": ch.HolidaysZG, "CH-ZH": ch.HolidaysZH,
}

// mecklenburg adds what the library lacks: Women's Day, since 2023
// (Feiertagsgesetz Mecklenburg-Vorpommern, § 2).
var mecklenburg = append(slices.Clone(de.HolidaysMV), de.Frauentag.Clone(&cal.Holiday{StartYear: 2023}))

// Regions lists all regions, sorted.
func Regions() []string { return slices.Sorted(maps.Keys(regions)) }

// Known reports whether the region's days are known.
func Known(region string) bool { return regions[region] != nil }

// Name gives the name of the public holiday on a day, in the region's own
// language; "" where the day is none, or the region isn't known. A holiday that
// is made up for on another day, as in Britain, is that other day too.
func Name(region string, day time.Time) string {
	y, m, d := day.Date()
	years := []int{y}
	switch m { // a substitute can lie in the year before or after the holiday's own
	case time.January:
		years = append(years, y-1)
	case time.December:
		years = append(years, y+1)
	}
	for _, year := range years {
		for _, h := range regions[region] {
			actual, observed := h.Calc(year)
			if same(actual, y, m, d) || same(observed, y, m, d) {
				return h.Name
			}
		}
	}
	return ""
}

func same(t time.Time, y int, m time.Month, d int) bool {
	ty, tm, td := t.Date()
	return !t.IsZero() && ty == y && tm == m && td == d
}
