package message

import (
	"regexp"
	"strings"
)

// gitSides are the words in front of the quoted names in git's own merge
// messages (fmt-merge-msg), longer ones before shorter ones.
var gitSides = []struct {
	word string
	form MergeForm
}{
	{"remote-tracking branches '", MergeRemote},
	{"remote-tracking branch '", MergeRemote},
	{"remote branches '", MergeRemote},
	{"remote branch '", MergeRemote},
	{"branches '", MergeBranch},
	{"branch '", MergeBranch},
	{"tags '", MergeTag},
	{"tag '", MergeTag},
	{"commits '", MergeCommit},
	{"commit '", MergeCommit},
}

var (
	// handMerge is a merge message written without git's quotes, or by a web
	// page: "Merge main into topic".
	handMerge = regexp.MustCompile(`^(?i:merg(?:e|ed|ing)) (?:(?i:remote-tracking branch|remote branch|branch) )?['"]?([^\s'"]+)['"]? (?i:into|in to|to) ['"]?([^\s'"]+?)['"]?\.?$`)
	// lineMerge is how people write that they merged the main line.
	lineMerge = regexp.MustCompile(`^(?i:merg(?:e|ed|ing)) (?:(?i:branch|with|w/|from|in|the|latest|upstream|changes from|up to) )*(?:upstream/|origin/)?['"]?(main|master|trunk|develop|default|dev)\b`)
	// nameMerge is "Merge 'x'", and git's form before 1.5: "Merge refs/heads/x from .".
	nameMerge = regexp.MustCompile(`^Merge (?:'([^']+)'|(?:refs/heads/)?(\S+) from \S+)(?: into (\S+))?$`)
	// pullURL is the merge of a repository's HEAD.
	pullURL  = regexp.MustCompile(`^Merge (?:HEAD of )?((?:https?|git|ssh|file)://\S+|\S+@\S+:\S+)(?: into (\S+))?$`)
	hexMerge = regexp.MustCompile(`^[0-9a-f]{7,64}$`)
)

// readMerge reads git's own merge messages.
func (p *parser) readMerge(subject string) {
	// "[release-2.4] - Merge branch …", "[#12] Merge …"
	if strings.HasPrefix(subject, "[") {
		if _, rest, ok := strings.Cut(subject, "]"); ok && strings.HasPrefix(strings.TrimLeft(rest, " :-"), "Merge ") {
			subject = strings.TrimLeft(rest, " :-")
		}
	}
	if len(subject) < 5 || !strings.EqualFold(subject[:4], "merg") {
		p.readForeignMerge(subject)
		return
	}
	if rest, ok := strings.CutPrefix(subject, "Merge "); ok && p.readGitMerge(rest) {
		return
	}
	if m := pullURL.FindStringSubmatch(subject); m != nil {
		p.Merge, p.Source, p.Target = MergePull, "HEAD", oneLine(m[2])
		return
	}
	title, _, _ := cutNumber(subject)
	if m := nameMerge.FindStringSubmatch(title); m != nil && (m[1] != "" || strings.Contains(title, "refs/")) {
		p.Merge, p.Source, p.Target = MergeBranch, oneLine(m[1]+m[2]), oneLine(m[3])
		return
	}
	if m := handMerge.FindStringSubmatch(title); m != nil {
		p.Merge, p.Source, p.Target = MergeBranch, oneLine(m[1]), oneLine(m[2])
		if hexMerge.MatchString(m[1]) {
			p.Merge = MergeCommit
		}
		return
	}
	if m := lineMerge.FindStringSubmatch(title); m != nil {
		p.Merge, p.Source = MergeBranch, m[1]
		return
	}
	p.readForeignMerge(subject)
}

// readGitMerge reads what stands behind "Merge ": one or more sides, each a word
// and quoted names, some "of" a URL; then the target.
func (p *parser) readGitMerge(rest string) bool {
	var names []string
	form := MergeNone
	of := false
	for {
		side := false
		for _, s := range gitSides {
			if !strings.HasPrefix(rest, s.word) {
				continue
			}
			found, after := quotedNames(rest[len(s.word)-1:])
			if len(found) == 0 {
				return false
			}
			names = append(names, found...)
			rest, side = after, true
			if form == MergeNone {
				form = s.form
			}
			break
		}
		if !side {
			if len(names) == 0 {
				return false
			}
			break
		}
		if after, ok := strings.CutPrefix(rest, " of "); ok {
			of = true
			rest = ""
			for _, stop := range []string{"; ", " into "} {
				if i := strings.Index(after, stop); i >= 0 {
					after, rest = after[:i], after[i:]
				}
			}
		}
		after, more := cutJoint(rest, "; ", ", ", " and ")
		if !more {
			break
		}
		rest = after
	}
	if of && form == MergeBranch {
		form = MergePull
	}
	p.Merge = form
	p.Source = oneLine(strings.Join(names, " "))
	if target, ok := strings.CutPrefix(rest, " into "); ok {
		target, _, _ = cutNumber(target)
		if i := strings.IndexAny(target, " ,;:"); i >= 0 && target[0] != '\'' {
			target = target[:i]
		}
		p.Target = oneLine(strings.Trim(target, `'"`))
	}
	return true
}

// quotedNames reads 'a', 'b' and 'c'. Names may hold an apostrophe: one that is
// followed by a letter doesn't close.
func quotedNames(s string) (names []string, rest string) {
	for strings.HasPrefix(s, "'") {
		end := 1
		for end < len(s) && !(s[end] == '\'' && (end+1 == len(s) || strings.IndexByte(" ,;.:", s[end+1]) >= 0)) {
			end++
		}
		if end >= len(s) {
			return names, s
		}
		names = append(names, s[1:end])
		s = s[end+1:]
		if after, more := cutJoint(s, ", '", " and '"); more {
			s = s[len(s)-len(after)-1:] // with its opening quote
		}
	}
	return names, s
}

// cutJoint takes the first joint that fits off the start.
func cutJoint(s string, joints ...string) (rest string, found bool) {
	for _, joint := range joints {
		if after, ok := strings.CutPrefix(s, joint); ok {
			return after, true
		}
	}
	return s, false
}
