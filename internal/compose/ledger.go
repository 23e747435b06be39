package compose

import (
	"fmt"
	"slices"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// ledgerOrder is the order in which the ledger shows its buckets: what needs a
// hand first.
var ledgerOrder = []model.Bucket{
	model.BucketUnclassified, model.BucketWithheld, model.BucketTold, model.BucketWithdrawn, model.BucketDelivered,
	model.BucketNoNote, model.BucketInternal, model.BucketStructure,
}

// Ledger accounts for every commit of the release: the sums add up to
// Release.Commits.
func Ledger(c *config.Config, r *model.Release, h model.DayHeader, l model.Lang) model.Ledger {
	out := model.Ledger{DayHeader: h, Previous: r.Previous, Explain: r.Explain, Commits: r.Commits, Alarms: r.Alarms, Parts: r.Parts}
	sums := map[model.Bucket]*model.LedgerSum{}
	for _, b := range ledgerOrder {
		sums[b] = &model.LedgerSum{Bucket: b}
	}
	folded, count := Dependencies(r)
	fold := model.LedgerRow{Title: dependencyTitle(count, l), Bucket: model.BucketInternal, Reason: model.Because("dependencies")}
	for i := range r.Changes {
		ch := &r.Changes[i]
		bucket, reason := BucketOf(c, ch)
		row := model.LedgerRow{
			ID: ch.ID, Hash: ch.Merge, Commits: len(ch.Commits()), Title: ch.Title, Author: authorOf(ch),
			Kind: ch.Kind, Bucket: bucket, Reason: reason,
			Submodules: ch.Submodules,
		}
		if len(ch.Areas) > 0 {
			row.Area = areaName(c, ch.Areas[0], l)
		}
		if len(folded) > 1 && slices.Contains(folded, ch) && bucket == model.BucketInternal {
			fold.Commits += row.Commits
			fold.Folded = append(fold.Folded, row)
		} else {
			out.Rows = append(out.Rows, row)
		}
		sums[bucket].Changes++
		sums[bucket].Commits += row.Commits
	}
	for _, s := range r.Skipped {
		bucket := s.Bucket
		if bucket == "" {
			bucket = model.BucketStructure
		}
		out.Rows = append(out.Rows, model.LedgerRow{
			Hash: s.Commit.Hash, Commits: 1, Title: s.Commit.Subject, Author: s.Commit.Author.Name, Bucket: bucket, Reason: s.Reason,
		})
		sums[bucket].Commits++
	}
	if len(fold.Folded) > 0 {
		out.Rows = append(out.Rows, fold)
	}
	slices.SortStableFunc(out.Rows, func(a, b model.LedgerRow) int {
		return slices.Index(ledgerOrder, a.Bucket) - slices.Index(ledgerOrder, b.Bucket)
	})
	for _, b := range ledgerOrder {
		if sums[b].Commits > 0 {
			out.Sums = append(out.Sums, *sums[b])
		}
	}
	return out
}

// authorOf is who did the work: the author of the first inner commit, else of the tip.
func authorOf(ch *model.Change) string {
	if len(ch.Inner) > 0 {
		return ch.Inner[0].Author.Name
	}
	return ch.Tip.Author.Name
}

// LawOfHistory checks that every commit of the release stands in the ledger
// once; the error names the first that doesn't. It guards the documents
// against a fault of the reader: better no page than a false one.
func LawOfHistory(r *model.Release) error {
	type place struct {
		repository string // two repositories may share a part of their history
		hash       model.Hash
	}
	seen := map[place]bool{}
	add := func(repository string, h model.Hash) error {
		if seen[place{repository, h}] {
			return fmt.Errorf("release %s: commit %s is told twice", r.Slug(), h.Short())
		}
		seen[place{repository, h}] = true
		return nil
	}
	for i := range r.Changes {
		for _, co := range r.Changes[i].Commits() {
			if err := add(r.Changes[i].Repository, co.Hash); err != nil {
				return err
			}
		}
	}
	for _, s := range r.Skipped {
		if err := add(s.Repository, s.Commit.Hash); err != nil {
			return err
		}
	}
	if len(seen) != r.Commits {
		return fmt.Errorf("release %s: %d commits in the range, %d accounted for", r.Slug(), r.Commits, len(seen))
	}
	return nil
}

// Unclassified diagnoses each change that nothing classifies, and counts them.
func Unclassified(c *config.Config, r *model.Release) diag.List {
	var list diag.List
	for i := range r.Changes {
		ch := &r.Changes[i]
		if ch.Bucket != "" || ch.Classified || ch.NoNote || ch.Audience.Scope == model.AudienceInternal {
			continue
		}
		what := diag.Say("release %s: nothing says what kind %q is, so customers are told its title", r.Slug(), oneLine(ch.Title))
		hint := diag.Say("its title is merged and stays as it is: move it to its kind in the draft (`daybreak draft %s` writes the file); the next time a title with feat: or fix:, or a trailer `Changelog`, says it.", r.Slug())
		if c.Notes.Unclassified == "withhold" {
			what = diag.Say("release %s: nothing says what kind %q is, so customers are not told", r.Slug(), oneLine(ch.Title))
			hint = diag.Say("its title is merged and stays as it is: give its note file a `kind`, where it has one, or set `notes.unclassified: tell` and edit the draft; the next time a title with feat: or fix:, or a trailer `Changelog`, says it.")
		}
		list.Add(diag.New(diag.Warning, "unclassified", diag.Position{Commit: string(ch.Merge)}, what, hint))
	}
	return list
}

// BucketOf says in which drawer of the ledger a change lies, and why.
func BucketOf(c *config.Config, ch *model.Change) (model.Bucket, model.Reason) {
	switch {
	case ch.Bucket != "":
		return ch.Bucket, ch.Reason
	case ch.LeftOut:
		return model.BucketNoNote, model.Because("left-out")
	case ch.Audience.Scope == model.AudienceInternal:
		if slices.ContainsFunc(trailer(c, ch, "Audience"), func(v string) bool { return audienceScope(v) == model.AudienceInternal }) {
			return model.BucketInternal, saidBy(ch, "Audience")
		}
		return model.BucketInternal, ch.KindFrom
	case ch.NoNote:
		return model.BucketNoNote, model.Because("no-note")
	case !ch.Classified && c.Notes.Unclassified == "withhold":
		return model.BucketUnclassified, model.Because("nothing-says")
	case ch.Guarded != "":
		return model.BucketWithheld, model.Because("guarded", ch.Guarded)
	case c.Notes.Titles == "withhold" && !hasCustomerText(c, ch):
		return model.BucketUnclassified, model.Because("no-customertext")
	}
	return model.BucketTold, ch.KindFrom
}
