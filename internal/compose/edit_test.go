package compose

import (
	"reflect"
	"testing"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

// A note that belongs to no change keeps its address where it is moved, and two of
// one title have two.
func TestOwnNotesKeepTheirAnchors(t *testing.T) {
	own := func(titles ...string) map[string][]string {
		e := &model.Edited{}
		for _, title := range titles {
			e.Notes = append(e.Notes, model.EditedNote{Kind: model.KindFixed, Words: &model.EditedWords{Title: title}})
		}
		out := map[string][]string{}
		for _, s := range sections(&config.Config{}, e, nil, nil, model.German) {
			for _, n := range s.Notes {
				out[n.Title] = append(out[n.Title], n.Anchor)
			}
		}
		return out
	}
	before, after := own("Wartung", "Preise", "Wartung"), own("Preise", "Wartung", "Wartung")
	if !reflect.DeepEqual(before, after) || before["Wartung"][0] == before["Wartung"][1] || before["Preise"][0] == "" {
		t.Errorf("%v, then %v", before, after)
	}
}
