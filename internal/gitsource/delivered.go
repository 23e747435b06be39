package gitsource

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// deliveries finds the changes of a range that an earlier release already has.
type deliveries struct {
	r        *Repository
	t        *tagged // whose range it is
	diags    *diag.List
	releases []*tagged      // of the side
	said     map[*unit]bool // that the side undid them
	side     []sideUnit
	byHash   map[model.Hash]*sideUnit // commits of the side, and what they were picked from
	byKey    map[string]*sideUnit     // requests and Change-Ids, also those named by a backport's title
	byText   map[string]*sideUnit     // titles
	byTop    map[int32]*sideUnit      // tips of merged branches
	unseen   map[*unit]bool           // side units that nothing has matched yet
}

// backported matches the request that a backport's title names.
var backported = regexp.MustCompile(`(?i)\b(?:backport|back-port|cherry[- ]?pick(?:ed)?|picked)\b[^#!]*([#!]\d+)|\(([#!]\d+)\)`)

// resolveDelivered marks what an earlier release already has.
func (r *Repository) resolveDelivered(t *tagged, units []*unit, diags *diag.List) error {
	side, err := r.sideUnits(t)
	if err != nil {
		return err
	}
	side, gone := r.netSide(side)
	if err := r.deliverShared(t, units, gone, diags); err != nil {
		return err
	}
	if r.lacking() {
		return errLacking
	}
	if len(side) == 0 {
		return nil
	}
	d := &deliveries{r: r, t: t, diags: diags, releases: r.tags.sideReleases(t), said: map[*unit]bool{}, side: side, byHash: map[model.Hash]*sideUnit{}, byKey: map[string]*sideUnit{}, byText: map[string]*sideUnit{}, byTop: map[int32]*sideUnit{}, unseen: map[*unit]bool{}}
	d.index()
	var open []*unit
	for _, u := range units {
		if s, how := d.byMark(u); s != nil {
			d.deliver(u, s, how)
		} else if u.change.Bucket == "" {
			open = append(open, u)
		}
	}
	if r.lacking() {
		return errLacking
	}
	if open, err = d.byPatch(open); err != nil {
		return err
	}
	often := map[string]int{}
	for _, u := range units {
		often[titleKey(u.change.Title)]++
	}
	for _, u := range open {
		key := titleKey(u.change.Title)
		s := d.byText[key]
		if s == nil || often[key] > 1 || // a routine's title tells nothing
			routineTitle.MatchString(u.change.Title) || u.change.PickedFrom != nil && d.byHash[u.change.PickedFrom[0]] != nil {
			continue
		}
		diags.Add(diag.New(diag.Warning, "maybe-delivered", diag.Position{Commit: string(u.change.Tip.Hash)}, diag.Say("%s looks like %s, released in %s", u.change.ID, s.change.ID, s.in.name),
			diag.Say(`If it is the same, say so in the message: "(cherry picked from commit <hash>)"; else nothing is to do.`)))
	}
	return nil
}

// deliverShared marks the changes that a release beside t, which branched off
// after t's predecessor, holds as the very same commits, but for those that the
// side has taken back, with a mark or by hand.
func (r *Repository) deliverShared(t *tagged, units []*unit, gone map[int32]bool, diags *diag.List) error {
	releases := r.tags.sideReleases(t)
	for _, c := range releases {
		if t.contains(c) || c == t.previous {
			continue
		}
		// What a release on t's own line brought is no news of the side's: a range
		// that was asked for may span several.
		from := []int32{t.previous.place()}
		for _, s := range r.tags.list {
			if below(s, c) && s.compare(t.previous) > 0 && t.contains(s) && c.contains(s) {
				from = append(from, s.place())
			}
		}
		holds := map[int32]bool{}
		for _, i := range r.graph.between(from, []int32{c.place()}) {
			holds[i] = true
		}
		for _, u := range units {
			if u.change.Bucket == "" && holds[u.tip] && holds[u.merge] && !gone[u.tip] {
				last := r.lastWith(releases, u.tip)
				if last == nil {
					return errLacking
				}
				undone, err := r.undoneBeside(u.tip, u.tip, last, t)
				if err != nil {
					return err
				}
				if undone {
					gone[u.tip] = true
					diags.Add(undoneNote(u, last))
					continue
				}
				u.change.Bucket, u.change.In, u.change.InAs = model.BucketDelivered, c.version.String(), u.change.Tip.Hash
				u.change.Reason = model.Because("delivered-commit", c.name)
			}
		}
	}
	return nil
}

