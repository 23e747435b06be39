package gitsource

import "testing"

// What was released, taken out, and now comes back is no removal: customers
// are told of it under its own title, in whichever form the forge wrote it.
func TestReappliedAfterRelease(t *testing.T) {
	for name, again := range map[string]string{
		"revert of the revert, by number":  "Revert \"Revert \"feat: rail search\"\" (#13)\n\nReverts owner/repo#12",
		"reapply, by number":               "Reapply \"feat: rail search\" (#13)\n\nReverts owner/repo#12",
		"revert of the revert, by subject": "Revert \"Revert \"feat: rail search\"\"",
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.commit("feat: rail search (#10)")
			f.commit("Revert \"feat: rail search\" (#12)\n\nReverts owner/repo#10")
			f.tag("v1.0")
			f.commit(again)
			f.tag("v1.1")
			f.wantReapplied()
		})
	}
	t.Run("merges whose inner commits name the hash", func(t *testing.T) {
		f := newFixture(t)
		f.topic("rail", "feat: rail search")
		m := f.merge("rail", "Merge pull request #10 from org/rail\n\nfeat: rail search")
		f.topic("revert-10", "Revert \"feat: rail search\"\n\nThis reverts commit "+m+", reversing\nchanges made to "+f.git("rev-parse HEAD~1")+".")
		back := f.merge("revert-10", "Merge pull request #12 from org/revert-10\n\nRevert \"feat: rail search\"")
		f.tag("v1.0")
		f.topic("revert-12", "Revert \"Revert \"feat: rail search\"\"\n\nThis reverts commit "+back+", reversing\nchanges made to "+f.git("rev-parse HEAD~1")+".")
		f.merge("revert-12", "Merge pull request #13 from org/revert-12\n\nRevert \"Revert \"feat: rail search\"\"")
		f.tag("v1.1")
		f.wantReapplied()
	})
}

// A number counts in its own repository only: where the quoted subject speaks
// of something else, the request of the same number here is left alone.
func TestRevertInAnotherRepository(t *testing.T) {
	f := newFixture(t)
	f.commit("feat: start")
	f.tag("v1.0")
	f.commit("feat: rail search (#10)")
	f.commit("Revert \"bump engine\" (#12)\n\nReverts other/engine#10")
	f.tag("v1.1")
	rel, diags := f.release("v1.1")
	if live := rel.Live(); len(live) != 2 {
		t.Errorf("v1.1 brings %d changes, want both: %+v", len(live), rel.Changes)
	}
	if len(diags) == 0 {
		t.Error("nobody is told that the revert's target is not here")
	}
}

// wantReapplied holds v1.1 to one live change that tells of the feature again.
func (f *fixture) wantReapplied() {
	f.t.Helper()
	rel, _ := f.release("v1.1")
	live := rel.Live()
	if len(live) != 1 || len(live[0].Reverts) != 0 || live[0].Header.Type != "feat" || live[0].Header.Text != "rail search" {
		f.t.Errorf("v1.1 brings %d changes: %+v", len(live), live)
	}
}
