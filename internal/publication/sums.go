package publication

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"daybreak/internal/model"
)

// Sums gives a short sum of each text of a release, by language and id; the
// headline, introduction and known issues have the id "intro".
func Sums(all map[model.Lang]*model.ReleaseWords) map[string]string {
	out := map[string]string{}
	for l, w := range all {
		for key, t := range texts(w) {
			out[string(l)+" "+key] = t.sum
		}
	}
	return out
}

// text is one text of a release: its sum, and whom it concerns.
type text struct {
	sum     string
	concern model.Concern
}

// texts gives a language's texts by id.
func texts(w *model.ReleaseWords) map[string]text {
	all := model.Concern{Audience: model.Audience{Scope: model.AudiencePublic}}
	out := map[string]text{"intro": {sum(w.Title, w.Intro, w.Known), all}}
	own := 0
	for _, n := range w.Notes {
		key := n.ID
		if key == "" {
			own++
			key = fmt.Sprintf("own-%d", own)
		}
		out[key] = text{sum(string(n.Note.Kind), n.Note.Title, n.Note.Body, n.Note.BreakingNote, fmt.Sprint(n.Note.Breaking, n.Concern)), n.Concern}
	}
	return out
}

func sum(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d %s\n", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil)[:4])
}

// Changed names the texts that differ from those that were approved, sorted:
// "de !412".
func Changed(approved, now map[string]string) []string {
	keys := map[string]bool{}
	for k, v := range now {
		if approved[k] != v {
			keys[k] = true
		}
	}
	for k := range approved {
		if _, there := now[k]; !there {
			keys[k] = true
		}
	}
	return slices.Sorted(maps.Keys(keys))
}
