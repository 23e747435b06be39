package gitsource

import "github.com/go-git/go-git/v5/plumbing"

// doesMore reports whether a change that takes others back does something of
// its own besides: some file then differs by more than what the others did to
// it. Where files can't be read the ids of their contents decide.
func (r *Repository) doesMore(u *unit) (bool, error) {
	type net struct {
		sum      uint64
		from, to plumbing.Hash
		unread   bool
	}
	work := map[string]*net{}
	add := func(i int32, inverse bool) error {
		list, err := r.touchedBy(i)
		if err != nil {
			return err
		}
		for _, d := range list {
			n := work[d.path]
			if n == nil {
				if inverse {
					continue // the other touched a file that this one leaves alone
				}
				n = &net{from: d.from.id, to: d.to.id}
				work[d.path] = n
			}
			from, okFrom := r.trees.lineSum(d.from)
			to, okTo := r.trees.lineSum(d.to)
			n.sum += to - from
			if !okFrom || !okTo {
				n.unread = true
				if inverse && n.from == d.to.id && n.to == d.from.id {
					n.from = n.to // taken back as it was
				}
			}
		}
		return nil
	}
	if err := add(u.tip, false); err != nil {
		return false, err
	}
	for _, t := range u.reverts {
		if t.at < 0 {
			continue
		}
		if err := add(t.at, true); err != nil {
			return false, err
		}
	}
	for _, n := range work {
		if n.unread && n.from != n.to || !n.unread && n.sum != 0 {
			return true, nil
		}
	}
	return false, nil
}
