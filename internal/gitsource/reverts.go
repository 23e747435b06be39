package gitsource

import (
	"daybreak/internal/diag"
	"daybreak/internal/message"
	"daybreak/internal/model"
)

// revertTarget is one thing that a change takes back.
type revertTarget struct {
	unit  *unit      // the change inside the range, nil where it was released earlier
	hash  model.Hash // full hash, "" where only a number or a subject is known
	at    int32      // its position, -1 where it isn't in this history
	whole bool       // takes back the whole of the unit
}

// resolveReverts finds out what was taken back inside the range, and marks
// both sides withdrawn. It goes by hashes, then by request numbers, then by
// quoted subjects; what is ambiguous is reported and decides nothing.
//
// A revert counts only while it isn't reverted itself, so chains come out by
// parity: X, R1(X), R2(R1) leaves X.
func (r *Repository) resolveReverts(units []*unit, diags *diag.List) error {
	x, err := r.indexUnits(units)
	if err != nil {
		return err
	}
	any := false
	for _, u := range units {
		if err := x.targets(u, diags); err != nil {
			return err
		}
		any = any || len(u.reverts) > 0
	}
	if !any {
		return nil
	}
	// A revert is always younger than what it takes back, so from the newest on
	// every revert's own fate is known before it counts.
	for _, u := range units {
		if u.cancelled {
			continue
		}
		for _, t := range u.reverts {
			if t.unit != nil && r.takeBack(t) && !t.unit.cancelled {
				t.unit.cancelled, t.unit.takenBackBy = true, u
			}
		}
	}
	for _, u := range units {
		if err := r.settleRevert(u); err != nil {
			return err
		}
	}
	return nil
}

// takeBack notes that a target is taken back, and reports whether nothing of
// its change is left then.
func (r *Repository) takeBack(t revertTarget) bool {
	if t.whole {
		return true
	}
	if t.unit.partly == nil {
		t.unit.partly = map[int32]bool{}
	}
	t.unit.partly[t.at] = true
	for _, i := range t.unit.inner {
		if len(r.graph.parents(i)) < 2 && !t.unit.partly[i] {
			return false
		}
	}
	return len(r.graph.parents(t.unit.tip)) > 1
}

// settleRevert sets bucket and reason of a change that takes back or was taken back.
func (r *Repository) settleRevert(u *unit) error {
	inside, outside := 0, 0
	for _, t := range u.reverts {
		if t.unit != nil {
			inside++
			continue
		}
		outside++
		if t.hash != "" {
			u.change.Reverts = append(u.change.Reverts, t.hash)
		}
	}
	switch {
	case u.cancelled:
		u.change.Bucket, u.change.Reason = model.BucketWithdrawn, model.Because("reverted", u.takenBackBy.change.Tip.Hash.Short())
	case inside > 0 && outside == 0 && u.onlyReverts(r):
		if own := &r.held[u.tip].message; !own.Revert && saysRevert(own) {
			// Its title tells of something else: of the same, or of more?
			if more, err := r.doesMore(u); more || err != nil {
				return err
			}
		}
		u.change.Bucket = model.BucketWithdrawn
		u.change.Reason = model.Because("takes-back", u.reverts[0].hash.Short())
		if !u.reverts[0].whole {
			u.change.Reason = model.Because("takes-back-part", u.reverts[0].hash.Short(), u.reverts[0].unit.change.ID)
		}
	case outside > 0:
		return r.nameReapplied(u)
	}
	return nil
}

// onlyReverts reports whether the change does nothing but take back: its own
// message says so, or all its inner commits do.
func (u *unit) onlyReverts(r *Repository) bool {
	f := r.held[u.tip]
	if saysRevert(&f.message) {
		return true
	}
	real := 0
	for _, i := range u.inner {
		if len(r.graph.parents(i)) > 1 {
			continue
		}
		real++
		if !saysRevert(&r.held[i].message) {
			return false
		}
	}
	return real > 0
}

func saysRevert(m *message.Message) bool {
	return len(m.Reverts) > 0 || len(m.RevertsRequests) > 0 || m.RevertsSubject != ""
}
