package message

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"daybreak/internal/model"
)

// maxRefs bounds how many references a message can name.
const maxRefs = 4096

// placed is a reference and where it stands.
type placed struct {
	ref        model.Ref
	start, end int
}

// forgeURL is the address of a request or ticket on a forge: GitHub, Gitea,
// GitLab, Bitbucket Cloud and Server, Azure DevOps.
var forgeURL = regexp.MustCompile(`^https?://[A-Za-z0-9.:-]+/([A-Za-z0-9_.~%/-]*?)/(?:-/)?(?:(pull|pulls|issues|work_items)|(merge_requests)|(pull-requests)|_git/[^/\s]+/(pullrequest))/([1-9]\d{0,9})\b`)

// readRefs finds the references, in the order of the text. Code, fenced blocks
// and comments hold none.
func (p *parser) readRefs() {
	var found []placed
	text := p.prose
	found = p.addTickets(found, text)
	tickets := len(found)
	found = addSigned(found, text)
	found = addGH(found, text)
	if strings.Contains(text, "://") {
		found = addURLs(found, text)
	}
	if tickets > 0 && len(found) > tickets {
		// What the workspace configures wins over what we know.
		own := found[:tickets:tickets]
		rest := slices.DeleteFunc(slices.Clone(found[tickets:]), func(f placed) bool {
			i, _ := slices.BinarySearchFunc(own, f.start, func(o placed, at int) int { return cmp.Compare(o.end-1, at) })
			return i < len(own) && own[i].start < f.end
		})
		found = append(own, rest...)
	}
	slices.SortStableFunc(found, func(a, b placed) int { return cmp.Compare(a.start, b.start) })
	seen := map[model.Ref]bool{}
	for _, f := range found {
		if !seen[f.ref] && len(p.Refs) < maxRefs {
			seen[f.ref] = true
			p.Refs = append(p.Refs, f.ref)
		}
	}
}

// addTickets finds the configured patterns. Their places never overlap.
func (p *parser) addTickets(found []placed, text string) []placed {
	for _, pattern := range p.options.Tickets {
		for _, m := range pattern.FindAllStringSubmatchIndex(text, 2*maxRefs) {
			start, end := m[0], m[1]
			if len(m) > 3 && m[2] >= 0 {
				start, end = m[2], m[3]
			}
			if isGH(text[start:end]) && !strings.Contains(strings.ToUpper(pattern.String()), "GH") {
				continue // a pattern for anybody's tickets means no request of GitHub
			}
			if id := oneLine(text[start:end]); id != "" && len(id) <= 200 {
				found = append(found, placed{model.Ref{ID: id}, m[0], m[1]})
			}
		}
	}
	if len(p.options.Tickets) > 1 {
		slices.SortStableFunc(found, func(a, b placed) int { return cmp.Compare(a.start, b.start) })
		last := -1
		found = slices.DeleteFunc(found, func(f placed) bool {
			if f.start < last {
				return true
			}
			last = f.end
			return false
		})
	}
	return found
}

// addSigned finds #12 and !12, with owner/repo or group/proj in front.
func addSigned(found []placed, text string) []placed {
	lists := 0
	for at := 0; len(found) < 4*maxRefs; {
		i := strings.IndexAny(text[at:], "#!")
		if i < 0 {
			break
		}
		i += at
		at = i + 1
		end := at
		for end < len(text) && digit(text[end]) {
			end++
		}
		if end == at || end-at > 10 || text[at] == '0' || !refEnds(text, end) {
			continue
		}
		repo, ok := refStarts(text, i)
		if !ok {
			continue
		}
		if text[i] == '#' && repo == "" && lists < maxRefs && counts(text, i, end) {
			lists++
			continue
		}
		if text[i] == '#' && repo == "" && end-at <= 2 && ordinal(text[max(0, i-24):i]) {
			continue
		}
		found = append(found, placed{model.Ref{Sign: text[i : i+1], ID: text[at:end], Repo: repo}, i - len(repo), end})
		at = end
	}
	return found
}

