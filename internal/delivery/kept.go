package delivery

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"daybreak/internal/diag"
)

// Kept is a bucket whose earlier versions are kept, so that it can show one of them
// again.
type Kept struct {
	Bucket *Bucket
	Shelf  *Shelf
	Name   string // of the delivery, for messages
}

// Deliver makes the bucket hold the site and keeps it. That it can't be kept is no
// reason not to bring it: unkept says why.
func (k *Kept) Deliver(ctx context.Context, site *Site) (r Result, unkept, err error) {
	number, unkept := k.Shelf.put(site)
	if unkept == nil {
		unkept = k.Shelf.note(state{Shown: k.Shelf.state().Shown, To: number})
	}
	if r, err = k.Bucket.Deliver(ctx, site); err != nil || unkept != nil {
		return r, unkept, err
	}
	return r, errors.Join(k.Shelf.note(state{Shown: number}), k.Shelf.prune(number)), nil
}

// Versions lists what can be shown again, newest first.
func (k *Kept) Versions() ([]Version, error) { return k.Shelf.versions() }

// Rollback makes the bucket show an earlier version again, in the order and with the
// questions of a delivery: the one of that number; with 0 the one before. A rollback
// that was interrupted is taken up, and after a delivery that was, the one before is
// the last that was there whole. allow may refuse a version before anything changes.
func (k *Kept) Rollback(ctx context.Context, number int, allow func(Version) error) (Version, Result, error) {
	versions, err := k.Shelf.versions()
	if err != nil {
		return Version{}, Result{}, err
	}
	v, err := k.choose(versions, number)
	if err != nil {
		return v, Result{}, err
	}
	if err := k.Shelf.whole(v); err != nil {
		return v, Result{}, diag.Refuse("version-damaged", diag.Say("version %d of %q is damaged: %v", v.Number, k.Name, err),
			diag.Say("go back to another one, or deliver the right one anew."))
	}
	if number == 0 {
		if err := k.ofAnother(ctx, versions); err != nil {
			return v, Result{}, err
		}
	}
	if err := allow(v); err != nil {
		return v, Result{}, err
	}
	site, err := k.Shelf.open(v)
	if err != nil {
		return v, Result{}, err
	}
	defer site.Close()
	if err := k.Shelf.note(state{Shown: k.Shelf.state().Shown, To: v.Number, Back: true}); err != nil {
		return v, Result{}, err
	}
	r, err := k.Bucket.bring(ctx, site, diag.Say("run the rollback again"))
	if ctx.Err() != nil {
		return v, r, diag.Refuse("interrupted", diag.Say("interrupted: %q shows version %d in part; what readers meet is whole", k.Name, v.Number),
			diag.Say("run the same command again; it ends what was begun."))
	}
	if err != nil {
		return v, r, err
	}
	return v, r, k.Shelf.note(state{Shown: v.Number})
}

// choose finds the version that is meant.
func (k *Kept) choose(versions []Version, number int) (Version, error) {
	st, wanted := k.Shelf.state(), number
	switch {
	case wanted > 0:
	case st.To > 0 && st.Back:
		wanted = st.To
	case st.To > 0:
		wanted = st.Shown
	default:
		for _, v := range versions { // newest first
			if v.Number < st.Shown {
				wanted = v.Number
				break
			}
		}
	}
	var have []string
	for _, v := range versions {
		if v.Number == wanted {
			return v, nil
		}
		have = append(have, strconv.Itoa(v.Number))
	}
	p := diag.Refuse("no-version", diag.Say("this machine keeps no earlier version of %q", k.Name),
		diag.Say("they lie in .daybreak/versions where deliver or publish ran: go back there; or check out the workspace as it was, build it and deliver."))
	if number > 0 {
		p.Reword(diag.Say("this machine keeps no version %d of %q", number, k.Name))
	}
	if len(have) > 0 {
		p.Advise(diag.Say("there are %s; or check out the workspace as it was, build it and deliver.", strings.Join(have, ", ")))
	}
	return Version{}, p
}

// ofAnother refuses to guess which version is the one before where the bucket holds
// what this machine doesn't know of.
func (k *Kept) ofAnother(ctx context.Context, versions []Version) error {
	there, err := k.Bucket.ledger(ctx)
	if err != nil {
		return k.Bucket.explain(err, diag.Say("run the rollback again"))
	}
	ours, st := true, k.Shelf.state()
	for p, sum := range there {
		known := false
		for _, v := range versions {
			// Between two versions the list names what both have.
			known = known || (st.To > 0 || v.Number == st.Shown) && v.sums[p] == sum
		}
		ours = ours && known
	}
	if ours {
		return nil
	}
	return diag.Refuse("other-machine", diag.Say("%q shows what another machine brought, so that nobody here knows what came before it", k.Name),
		diag.Say("`--list` names what this machine has, and `--to NUMBER` shows one of them all the same; or go back on the machine that brought it."))
}
