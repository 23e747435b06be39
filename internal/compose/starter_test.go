package compose

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"daybreak/content"
	"daybreak/internal/config"
	"daybreak/internal/model"
)

// firstWords are the verbs with which the shipped steps begin. A step that
// begins with anything else is not an instruction.
var firstWords = map[model.Lang][]string{
	model.English: {"Arrive", "Lay", "Read", "Click", "Update", "Put", "Look", "Run", "Ask", "Send", "Close", "Watch", "Hand", "Check", "Mend", "Count", "Take", "Done", "Give", "Weigh", "Release"},
	model.German:  {"Ankommen", "Bereitlegen", "Vorlesen", "Klicken", "Aktualisieren", "Einspielen", "Auf die Uhr sehen", "Nachsehen", "Durchführen", "Fragen", "Senden", "Abschließen", "Beobachten", "Austeilen", "Prüfen", "Beheben", "Zählen", "Weiter beobachten", "Stand festhalten", "Festhalten"},
}

func loadStarter(t *testing.T, l model.Lang) DayContent {
	t.Helper()
	d, list := LoadDay(content.FS, l)
	for _, problem := range list {
		t.Errorf("%s", problem)
	}
	return d
}

func TestStarterFitsTheSheet(t *testing.T) {
	for _, l := range []model.Lang{model.German, model.English} {
		d := loadStarter(t, l)
		for _, p := range d.phases {
			for _, s := range p.steps {
				if n := utf8.RuneCountInString(s.text); n > maxStepText {
					t.Errorf("%s %s: %d characters: %q", l, s.code, n, s.text)
				}
				if s.kind == model.StepBreak || s.kind == model.StepGate {
					continue
				}
				if !slices.ContainsFunc(firstWords[l], func(w string) bool { return strings.HasPrefix(s.text, w) }) {
					t.Errorf("%s %s: %q doesn't begin with a verb", l, s.code, s.text)
				}
			}
		}
	}
}

// The default day is the one of the domain: with T0 at 06:30, opening at 09:00
// and 20 minutes of database, every step stands where the team knows it.
func TestStarterKeepsTheKnownTimes(t *testing.T) {
	want := map[string]string{
		"S01": "06:15", "K1": "06:16", "S02": "06:20", "S03": "06:30", "S04": "06:32", "G1": "06:34", "S05": "06:35",
		"S06": "06:35", "S07": "06:55", "W1": "07:00", "G2": "07:00", "K2": "07:00", "V1": "07:15", "V2": "07:17",
		"V3": "07:19", "G3": "07:20", "M1": "07:21", "S08": "07:30", "W2": "07:30", "K3": "07:30", "S09": "09:00",
		"V4": "09:05", "V5": "09:05", "H1": "", "W3": "11:00", "G4": "12:25", "K4": "12:30", "W4": "13:15",
		"W5": "14:00", "G5": "14:55", "S10": "15:00",
	}
	for _, l := range []model.Lang{model.German, model.English} {
		d := loadStarter(t, l)
		c := &config.Config{Languages: []model.Lang{model.English}, Timezone: "UTC"}
		r := model.Release{Tag: "v2.0.0"}
		book, list := Runbook(c, &r, d, Header(c, &r, l, fixtureDay))
		for _, problem := range list {
			t.Errorf("%s", problem)
		}
		got := map[string]string{}
		for _, p := range book.Phases {
			for _, s := range p.Steps {
				got[s.Code] = s.Clock
			}
		}
		for code, clock := range want {
			if at, ok := got[code]; !ok || at != clock {
				t.Errorf("%s %s: planned at %q, want %q", l, code, at, clock)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %d steps, want %d", l, len(got), len(want))
		}
		var ladder []string
		for _, r := range book.Ladder {
			ladder = append(ladder, r.Until)
		}
		if got, want := strings.Join(ladder, " "), "07:05 07:20 07:45 08:00 08:15"; got != want {
			t.Errorf("%s: ladder %s, want %s", l, got, want)
		}
		if len(book.SignOffs) != 3 {
			t.Errorf("%s: %d sign-offs, want 3", l, len(book.SignOffs))
		}
	}
}

// Both languages tell the same day: codes, times, roles, dependencies.
func TestStarterLanguagesAgree(t *testing.T) {
	shape := func(d DayContent) string {
		var b strings.Builder
		for _, p := range d.phases {
			b.WriteString(p.code + "\n")
			for _, s := range p.steps {
				b.WriteString(strings.Join([]string{s.code, string(s.kind), s.owner, s.deputy, strings.Join(s.after, "+")}, " "))
				if s.at != nil {
					fmt.Fprintf(&b, " %s%+d", s.at.anchor, s.at.offset)
				}
				if s.gate != nil {
					b.WriteString(" " + s.gate.decider + s.gate.confirm)
				}
				b.WriteByte('\n')
			}
		}
		return b.String()
	}
	if de, en := shape(loadStarter(t, model.German)), shape(loadStarter(t, model.English)); de != en {
		t.Errorf("the German and the English runbook differ:\n%s\n%s", de, en)
	}
}

func TestStarterSpeaksGerman(t *testing.T) {
	data, err := content.FS.ReadFile("runbook.de.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, phrase := range []string{"Grünes Licht?", "Dürfen die Kunden benachrichtigt werden?"} {
		if !strings.Contains(text, phrase) {
			t.Errorf("the German runbook lacks %q", phrase)
		}
	}
	if found := regexp.MustCompile(`\b(the|and|with|system's|every)\b`).FindString(strings.ReplaceAll(text, "every: 15", "")); found != "" {
		t.Errorf("the German runbook holds the English word %q", found)
	}
}
