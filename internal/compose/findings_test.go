package compose

import (
	"fmt"
	"strings"
	"testing"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

func TestFindingsTellTheFirstRelease(t *testing.T) {
	hash := func(n int) model.Hash { return model.Hash(fmt.Sprintf("%08x%032x", n, n)) }
	change := func(n int, id string, more ...func(*model.Change)) model.Change {
		c := model.Change{ID: id, Title: "change " + id, Merge: hash(n), Tip: model.Commit{Hash: hash(n)}}
		if strings.ContainsAny(id, "!#") {
			c.Request = &model.Request{Number: id[1:], Sign: id[:1]}
		}
		for _, m := range more {
			m(&c)
		}
		return c
	}
	picked := func(n int) func(*model.Change) {
		return func(c *model.Change) { c.PickedFrom = []model.Hash{hash(n)} }
	}
	bucket := func(b model.Bucket) func(*model.Change) { return func(c *model.Change) { c.Bucket = b } }
	release := func(v string, changes ...model.Change) model.Release {
		r := model.Release{Changes: changes, Unreleased: v == ""}
		if v != "" {
			r.Tag = "v" + v
			r.Version, _ = model.ParseVersion(r.Tag)
		}
		return r
	}
	releases := []model.Release{
		release("", change(9, "!9"), change(7, "!7b", func(c *model.Change) { c.ID = "!7" })),
		release("1.1.0", change(1, "!1", bucket(model.BucketDelivered)), change(3, "!3", func(c *model.Change) { c.Refs = []model.Ref{{ID: "RW-3"}} }), change(7, "!7", bucket(model.BucketWithdrawn))),
		release("1.0.1", change(2, "2222", picked(1))),
		release("1.0.0", change(5, "!5", bucket(model.BucketWithdrawn))),
	}
	var got []string
	for _, f := range Findings(config.Default(), releases) {
		line := f.ID
		for _, in := range f.In {
			line += fmt.Sprintf(" %s", in.Slug)
			if in.Withdrawn {
				line += "(gone)"
			}
		}
		if first := f.First(); first != nil {
			line += " first " + first.Slug
		}
		got = append(got, line+" "+strings.Join(f.Keys, " ")+" "+strings.Join(f.Hashes, " "))
	}
	want := `!7 1.1.0(gone) unreleased first unreleased  00000007
!9 unreleased first unreleased  00000009
!3 1.1.0 first 1.1.0 RW-3 00000003
2222 1.0.1 1.1.0 first 1.0.1 !1 00000002 00000001
!5 1.0.0(gone)  00000005`
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}