// index keeps the lowest release for every mark.
func (d *deliveries) index() {
	for i := range d.side {
		s := &d.side[i]
		d.unseen[s.unit] = true
		put := func(h model.Hash) {
			if _, ok := d.byHash[h]; !ok {
				d.byHash[h] = s
			}
		}
		put(s.change.Tip.Hash)
		put(s.change.Merge)
		if parents := d.r.graph.parents(s.tip); len(parents) == 2 && d.byTop[parents[1]] == nil {
			d.byTop[parents[1]] = s
		}
		picked := s.change.PickedFrom
		for _, j := range s.inner {
			f := d.r.held[j]
			put(f.commit.Hash)
			for _, written := range f.message.Picked {
				picked = append(picked, d.r.fullHash(written))
			}
		}
		for _, h := range picked {
			put(h)
		}
		keys := []string{}
		if s.key != "" && (!s.merged || s.change.Request == nil || len(d.r.graph.parents(s.tip)) > 1) {
			keys = append(keys, s.key)
		}
		if title := s.change.Tip.Subject + " " + s.change.Title; !s.merged && strings.ContainsAny(title, "#!") {
			for _, m := range backported.FindAllStringSubmatch(title, -1) {
				keys = append(keys, m[1]+m[2])
			}
		}
		for _, ref := range d.r.pickedRequests(s.unit) {
			if !s.merged {
				keys = append(keys, ref)
			}
		}
		for _, k := range keys {
			if _, ok := d.byKey[k]; !ok {
				d.byKey[k] = s
			}
		}
		if k := titleKey(s.change.Title); k != "" {
			if _, ok := d.byText[k]; !ok {
				d.byText[k] = s
			}
		}
	}
}

// pickedRequests are the requests of this repository that a change says it was
// picked from.
func (r *Repository) pickedRequests(u *unit) []string {
	var out []string
	for _, ref := range r.held[u.tip].message.PickedRequests {
		if ref.Repo == "" && ref.Sign != "" {
			out = append(out, ref.Sign+ref.ID)
		}
	}
	return out
}

// titleKey makes titles comparable; "" for titles that say too little.
func titleKey(title string) string {
	title = strings.ToLower(strings.Join(strings.Fields(title), " "))
	if len(title) < 12 || strings.HasPrefix(title, "merge ") || strings.IndexByte("crbp[vu", title[0]) >= 0 && releaseTitle.MatchString(title) {
		return ""
	}
	return title
}

// releaseTitle matches the commits that only set a version: every release has
// one, and they are no backports of one another.
var releaseTitle = regexp.MustCompile(`(?i)^(?:chore\(release\)|release|bump version|prepare (?:for )?release|\[maven-release-plugin\]|version|update (?:the )?changelog|update version)\b`)

// routineTitle matches what programs and habits write again and again.
var routineTitle = regexp.MustCompile(`(?i)^(?:lock ?file maintenance|(?:auto(?:matic(?:ally)?)?[- ])?(?:update|bump|upgrade)\b.*\b(?:dependenc(?:y|ies)|deps|lock ?files?|submodules?|translations?))\b`)