// refEnds reports whether a number can end here: "#12px" and "#12-foo" are none.
func refEnds(text string, end int) bool {
	if end == len(text) {
		return true
	}
	c := text[end]
	if alnum(c) || c == '_' {
		return false
	}
	if c == '-' || c == '/' || c == '.' && end+1 < len(text) {
		return end+1 == len(text) || !alnum(text[end+1])
	}
	return true
}

// wordsBefore are the words that people write close to the sign.
var wordsBefore = map[string]bool{"pr": true, "mr": true, "bug": true, "issue": true, "issues": true, "ticket": true, "closes": true, "fixes": true, "fix": true, "refs": true, "ref": true, "see": true, "gh": true, "pull": true}

// refStarts looks at what stands in front of the sign: nothing that makes it a
// part of something else, or the name of a repository.
func refStarts(text string, i int) (repo string, ok bool) {
	start := i
	slashes := 0
	for start > 0 && i-start < 200 {
		c := text[start-1]
		if c == '/' {
			slashes++
		} else if !alnum(c) && c != '.' && c != '_' && c != '-' {
			break
		}
		start--
	}
	name := text[start:i]
	if name == "" {
		if start == 0 {
			return "", true
		}
		switch c := text[start-1]; {
		case space(c), strings.IndexByte("([{,;:'\"*|>", c) >= 0:
			return "", !isColour(text[:start])
		case c == '+':
			return "", true
		}
		return "", start >= 3 && strings.HasSuffix(text[:start], "：") || strings.HasSuffix(text[:start], "（") || strings.HasSuffix(text[:start], "、")
	}
	if slashes == 0 {
		return "", wordsBefore[strings.ToLower(name)] || strings.Trim(name, ".-") == ""
	}
	if start > 0 && strings.IndexByte(":/~@=?&%#", text[start-1]) >= 0 && !strings.HasSuffix(text[:start], ": ") {
		return "", false
	}
	if name[0] == '/' || name[0] == '-' || strings.HasSuffix(name, "/") || strings.Contains(name, "//") || strings.Contains(name, "..") {
		return "", false
	}
	if slashes > 1 && text[i] == '#' && strings.HasPrefix(name, "refs/") {
		return "", false
	}
	last := name[strings.LastIndexByte(name, '/')+1:]
	if dot := strings.LastIndexByte(last, '.'); dot > 0 && fileEnds[strings.ToLower(last[dot+1:])] {
		return "", false
	}
	return name, true
}

// fileEnds are the endings of names that look like "owner/repo" in front of an
// anchor: docs/README.md#12.
var fileEnds = map[string]bool{"md": true, "rst": true, "html": true, "htm": true, "txt": true, "go": true, "adoc": true, "py": true, "c": true, "h": true, "css": true, "php": true, "xml": true, "yml": true, "yaml": true, "json": true}

// isColour reports whether the text ends in a CSS property that takes a colour.
func isColour(before string) bool {
	tail := strings.TrimRight(before[max(0, len(before)-40):], " '\"")
	tail, ok := strings.CutSuffix(tail, ":")
	return ok && (strings.HasSuffix(tail, "color") || strings.HasSuffix(tail, "background") || strings.HasSuffix(tail, "fill") || strings.HasSuffix(tail, "stroke"))
}

