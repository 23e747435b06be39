package editorial

import (
	"slices"
	"testing"
)

// Comments go wherever CommonMark takes them for some, and nothing else goes with them.
func TestComments(t *testing.T) {
	for _, c := range []struct {
		in, want []string
		open     int
	}{
		{[]string{"a <!-- b --> c"}, []string{"a  c"}, -1},
		{[]string{"a", "<!-- b", "", "c -->", "d"}, []string{"a", "d"}, -1},
		{[]string{"a <!-- b", "c --> d"}, []string{"a", " d"}, -1},
		{[]string{"a <!-- b", "", "c --> d"}, []string{"a <!-- b", "", "c --> d"}, 0},
		{[]string{"`<!-- a -->` and ``b ` <!-- c``"}, []string{"`<!-- a -->` and ``b ` <!-- c``"}, -1},
		{[]string{"a ` b <!-- c -->"}, []string{"a ` b "}, -1},
		{[]string{"```", "<!-- a", "```", "b"}, []string{"```", "<!-- a", "```", "b"}, -1},
		{[]string{"<!-- a --><!-- b", "c --> d"}, []string{" d"}, -1},
	} {
		got, at, open := uncommented(c.in)
		if !slices.Equal(got, c.want) || open != c.open || len(at) != len(got) {
			t.Errorf("%q: %q, open %d; want %q, %d", c.in, got, open, c.want, c.open)
		}
	}
}
