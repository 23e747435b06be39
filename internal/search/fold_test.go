package search

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"daybreak/internal/browser"
)

// cases are texts with their folded and narrowed forms and their words.
var cases = []struct {
	text, fold, narrow string
	words              []string
}{
	{"Rechnungsnummer", "rechnungsnummer", "rechnungsnummer", []string{"rechnungsnummer"}},
	{"Häuser", "haeuser", "hauser", []string{"haeuser"}},
	{"Haeuser", "haeuser", "hauser", []string{"haeuser"}},
	{"Hauser", "hauser", "hauser", []string{"hauser"}},
	{"ÄÖÜ äöü ß ẞ", "aeoeue aeoeue ss ss", "", []string{"aeoeue", "aeoeue", "ss", "ss"}},
	{"Straße Strasse", "strasse strasse", "strase strase", []string{"strasse", "strasse"}},
	{"Größe", "groesse", "grose", []string{"groesse"}},
	{"neue Steuer, Quelle", "neue steuer, quelle", "neue steuer, quelle", []string{"neue", "steuer", "quelle"}},
	{"Bauerlaubnis", "bauerlaubnis", "bauerlaubnis", []string{"bauerlaubnis"}},
	{"Café Zoë naïve Ærø Łódź", "cafe zoe naive aeroe lodz", "", []string{"cafe", "zoe", "naive", "aeroe", "lodz"}},
	{"u\u0308ber", "ueber", "uber", []string{"ueber"}},
	{"Gü\u00adtig\u200bkeit", "guetigkeit", "gutigkeit", []string{"guetigkeit"}},
	{"İstanbul ΣΑΣ ψυχής", "istanbul σασ ψυχησ", "", []string{"istanbul", "σασ", "ψυχησ"}},
	{"Version 2026.14.0: E-Rechnung (EN-16931)", "version 2026.14.0: e-rechnung (en-16931)", "", []string{"version", "2026.14.0", "2026", "14", "0", "e", "rechnung", "en-16931", "en", "16931"}},
	{"„Anführung“ – a·b×c", "„anfuehrung“ – a·b×c", "", []string{"anfuehrung", "a", "b", "c"}},
	{"...-_x_-...", "...-_x_-...", "", []string{"x"}},
	{"旅行 予約。", "旅行 予約。", "旅行 予約。", []string{"旅行", "予約"}},
	{"", "", "", nil},
}

func TestFolding(t *testing.T) {
	for _, c := range cases {
		if got := Fold(c.text); got != c.fold {
			t.Errorf("Fold(%q) = %q, want %q", c.text, got, c.fold)
		}
		if got := Narrow(c.fold); c.narrow != "" && got != c.narrow {
			t.Errorf("Narrow(%q) = %q, want %q", c.fold, got, c.narrow)
		}
		if got := Words(c.text); !reflect.DeepEqual(got, c.words) {
			t.Errorf("Words(%q) = %q, want %q", c.text, got, c.words)
		}
	}
}

// folded is what one side makes of a text.
type folded struct {
	Fold, Narrow string
	Words        []string
}

func here(s string) folded {
	f := folded{Fold(s), Narrow(Fold(s)), Words(s)}
	if f.Words == nil {
		f.Words = []string{}
	}
	return f
}

// there runs the theme's script over texts.
func there(texts []string) ([]folded, error) {
	script, err := os.ReadFile("../../themes/default/fold.js")
	if err != nil {
		return nil, err
	}
	b, err := browser.Open(context.Background())
	if err != nil {
		return nil, err
	}
	defer b.Close()
	p, err := b.Page("about:blank", browser.View{})
	if err != nil {
		return nil, err
	}
	defer p.Close()
	data, err := json.Marshal(texts)
	if err != nil {
		return nil, err
	}
	return browser.Eval[[]folded](p, string(script)+fmt.Sprintf(`;(() => { const w = daybreakWords;
		return %s.map(s => ({Fold: w.fold(s), Narrow: w.narrow(w.fold(s)), Words: w.words(s)})) })()`, data))
}

// The index is folded here and the query in the browser: they must never differ.
func TestBothSidesFoldAlike(t *testing.T) {
	var texts []string
	for _, c := range cases {
		texts = append(texts, c.text)
	}
	for r := rune(1); r < 0x3100; r++ { // every character of the alphabets, alone and in a word
		texts = append(texts, "au"+string(r)+"e\u0308ss"+string(r))
	}
	random := rand.New(rand.NewPCG(6, 3))
	pool := []rune("aeouäöüßẞAEOUÄÖÜsSqyi.-_ 0279\u0308\u0301\u0304\u00ad\u200dİıΣσςǅﬁ\u1f88\u1e9e×÷„“–\u3001旅\U0001f600\U00010400")
	for range 3000 {
		var b strings.Builder
		for range random.IntN(24) {
			if random.IntN(6) == 0 {
				if r := rune(random.IntN(0x11000)); utf8.ValidRune(r) {
					b.WriteRune(r)
				}
			} else {
				b.WriteRune(pool[random.IntN(len(pool))])
			}
		}
		texts = append(texts, b.String())
	}
	got, err := there(texts)
	if errors.Is(err, browser.ErrNotFound) && os.Getenv("DAYBREAK_REQUIRE_BROWSER") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	wrong := 0
	for i, text := range texts {
		if want := here(text); !reflect.DeepEqual(got[i], want) && wrong < 20 {
			wrong++
			t.Errorf("%+q: the script %+q, we %+q", text, got[i], want)
		}
	}
}

func FuzzWords(f *testing.F) {
	for _, c := range cases {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, w := range Words(s) {
			if w == "" || strings.ContainsAny(w, " \t\n") {
				t.Errorf("%q has the word %q", s, w)
			}
		}
		if folded := Fold(s); Fold(folded) != folded && utf8.ValidString(s) {
			t.Errorf("Fold(%q) = %q, which folds further", s, folded)
		}
	})
}