// counts reports whether the number at the start of a line is a place in a
// list or a frame of a stack trace: "#1  0x00007f", "#0 {main}", or "#1 …" with
// "#2 …" at the start of a line beside it.
func counts(text string, start, end int) bool {
	lineStart := strings.LastIndexByte(text[:start], '\n') + 1
	if start-lineStart > 20 || !blank(text[lineStart:start]) {
		return false
	}
	after := text[end:min(len(text), end+4)]
	if strings.HasPrefix(after, "  ") || strings.HasPrefix(after, " 0x") {
		return true
	}
	number := text[start+1 : end]
	if len(number) > 1 {
		return false
	}
	// Only neighbours within a few lines count: a list has its places together.
	near := text[max(0, lineStart-500):min(len(text), end+500)]
	for _, step := range []byte{number[0] - 1, number[0] + 1} {
		mark := "\n" + text[lineStart:start] + "#" + string(step)
		if i := strings.Index(near, mark); i >= 0 && i+len(mark) < len(near) && !digit(near[i+len(mark)]) {
			return true
		}
	}
	return false
}

// ordinals are the words behind which "#2" is a place and no reference.
var ordinals = map[string]bool{"case": true, "testcase": true, "round": true, "take": true, "attempt": true, "try": true, "option": true, "step": true, "phase": true, "stage": true, "arg": true, "argument": true, "param": true, "band": true, "part": true, "version": true, "benchmark": true, "number": true, "method": true, "variant": true, "level": true, "line": true, "row": true, "column": true, "comment": true, "item": true, "rule": true, "example": true, "scenario": true, "chapter": true, "section": true, "schritt": true, "teil": true, "versuch": true, "runde": true, "fall": true}

// ordinal reports whether the text ends in such a word and a space.
func ordinal(before string) bool {
	words := strings.TrimRight(before, spaces)
	if words == before {
		return false
	}
	start := strings.LastIndexFunc(words, func(r rune) bool { return r >= 0x80 || !alnum(byte(r)) }) + 1
	return ordinals[strings.ToLower(words[start:])]
}

func isGH(s string) bool {
	return len(s) > 3 && strings.EqualFold(s[:3], "GH-") && strings.Trim(s[3:], "0123456789") == ""
}

// addGH finds GH-12.
func addGH(found []placed, text string) []placed {
	for at := 0; len(found) < 4*maxRefs; {
		i := strings.IndexByte(text[at:], '-')
		if i < 0 {
			break
		}
		i += at + 1
		at = i
		if i < 3 || text[i-2]|0x20 != 'h' || text[i-3]|0x20 != 'g' {
			continue
		}
		end := i
		for end < len(text) && digit(text[end]) {
			end++
		}
		if end == i || end-i > 10 || text[i] == '0' || !refEnds(text, end) {
			continue
		}
		if i > 3 && (alnum(text[i-4]) || strings.IndexByte("-_/.@", text[i-4]) >= 0) {
			continue
		}
		found = append(found, placed{model.Ref{Sign: "#", ID: text[i:end]}, i - 3, end})
		at = end
	}
	return found
}

// addURLs finds addresses of requests and tickets. The pattern sees one address
// at a time.
func addURLs(found []placed, text string) []placed {
	for at := 0; len(found) < 8*maxRefs; {
		i := strings.Index(text[at:], "http")
		if i < 0 {
			break
		}
		i += at
		at = i + 4
		end := i + strings.IndexFunc(text[i:min(len(text), i+500)]+" ", func(r rune) bool { return r <= ' ' || r == '<' || r == '>' || r == '"' })
		if end-i < 16 {
			continue
		}
		m := forgeURL.FindStringSubmatchIndex(text[i:end])
		if m == nil {
			at = end
			continue
		}
		repo := text[i+m[2] : i+m[3]]
		sign := "#"
		switch {
		case m[6] >= 0, m[10] >= 0:
			sign = "!"
		case m[8] >= 0:
			// Bitbucket Server: projects/P/repos/r
			if parts := strings.Split(repo, "/"); len(parts) == 4 && parts[2] == "repos" {
				repo = parts[1] + "/" + parts[3]
			}
		}
		at = i + m[1]
		found = append(found, placed{model.Ref{Sign: sign, ID: text[i+m[12] : i+m[13]], Repo: repo}, i, at})
	}
	return found
}
