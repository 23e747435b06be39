package compose

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/editorial"
	"daybreak/internal/model"
)

const reservedSettings = `
product: {name: Reiseplan}
languages: [en]
notes: {unclassified: tell}
systems:
- {id: K1, name: Alpenblick Reisen}
- {id: K2, name: Nordlicht Touren}
`

// reservedRelease has changes for everybody and for each of two systems, each
// with words that stand nowhere else.
func reservedRelease() model.Release {
	v, _ := model.ParseVersion("v1.2.0")
	r := model.Release{Version: v, Tag: "v1.2.0"}
	for i, systems := range []string{"", "K1", "", "K2", "K1, K2", ""} {
		ch := model.Change{ID: fmt.Sprintf("!%d", i+1), Title: "t", Header: model.Header{Type: "feat"}, Merge: model.Hash(fmt.Sprintf("%040d", i))}
		ch.Tip.Hash = ch.Merge
		ch.Trailers = []model.Trailer{{Key: "Release-Note", Value: fmt.Sprintf("Title of note %d\n\nThe text of note%d is long enough to be known again.", i+1, i+1)}}
		if systems != "" {
			ch.Trailers = append(ch.Trailers, model.Trailer{Key: "Systems", Value: systems})
		}
		r.Changes = append(r.Changes, ch)
	}
	return r
}

// Whatever people do to the headings of a draft: where nothing is refused, no
// word that was for K1 or K2 alone is told to anybody else.
func TestReservedWordsStayWithTheirSystems(t *testing.T) {
	c, list := config.Parse(config.Name, []byte(reservedSettings))
	if list.Worst() == diag.Error {
		t.Fatal(list)
	}
	refused, told, seen := 0, 0, 0
	for seed := range 600 {
		r := rand.New(rand.NewPCG(uint64(seed), 9))
		releases := []model.Release{reservedRelease()}
		Classify(c, &releases[0])
		names := editorial.NamesOf()
		base := editorial.Generate(DraftFacts(c, &releases[0], model.English, editorial.Words{}))
		file, mine := handle(r, string(base.Bytes()))
		cur, found := editorial.Parse("notes.en.md", model.English, []byte(file), names)
		if found.Worst() == diag.Error {
			continue // doubled ids
		}
		pair := editorial.Pair{Draft: cur, Base: base}
		if r.IntN(5) == 0 {
			pair.Base = nil
		}
		shelf := editorial.Shelf{releases[0].Slug(): {model.English: pair}}
		diagnosed := Edit(c, releases, shelf, true)
		if diagnosed.Worst() == diag.Error {
			refused++
			continue
		}
		told++
		for reader, notes := range map[string][]model.Notes{
			"everybody": Notes(c, releases, model.English),
			"K1":        SystemNotes(c, releases, &c.Systems[0], model.English),
			"K2":        SystemNotes(c, releases, &c.Systems[1], model.English),
		} {
			text := fmt.Sprintf("%+v", notes)
			if strings.Contains(text, "Title of note") {
				seen++
			}
			for i, systems := range []string{"", "K1", "", "K2", "K1, K2", ""} {
				for _, words := range []string{fmt.Sprintf("note%d ", i+1), mine[i]} {
					if systems != "" && !strings.Contains(systems, reader) && words != "" && strings.Contains(text, words) {
						t.Fatalf("seed %d: %s reads %q, which is for %s:\n%s", seed, reader, words, systems, file)
					}
				}
			}
		}
	}
	if refused < 100 || told < 100 || seen < 100 {
		t.Errorf("only %d refused and %d told, %d texts read", refused, told, seen)
	}
}

// handle does to a draft what people do, and gives the words that it put into
// each note.
func handle(r *rand.Rand, file string) (string, []string) {
	parts := strings.Split(file, "\n### ")
	mine := make([]string, len(parts)-1)
	for range 1 + r.IntN(3) {
		i := 1 + r.IntN(len(parts)-1)
		head, body, _ := strings.Cut(parts[i], "\n")
		title, comment, marked := strings.Cut(head, " <!-- ")
		switch r.IntN(4) {
		case 0: // the comment is gone
			parts[i] = title + "\n" + body
		case 1: // other words
			var n int
			if marked {
				fmt.Sscanf(comment, "!%d", &n)
			}
			if n > 0 {
				mine[n-1] = fmt.Sprintf("Words%dx", n)
				parts[i] = mine[n-1] + " <!-- " + comment + "\n\nMore " + mine[n-1] + "\n"
			}
		case 2: // two comments are exchanged
			j := 1 + r.IntN(len(parts)-1)
			other, rest, _ := strings.Cut(parts[j], "\n")
			otherTitle, otherComment, ok := strings.Cut(other, " <!-- ")
			// Where both were reworded, nobody can tell afterwards.
			if marked && ok && i != j && !(strings.HasPrefix(title, "Words") && strings.HasPrefix(otherTitle, "Words")) {
				parts[i], parts[j] = title+" <!-- "+otherComment+"\n"+body, otherTitle+" <!-- "+comment+"\n"+rest
			}
		case 3: // only marks are taken away
			if id, _, ok := strings.Cut(comment, " only:"); ok {
				parts[i] = title + " <!-- " + id + " -->\n" + body
			}
		}
	}
	return strings.Join(parts, "\n### "), mine
}