// byMark looks for what the messages say: cherry-pick marks on either side,
// request numbers and Change-Ids.
func (d *deliveries) byMark(u *unit) (*sideUnit, string) {
	c := &u.change
	for _, h := range append([]model.Hash{c.Tip.Hash, c.Merge}, c.PickedFrom...) {
		if s := d.byHash[h]; s != nil && (h != c.Merge || u.tip == u.merge) {
			return s, "delivered-picked"
		}
	}
	if parents := d.r.graph.parents(u.tip); len(parents) == 2 && len(u.inner) == 0 {
		if s := d.byTop[parents[1]]; s != nil {
			return s, "delivered-branch"
		}
	}
	if u.key != "" {
		if s := d.byKey[u.key]; s != nil {
			return s, "delivered-" + kindOfKey(c)
		}
	}
	for _, ref := range d.r.pickedRequests(u) {
		if s := d.byKey[ref]; s != nil {
			return s, "delivered-request"
		}
	}
	// A branch counts as delivered when all of its work is.
	var last *sideUnit
	for _, i := range u.inner {
		if len(d.r.graph.parents(i)) > 1 {
			continue
		}
		f := d.r.held[i]
		s := d.byHash[f.commit.Hash]
		for _, written := range f.message.Picked {
			if s == nil {
				s = d.byHash[d.r.fullHash(written)]
			}
		}
		if s == nil {
			return nil, ""
		}
		if last == nil || last.in.compare(s.in) < 0 {
			last = s // all of it is out only with the highest of them
		}
	}
	return last, "delivered-picked"
}

func kindOfKey(c *model.Change) string {
	if c.Request != nil {
		return "request"
	}
	return "change-id"
}

// deliver marks u. Where the range also takes it back, customers lose what they
// have: then the revert is news.
func (d *deliveries) deliver(u *unit, s *sideUnit, how string) {
	delete(d.unseen, s.unit)
	if u.change.Bucket == model.BucketWithdrawn {
		by := u.takenBackBy
		if by == nil || by.change.Bucket != model.BucketWithdrawn || by.cancelled {
			return
		}
		by.change.Bucket, by.change.Reason = "", model.Reason{}
		by.change.Reverts = append(by.change.Reverts, s.change.Tip.Hash)
	}
	u.change.Bucket = model.BucketDelivered
	u.change.In, u.change.InAs = s.in.version.String(), s.change.Tip.Hash
	if u.change.Reason = model.Because(how, s.in.name, s.change.Tip.Hash.Short()); s.tip == u.tip {
		u.change.Reason = model.Because("delivered-commit", s.in.name) // a hotfix that was merged back
	}
}

// maxPatches bounds how many commits of one range have their patches compared
// where nothing but the patch could tell.
const maxPatches = 300

// byPatch compares what commits do, for those that no mark settled: with those
// of the same author and time, or of the same title, as cherry-picks keep them;
// and where there aren't too many, with all of the side. It gives back what is
// still open.
func (d *deliveries) byPatch(open []*unit) ([]*unit, error) {
	origins := func(c *model.Change) []string {
		out := []string{fmt.Sprintf("%s %d", c.Tip.Author.Mail, c.Tip.Authored.Unix())}
		if k := titleKey(c.Title); k != "" {
			out = append(out, "t"+k)
		}
		return out
	}
	like := map[string][]*sideUnit{}
	var beside []*sideUnit
	for i := range d.side {
		s := &d.side[i]
		if !d.unseen[s.unit] {
			continue
		}
		if !s.merged {
			beside = append(beside, s)
		}
		for _, o := range origins(&s.change) {
			like[o] = append(like[o], s)
		}
	}
	if len(beside)+len(open) > maxPatches {
		beside = nil
	}
	var still []*unit
	for _, u := range open {
		candidates := slices.Clone(beside)
		for _, o := range origins(&u.change) {
			candidates = append(candidates, like[o]...)
		}
		s, err := d.samePatch(u, candidates)
		if err != nil {
			return nil, err
		}
		if s == nil {
			still = append(still, u)
			continue
		}
		d.deliver(u, s, "delivered-patch")
	}
	return still, nil
}

// samePatch finds the candidate of the lowest release that does the same as u.
func (d *deliveries) samePatch(u *unit, candidates []*sideUnit) (*sideUnit, error) {
	if u.tip != u.merge {
		return nil, nil // a side of an octopus has no one patch against the line
	}
	var best *sideUnit
	for _, s := range candidates {
		if best != nil && best.in.index <= s.in.index {
			continue
		}
		same, err := d.r.samePatchAs(u.tip, s.tip)
		if err != nil {
			return nil, err
		}
		if same {
			if same, err = d.stillStands(u, s); err != nil {
				return nil, err
			}
		}
		if same {
			best = s
		}
	}
	return best, nil
}
