package gitsource

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/utils/diff"
	"github.com/sergi/go-diff/diffmatchpatch"
)

// TestLineDiff holds the difference without what two texts begin and end with
// alike against that of the whole texts: both make one of the other, in whole
// lines, with as many lines changed.
func TestLineDiff(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		var b strings.Builder
		for range rnd.IntN(8) {
			b.WriteString([]string{"a", "b", "c", "dd", "\n"}[rnd.IntN(5)])
			if rnd.IntN(8) > 0 {
				b.WriteByte('\n')
			}
		}
		return b.String()
	}
	changed := func(parts []diffmatchpatch.Diff) (n int) {
		for _, p := range parts {
			if p.Type != diffmatchpatch.DiffEqual {
				n += strings.Count(p.Text, "\n")
			}
		}
		return n
	}
	for range 20_000 {
		from, to := text(), text()
		parts := lineDiff(from, to)
		var a, b strings.Builder
		for i, p := range parts {
			if p.Type != diffmatchpatch.DiffInsert {
				a.WriteString(p.Text)
			}
			if p.Type != diffmatchpatch.DiffDelete {
				b.WriteString(p.Text)
			}
			if i > 0 && p.Type == parts[i-1].Type || i < len(parts)-1 && p.Type == diffmatchpatch.DiffEqual && !strings.HasSuffix(p.Text, "\n") {
				t.Fatalf("%q to %q: parts %q", from, to, parts)
			}
		}
		if a.String() != from || b.String() != to || changed(parts) != changed(diff.Do(from, to)) {
			t.Fatalf("%q to %q: parts %q", from, to, parts)
		}
	}
}
