package gitsource

import (
	"strings"

	"daybreak/internal/message"
)

// nameReapplied gives a revert of a released revert the title of what comes
// back: for customers nothing is taken away. It follows the hashes as far as
// they lead; where a forge wrote none, the quoted subjects go on.
func (r *Repository) nameReapplied(u *unit) error {
	m, err := r.revertMessage(u.tip)
	if err != nil {
		return err
	}
	depth := 0 // how many reverts lie below u
	at := u.reverts[0].at
	for at >= 0 && depth < maxReverts {
		below, err := r.revertMessage(at)
		if err != nil {
			return err
		}
		if !saysRevert(below) {
			if depth%2 == 1 {
				u.change.Title, u.change.Header, u.change.Reverts = below.Title, below.Header, nil
			}
			return nil
		}
		depth++
		m, at = below, -1
		if len(m.Reverts) > 0 {
			at = r.position(m.Reverts[0])
		}
	}
	more, subject := quotedReverts(m)
	if (depth+more)%2 == 1 && subject != "" {
		original := message.Parse(subject, message.Options{})
		u.change.Title, u.change.Header, u.change.Reverts = original.Title, original.Header, nil
	}
	return nil
}

// maxReverts is how long a chain of reverts is followed.
const maxReverts = 100

// revertMessage is the message that tells what a commit takes back: its own, or,
// for a request's merge that says nothing of it, that of the merged commit.
func (r *Repository) revertMessage(i int32) (*message.Message, error) {
	f, err := r.at(i)
	if err != nil {
		return nil, err
	}
	if parents := r.graph.parents(i); !saysRevert(&f.message) && len(parents) == 2 {
		inner, err := r.at(parents[1])
		if err != nil {
			return nil, err
		}
		if saysRevert(&inner.message) {
			return &inner.message, nil
		}
	}
	return &f.message, nil
}

// quotedReverts counts the reverts that a revert's quoted subject names below
// it, and gives the subject at the bottom: `Revert "Revert "x""` has one below,
// and so has `Reapply "x"`.
func quotedReverts(m *message.Message) (int, string) {
	n, s := 0, plainSubject(m.RevertsSubject)
	if m.Reapply {
		n++
	}
	for {
		inner, reverted := strings.CutPrefix(s, `Revert "`)
		if !reverted {
			var reapplied bool
			if inner, reapplied = strings.CutPrefix(s, `Reapply "`); !reapplied {
				return n, s
			}
			n++
		}
		n++
		s = plainSubject(strings.TrimSuffix(inner, `"`))
	}
}
